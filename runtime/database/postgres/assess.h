// SPDX-License-Identifier: Apache-2.0
// What a run will need and cost here, asked of the server's catalogs and its planner.
#pragma once

#include "runtime/database/postgres/connection.h"
#include "runtime/database/postgres/table_sql.h"
#include "runtime/database/store.h"

namespace backfill::database::postgres {

// Inside a transaction.
Result<Assessment> assess(const Connection& connection, const ir::Backfill& backfill,
                          std::optional<std::int64_t> candidates);

// What the role may not do and a run does: "UPDATE (status) on public.accounts".
Result<std::vector<std::string>> missing_privileges(const Connection& connection,
                                                    const ir::Backfill& backfill);

}  // namespace backfill::database::postgres
