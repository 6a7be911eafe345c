// SPDX-License-Identifier: Apache-2.0
// Just enough of the language to compute the table's examples here, below the parser and the checker:
// literals, calls, operators, `as`. Every literal keeps its own type; what resolve() asks for is converted as
// the checker would.
#pragma once

#include <string>
#include <string_view>

#include "stdlib/function.h"

namespace backfill::stdlib::test {

struct Computed {
  Value value;
  Type type;
  RowError error = RowError::None;
  std::string problem;  // why it could not be computed at all; empty if it could
};
Computed compute(std::string_view expression);

}  // namespace backfill::stdlib::test
