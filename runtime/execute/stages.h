// SPDX-License-Identifier: Apache-2.0
// Stage by stage, gate by gate.
#pragma once

#include "runtime/execute/session.h"

namespace backfill::execute {

// Works until something ends it: fills end, message and way_out of the session's report, and says which state
// the run has then.
Result<database_sql::RunState> run_stages(Session& session);

}  // namespace backfill::execute
