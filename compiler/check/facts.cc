// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/facts.h"

#include <algorithm>
#include <iterator>

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

bool is_strict_call(const Expr& expr) {
  return expr.op == Op::Call && expr.function->null_rule == stdlib::NullRule::MissingIfAny;
}

// Present only where its arguments are.
bool proves_arguments(const Expr& expr) {
  return (expr.op == Op::Call || expr.op == Op::TryCall) && stdlib::is_strict(expr.function->null_rule);
}

// `c ?? false`: true only where c is.
bool falls_back_to(const Expr& coalesce, bool fallback) {
  const Expr& last = *coalesce.arguments.back();
  return coalesce.arguments.size() == 2 && last.op == Op::Literal && !last.value.missing() &&
         last.value.boolean() == fallback;
}

}  // namespace

// A strict call that is present has arguments that are.
void Facts::add_present(const Expr& expr) {
  if (!present_.insert(&expr).second || !proves_arguments(expr)) return;
  for (const Expr* argument : expr.arguments) add_present(*argument);
}

// Of `a or b` being true (or `a and b` being false) only what both prove.
void Facts::add_common(const Expr& condition, bool truth) {
  std::optional<std::set<const Expr*>> common;
  for (const Expr* argument : condition.arguments) {
    Facts one;
    truth ? one.learn_when_true(*argument) : one.learn_when_false(*argument);
    if (!common) {
      common = one.present_;
      continue;
    }
    std::set<const Expr*> both;
    std::ranges::set_intersection(*common, one.present_, std::inserter(both, both.end()));
    common = std::move(both);
  }
  if (common) present_.insert(common->begin(), common->end());
}

void Facts::learn_when_true(const Expr& condition) {
  switch (condition.op) {
    case Op::And:
      for (const Expr* argument : condition.arguments) learn_when_true(*argument);
      break;
    case Op::Or:
      add_common(condition, true);
      break;
    case Op::Not:
      learn_when_false(*condition.arguments[0]);
      break;
    case Op::In:
      add_present(*condition.arguments[0]);
      break;
    case Op::IsMissing:
      break;
    case Op::Coalesce:
      if (falls_back_to(condition, false)) learn_when_true(*condition.arguments[0]);
      break;
    default:
      add_present(condition);
  }
}

void Facts::learn_when_false(const Expr& condition) {
  switch (condition.op) {
    case Op::And:
      add_common(condition, false);
      break;
    case Op::Or:
      for (const Expr* argument : condition.arguments) learn_when_false(*argument);
      break;
    case Op::Not:
      learn_when_true(*condition.arguments[0]);
      break;
    case Op::In:
    case Op::IsMissing:
      add_present(*condition.arguments[0]);
      break;
    case Op::Coalesce:
      if (falls_back_to(condition, true)) learn_when_false(*condition.arguments[0]);
      break;
    default:
      add_present(condition);
  }
}

void Facts::learn_when_not_false(const Expr& condition) {
  if (!condition.type.optional) return learn_when_true(condition);
  if (condition.op == Op::And) {
    for (const Expr* argument : condition.arguments) learn_when_not_false(*argument);
  }
  if (condition.op == Op::Not) learn_when_not_true(*condition.arguments[0]);
}

void Facts::learn_when_not_true(const Expr& condition) {
  if (!condition.type.optional) return learn_when_false(condition);
  if (condition.op == Op::Or) {
    for (const Expr* argument : condition.arguments) learn_when_not_true(*argument);
  }
  if (condition.op == Op::Not) learn_when_not_false(*condition.arguments[0]);
}

void Facts::add_when_true(const Expr& condition) {
  assume(condition, Known::True);
  learn_when_true(condition);
}

void Facts::add_when_false(const Expr& condition) {
  assume(condition, Known::False);
  learn_when_false(condition);
}

void Facts::add_when_not_false(const Expr& condition) {
  assume(condition, Known::NotFalse);
  learn_when_not_false(condition);
}

void Facts::add_when_not_true(const Expr& condition) {
  assume(condition, Known::NotTrue);
  learn_when_not_true(condition);
}

void Facts::assume(const Expr& condition, Known known) {
  if (condition.type.kind == stdlib::Kind::Bool) assumptions_.push_back({&condition, known});
}

bool Facts::proves_present(const Expr& expr) const {
  if (!expr.type.optional || present_.contains(&expr)) return true;
  const auto proven = [this](const Expr* argument) { return proves_present(*argument); };
  switch (expr.op) {
    case Op::Coalesce:
      return std::ranges::any_of(expr.arguments, proven);
    case Op::And:
    case Op::Or:
    case Op::Not:
    case Op::In:
      return std::ranges::all_of(expr.arguments, proven);
    case Op::Call:
      return is_strict_call(expr) && std::ranges::all_of(expr.arguments, proven);
    default:
      return false;
  }
}

}  // namespace backfill::check
