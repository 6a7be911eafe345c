// SPDX-License-Identifier: Apache-2.0
// The holes of the function table's SQL templates: {0}, {1:70} (in parentheses below strength 70), {*1}
// (this and the following ones, with commas; nothing where there is none), {p}, {s}, {w} (digits in all,
// behind and before the point of the result), {p0} (of the first argument), {{ and }}.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/lower/sql/expression.h"

namespace backfill::lower_sql {

// `expr` is the call: its types answer {p}, {s} and {w}.
std::string filled(std::string_view text, const std::vector<Sql>& arguments, const ir::Expr& expr);
// How often the argument's SQL stands in the filled template.
std::size_t uses(std::string_view text, std::size_t argument);

}  // namespace backfill::lower_sql
