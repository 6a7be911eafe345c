// SPDX-License-Identifier: Apache-2.0
// Functions of ours that generated SQL calls because SQLite has no exact form of its own (`assisted` in the
// plan).
#pragma once

#include "runtime/database/sqlite/connection.h"

namespace backfill::database::sqlite {

// Registers backfill_<name> for every row of the function table that is assisted on SQLite.
Result<void> register_assisted(const Connection& connection);

}  // namespace backfill::database::sqlite
