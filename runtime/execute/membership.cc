// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/membership.h"

namespace backfill::execute {

using ir::StageKind;

Membership::Membership(const ir::Backfill& backfill, std::vector<Threshold> thresholds)
    : backfill_(backfill), thresholds_(std::move(thresholds)), keys_(backfill.stages.size()) {
  for (std::size_t i = 0; i < backfill.stages.size(); ++i) {
    for (const database::Key& key : backfill.stages[i].keys) keys_[i].emplace(sample_hash(0, key), &key);
  }
}

bool Membership::lists(std::size_t stage, const database::Key& key) const {
  const auto [first, last] = keys_[stage].equal_range(sample_hash(0, key));
  return std::any_of(first, last, [&](const auto& entry) { return *entry.second == key; });
}

bool Membership::takes(std::size_t stage, const database::RowBatch& batch, const Decisions& decisions,
                       std::int64_t row) const {
  const ir::Stage& what = backfill_.stages[stage];
  switch (what.kind) {
    case StageKind::SampleRows:
    case StageKind::SamplePercent:
      return thresholds_[stage].takes(sample_hash(what.seed, batch, row, backfill_.key.size()));
    case StageKind::Where:
      return decisions.in_stage(static_cast<std::size_t>(what.condition), row);
    case StageKind::Keys:
      return lists(stage, batch.key(row, backfill_.key.size()));
    case StageKind::Rest:
      return true;
  }
  return false;
}

int Membership::stage_of(const database::RowBatch& batch, const Decisions& decisions,
                         std::int64_t row) const {
  for (std::size_t i = 0; i < backfill_.stages.size(); ++i) {
    if (takes(i, batch, decisions, row)) return static_cast<int>(i);
  }
  return kNoStage;
}

int Membership::without_row_samples(const database::RowBatch& batch, const Decisions& decisions,
                                    std::int64_t row) const {
  for (std::size_t i = 0; i < backfill_.stages.size(); ++i) {
    if (backfill_.stages[i].kind != StageKind::SampleRows && takes(i, batch, decisions, row))
      return static_cast<int>(i);
  }
  return kNoStage;
}

}  // namespace backfill::execute
