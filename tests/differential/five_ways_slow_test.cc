// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/differential/random_run.h"

TEST_CASE("a million expression-rows agree on evaluator, native code and every database") {
  backfill::test::compare_random_expressions(1'000'000, 1000);
}
