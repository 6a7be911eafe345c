// SPDX-License-Identifier: Apache-2.0
// Whether a row is out of the scope once a value has been written to it.
#pragma once

#include <set>

#include "compiler/ir/ir.h"

namespace backfill::check {

// Some part of `where` is not true of anything that `value` can become, where it stands in this input; or
// `where` asks so itself: `c(x) and not c(value)`. `targets`: the inputs that are written.
bool is_scope_left(const ir::RowFunction& row, const ir::Expr& value, int input,
                   const std::set<int>& targets);

}  // namespace backfill::check
