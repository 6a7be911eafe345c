// SPDX-License-Identifier: Apache-2.0
// What the indexes of a table mean for a backfill's updates.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

struct Indexes {
  std::size_t all = 0;
  std::vector<std::string> written;  // those that have a written column, in an expression or a condition too
};
// Inside a transaction. Of a partitioned table, its own.
Result<Indexes> indexes_of(const Connection& connection, const ir::Backfill& backfill);

}  // namespace backfill::database::postgres
