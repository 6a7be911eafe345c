// SPDX-License-Identifier: Apache-2.0
// Derivations that give the same when they are applied to what they gave.
#pragma once

#include "compiler/ir/ir.h"

namespace backfill::check {

// f(f(x)) = f(x), where x is this input; `inputs`: how many the row has.
bool is_idempotent(const ir::Expr& value, int input, std::size_t inputs);

}  // namespace backfill::check
