// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

// `case x { 'b' | 'c' -> ... }` asks x in ('b', 'c').
const Expr* matches_pattern(Context& context, const Expr* subject, const syntax::CaseArm& arm) {
  if (subject->type.kind == Kind::Error) return subject;
  std::vector<const Expr*> values = {subject};
  const Expr* missing = nullptr;
  for (const syntax::Literal& pattern : arm.patterns) {
    if (pattern.kind == syntax::LiteralKind::Missing) {
      missing = context.make(
          {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = arm.span, .arguments = {subject}});
    } else {
      values.push_back(check_literal(context, pattern));
    }
  }
  if (values.size() == 1) return missing;
  Type common;
  if (!unify(context, values, common)) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = arm.patterns.front().span};
    diagnostic.message = fmt::format("the case is over {}, this is {}", with_article(subject->type),
                                     with_article(values[1]->type));
    context.report(std::move(diagnostic));
    return context.error(arm.span);
  }
  Type type = stdlib::make(Kind::Bool);
  type.optional = common.optional;
  const Expr* in = context.make({.op = Op::In, .type = type, .span = arm.span, .arguments = values});
  if (missing == nullptr) return in;
  return context.make(
      {.op = Op::Or, .type = stdlib::make(Kind::Bool), .span = arm.span, .arguments = {missing, in}});
}

void report_branches(Context& context, const syntax::Expr& expr, const std::vector<const Expr*>& values) {
  Diagnostic diagnostic{.code = Code::TypeMismatch, .span = expr.span};
  diagnostic.message = "the arms of a `case` have one type";
  for (std::size_t k = 0; k < values.size(); ++k) {
    diagnostic.labels.push_back({expr.arms[k].value->span, with_article(values[k]->type)});
  }
  context.report(std::move(diagnostic));
}

void report_after_else(Context& context, const syntax::CaseArm& arm) {
  Diagnostic diagnostic{.code = Code::UnreachableArm, .span = arm.span};
  diagnostic.message = "this arm can never be taken: `else` stands before it";
  diagnostic.help = "put `else` last";
  context.report(std::move(diagnostic));
}

struct Arms {
  std::vector<const Expr*> conditions;
  std::vector<const Expr*> values;
  bool has_else = false;
};

// Each arm's value is checked under what its own condition proves and the earlier ones rule out.
Arms check_arms(Context& context, const syntax::Expr& expr, const Expr* subject) {
  Arms arms;
  const FactScope not_taken(context);
  for (const syntax::CaseArm& arm : expr.arms) {
    if (arms.has_else) {
      report_after_else(context, arm);
      break;
    }
    if (arm.is_else) {
      arms.has_else = true;
      arms.values.push_back(check_expression(context, *arm.value));
      continue;
    }
    const Expr* condition = subject != nullptr ? matches_pattern(context, subject, arm)
                                               : check_condition(context, *arm.condition);
    arms.conditions.push_back(condition);
    {
      const FactScope taken(context);
      context.facts.add_when_true(*condition);
      arms.values.push_back(check_expression(context, *arm.value));
    }
    context.facts.add_when_not_true(*condition);
  }
  return arms;
}

}  // namespace

const Expr* check_case(Context& context, const syntax::Expr& expr) {
  const Expr* subject = expr.children.empty() ? nullptr : check_expression(context, *expr.children[0]);
  Arms arms = check_arms(context, expr, subject);
  if (!arms.has_else) arms.values.push_back(context.literal({}, stdlib::make(Kind::Missing), expr.span));
  Type type;
  if (!unify(context, arms.values, type)) {
    arms.values.resize(std::min(arms.values.size(), expr.arms.size()));
    report_branches(context, expr, arms.values);
    return context.error(expr.span);
  }
  std::vector<const Expr*> arguments;
  for (std::size_t k = 0; k < arms.conditions.size(); ++k) {
    if (arms.conditions[k]->type.kind == Kind::Error) return context.error(expr.span);
    arguments.push_back(arms.conditions[k]);
    arguments.push_back(arms.values[k]);
  }
  arguments.push_back(arms.values.back());
  for (const Expr* value : arms.values) {
    if (value->type.kind == Kind::Error) return context.error(expr.span);
  }
  return context.make({.op = Op::Case, .type = type, .span = expr.span, .arguments = std::move(arguments)});
}

}  // namespace backfill::check
