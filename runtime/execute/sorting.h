// SPDX-License-Identifier: Apache-2.0
// What is due for each row of a decided batch: to be written, to be set aside, nothing.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "runtime/database/sql/checkpoint.h"
#include "runtime/execute/membership.h"
#include "runtime/execute/prefetch.h"

namespace backfill::execute {

struct Sorted {
  std::vector<std::int64_t> selected;
  std::vector<std::int64_t> decided;                   // those, and rows that are already what they should be
  std::vector<database::TableAccess::SetAside> aside;  // texts are those of the batch's decisions
  database_sql::Counts counts;                         // `changed` and `conflicts` are for the write to say
  std::int64_t uncertain = 0;
  // Per outcome of the spec: rows of it that are met and did not fail.
  std::vector<std::int64_t> by_outcome;
};

// The outcome of a decided candidate; nothing: it is in none.
[[nodiscard]] std::optional<std::size_t> outcome_of(const ir::Backfill& backfill, const Decisions& decisions,
                                                    std::int64_t row);

// Keys of a range that the run has corrected or set aside: a catch-up leaves those rows alone.
class Written {
 public:
  explicit Written(const ir::Backfill& backfill);
  // Of after < key <= until. O(rows of the range).
  Result<void> load(database::TableAccess& table, const database::Key& after, const database::Key& until);
  [[nodiscard]] bool has(const database::RowBatch& batch, std::int64_t row) const;

 private:
  std::vector<stdlib::Type> types_;
  database::VerifyBatch batch_;
  std::unordered_set<std::string> keys_;
};

// Of a spec's stage (from 1), its own candidates; of a catch-up (`written` is not null) those of any stage
// that are not in it.
// Rows that `takes` (null: takes all) leaves out are not looked at.
using Takes = std::function<bool(std::int64_t row)>;
[[nodiscard]] Sorted sort_rows(const ir::Backfill& backfill, const PreparedBatch& batch,
                               const Membership& membership, std::int64_t stage, const Written* written,
                               const Takes& takes = nullptr);

}  // namespace backfill::execute
