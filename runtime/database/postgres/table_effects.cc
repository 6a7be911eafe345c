// SPDX-License-Identifier: Apache-2.0
// What a run writes beside derived columns, for many rows at once. The rows are locked as they were read;
// then nobody changes them, and each effect is one statement. Where the database refuses anything, all of it
// is undone and tried again with half of the rows, down to the one that it refuses.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/lower/sql/others.h"
#include "runtime/database/postgres/applying.h"
#include "runtime/database/postgres/settings.h"
#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"
#include "runtime/database/postgres/written.h"
#include "runtime/database/sql/copies.h"

namespace backfill::database::postgres {

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

Result<void> PostgresTable::apply_delete(Applying& applying, std::span<const std::int64_t> rows) {
  const std::size_t effect = ir::delete_index(backfill_);
  if (effect == backfill_.effects.size()) return {};
  std::vector<std::int64_t> due;
  // What is moved elsewhere is deleted here only if it has arrived.
  const auto has_arrived = [&](std::int64_t row) {
    return std::ranges::all_of(backfill_.effects[effect].after, [&](int before) {
      const auto at = static_cast<std::size_t>(before);
      return !applying.is_meant(backfill_.effects[at], row) ||
             std::ranges::binary_search(applying.arrived[at], row);
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
  BACKFILL_ASSIGN(const Parameters values, std::move(sent.parameters));
  const bool which = may_be_altered_;
  BACKFILL_ASSIGN(const Answer answer,
                  connection_.try_send(sql_.update(which, Guard::Before), values, applying.refusal));
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
  std::vector<std::int64_t> same = rows_at(locked, rows);
  BACKFILL_TRY(leave_stale_groups(applying, same));
  applying.conflicts = without(rows, same);
  applying.took.assign(backfill_.effects.size(), {});
  applying.arrived.assign(backfill_.effects.size(), {});
  // What an attempt that was undone has passed on is forgotten.
  for (const ir::Passed& one : backfill_.passed) {
    if (one.output < 0) continue;
    const auto output = static_cast<std::size_t>(one.output);
    for (const std::int64_t row : same)
      applying.outputs[output].set(row, applying.derived_outputs[output].value(row), applying.arena);
  }
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    const ir::Effect& effect = backfill_.effects[i];
    if (effect.kind == ir::EffectKind::Insert) BACKFILL_TRY(apply_insert(applying, i, same));
    if (lower_sql::writes_others(effect)) BACKFILL_TRY(apply_others(applying, i, same));
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
  batch_number_ = batch_number;
  underived_.assign(static_cast<std::size_t>(batch.rows), false);
  std::vector<stdlib::ColumnBuffer> own_outputs = database_sql::copies(outputs, batch.rows);
  std::vector<stdlib::ColumnBuffer> own_values = database_sql::copies(values, batch.rows);
  Applying applying{batch, own_outputs, own_values, batch_number, outcome, outputs};
  BACKFILL_TRY(apply_rows(applying, selected));
  std::ranges::sort(written_);
  std::ranges::sort(outcome.conflicts);
  std::ranges::sort(outcome.failures, {}, &WriteFailure::row);
  outcome.written = static_cast<std::int64_t>(written_.size());
  BACKFILL_TRY(keep_corrections(batch, own_outputs, written_));
  return outcome;
}

}  // namespace backfill::database::postgres
