// SPDX-License-Identifier: Apache-2.0
// Rows that somebody changed between our read and our write, read again under a lock and decided anew. By the
// reference evaluator: they are few, and the worker's own decider may be busy with the next batch.
#pragma once

#include <span>

#include "runtime/execute/prefetch.h"

namespace backfill::execute {

class Anew {
 public:
  Anew(const Subject& subject, evaluate::Moment moment);

  // Inside the batch's write transaction. False: this store has no such reading, a conflict stays one.
  void answer_by(AnswerSource* source) { decider_.answer_by(source); }
  Result<bool> decide(database::TableAccess& table, const database::RowBatch& batch,
                      std::span<const std::int64_t> conflicts);
  [[nodiscard]] const PreparedBatch& batch() const { return batch_; }  // those of them that are still there

 private:
  Subject subject_;
  RowDecider decider_;
  PreparedBatch batch_;
};

}  // namespace backfill::execute
