// SPDX-License-Identifier: Apache-2.0
// What a run writes beside derived columns, for many rows at once. The rows are locked as they were read;
// then nobody changes them, and each effect is one statement. Where the database refuses anything, all of it
// is undone and tried again with half of the rows, down to the one that it refuses.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/database/postgres/settings.h"
#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"
#include "runtime/database/postgres/written.h"
#include "runtime/database/sql/copies.h"

namespace backfill::database::postgres {

namespace {

// Of positions (from 1) in `rows`, ascending.
std::vector<std::int64_t> rows_at(const Answer& answer, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> result;
  for (int i = 0; i < PQntuples(answer.get()); ++i) {
    const auto position = static_cast<std::size_t>(wire::get<std::int64_t>(PQgetvalue(answer.get(), i, 0)));
    result.push_back(rows[position - 1]);
  }
  std::ranges::sort(result);
  return result;
}

std::vector<std::int64_t> without(std::span<const std::int64_t> rows, const std::vector<std::int64_t>& some) {
  std::vector<std::int64_t> rest;
  std::ranges::set_difference(rows, some, std::back_inserter(rest));
  return rest;
}

}  // namespace

struct PostgresTable::Applying {
  const RowBatch& batch;
  std::span<stdlib::ColumnBuffer> outputs, values;  // of their own: what is passed on is put into them
  std::int64_t number = 0;
  WriteOutcome& outcome;
  std::span<const stdlib::ColumnBuffer> derived_outputs;  // as they were derived
  // Of the rows that are being tried:
  std::optional<Refusal> refusal = std::nullopt;
  std::vector<std::int64_t> conflicts, deleted, derived, did;
  stdlib::Arena arena = {};
  std::vector<std::vector<std::int64_t>> took = {};  // per effect: rows that it did something for

  [[nodiscard]] bool holds(int value, std::int64_t row) const {
    return values[static_cast<std::size_t>(value)].as<std::uint8_t>()[row] != 0;
  }
  [[nodiscard]] bool applies(const ir::Effect& effect, std::int64_t row) const {
    return is_meant(effect, row) && (effect.unless < 0 || !holds(effect.unless, row));
  }
  [[nodiscard]] bool is_meant(const ir::Effect& effect, std::int64_t row) const {
    return effect.guard < 0 || holds(effect.guard, row);
  }
};

Result<Parameters> PostgresTable::first_and_last(Parameters values, const RowBatch& batch,
                                                 std::span<const std::int64_t> rows) const {
  BACKFILL_TRY(add_key(values, batch.key(rows.front(), backfill_.key.size())));
  BACKFILL_TRY(add_key(values, batch.key(rows.back(), backfill_.key.size())));
  return values;
}

bool PostgresTable::is_derived(const Applying& applying, std::int64_t row) const {
  for (std::size_t i = 0; i < applying.outputs.size(); ++i) {
    const auto input = static_cast<std::size_t>(backfill_.row.outputs[i].input);
    if (applying.outputs[i].value(row) != applying.batch.inputs[input].value(row)) return true;
  }
  return false;
}

Result<void> PostgresTable::apply_insert(Applying& applying, std::size_t index,
                                         std::span<const std::int64_t> rows) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::int64_t> due;
  for (const std::int64_t row : rows)
    if (applying.applies(effect, row)) due.push_back(row);
  if (due.empty()) return {};
  Parameters values = key_arrays(applying.batch, due);
  for (const ir::EffectColumn& one : effect.columns) {
    const Sent sent = sql_.sent(effect, one.column);
    std::string elements;
    for (const std::int64_t row : due) {
      if (encode(elements, sent, applying.values[static_cast<std::size_t>(one.value)], row)) continue;
      applying.refusal =
          Refusal{fmt::format("the value of `{}` cannot be stored exactly in PostgreSQL",
                              effect.table->columns[static_cast<std::size_t>(one.column)].name)};
      return {};
    }
    values.add_binary(
        0, wire::array_header(sent.element, static_cast<std::int64_t>(due.size())).append(elements));
  }
  values.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer answer, connection_.try_send(sql_.insert(index), values, applying.refusal));
  if (applying.refusal) return {};
  const int found = PQntuples(answer.get());
  const bool skips = effect.on_conflict == ir::OnConflict::Nothing;
  const bool all_found = found == 0 || wire::get<std::int64_t>(PQgetvalue(answer.get(), 0, 2)) == found;
  if (!skips && found != static_cast<int>(due.size())) applying.refusal = Refusal{std::string(kIgnored)};
  if (!all_found || !all_as_sent(answer)) applying.refusal = Refusal{std::string(kAltered)};
  applying.took[index] = rows_at(answer, due);
  if (applying.refusal) return {};
  if (effect.ensures) BACKFILL_TRY(find_rows(applying, index, due));
  return pass_on(applying, index, effect.ensures ? due : applying.took[index]);
}

// What somebody has made already, in another transaction that has committed by now: the same for everybody.
Result<void> PostgresTable::find_rows(Applying& applying, std::size_t index,
                                      std::span<const std::int64_t> rows) {
  const ir::Effect& effect = backfill_.effects[index];
  const std::vector<std::int64_t> due = without(rows, applying.took[index]);
  if (due.empty()) return {};
  Parameters values = key_arrays(applying.batch, due);
  for (const int column : effect.conflict) {
    const auto given = std::ranges::find(effect.columns, column, &ir::EffectColumn::column);
    const Sent sent = sql_.sent(effect, column);
    std::string elements;
    for (const std::int64_t row : due)
      if (!encode(elements, sent, applying.values[static_cast<std::size_t>(given->value)], row))
        return fatal("a value that was sent cannot be sent again");
    values.add_binary(
        0, wire::array_header(sent.element, static_cast<std::int64_t>(due.size())).append(elements));
  }
  values.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer kept, connection_.try_send(sql_.keep_found(index), values, applying.refusal));
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
      if (one.fills && to.valid(row)) continue;
      schema::Column column = backfill_.effects[index].table->columns[static_cast<std::size_t>(one.column)];
      column.type = to.type();
      const auto unfit = decode(answer.get(), i, at, column, to, row, applying.arena);
      if (unfit) applying.refusal = Refusal{unfit->message};
    }
  }
  return {};
}

Result<void> PostgresTable::apply_delete(Applying& applying, std::span<const std::int64_t> rows) {
  const std::size_t effect = ir::delete_index(backfill_);
  if (effect == backfill_.effects.size()) return {};
  std::vector<std::int64_t> due;
  // What is moved elsewhere is deleted here only if it has arrived.
  const auto has_arrived = [&](std::int64_t row) {
    return std::ranges::all_of(backfill_.effects[effect].after, [&](int before) {
      const auto at = static_cast<std::size_t>(before);
      return !applying.is_meant(backfill_.effects[at], row) ||
             std::ranges::binary_search(applying.took[at], row);
    });
  };
  for (const std::int64_t row : rows)
    if (applying.applies(backfill_.effects[effect], row) && has_arrived(row)) due.push_back(row);
  if (due.empty()) return {};
  BACKFILL_ASSIGN(Parameters values, first_and_last(key_arrays(applying.batch, due), applying.batch, due));
  values.add_plain(applying.number);
  BACKFILL_ASSIGN(const Answer answer,
                  connection_.try_send(sql_.delete_rows(effect), values, applying.refusal));
  if (applying.refusal) return {};
  if (PQntuples(answer.get()) != static_cast<int>(due.size())) {
    applying.refusal = Refusal{std::string(kIgnored)};
    return {};
  }
  applying.deleted = std::move(due);
  return {};
}

Result<void> PostgresTable::apply_derivations(Applying& applying, std::span<const std::int64_t> rows) {
  std::vector<std::int64_t> due;
  for (const std::int64_t row : rows)
    if (is_derived(applying, row)) due.push_back(row);
  if (due.empty()) return {};
  std::vector<WriteFailure> unfit;
  Sending sent = sending(applying.batch, applying.outputs, due, unfit);
  if (!unfit.empty()) {
    applying.refusal = Refusal{unfit.front().message};
    return {};
  }
  BACKFILL_ASSIGN(const Parameters values, update_values(sent));
  const bool which = may_be_altered_;
  BACKFILL_ASSIGN(const Answer answer,
                  connection_.try_send(sql_.update(which, false), values, applying.refusal));
  if (applying.refusal) return {};
  const bool all = which ? PQntuples(answer.get()) == static_cast<int>(due.size())
                         : PQcmdTuples(answer.get()) == std::to_string(due.size());
  if (!all) applying.refusal = Refusal{std::string(kIgnored)};
  if (which && !all_as_sent(answer)) applying.refusal = Refusal{std::string(kAltered)};
  applying.derived = std::move(due);
  return {};
}

Result<void> PostgresTable::attempt(Applying& applying, std::span<const std::int64_t> rows) {
  Parameters values = key_arrays(applying.batch, rows);
  add_versions(values, applying.batch, rows);
  BACKFILL_ASSIGN(values, first_and_last(std::move(values), applying.batch, rows));
  BACKFILL_ASSIGN(const Answer locked, connection_.send(sql_.lock(), values, Form::Binary));
  const std::vector<std::int64_t> same = rows_at(locked, rows);
  applying.conflicts = without(rows, same);
  applying.took.assign(backfill_.effects.size(), {});
  // What an attempt that was undone has passed on is forgotten.
  for (const ir::Passed& one : backfill_.passed) {
    if (one.output < 0) continue;
    const auto output = static_cast<std::size_t>(one.output);
    for (const std::int64_t row : same)
      applying.outputs[output].set(row, applying.derived_outputs[output].value(row), applying.arena);
  }
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    if (backfill_.effects[i].kind == ir::EffectKind::Insert) BACKFILL_TRY(apply_insert(applying, i, same));
    if (applying.refusal) return {};
  }
  if (same.empty()) return {};
  BACKFILL_TRY(apply_delete(applying, same));
  if (applying.refusal) return {};
  BACKFILL_TRY(apply_derivations(applying, without(same, applying.deleted)));
  if (applying.refusal) return {};
  const auto did = [&](std::int64_t row) {
    const auto has = [&](const std::vector<std::int64_t>& list) {
      return std::ranges::binary_search(list, row);
    };
    return has(applying.deleted) || has(applying.derived) || std::ranges::any_of(applying.took, has);
  };
  std::ranges::copy_if(same, std::back_inserter(applying.did), did);
  applying.outcome.unchanged += static_cast<std::int64_t>(same.size() - applying.did.size());
  return {};
}

Result<void> PostgresTable::apply_rows(Applying& applying, std::span<const std::int64_t> rows) {
  if (rows.empty()) return {};
  applying.refusal.reset();
  for (auto* list : {&applying.conflicts, &applying.deleted, &applying.derived, &applying.did}) list->clear();
  BACKFILL_TRY(connection_.run(fmt::format("{}SAVEPOINT backfill_write", kApplicationsPath)));
  BACKFILL_TRY(attempt(applying, rows));
  if (applying.refusal) BACKFILL_TRY(connection_.run("ROLLBACK TO SAVEPOINT backfill_write"));
  BACKFILL_TRY(connection_.run(fmt::format("RELEASE SAVEPOINT backfill_write;{}", our_path())));
  WriteOutcome& outcome = applying.outcome;
  if (!applying.refusal) {
    written_.insert(written_.end(), applying.did.begin(), applying.did.end());
    for (const std::int64_t row : applying.did)
      underived_[static_cast<std::size_t>(row)] = !std::ranges::binary_search(applying.derived, row);
    outcome.conflicts.insert(outcome.conflicts.end(), applying.conflicts.begin(), applying.conflicts.end());
    return {};
  }
  if (rows.size() == 1) {
    outcome.failures.push_back({rows[0], stdlib::RowError::NotStorable, applying.refusal->message});
    return {};
  }
  const std::size_t half = rows.size() / 2;
  BACKFILL_TRY(apply_rows(applying, rows.first(half)));
  return apply_rows(applying, rows.subspan(half));
}

Result<WriteOutcome> PostgresTable::apply_effects(const RowBatch& batch,
                                                  std::span<const stdlib::ColumnBuffer> outputs,
                                                  std::span<const stdlib::ColumnBuffer> values,
                                                  std::span<const std::int64_t> selected,
                                                  std::int64_t batch_number) {
  if (!connection_.in_transaction()) return fatal("rows are written in a write transaction only");
  WriteOutcome outcome;
  written_.clear();
  underived_.assign(static_cast<std::size_t>(batch.rows), false);
  std::vector<stdlib::ColumnBuffer> own_outputs = database_sql::copies(outputs, batch.rows);
  std::vector<stdlib::ColumnBuffer> own_values = database_sql::copies(values, batch.rows);
  Applying applying{batch, own_outputs, own_values, batch_number, outcome, outputs};
  BACKFILL_TRY(apply_rows(applying, selected));
  std::ranges::sort(written_);
  std::ranges::sort(outcome.conflicts);
  std::ranges::sort(outcome.failures, {}, &WriteFailure::row);
  outcome.written = static_cast<std::int64_t>(written_.size());
  BACKFILL_TRY(keep_corrections(batch, own_outputs, batch_number));
  return outcome;
}

}  // namespace backfill::database::postgres
