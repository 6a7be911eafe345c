// SPDX-License-Identifier: Apache-2.0
// Differences that were found and mended, by name.
#include <catch2/catch.hpp>

#include "tests/differential/three_ways.h"

namespace {

using namespace backfill;

// The columns of one row, how `out` is declared, the expression.
void agrees(const std::string& columns, const std::string& values, const std::string& out,
            const std::string& expression) {
  const test::Compared compared =
      test::three_ways("CREATE TABLE t (id INTEGER PRIMARY KEY, out " + out + ", " + columns +
                           ");\nINSERT INTO t VALUES (1, NULL, " + values + ");",
                       test::spec_of("out", expression));
  INFO(compared.refusal << compared.difference);
  CHECK(compared.compiles);
  CHECK(compared.by_sql);
  CHECK(compared.rows == 1);
  CHECK(compared.difference.empty());
}

}  // namespace

// The SQL was the text alone, whatever the length: the generator's seed 318.
TEST_CASE("fit_length to a length that is missing is missing") {
  agrees("s TEXT, n BIGINT", "'ab', NULL", "TEXT", "fit_length(s, n as int32)");
  agrees("s TEXT, n BIGINT", "'ab', 2", "TEXT", "fit_length(s, n as int32)");
}
