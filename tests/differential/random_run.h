// SPDX-License-Identifier: Apache-2.0
// Random expressions over random tables, one table per seed, five ways.
#pragma once

#include <cstdint>

namespace backfill::test {

// At least so many expression-rows; differences fail the test. By hand: BACKFILL_DIFFERENTIAL_SEEDS (how many
// tables instead), BACKFILL_DIFFERENTIAL_SECONDS (at least so long), BACKFILL_DIFFERENTIAL_FIRST.
void compare_random_expressions(std::int64_t rows, std::uint32_t first_seed);

}  // namespace backfill::test
