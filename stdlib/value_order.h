// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stdlib/value.h"

namespace backfill::stdlib {

// The order of two values of one type: texts by bytes, decimals by what they are worth. A missing one is less
// than none, and none is less than it.
[[nodiscard]] bool less(const Value& left, const Value& right);

}  // namespace backfill::stdlib
