// SPDX-License-Identifier: Apache-2.0
// What a batch writes, and what becomes of rows that are no longer as they were read or are refused.
#include "runtime/database/sql/numbering.h"
#include "runtime/execute/batch_loop.h"

namespace backfill::execute {

namespace {

Result<database::WriteOutcome> written_by(database::TableAccess& table, const ir::Backfill& backfill,
                                          const PreparedBatch& batch, std::span<const std::int64_t> selected,
                                          std::int64_t number) {
  const Decisions& decisions = batch.decisions;
  if (backfill.effects.empty()) return table.write(batch.rows, decisions.outputs, selected, number);
  return table.apply_effects(batch.rows, decisions.outputs, decisions.values, selected, number);
}

}  // namespace

// What somebody changed since it was read is decided anew: a row counts as what it is now, and one that is
// gone or no candidate any more is not met at all.
Result<Sorted> BatchLoop::write() {
  Takes takes;
  if (in_passes_) takes = [this](std::int64_t row) { return passes_.takes(pass_, row); };
  Sorted sorted = sort_rows(backfill_, current_, *session_.membership, work_->stage.stage, written(), takes);
  start_prefetch();
  BACKFILL_ASSIGN(number_, database_sql::next_number(store_, database_sql::Numbered::Batch));
  done_.decided_anew = 0;
  const bool guards = store_.guards_rows();
  BACKFILL_ASSIGN(const std::vector<std::int64_t> conflicts, write_rows(current_, sorted, guards));
  if (conflicts.empty()) return sorted;
  BACKFILL_ASSIGN(const bool read, anew_.decide(*worker_.table, current_.rows, conflicts));
  if (!read) return fatal("the store guards rows but cannot read them again");
  done_.decided_anew = static_cast<std::int64_t>(conflicts.size());
  Sorted again = sort_rows(backfill_, anew_.batch(), *session_.membership, work_->stage.stage, written());
  BACKFILL_TRY(write_rows(anew_.batch(), again, false));
  sorted.counts.met -= done_.decided_anew;
  sorted.counts += again.counts;
  for (std::size_t i = 0; i < sorted.by_outcome.size(); ++i) sorted.by_outcome[i] += again.by_outcome[i];
  sorted.uncertain += again.uncertain;
  return sorted;
}

// Those that are no longer as they were read, if they are to be decided anew; else they are set aside.
Result<std::vector<std::int64_t>> BatchLoop::write_rows(const PreparedBatch& batch, Sorted& sorted,
                                                        bool decides_anew) {
  database::WriteOutcome outcome;
  if (!sorted.selected.empty()) {
    BACKFILL_ASSIGN(outcome, written_by(*worker_.table, backfill_, batch, sorted.selected, number_));
  }
  sorted.counts.changed = outcome.written;
  sorted.counts.unchanged += outcome.unchanged;
  const auto forget = [&](std::int64_t row) {
    if (const auto of = outcome_of(backfill_, batch.decisions, row)) --sorted.by_outcome[*of];
  };
  if (worker_.asker) BACKFILL_TRY(keep_answers(batch, sorted, outcome));
  for (const std::int64_t row : outcome.conflicts) forget(row);
  for (const database::WriteFailure& failure : outcome.failures) forget(failure.row);
  for (const std::int64_t row : outcome.conflicts) {
    if (decides_anew) break;
    sorted.aside.push_back({row, "conflict", "", "the row was no longer as it was read"});
    ++sorted.counts.conflicts;
  }
  for (const database::WriteFailure& failure : outcome.failures) {
    sorted.aside.push_back({failure.row, "quarantined", stdlib::text(failure.error), failure.message});
    ++sorted.counts.quarantined;
  }
  if (!sorted.aside.empty()) BACKFILL_TRY(worker_.table->set_aside(batch.rows, sorted.aside, number_));
  sorted.aside.clear();  // their texts end with `outcome`
  if (!decides_anew) outcome.conflicts.clear();
  return std::move(outcome.conflicts);
}

// Of the rows that are as they should be now: what is set aside keeps none, and what is decided anew is yet
// to be kept.
Result<void> BatchLoop::keep_answers(const PreparedBatch& batch, const Sorted& sorted,
                                     const database::WriteOutcome& outcome) {
  std::vector<std::int64_t> rows;
  for (const std::int64_t row : sorted.decided) {
    const bool failed = std::ranges::binary_search(outcome.failures, row, {}, &database::WriteFailure::row);
    if (!failed && std::ranges::find(outcome.conflicts, row) == outcome.conflicts.end()) rows.push_back(row);
  }
  if (rows.empty()) return {};
  return worker_.table->keep_answers(batch.rows, rows, batch.decisions.asked, number_);
}

}  // namespace backfill::execute
