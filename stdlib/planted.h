// SPDX-License-Identifier: Apache-2.0
// A bug on purpose, so that tests can prove that a wrong native body is found. Off unless
// BACKFILL_TEST_PLANT_BUG names the function; then one argument in about a hundred, chosen by its content,
// gets a wrong answer.
#pragma once

#include "stdlib/abi.h"

namespace backfill::stdlib {

[[nodiscard]] bool unlucky(Text argument);

}  // namespace backfill::stdlib
