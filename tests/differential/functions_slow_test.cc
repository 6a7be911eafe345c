// SPDX-License-Identifier: Apache-2.0
// Every example of every row of the function table, with its literals in columns, three ways.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <iostream>
#include <set>

#include "stdlib/function.h"
#include "tests/differential/literals.h"
#include "tests/differential/three_ways.h"

namespace {

using namespace backfill;
using test::Integers;

std::string table_of(const test::Lifted& lifted) {
  std::string columns, values;
  for (std::size_t k = 0; k < lifted.columns.size(); ++k) {
    columns += fmt::format(", c{} {}", k, lifted.columns[k].type);
    values += ", " + lifted.columns[k].value;
  }
  return fmt::format(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, out BOOLEAN{});\nINSERT INTO t VALUES (1, NULL{});", columns,
      values);
}

struct Tally {
  int compared = 0, by_sql = 0;
};

// Is one form of the example what the table promises? Each form that compiles must agree three ways.
bool holds(const stdlib::Example& example, Tally& tally) {
  const bool fails = example.result.starts_with("error: ");
  bool promised = false, compiled = false;
  std::set<std::string> seen;
  for (const Integers integers : {Integers::Column, Integers::Narrowed, Integers::Literal}) {
    const test::Lifted lifted = test::lifted(std::string(example.expression), integers);
    if (lifted.columns.empty() || !seen.insert(lifted.expression).second) continue;
    const std::string condition =
        fails || example.result == "missing"
            ? fmt::format("({}) is missing", lifted.expression)
            : fmt::format("({}) is not distinct from ({})", lifted.expression, example.result);
    const test::Compared compared = test::three_ways(table_of(lifted), test::spec_of("out", condition));
    if (!compared.compiles) continue;
    compiled = true;
    ++tally.compared;
    tally.by_sql += compared.by_sql ? 1 : 0;
    INFO(compared.difference);
    CHECK(compared.difference.empty());
    promised = promised || (fails ? compared.failed == 1 : compared.written == "1");
  }
  // Comparing with what is always missing is refused: the same answer.
  return promised || seen.empty() || (!compiled && example.result == "missing");
}

}  // namespace

TEST_CASE("every example of the function table, three ways") {
  Tally tally;
  for (const stdlib::Function& function : stdlib::functions()) {
    for (const stdlib::Example& example : function.examples) {
      INFO(stdlib::signature(function) << ": " << example.expression << " -> " << example.result);
      CHECK(holds(example, tally));
    }
  }
  std::cout << "examples: " << tally.compared << " forms, " << tally.by_sql << " of them by SQL\n";
  CHECK(tally.compared > 400);
  CHECK(tally.by_sql > 150);
}
