// SPDX-License-Identifier: Apache-2.0
// The grammar finds no loop without progress.
#include <tao/pegtl/contrib/analyze.hpp>

#include "catch2/catch.hpp"
#include "grammar/precedence.h"
#include "grammar/spec.h"

TEST_CASE("no rule recurses or loops without consuming") {
  CHECK(tao::pegtl::analyze<backfill::grammar::file>(1) == 0);
}

TEST_CASE("the precedence table goes from the loosest to the tightest") {
  auto level = backfill::grammar::Level::Or;
  for (const auto& row : backfill::grammar::operators) {
    CHECK(row.level >= level);
    level = row.level;
  }
}
