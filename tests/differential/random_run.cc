// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/random_run.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "tests/differential/expressions.h"
#include "tests/differential/five_ways.h"

namespace backfill::test {

namespace {

constexpr std::size_t kRows = 400, kExpressions = 250;  // of one table

std::int64_t setting(const char* name, std::int64_t otherwise) {
  const char* value = std::getenv(name);
  return value == nullptr ? otherwise : std::atoll(value);
}

void compare_table(std::uint32_t seed, Report& report) {
  Expressions expressions(seed);
  TypedTable table = expressions.table(fmt::format("five_{}", seed), kRows);
  FiveWays five_ways(table, all_servers(), report);
  std::vector<const ir::Expr*> made;
  for (std::size_t k = 0; k < kExpressions; ++k) made.push_back(expressions.next());
  five_ways.compare(made);
}

}  // namespace

void compare_random_expressions(std::int64_t rows, std::uint32_t first_seed) {
  const std::int64_t seeds = setting("BACKFILL_DIFFERENTIAL_SEEDS", 0);
  const auto seconds = static_cast<double>(setting("BACKFILL_DIFFERENTIAL_SECONDS", 0));
  auto seed = static_cast<std::uint32_t>(setting("BACKFILL_DIFFERENTIAL_FIRST", first_seed));
  if (seeds > 0) rows = seeds * static_cast<std::int64_t>(kRows * kExpressions);
  Report report;
  const auto start = std::chrono::steady_clock::now();
  const auto elapsed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  };
  while (report.rows < rows || elapsed() < seconds) compare_table(seed++, report);
  std::cout << figures(report) << fmt::format("{:.1f} s in all, the last seed {}\n", elapsed(), seed - 1);
  expect_no_difference(report);
  // Each database has its say: the comparison must not become empty unnoticed.
  for (const auto& [name, tally] : report.databases) CHECK(tally.rows > report.rows / 10);
  CHECK(report.databases.at("postgres").rows > report.rows / 2);
}

}  // namespace backfill::test
