// SPDX-License-Identifier: Apache-2.0
// Native code against the reference evaluator, over everything in the function table.
#include <cstdlib>

#include "tests/compiler/lower_llvm/random_spec.h"

namespace backfill::test {

// BACKFILL_TEST_SEEDS=1000 looks longer; BACKFILL_TEST_SEED=17 at one alone.
TEST_CASE("Random row functions decide as the evaluator does") {
  const char* one = std::getenv("BACKFILL_TEST_SEED");
  const char* many = std::getenv("BACKFILL_TEST_SEEDS");
  const auto first = static_cast<std::uint32_t>(one != nullptr ? std::atoi(one) : 1);
  const auto last =
      one != nullptr ? first : static_cast<std::uint32_t>(many != nullptr ? std::atoi(many) : 60);
  std::size_t failing = 0, total = 0;
  for (std::uint32_t seed = first; seed <= last; ++seed) {
    INFO("seed " << seed);
    RandomSpec random(seed);
    auto engine = jit::engine();
    REQUIRE(engine.ok());
    auto program = (*engine)->compile(random.spec.backfill, {});
    if (!program) FAIL(program.failure().message);
    for (const std::size_t count : {0, 1, 15, 16, 17, 63, 64}) {
      const Rows rows = random.rows(count);
      failing += compare(**program, random.spec.backfill, rows);
      total += count;
      for (std::size_t row = 0; row < std::min<std::size_t>(count, 3); ++row) {
        compare(**program, random.spec.backfill, {rows[row]});
      }
    }
  }
  // The test says something only where rows of both kinds occur.
  if (one == nullptr) {
    CHECK(failing * 20 > total);
    CHECK(failing * 3 < total * 2);
  }
}

}  // namespace backfill::test
