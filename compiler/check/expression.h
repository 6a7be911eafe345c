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
// `count(o in orders where ...)` and its like: an input that the database computes.
const ir::Expr* check_query(Context& context, const syntax::Expr& expr);
// `row_number(partition by ... order by ...)` and its like.
const ir::Expr* check_window(Context& context, const syntax::Expr& expr);
// `p.seats`, `o.total`. Null: `of` names no row.
const ir::Expr* check_row_field(Context& context, const syntax::Name& of, const syntax::Name& column);
// `p is missing`: something of the lookup's row that tells. Null: `of` is no lookup.
const ir::Expr* check_row_presence(Context& context, const syntax::Name& of);
// JSON and lists.
const ir::Expr* check_index(Context& context, const syntax::Expr& expr);
const ir::Expr* check_list(Context& context, const syntax::Expr& expr);
const ir::Expr* check_comprehension(Context& context, const syntax::Expr& expr);
// `json_object(a: 1)`, `json_set(document, 'a', 'b', value)`, `min(list)`: calls whose arguments need more
// than a row says. Null: it is none of them.
const ir::Expr* check_json_call(Context& context, std::string_view name, const syntax::Expr& expr);
const ir::Expr* check_list_call(Context& context, std::string_view name,
                                const std::vector<const ir::Expr*>& arguments, Span span);
// `random('name')`, `uuid('name')`. Null: it is neither.
const ir::Expr* check_chance(Context& context, std::string_view name, const syntax::Expr& expr);
// Of the spec, or of the file; null: the library's, or none.
const syntax::Function* find_function(const Context& context, std::string_view name);
// An input that a program of the user's answers.
const ir::Expr* call_extern(Context& context, const syntax::Function& function,
                            const std::vector<const ir::Expr*>& arguments, Span span);
// `value` as a JSON value: a text becomes a string.
const ir::Expr* to_json(Context& context, const ir::Expr* value, Span span);
// A key or a position for each step.
const ir::Expr* json_path(Context& context, const std::vector<const ir::Expr*>& steps, Span span);
// An element of a list as a value of the list's element type.
const ir::Expr* from_json(Context& context, const ir::Expr* json, const stdlib::Type& type, Span span);
// `document as [T]`, `list as [T]`.
const ir::Expr* as_list(Context& context, const ir::Expr* value, const stdlib::Type& target, Span span);
// Is the value an element of the list?
const ir::Expr* is_element(Context& context, const ir::Expr* list, const ir::Expr* value, Span span);
bool is_lookup(const Context& context, std::string_view name);
// "not found, did you mean", of a column of `table`.
void report_unknown_column_of(Context& context, const schema::Table& table, Code code,
                              const syntax::Name& name);
// "`accounts` has no column `statos`", with the nearest one or all of them.
void report_unknown_column(Context& context, Code code, const syntax::Name& name);
// The function or operator `name` applied to what was checked; reports when no row fits.
const ir::Expr* apply(Context& context, std::string_view name, std::vector<const ir::Expr*> arguments,
                      Span span);
const ir::Expr* negation(Context& context, const ir::Expr* condition, Span span);
// All as one type, or null when they have none in common.
bool unify(Context& context, std::vector<const ir::Expr*>& values, stdlib::Type& common);

}  // namespace backfill::check
