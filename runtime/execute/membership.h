// SPDX-License-Identifier: Apache-2.0
// Which stage takes a candidate: the first one in order that does.
#pragma once

#include <unordered_map>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/store.h"
#include "runtime/execute/row_decider.h"
#include "runtime/execute/sample.h"

namespace backfill::execute {

constexpr int kNoStage = -1;

class Membership {
 public:
  // One threshold per stage; those of stages that are no samples are not looked at.
  Membership(const ir::Backfill& backfill, std::vector<Threshold> thresholds);

  // 0-based, or kNoStage.
  [[nodiscard]] int stage_of(const database::RowBatch& batch, const Decisions& decisions,
                             std::int64_t row) const;
  // As if stages `sample N rows` took none: what can be said before the scan has seen every row.
  [[nodiscard]] int without_row_samples(const database::RowBatch& batch, const Decisions& decisions,
                                        std::int64_t row) const;

 private:
  [[nodiscard]] bool takes(std::size_t stage, const database::RowBatch& batch, const Decisions& decisions,
                           std::int64_t row) const;
  [[nodiscard]] bool lists(std::size_t stage, const database::Key& key) const;

  const ir::Backfill& backfill_;
  std::vector<Threshold> thresholds_;
  std::vector<std::unordered_multimap<std::uint64_t, const database::Key*>> keys_;  // per stage, by hash
};

}  // namespace backfill::execute
