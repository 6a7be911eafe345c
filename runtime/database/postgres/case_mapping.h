// SPDX-License-Identifier: Apache-2.0
// lower() and upper() of generated SQL rest on the server's collation C.utf8, whose mapping comes with its C
// library and has no version of its own.
#pragma once

#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

// Does the server map every code point's case as we do (Unicode 15.0, simple mapping)? Asks the server for a
// digest over all of them: about half a second, once per run that uses them. False also where it has no such
// collation.
Result<bool> maps_case_as_we_do(const Connection& connection);

}  // namespace backfill::database::postgres
