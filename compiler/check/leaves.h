// SPDX-License-Identifier: Apache-2.0
// What an expression can become, and small questions about its form: what the proofs of repeatability share.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::check {

// One of these is the value: the arms of a case, the parts of `??`, else the expression itself.
void collect_leaves(const ir::Expr& expr, std::vector<const ir::Expr*>& leaves);
bool reads_now(const ir::Expr& expr);
std::set<int> inputs_of(const ir::Expr& expr);
bool is_call(const ir::Expr& expr, std::string_view name);
bool is_input(const ir::Expr& expr, int input);
// Below the row error that varchar(n) asks for.
const ir::Expr& without_fit(const ir::Expr& expr);
// Below a conversion from integer to integer: the same number, or a row error.
const ir::Expr& below_width(const ir::Expr& expr);
// `x as json` and `x as json or missing` of a text: x, else the expression itself.
const ir::Expr& below_parse(const ir::Expr& expr);

}  // namespace backfill::check
