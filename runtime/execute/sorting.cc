// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/sorting.h"

#include "runtime/database/sql/key_text.h"
#include "runtime/execute/scan.h"

namespace backfill::execute {

Written::Written(const ir::Backfill& backfill) : types_(database_sql::key_types(backfill)) {}

Result<void> Written::load(database::TableAccess& table, const database::Key& after,
                           const database::Key& until) {
  keys_.clear();
  database::Key from = after;
  do {
    BACKFILL_TRY(table.read_for_verify(from, until, kScanRows, batch_));
    const database::RowBatch& rows = batch_.prior;
    for (std::int64_t row = 0; row < rows.rows; ++row) {
      const auto at = static_cast<std::size_t>(row);
      if (batch_.corrected[at] == 0 && batch_.set_aside[at] == 0) continue;
      keys_.insert(database_sql::key_text(rows.key(row, types_.size()), types_));
    }
    if (rows.rows > 0) from = rows.key(rows.rows - 1, types_.size());
  } while (batch_.prior.rows == kScanRows);
  return {};
}

bool Written::has(const database::RowBatch& batch, std::int64_t row) const {
  return !keys_.empty() && keys_.contains(database_sql::key_text(batch.key(row, types_.size()), types_));
}

std::optional<std::size_t> outcome_of(const ir::Backfill& backfill, const Decisions& decisions,
                                      std::int64_t row) {
  if (backfill.outcome < 0) return std::nullopt;
  const std::int32_t outcome =
      decisions.values[static_cast<std::size_t>(backfill.outcome)].as<std::int32_t>()[row];
  if (outcome < 0) return std::nullopt;
  return static_cast<std::size_t>(outcome);
}

Sorted sort_rows(const ir::Backfill& backfill, const PreparedBatch& batch, const Membership& membership,
                 std::int64_t stage, const Written* written, const Takes& takes) {
  Sorted sorted;
  sorted.by_outcome.assign(backfill.outcomes.size(), 0);
  const Decisions& decisions = batch.decisions;
  const auto due = [&](std::int64_t row) {
    const int taken = membership.stage_of(batch.rows, decisions, row);
    if (written == nullptr) return taken + 1 == stage;
    return taken != kNoStage && !written->has(batch.rows, row);
  };
  auto failure = decisions.failures.begin();
  for (std::int64_t row = 0; row < batch.rows.rows; ++row) {
    const evaluate::RowFailure* failed = nullptr;
    if (failure != decisions.failures.end() && failure->row == row) failed = &(failure++)->why;
    if (takes && !takes(row)) continue;
    if (decisions.code(row) != ir::kCandidate) {
      if (failed != nullptr) {
        sorted.aside.push_back({row, "uncertain", stdlib::text(failed->error), failed->message});
        ++sorted.uncertain;
      }
      continue;
    }
    if (!due(row)) continue;
    ++sorted.counts.met;
    if (failed != nullptr) {
      sorted.aside.push_back({row, "quarantined", stdlib::text(failed->error), failed->message});
      ++sorted.counts.quarantined;
      continue;
    }
    sorted.decided.push_back(row);
    if (const auto outcome = outcome_of(backfill, decisions, row)) ++sorted.by_outcome[*outcome];
    if (decisions.is_changed(row)) {
      sorted.selected.push_back(row);
    } else {
      ++sorted.counts.unchanged;
    }
  }
  return sorted;
}

}  // namespace backfill::execute
