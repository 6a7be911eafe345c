// SPDX-License-Identifier: Apache-2.0
// One row of the function table on one real server: its SQL template over edge values against the evaluator.
#pragma once

#include <string>
#include <vector>

#include "stdlib/function.h"
#include "tests/servers/server.h"

namespace backfill::test {

struct Tried {
  bool available = false;
  int compared = 0;                      // answers
  int errors = 0;                        // of them, row errors: SQL says NULL
  std::vector<std::string> differences;  // what differs, and what the server refuses
};

// `literals`: the arguments behind the first stand in the SQL (templates may depend on them), else all are
// columns.
Tried try_row(SqlServer& server, const stdlib::Function& function, bool literals);

}  // namespace backfill::test
