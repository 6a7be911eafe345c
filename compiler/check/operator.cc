// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>
#include <limits>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/lint.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;
using syntax::Operator;

namespace {

Type bool_of(const std::vector<const Expr*>& operands) {
  Type type = stdlib::make(Kind::Bool);
  type.optional = std::ranges::any_of(operands, [](const Expr* operand) { return operand->type.optional; });
  return type;
}

bool any_error(const std::vector<const Expr*>& operands) {
  return std::ranges::any_of(operands, [](const Expr* operand) { return operand->type.kind == Kind::Error; });
}

// The right side is only asked where the left has not settled the answer, so the left's proofs hold in it.
const Expr* logic(Context& context, const syntax::Expr& expr) {
  const bool conjunction = expr.op == Operator::And;
  const Expr* left = check_condition(context, *expr.children[0]);
  const FactScope scope(context);
  conjunction ? context.facts.add_when_not_false(*left) : context.facts.add_when_not_true(*left);
  const Expr* right = check_condition(context, *expr.children[1]);
  if (any_error({left, right})) return context.error(expr.span);
  return context.make({.op = conjunction ? Op::And : Op::Or,
                       .type = bool_of({left, right}),
                       .span = expr.span,
                       .arguments = {left, right}});
}

const Expr* coalesce(Context& context, const syntax::Expr& expr) {
  std::vector<const Expr*> values = {check_expression(context, *expr.children[0]),
                                     check_expression(context, *expr.children[1])};
  if (any_error(values)) return context.error(expr.span);
  const bool always_present = std::ranges::any_of(
      values, [](const Expr* value) { return !value->type.optional && value->type.kind != Kind::Missing; });
  Type type;
  if (!unify(context, values, type)) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = expr.span};
    diagnostic.message = fmt::format("both sides of `??` are one type: the left is {}, the right {}",
                                     with_article(values[0]->type), with_article(values[1]->type));
    diagnostic.help = meeting_help("", *values[0], *values[1]);
    context.report(std::move(diagnostic));
    return context.error(expr.span);
  }
  type.optional = !always_present;
  return context.make({.op = Op::Coalesce, .type = type, .span = expr.span, .arguments = values});
}

bool is_comparison(Operator op) {
  switch (op) {
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual:
      return true;
    default:
      return false;
  }
}

// `x = missing` has no answer: the most common NULL bug of all.
bool compares_with_missing(Context& context, std::string_view name, std::string help,
                           const syntax::Expr& expr, const std::vector<const Expr*>& operands) {
  const bool missing = std::ranges::any_of(operands, [](const Expr* operand) {
    return operand->op == Op::Literal && operand->type.kind == Kind::Missing;
  });
  if (!missing) return false;
  Diagnostic diagnostic{.code = Code::ComparedWithMissing, .span = expr.span};
  diagnostic.message = fmt::format("`{}` with `missing` is never true", name);
  diagnostic.help = std::move(help);
  context.report(std::move(diagnostic));
  return true;
}

std::string presence_test(Operator op) {
  if (op == Operator::Equal) return "write `... is missing`";
  if (op == Operator::NotEqual) return "write `... is present`";
  return "to ask whether there is a value, write `... is missing` or `... is present`";
}

// Months are no interval: `date + 1 month` is add_months; and a date moves by whole days.
const Expr* calendar_step(Context& context, const syntax::Expr& expr, const Expr* from) {
  const syntax::Expr& step = *expr.children[1];
  const bool moves = expr.op == Operator::Add || expr.op == Operator::Subtract;
  if (!moves || step.kind != syntax::ExprKind::Literal || step.literal.kind != syntax::LiteralKind::Duration)
    return nullptr;
  const auto& duration = step.literal.duration;
  const bool by_months = duration.months != 0 && duration.days == 0 && duration.microseconds == 0;
  const bool by_days = duration.months == 0 && duration.microseconds == 0 && from->type.kind == Kind::Date;
  if (!by_months && !by_days) return nullptr;
  const std::int64_t count = by_months ? std::int64_t{duration.months} : std::int64_t{duration.days};
  if (count > std::numeric_limits<std::int32_t>::max()) return nullptr;
  const Expr* steps =
      context.literal(expr.op == Operator::Add ? count : -count, stdlib::make(Kind::Int32), step.span);
  return apply(context, by_months ? "add_months" : "add_days", {from, steps}, expr.span);
}

const Expr* negative(Context& context, const syntax::Expr& expr) {
  const Expr* operand = check_expression(context, *expr.children[0]);
  return apply(context, "-", {operand}, expr.span);
}

}  // namespace

const Expr* check_operator(Context& context, const syntax::Expr& expr) {
  switch (expr.op) {
    case Operator::And:
    case Operator::Or:
      return logic(context, expr);
    case Operator::Not:
      return negation(context, check_condition(context, *expr.children[0]), expr.span);
    case Operator::Coalesce:
      return coalesce(context, expr);
    case Operator::Negate:
      return negative(context, expr);
    default:
      break;
  }
  const Expr* left = check_expression(context, *expr.children[0]);
  if (const Expr* moved = calendar_step(context, expr, left)) return moved;
  std::vector<const Expr*> operands = {left, check_expression(context, *expr.children[1])};
  if (any_error(operands)) return context.error(expr.span);
  if (is_comparison(expr.op) &&
      compares_with_missing(context, syntax::text(expr.op), presence_test(expr.op), expr, operands))
    return context.error(expr.span);
  const bool same =
      is_comparison(expr.op) || expr.op == Operator::IsDistinct || expr.op == Operator::IsNotDistinct;
  if (same && !as_labels(context, operands)) return context.error(expr.span);
  if (is_comparison(expr.op)) lint_float_equality(context, syntax::text(expr.op), operands, expr.span);
  return apply(context, syntax::text(expr.op), std::move(operands), expr.span);
}

namespace {

// A missing member never matches, and makes `not in` missing for every row.
bool has_missing_member(Context& context, const syntax::Expr& expr, const std::vector<const Expr*>& values) {
  const auto found = std::ranges::find(values.begin() + 1, values.end(), Kind::Missing,
                                       [](const Expr* value) { return value->type.kind; });
  if (found == values.end()) return false;
  Diagnostic diagnostic{.code = Code::ComparedWithMissing, .span = (*found)->span};
  diagnostic.message = expr.negated ? "`not in` with `missing` among the members is true of no row"
                                    : "`missing` among the members of `in` matches no row";
  diagnostic.help =
      expr.negated ? "write `... not in (...) and ... is present`" : "write `... in (...) or ... is missing`";
  context.report(std::move(diagnostic));
  return true;
}

// `x in (list)`. Whether x is an element that is missing cannot be said.
const Expr* in_list(Context& context, const syntax::Expr& expr, const std::vector<const Expr*>& values) {
  const Type& element = *values[1]->type.element;
  if (element.optional && element.kind != Kind::Missing) {
    context.report(Code::MayBeMissing, expr.children[1]->span, "the elements of this list may be missing",
                   "to pass over those, write `contains(list, x)`");
    return context.error(expr.span);
  }
  const Expr* in = is_element(context, values[1], values[0], expr.span);
  return expr.negated ? negation(context, in, expr.span) : in;
}

// JSON values and lists of the same value may be spelled in several ways: each is compared by the row of `=`.
const Expr* any_equal(Context& context, const syntax::Expr& expr, const std::vector<const Expr*>& values) {
  const Expr* any = nullptr;
  for (std::size_t k = 1; k < values.size(); ++k) {
    const Expr* equal = apply(context, "=", {values[0], values[k]}, expr.span);
    any = any == nullptr ? equal
                         : context.make({.op = Op::Or,
                                         .type = bool_of({any, equal}),
                                         .span = expr.span,
                                         .arguments = {any, equal}});
  }
  return expr.negated ? negation(context, any, expr.span) : any;
}

}  // namespace

const Expr* check_in(Context& context, const syntax::Expr& expr) {
  std::vector<const Expr*> values;
  for (const syntax::ExprPtr& child : expr.children) values.push_back(check_expression(context, *child));
  if (any_error(values)) return context.error(expr.span);
  if (has_missing_member(context, expr, values)) return context.error(expr.span);
  if (values.size() == 2 && values[1]->type.kind == Kind::List && values[0]->type.kind != Kind::List)
    return in_list(context, expr, values);
  if (!as_labels(context, values)) return context.error(expr.span);
  Type common;
  if (!unify(context, values, common)) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = expr.span};
    diagnostic.message = "`in` compares values of one type";
    for (std::size_t k = 0; k < values.size(); ++k) {
      diagnostic.labels.push_back({expr.children[k]->span, with_article(values[k]->type)});
    }
    context.report(std::move(diagnostic));
    return context.error(expr.span);
  }
  if (common.kind == Kind::Json || common.kind == Kind::List) return any_equal(context, expr, values);
  lint_members(context, expr, values);
  const Expr* in = folded(
      context, context.make({.op = Op::In, .type = bool_of(values), .span = expr.span, .arguments = values}));
  return expr.negated ? negation(context, in, expr.span) : in;
}

const Expr* check_between(Context& context, const syntax::Expr& expr) {
  const Expr* value = check_expression(context, *expr.children[0]);
  const Expr* low = check_expression(context, *expr.children[1]);
  const Expr* high = check_expression(context, *expr.children[2]);
  if (any_error({value, low, high})) return context.error(expr.span);
  if (compares_with_missing(context, "between", "leave the open end out: `... >= ...`", expr, {low, high}))
    return context.error(expr.span);
  const Expr* from = apply(context, ">=", {value, low}, expr.span);
  if (any_error({from})) return from;
  const Expr* to = apply(context, "<=", {value, high}, expr.span);
  if (any_error({to})) return to;
  const Expr* both =
      context.make({.op = Op::And, .type = bool_of({from, to}), .span = expr.span, .arguments = {from, to}});
  return expr.negated ? negation(context, both, expr.span) : both;
}

}  // namespace backfill::check
