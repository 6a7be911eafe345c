// SPDX-License-Identifier: Apache-2.0
// Random expressions, five ways. BACKFILL_DIFFERENTIAL_ROWS and _SECONDS lengthen it, _SEED moves it.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "tests/differential/expressions.h"
#include "tests/differential/five_ways.h"

namespace {

using namespace backfill;

constexpr std::size_t kRows = 250, kExpressions = 200;  // of one table

std::int64_t setting(const char* name, std::int64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoll(value);
}

}  // namespace

TEST_CASE("random expressions agree on evaluator, native code and every database", "[.five]") {
  const std::int64_t wanted = setting("BACKFILL_DIFFERENTIAL_ROWS", 50'000);
  const std::int64_t seconds = setting("BACKFILL_DIFFERENTIAL_SECONDS", 0);
  auto seed = static_cast<std::uint32_t>(setting("BACKFILL_DIFFERENTIAL_SEED", 1));
  test::Report report;
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  while (report.rows < wanted || elapsed() < static_cast<double>(seconds)) {
    test::Expressions expressions(seed);
    test::TypedTable table = expressions.table(fmt::format("five_{}", seed), kRows);
    test::FiveWays five_ways(table, test::all_servers(), report);
    std::vector<const ir::Expr*> made;
    for (std::size_t k = 0; k < kExpressions; ++k) made.push_back(expressions.next());
    five_ways.compare(made);
    ++seed;
  }
  std::cout << test::figures(report) << fmt::format("{:.1f} s in all\n", elapsed());
  for (const test::Difference& difference : report.differences) FAIL_CHECK(difference.text);
  CHECK(report.databases.at("postgres").rows > wanted / 3);
}
