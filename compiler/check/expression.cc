// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/expression.h"
#include "compiler/check/types.h"

#include <fmt/format.h>

#include "compiler/check/convert.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;
using syntax::ExprKind;

namespace {

const Expr* is_missing(Context& context, const syntax::Expr& expr) {
  const syntax::Expr& of = *expr.children[0];
  const Expr* value = of.kind == ExprKind::Name ? check_row_presence(context, of.name) : nullptr;
  if (value == nullptr) value = check_expression(context, of);
  if (value->type.kind == Kind::Error) return context.error(expr.span);
  if (value->op == Op::Literal || !value->type.optional) {
    return context.literal(value->op == Op::Literal && value->value.missing(), stdlib::make(Kind::Bool),
                           expr.span);
  }
  return context.make(
      {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = expr.span, .arguments = {value}});
}

const Expr* field(Context& context, const syntax::Expr& expr) {
  const syntax::Expr& of = *expr.children[0];
  if (of.kind == ExprKind::Row) {
    context.qualified = &expr.name;
    return check_column(context, expr.name);
  }
  if (of.kind == ExprKind::Name) {
    if (const Expr* column = check_row_field(context, of.name, expr.name)) return column;
  }
  context.not_supported_yet(expr.span, "a part of a value (`.`)");
  return context.error(expr.span);
}

const Expr* later(Context& context, const syntax::Expr& expr, std::string_view what) {
  context.not_supported_yet(expr.span, what);
  return context.error(expr.span);
}

}  // namespace

const Expr* negation(Context& context, const Expr* condition, Span span) {
  if (condition->type.kind == Kind::Error) return condition;
  if (condition->op == Op::Literal) {
    const bool missing = condition->value.missing();
    return context.literal(missing ? stdlib::Value() : stdlib::Value(!condition->value.boolean()),
                           condition->type, span);
  }
  return context.make({.op = Op::Not, .type = condition->type, .span = span, .arguments = {condition}});
}

bool unify(Context& context, std::vector<const Expr*>& values, Type& common) {
  std::vector<Type> types;
  for (const Expr* value : values) types.push_back(value->type);
  const std::optional<Type> found = common_type(types);
  if (!found) return false;
  common = *found;
  for (const Expr*& value : values) {
    const Expr* widened = widen(context, value, common);
    if (widened == nullptr) return false;
    value = widened;
  }
  return true;
}

const Expr* check_condition(Context& context, const syntax::Expr& expr) {
  const Expr* condition = check_expression(context, expr);
  if (condition->type.kind == Kind::Bool || condition->type.kind == Kind::Error) return condition;
  if (condition->type.kind == Kind::Missing) return context.literal({}, stdlib::make(Kind::Bool), expr.span);
  Diagnostic diagnostic{.code = Code::NotACondition, .span = expr.span};
  diagnostic.message = fmt::format("a condition is true or false, this is {}", with_article(condition->type));
  diagnostic.help = "compare it: `... = ...`, `... is present`";
  context.report(std::move(diagnostic));
  return context.error(expr.span);
}

const Expr* check_expression(Context& context, const syntax::Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Error:
      return context.error(expr.span);
    case ExprKind::Literal:
      return check_literal(context, expr.literal);
    case ExprKind::Name:
      return check_name(context, expr.name);
    case ExprKind::Field:
      return field(context, expr);
    case ExprKind::Unary:
    case ExprKind::Binary:
      return check_operator(context, expr);
    case ExprKind::IsMissing:
      return is_missing(context, expr);
    case ExprKind::IsPresent:
      return negation(context, is_missing(context, expr), expr.span);
    case ExprKind::In:
      return check_in(context, expr);
    case ExprKind::Between:
      return check_between(context, expr);
    case ExprKind::Cast:
      return check_cast(context, expr);
    case ExprKind::Case:
      return check_case(context, expr);
    case ExprKind::Call:
      return check_call(context, expr);
    case ExprKind::Row:
      return later(context, expr, "the row as a value");
    case ExprKind::Index:
      return check_index(context, expr);
    case ExprKind::Matches:
      return check_matches(context, expr);
    case ExprKind::Like:
      return check_like(context, expr);
    case ExprKind::List:
      return check_list(context, expr);
    case ExprKind::Comprehension:
      return check_comprehension(context, expr);
    case ExprKind::Query:
      return check_query(context, expr);
    case ExprKind::Window:
      return check_window(context, expr);
  }
  return context.error(expr.span);
}

}  // namespace backfill::check
