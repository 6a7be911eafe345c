// SPDX-License-Identifier: Apache-2.0
#include "runtime/harness/native_check.h"

#include "stdlib/bug.h"

namespace backfill::harness {

NativeCheck::NativeCheck(const ir::Backfill& backfill, const std::string& cache_directory)
    : backfill_(backfill) {
  subject_.backfill = &backfill_;
  subject_.engine = execute::EngineChoice::Both;
  subject_.jit_cache_directory = cache_directory;
  decider(ir::kTestNow);
}

execute::RowDecider* NativeCheck::decider(std::int64_t now) {
  auto& made = deciders_[now];
  if (made) return made.get();
  made = std::make_unique<execute::RowDecider>(subject_, evaluate::Moment{now});
  const Result<void> prepared = made->prepare();
  if (!prepared) unavailable_ = prepared.failure().message;
  return made.get();
}

std::string NativeCheck::difference(const ir::Test& test) {
  execute::RowDecider* const by = decider(test.now);
  if (!unavailable_.empty()) return {};
  database::RowBatch batch;
  batch.rows = 1;
  for (std::size_t k = 0; k < backfill_.row.inputs.size(); ++k) {
    batch.inputs.emplace_back(backfill_.row.inputs[k].type);
    batch.inputs.back().reserve(1);
    batch.inputs.back().set(0, test.inputs[k], batch.arena);
  }
  execute::Decisions decisions(backfill_);
  const auto decided = by->decide(batch, decisions);
  BACKFILL_CHECK(decided.ok(), "rows of a test ask nobody");
  return decisions.difference;
}

}  // namespace backfill::harness
