// SPDX-License-Identifier: Apache-2.0
// The workers of a run in this process: each takes the next chunk of the stage until none is left.
#pragma once

#include <memory>
#include <vector>

#include "runtime/execute/batch_loop.h"

namespace backfill::execute {

class Team {
 public:
  // As many workers as the options say; the first one works on the calling thread and the session's
  // connection, so that a team of one is no team.
  static Result<std::unique_ptr<Team>> open(Session& session);

  // Returns once every worker has ended. What ended one of them for a reason of its own ends the others after
  // their batches.
  Result<LoopEnd> run_stage(const database_sql::StageRecord& stage);

  // Between stages: for a scan of the table.
  [[nodiscard]] RowDecider& decider() { return *workers_.front()->decider; }
  [[nodiscard]] EngineReport engine() const;  // of all of them

 private:
  explicit Team(Session& session) : session_(session), tally_(session) {}

  Session& session_;
  Tally tally_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<std::unique_ptr<BatchLoop>> loops_;  // one per worker
};

}  // namespace backfill::execute
