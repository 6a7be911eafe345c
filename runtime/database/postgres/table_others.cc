// SPDX-License-Identifier: Apache-2.0
// What a run writes in rows of other tables, and whether the groups of a merge are still what they were.
#include <fmt/format.h>

#include "runtime/database/postgres/applying.h"
#include "runtime/database/postgres/written.h"

namespace backfill::database::postgres {

// A group of a merge that is no longer what was decided on is left as it is.
Result<void> PostgresTable::leave_stale_groups(Applying& applying, std::vector<std::int64_t>& rows) {
  for (std::size_t k = 0; k < backfill_.row.queries.size() && !rows.empty(); ++k) {
    if (backfill_.row.queries[k].kind != ir::QueryKind::Group) continue;
    const auto query = static_cast<int>(k);
    const Parameters keys = key_arrays(applying.batch, rows);
    BACKFILL_ASSIGN(const Answer locked, connection_.send(sql_.lock_groups(query), keys, Form::Binary));
    BACKFILL_ASSIGN(const Answer stale, connection_.send(sql_.stale_groups(query), keys, Form::Binary));
    rows = without(rows, rows_at(stale, rows));
  }
  return {};
}

// Nothing is fetched per row of the other table: however many there are.
Result<void> PostgresTable::apply_others(Applying& applying, std::size_t index,
                                         std::span<const std::int64_t> rows) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::int64_t> due;
  for (const std::int64_t row : rows)
    if (applying.applies(effect, row)) due.push_back(row);
  if (due.empty()) return {};
  Parameters values = key_arrays(applying.batch, due);
  const auto send = [&](const Sent& sent, int value) {
    std::string elements;
    for (const std::int64_t row : due)
      if (!encode(elements, sent, applying.values[static_cast<std::size_t>(value)], row)) return false;
    values.add_binary(
        0, wire::array_header(sent.element, static_cast<std::int64_t>(due.size())).append(elements));
    return true;
  };
  bool fits = true;
  for (std::size_t i = 0; i < effect.reads.size(); ++i)
    fits = fits && send(sql_.read_as(effect, i), effect.reads[i].second);
  for (const ir::EffectColumn& one : effect.columns)
    fits = fits && send(sql_.sent(effect, one.column), one.value);
  if (!fits) {
    applying.refusal = Refusal{fmt::format("a value for `{}` cannot be stored exactly in PostgreSQL",
                                           effect.table->qualified_name())};
    return {};
  }
  values.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer kept, connection_.try_send(sql_.keep_others(index), values, applying.refusal));
  if (applying.refusal || std::string_view(PQcmdTuples(kept.get())) == "0") return {};
  BACKFILL_ASSIGN(
      const Answer written,
      connection_.try_send(sql_.write_others(index), key_arrays(applying.batch, due), applying.refusal));
  if (applying.refusal) return {};
  std::int64_t count = 0;
  for (int i = 0; i < PQntuples(written.get()); ++i)
    count += wire::get<std::int64_t>(PQgetvalue(written.get(), i, 2));
  if (PQcmdTuples(kept.get()) != std::to_string(count)) applying.refusal = Refusal{std::string(kIgnored)};
  if (!all_as_sent(written)) applying.refusal = Refusal{std::string(kAltered)};
  applying.took[index] = rows_at(written, due);
  return {};
}

}  // namespace backfill::database::postgres
