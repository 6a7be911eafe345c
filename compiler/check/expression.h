// SPDX-License-Identifier: Apache-2.0
// Expressions of this row: names, operators, case, conversions, calls.
#pragma once

#include "compiler/check/context.h"

namespace backfill::check {

// Never null. What does not check is reported and becomes an expression of Kind::Error, which fits
// everything.
const ir::Expr* check_expression(Context& context, const syntax::Expr& expr);
// A condition: a bool that may be missing.
const ir::Expr* check_condition(Context& context, const syntax::Expr& expr);
const ir::Expr* check_literal(Context& context, const syntax::Literal& literal);

// The files behind check_expression.
const ir::Expr* check_name(Context& context, const syntax::Name& name);
const ir::Expr* check_column(Context& context, const syntax::Name& name);
const ir::Expr* check_operator(Context& context, const syntax::Expr& expr);
const ir::Expr* check_case(Context& context, const syntax::Expr& expr);
const ir::Expr* check_cast(Context& context, const syntax::Expr& expr);
const ir::Expr* check_call(Context& context, const syntax::Expr& expr);
const ir::Expr* check_in(Context& context, const syntax::Expr& expr);
const ir::Expr* check_between(Context& context, const syntax::Expr& expr);
const ir::Expr* check_matches(Context& context, const syntax::Expr& expr);
const ir::Expr* check_like(Context& context, const syntax::Expr& expr);
// Parameters named `pattern` take a literal that every database reads alike. False: reported.
bool check_patterns(Context& context, std::string_view function,
                    const std::vector<const ir::Expr*>& arguments);
bool is_lookup(const Context& context, std::string_view name);
// "`accounts` has no column `statos`", with the nearest one or all of them.
void report_unknown_column(Context& context, Code code, const syntax::Name& name);
// The function or operator `name` applied to what was checked; reports when no row fits.
const ir::Expr* apply(Context& context, std::string_view name, std::vector<const ir::Expr*> arguments,
                      Span span);
const ir::Expr* negation(Context& context, const ir::Expr* condition, Span span);
// All as one type, or null when they have none in common.
bool unify(Context& context, std::vector<const ir::Expr*>& values, stdlib::Type& common);

}  // namespace backfill::check
