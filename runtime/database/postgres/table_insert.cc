// SPDX-License-Identifier: Apache-2.0
// What a run inserts for the rows of a batch, a statement for as many as fit one; and what it finds or
// updates where the row is there already.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "runtime/database/postgres/applying.h"
#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/written.h"
#include "runtime/database/sql/inserted_rows.h"

namespace backfill::database::postgres {

namespace {

constexpr std::string_view kDisagrees =
    "the row that is there already holds other values, which this run has written for another row";

const ir::EffectColumn& given(const ir::Effect& effect, int column) {
  return *std::ranges::find(effect.columns, column, &ir::EffectColumn::column);
}

// What is inserted for rows of one form: of the conflict's columns the same ones are missing in all of them.
std::map<std::vector<bool>, std::vector<std::int64_t>> by_missing(
    std::span<const stdlib::ColumnBuffer> values, const ir::Effect& effect,
    std::span<const std::int64_t> rows) {
  std::map<std::vector<bool>, std::vector<std::int64_t>> forms;
  for (const std::int64_t row : rows) {
    std::vector<bool> missing;
    for (const int column : effect.conflict)
      missing.push_back(!values[static_cast<std::size_t>(given(effect, column).value)].valid(row));
    if (std::ranges::find(missing, true) == missing.end()) missing.clear();
    forms[std::move(missing)].push_back(row);
  }
  return forms;
}

void add_sorted(std::vector<std::int64_t>& to, std::vector<std::int64_t> rows) {
  to.insert(to.end(), rows.begin(), rows.end());
  std::ranges::sort(to);
  to.erase(std::ranges::unique(to).begin(), to.end());
}

// Of which all elements were inserted.
std::vector<std::int64_t> whole_rows(std::span<const std::int64_t> inserted,
                                     std::span<const std::int64_t> sources) {
  std::unordered_map<std::int64_t, std::int64_t> missing;
  for (const std::int64_t row : sources) ++missing[row];
  for (const std::int64_t row : inserted) --missing[row];
  std::vector<std::int64_t> whole;
  for (const std::int64_t row : inserted)
    if (missing[row] == 0) whole.push_back(row);
  return whole;
}

}  // namespace

Result<void> PostgresTable::apply_insert(Applying& applying, std::size_t index,
                                         std::span<const std::int64_t> rows) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::int64_t> due;
  for (const std::int64_t row : rows)
    if (applying.applies(effect, row)) due.push_back(row);
  if (due.empty()) return {};
  if (!effect.missing_agrees) {
    BACKFILL_TRY(insert_rows(applying, index, due, {}));
  } else {
    const auto forms = by_missing(applying.values, effect, due);
    if (std::ranges::any_of(forms, [](const auto& form) { return !form.first.empty(); }))
      BACKFILL_TRY(connection_.run(sql_.lock_missing(index)));
    for (const auto& [missing, some] : forms)
      if (!applying.refusal) BACKFILL_TRY(insert_rows(applying, index, some, missing));
  }
  if (applying.refusal) return {};
  return pass_on(applying, index, effect.ensures ? due : applying.took[index]);
}

Result<void> PostgresTable::insert_rows(Applying& applying, std::size_t index,
                                        std::span<const std::int64_t> rows,
                                        const std::vector<bool>& missing) {
  const ir::Effect& effect = backfill_.effects[index];
  while (!rows.empty() && !applying.refusal) {
    const database_sql::InsertedRows some(backfill_, effect, applying.values, rows);
    BACKFILL_TRY(insert_some(applying, index, some, missing));
    if (effect.ensures && !applying.refusal)
      BACKFILL_TRY(find_rows(applying, index, rows.first(some.taken()), missing));
    rows = rows.subspan(some.taken());
  }
  return {};
}

// Keys, perhaps numbers of elements, then the columns at those positions of `some`.
bool PostgresTable::add_inserted(Parameters& values, Applying& applying, const ir::Effect& effect,
                                 const database_sql::InsertedRows& some,
                                 std::span<const ir::EffectColumn> columns,
                                 std::span<const std::size_t> positions) const {
  const auto count = static_cast<std::int64_t>(positions.size());
  for (const ir::EffectColumn& one : columns) {
    const Sent sent = sql_.sent(effect, one.column);
    std::string elements;
    for (const std::size_t i : positions) {
      if (encode(elements, sent, some.buffer(one), some.at(one, i))) continue;
      applying.refusal =
          Refusal{fmt::format("the value of `{}` cannot be stored exactly in PostgreSQL",
                              effect.table->columns[static_cast<std::size_t>(one.column)].name)};
      return false;
    }
    values.add_binary(0, wire::array_header(sent.element, count).append(elements));
  }
  return true;
}

Parameters PostgresTable::inserted_keys(const Applying& applying, const ir::Effect& effect,
                                        const database_sql::InsertedRows& some,
                                        std::span<const std::size_t> positions) const {
  std::vector<std::int64_t> sources;
  std::string numbers;
  for (const std::size_t i : positions) {
    sources.push_back(some.sources()[i]);
    wire::put_field(numbers, some.elements()[i]);
  }
  Parameters values = key_arrays(applying.batch, sources);
  if (effect.each >= 0)
    values.add_binary(
        0, wire::array_header(oid::kInt64, static_cast<std::int64_t>(positions.size())).append(numbers));
  return values;
}

Result<void> PostgresTable::insert_some(Applying& applying, std::size_t index,
                                        const database_sql::InsertedRows& some,
                                        const std::vector<bool>& missing) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::size_t> all(some.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
  Parameters values = inserted_keys(applying, effect, some, all);
  if (!add_inserted(values, applying, effect, some, effect.columns, all)) return {};
  values.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer answer,
                  connection_.try_send(sql_.insert(index, missing), values, applying.refusal));
  if (applying.refusal) return {};
  const int found = PQntuples(answer.get());
  const bool skips = effect.on_conflict != ir::OnConflict::Quarantine;
  const bool all_found = found == 0 || wire::get<std::int64_t>(PQgetvalue(answer.get(), 0, 2)) == found;
  if (!skips && found != static_cast<int>(all.size())) applying.refusal = Refusal{std::string(kIgnored)};
  if (!all_found || !all_as_sent(answer)) applying.refusal = Refusal{std::string(kAltered)};
  if (applying.refusal) return {};
  const std::vector<std::int64_t> inserted = rows_at(answer, some.sources());
  add_sorted(applying.took[index], inserted);
  add_sorted(applying.arrived[index], whole_rows(inserted, some.sources()));
  if (effect.on_conflict != ir::OnConflict::Update) return {};
  std::vector<bool> done(all.size(), false);
  for (int i = 0; i < found; ++i)
    done[static_cast<std::size_t>(wire::get<std::int64_t>(PQgetvalue(answer.get(), i, 0))) - 1] = true;
  std::erase_if(all, [&](std::size_t i) { return done[i]; });
  return all.empty() ? Result<void>() : update_some(applying, index, some, all);
}

// Where the row is there already.
Result<void> PostgresTable::update_some(Applying& applying, std::size_t index,
                                        const database_sql::InsertedRows& some,
                                        std::span<const std::size_t> positions) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<ir::EffectColumn> columns;
  for (const int column : effect.conflict) columns.push_back(given(effect, column));
  columns.insert(columns.end(), effect.update.begin(), effect.update.end());
  Parameters values = inserted_keys(applying, effect, some, positions);
  if (!add_inserted(values, applying, effect, some, columns, positions)) return {};
  BACKFILL_ASSIGN(const Answer locked,
                  connection_.try_send(sql_.lock_found(index), values, applying.refusal));
  if (applying.refusal) return {};
  Parameters numbered = values;
  numbered.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer updated,
                  connection_.try_send(sql_.update_found(index), numbered, applying.refusal));
  if (applying.refusal) return {};
  BACKFILL_ASSIGN(const Answer holding,
                  connection_.try_send(sql_.hold_found(index), values, applying.refusal));
  if (applying.refusal) return {};
  if (!all_as_sent(updated)) applying.refusal = Refusal{std::string(kAltered)};
  if (PQntuples(holding.get()) != static_cast<int>(positions.size()))
    applying.refusal = Refusal{std::string(kDisagrees)};
  std::vector<std::int64_t> sources;
  for (const std::size_t i : positions) sources.push_back(some.sources()[i]);
  add_sorted(applying.took[index], rows_at(updated, sources));
  return {};
}

// What somebody has made already, in another transaction that has committed by now: the same for everybody.
Result<void> PostgresTable::find_rows(Applying& applying, std::size_t index,
                                      std::span<const std::int64_t> rows, const std::vector<bool>& missing) {
  const ir::Effect& effect = backfill_.effects[index];
  const std::vector<std::int64_t> due = without(rows, applying.took[index]);
  if (due.empty()) return {};
  Parameters values = key_arrays(applying.batch, due);
  for (const int column : effect.conflict) {
    const Sent sent = sql_.sent(effect, column);
    std::string elements;
    for (const std::int64_t row : due)
      if (!encode(elements, sent, applying.values[static_cast<std::size_t>(given(effect, column).value)],
                  row))
        return fatal("a value that was sent cannot be sent again");
    values.add_binary(
        0, wire::array_header(sent.element, static_cast<std::int64_t>(due.size())).append(elements));
  }
  values.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer kept,
                  connection_.try_send(sql_.keep_found(index, missing), values, applying.refusal));
  if (!applying.refusal && PQcmdTuples(kept.get()) != std::to_string(due.size()))
    applying.refusal = Refusal{"the row that is there already was not found by its key"};
  return {};
}

Result<void> PostgresTable::pass_on(Applying& applying, std::size_t index,
                                    std::span<const std::int64_t> rows) {
  const auto from_it = [&](const ir::Passed& one) { return one.effect == static_cast<int>(index); };
  if (applying.refusal || rows.empty() || std::ranges::none_of(backfill_.passed, from_it)) return {};
  BACKFILL_ASSIGN(const Answer answer,
                  connection_.send(sql_.passed(index), key_arrays(applying.batch, rows), Form::Binary));
  for (int i = 0; i < PQntuples(answer.get()); ++i) {
    const std::int64_t row =
        rows[static_cast<std::size_t>(wire::get<std::int64_t>(PQgetvalue(answer.get(), i, 0)) - 1)];
    int at = 0;
    for (const ir::Passed& one : backfill_.passed) {
      if (!from_it(one)) continue;
      ++at;
      const bool to_output = one.output >= 0;
      stdlib::ColumnBuffer& to = to_output ? applying.outputs[static_cast<std::size_t>(one.output)]
                                           : applying.values[static_cast<std::size_t>(one.value)];
      if ((one.fills && to.valid(row)) || (one.guard >= 0 && !applying.holds(one.guard, row))) continue;
      schema::Column column = backfill_.effects[index].table->columns[static_cast<std::size_t>(one.column)];
      column.type = to.type();
      const auto unfit = decode(answer.get(), i, at, column, to, row, applying.arena);
      if (unfit) applying.refusal = Refusal{unfit->message};
    }
  }
  return {};
}

}  // namespace backfill::database::postgres
