// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/possible.h"
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
  if (!as_labels(context, values)) return context.error(arm.span);
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

bool is_same(const syntax::Literal& left, const syntax::Literal& right) {
  return left.kind == right.kind && left.written == right.written;
}

// A literal that an earlier arm has, in an arm that still has others: one without is reported as a whole.
void report_overlaps(Context& context, const syntax::Expr& expr) {
  std::vector<const syntax::Literal*> seen;
  for (const syntax::CaseArm& arm : expr.arms) {
    std::vector<Diagnostic> twice;
    for (const syntax::Literal& pattern : arm.patterns) {
      const auto first =
          std::ranges::find_if(seen, [&](const syntax::Literal* one) { return is_same(*one, pattern); });
      if (first == seen.end()) {
        seen.push_back(&pattern);
        continue;
      }
      Diagnostic diagnostic{.code = Code::UnreachableArm, .span = pattern.span};
      diagnostic.message = fmt::format("`{}` stands in two arms: the first one takes it", pattern.written);
      diagnostic.labels.push_back({(*first)->span, "taken here"});
      diagnostic.help = "leave it out of one of them";
      twice.push_back(std::move(diagnostic));
    }
    if (twice.size() == arm.patterns.size()) continue;
    for (Diagnostic& one : twice) context.report(std::move(one));
  }
}

void report_never_taken(Context& context, const syntax::Expr& expr, const Possible& seen, std::size_t arm) {
  Diagnostic diagnostic{.code = Code::UnreachableArm, .span = expr.arms[arm].span};
  if (!seen.by[arm].empty() || seen.ever_true[arm]) {
    diagnostic.message = "this arm can never be taken: those above it take all of its rows";
    for (const int k : seen.by[arm]) {
      if (diagnostic.labels.size() == 3) break;
      diagnostic.labels.push_back({expr.arms[static_cast<std::size_t>(k)].span, "takes rows of it"});
    }
    diagnostic.help = "leave it out, or put it above them";
  } else {
    diagnostic.message = "this arm can never be taken: its condition is true of no row that comes here";
    if (!context.facts.assumptions().empty())
      diagnostic.notes.emplace_back(
          "what stands around it counts: `where`, exclusions, the arm that it is in, and "
          "that `fill` derives only what is missing");
    diagnostic.help = "leave it out, or ask for what was meant";
  }
  context.report(std::move(diagnostic));
}

void report_else_never_taken(Context& context, const syntax::CaseArm& otherwise) {
  Diagnostic diagnostic{.code = Code::ElseNeverTaken, .span = otherwise.span};
  diagnostic.message = "`else` is never taken: the arms above it take every row";
  diagnostic.help = "leave it out: a case that covers everything needs none";
  context.report(std::move(diagnostic));
}

// Of a bool or an enum the values can be counted: what is left over was forgotten.
void report_not_covered(Context& context, const syntax::Expr& expr, const Possible& seen) {
  Diagnostic diagnostic{.code = Code::CaseNotExhaustive, .span = expr.span};
  const bool one = seen.left.size() == 1;
  diagnostic.message = fmt::format("the case does not cover {}", fmt::join(seen.left, ", "));
  diagnostic.help =
      fmt::format("add {} for {}, or `else -> ...`", one ? "an arm" : "arms", one ? "it" : "them");
  context.report(std::move(diagnostic));
}

bool is_countable(const Expr* subject) {
  return subject != nullptr && (subject->type.kind == Kind::Bool || subject->type.kind == Kind::Enum);
}

// Which arms are ever taken, and whether a row can be left over.
void check_coverage(Context& context, const syntax::Expr& expr, const Expr* subject, const Arms& arms,
                    bool& falls_through) {
  falls_through = !arms.has_else;
  const auto is_error = [](const Expr* condition) { return condition->type.kind == Kind::Error; };
  if (arms.conditions.empty() || std::ranges::any_of(arms.conditions, is_error)) return;
  report_overlaps(context, expr);
  const Possible seen = possible(context.facts.assumptions(), arms.conditions);
  if (!seen.decided) return;
  for (std::size_t k = 0; k < arms.conditions.size(); ++k) {
    if (!seen.ever_taken[k]) report_never_taken(context, expr, seen, k);
  }
  falls_through = falls_through && seen.falls_through;
  // An `else` that only the scope makes idle is there to be safe.
  if (arms.has_else && !seen.falls_through && !possible({}, arms.conditions).falls_through)
    report_else_never_taken(context, expr.arms[arms.conditions.size()]);
  if (falls_through && is_countable(subject) && !seen.left.empty()) report_not_covered(context, expr, seen);
}

}  // namespace

const Expr* check_case(Context& context, const syntax::Expr& expr) {
  const Expr* subject = expr.children.empty() ? nullptr : check_expression(context, *expr.children[0]);
  Arms arms = check_arms(context, expr, subject);
  bool falls_through = false;
  check_coverage(context, expr, subject, arms, falls_through);
  if (!arms.has_else && !falls_through && !arms.values.empty()) {
    arms.values.push_back(arms.values.back());  // for no row: all conditions are asked, and one is true
  } else if (!arms.has_else) {
    arms.values.push_back(context.literal({}, stdlib::make(Kind::Missing), expr.span));
  }
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
