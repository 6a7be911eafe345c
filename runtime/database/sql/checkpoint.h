// SPDX-License-Identifier: Apache-2.0
// backfill_stage, backfill_chunk, backfill_batch: how far a run is. What writes here is called inside a write
// transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database/sql/state.h"
#include "runtime/database/store.h"

namespace backfill::database_sql {

struct Counts {
  std::int64_t met = 0;  // candidates of the stage that were read: the sum of the four below
  std::int64_t changed = 0, unchanged = 0, quarantined = 0, conflicts = 0;

  Counts& operator+=(const Counts& other);
};

constexpr std::string_view kCatchUp = "catch-up";

struct StageRecord {
  std::int64_t stage = 0;  // from 1
  std::string name, kind;  // kCatchUp: rows that came after the manifest
  std::string threshold;   // 16 hexadecimal digits; empty: takes none, or is no sample
  StageState state = StageState::Pending;
  std::string gate;      // as the spec says it; empty: none
  std::string approval;  // by whom one is needed; empty: none
  std::int64_t candidates = 0;
  Counts counts;
  std::string approved_by, approved_plan;
  std::int64_t approved_at = 0;
  std::int64_t verified_at = 0, compared = 0, mismatches = 0;
};

struct ChunkRecord {
  std::int64_t chunk = 0;  // from 1
  std::string low, high;   // key_text
  std::int64_t rows = 0, candidates = 0;
  std::string watermark;  // key_text of the last row that was read; `low` at first
  // Of the rows behind the watermark up to this key (empty: none) those are done that passes before this one
  // took.
  std::string window_end, pass;
  bool done = false;
  std::int64_t read = 0;
  Counts counts;
};

Result<void> insert_stage(database::Store& store, std::int64_t run, const StageRecord& stage);
Result<void> insert_chunk(database::Store& store, std::int64_t run, std::int64_t stage,
                          const ChunkRecord& chunk);
Result<std::vector<StageRecord>> stages_of(database::Store& store, std::int64_t run);
// The numbers of those that are not done, ascending.
// Where chunks of the first `stages` stages end, as key_text, ascending; the table's end is none.
Result<std::vector<std::string>> borders_of(database::Store& store, std::int64_t run, std::int64_t stages);
Result<std::vector<std::int64_t>> open_chunks(database::Store& store, std::int64_t run, std::int64_t stage);
// That one, done or not.
Result<std::optional<ChunkRecord>> find_chunk(database::Store& store, std::int64_t run, std::int64_t stage,
                                              std::int64_t chunk);

// One committed batch moves the watermark, adds its counts to chunk and stage, and gets its number.
struct BatchRecord {
  std::int64_t stage = 0, chunk = 0;
  std::int64_t rows = 0;
  Counts counts;
  std::string watermark;
  std::string window_end, pass;  // of a window that has passes left
  bool chunk_done = false;
  std::int64_t committed_at = 0;
};
// Is that batch of ours committed? Asked after `lock_run` where a commit's outcome is unknown.
Result<bool> have_batch(database::Store& store, std::int64_t run, std::int64_t number_of_batch,
                        std::int64_t stage, std::int64_t chunk);
Result<void> record_batch(database::Store& store, std::int64_t run, std::int64_t number,
                          const BatchRecord& batch);

// A run whose spec has named outcomes counts their rows per batch, in a table of its own:
// backfill_outcome_<run> (batch, outcome: from 0, name, rows). Batch 0 has every name.
Result<void> create_outcomes(database::Store& store, std::int64_t run, const std::vector<std::string>& names);
Result<void> record_outcomes(database::Store& store, std::int64_t run, std::int64_t number,
                             const std::vector<std::string>& names, const std::vector<std::int64_t>& rows);
struct OutcomeRow {
  std::string name;
  std::int64_t rows = 0;
};
// Of all batches so far, in the spec's order. None: the run has no such table.
Result<std::vector<OutcomeRow>> outcomes_of(database::Store& store, std::int64_t run);

Result<void> set_stage_state(database::Store& store, std::int64_t run, std::int64_t stage, StageState state);
Result<void> set_approved(database::Store& store, std::int64_t run, std::int64_t stage,
                          const std::string& who, const std::string& plan_hash, std::int64_t at);
Result<void> set_verified(database::Store& store, std::int64_t run, std::int64_t stage, std::int64_t compared,
                          std::int64_t mismatches, std::int64_t at);

// The bookkeeping's own conservation: classes, chunks and stages tell the same story. Empty: they do.
Result<std::string> inconsistency(database::Store& store, std::int64_t run);

// Chunks of the run that are done and met another number of candidates than the manifest had.
struct DriftRecord {
  std::int64_t stage = 0, chunk = 0, expected = 0, met = 0;
};
Result<std::vector<DriftRecord>> drift_of(database::Store& store, std::int64_t run, std::int64_t limit);

// The batch numbers of a stage are contiguous among the run's own (a stage ends before the next one begins):
// first and last, (0, 0) when there is none.
struct BatchRange {
  std::int64_t first = 0, last = 0;
};
Result<BatchRange> batches_of(database::Store& store, std::int64_t run, std::int64_t stage);

}  // namespace backfill::database_sql
