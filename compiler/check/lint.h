// SPDX-License-Identifier: Apache-2.0
// What is allowed and seldom meant: warnings, and two errors of the same kind.
#pragma once

#include "compiler/check/context.h"

namespace backfill::check {

// BF0310: `=` and `!=` of floats, but for whole numbers.
void lint_float_equality(Context& context, std::string_view op, const std::vector<const ir::Expr*>& operands,
                         Span span);
// BF0312: `matches` with a pattern that reads like the form of a whole value and has no anchors.
void lint_anchors(Context& context, const syntax::Expr& matches);
// BF0405: `not in` over a member that may be missing. `values[0]` is what is looked for.
void lint_members(Context& context, const syntax::Expr& expr, const std::vector<const ir::Expr*>& values);
// BF0608: a derivation that reads what another one writes.
void lint_reads_written(Context& context, const syntax::Effect& effect);
// BF0311: a text that is known to be longer than the column.
void lint_length(Context& context, const ir::Expr& value, const schema::Column& column, Span span);
// BF0609, an error: under `fill`, a value that is missing wherever it would be written. False where reported.
bool check_fills_something(Context& context, const syntax::Effect& effect, const ir::Expr& value, int input);
// BF0610, an error: a foreign key of the table to itself hands a written column on into one that is read.
void check_cascades(Context& context);

}  // namespace backfill::check
