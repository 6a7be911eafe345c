// SPDX-License-Identifier: Apache-2.0
// Every row of the function table on every server, over edge values: each answer is the evaluator's, a row
// error is NULL, and no row ends the statement.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

#include "tests/function_table/sql_rows.h"

namespace {

using namespace backfill;

void try_all(test::SqlServer& server) {
  const char* only = std::getenv("BACKFILL_FUNCTION");
  int available = 0, rows = 0, compared = 0, errors = 0;
  for (const stdlib::Function& function : stdlib::functions()) {
    if (only != nullptr && function.name != only) continue;
    ++rows;
    bool some = false;
    for (const bool literals : {false, true}) {
      if (literals && function.parameters.size() < 2) continue;
      const test::Tried tried = test::try_row(server, function, literals);
      some = some || tried.available;
      compared += tried.compared;
      errors += tried.errors;
      for (const std::string& difference : tried.differences) {
        INFO(server.dialect().name() << ": " << stdlib::signature(function) << " " << difference);
        CHECK(difference.empty());
      }
    }
    available += some ? 1 : 0;
    if (!some && std::getenv("BACKFILL_UNAVAILABLE") != nullptr)
      std::cout << server.dialect().name() << " has no form of " << stdlib::signature(function) << "\n";
  }
  std::cout << fmt::format("{}: {} of {} rows by SQL; {} answers compared, {} of them row errors\n",
                           server.dialect().name(), available, rows, compared, errors);
}

}  // namespace

TEST_CASE("every row over edge values on MariaDB") {
  try_all(test::mariadb());
}

TEST_CASE("every row over edge values on PostgreSQL") {
  try_all(test::postgres());
}

TEST_CASE("every row over edge values on SQLite") {
  try_all(test::sqlite());
}
