// SPDX-License-Identifier: Apache-2.0
// How a run comes to be: begun with a manifest, or found where an earlier process left it.
#pragma once

#include <optional>

#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/execute/run.h"

namespace backfill::execute {

struct Begun {
  database_sql::RunRecord record;
  std::vector<database_sql::StageRecord> stages;
};

// Nothing: `report` says why there is nothing to run (refused, busy, paused, declined).
Result<std::optional<Begun>> begin_or_resume(database::Store& store, const Subject& subject,
                                             const RunOptions& options, const database_sql::Owner& owner,
                                             RunReport& report);

}  // namespace backfill::execute
