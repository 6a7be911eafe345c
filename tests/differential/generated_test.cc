// SPDX-License-Identifier: Apache-2.0
// Random expressions over random rows, three ways. BACKFILL_DIFFERENTIAL_SEEDS=N for more of them,
// BACKFILL_DIFFERENTIAL_FIRST=K to begin at another seed.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>

#include "tests/differential/generator.h"
#include "tests/differential/three_ways.h"

namespace {

using namespace backfill;

unsigned number(const char* variable, unsigned otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : static_cast<unsigned>(std::strtoul(text, nullptr, 10));
}

struct Tally {
  int compared = 0, by_sql = 0, refused = 0;
  std::int64_t rows = 0, failed = 0;
};

void run(unsigned seed, Tally& tally) {
  test::Generator generator(seed);
  const std::string ddl = generator.table(60);
  // The checker refuses what is always missing, always fails or does not resolve: another one, then.
  for (int attempt = 0; attempt < 50; ++attempt) {
    const auto [target, expression] = generator.derivation();
    const test::Compared compared = test::three_ways(ddl, test::spec_of(target, expression));
    if (!compared.compiles) {
      ++tally.refused;
      if (std::getenv("BACKFILL_DIFFERENTIAL_REFUSED") != nullptr) std::cout << compared.refusal;
      continue;
    }
    ++tally.compared;
    tally.by_sql += compared.by_sql ? 1 : 0;
    tally.rows += compared.rows;
    tally.failed += compared.failed;
    INFO("seed " << seed << compared.difference);
    CHECK(compared.difference.empty());
    return;
  }
  FAIL_CHECK("seed " << seed << " gives no expression that compiles");
}

}  // namespace

TEST_CASE("random expressions over random rows, three ways") {
  Tally tally;
  const unsigned count = number("BACKFILL_DIFFERENTIAL_SEEDS", 150);
  const unsigned first = number("BACKFILL_DIFFERENTIAL_FIRST", 1);
  for (unsigned seed = first; seed < first + count; ++seed) run(seed, tally);
  std::cout << fmt::format(
      "{} expressions, {} of them by SQL; {} rows compared, {} with a row error; {} refused\n",
      tally.compared, tally.by_sql, tally.rows, tally.failed, tally.refused);
  CHECK(tally.by_sql * 3 >= tally.compared);
  CHECK(tally.rows > tally.failed);
}
