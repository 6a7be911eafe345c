// SPDX-License-Identifier: Apache-2.0
// One process's work on one run: what the stages and the workers share.
#pragma once

#include <memory>

#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/database/store.h"
#include "runtime/execute/clock.h"
#include "runtime/execute/membership.h"
#include "runtime/execute/run.h"

namespace backfill::execute {

struct Session {
  const Subject& subject;
  const RunOptions& options;
  const ir::Backfill& backfill;
  database::Store& store;  // the writer
  database_sql::RunRecord record;
  database_sql::Owner owner;  // this process
  std::vector<database_sql::StageRecord> stages;
  RunReport& report;
  Stopwatch watch;

  // By the thresholds that the books have; made by `prepare` once there is something to do.
  std::unique_ptr<Membership> membership;

  void prepare();
  [[nodiscard]] std::int64_t run() const { return record.run; }
};

}  // namespace backfill::execute
