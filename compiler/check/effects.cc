// SPDX-License-Identifier: Apache-2.0
// What a backfill writes: derivations, and effects beside them.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/effects.h"
#include "compiler/check/target.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::Effect;
using syntax::EffectKind;

namespace {

void report_no_effect(Context& context) {
  context.report(Code::NoEffect, context.spec().name.span,
                 fmt::format("`{}` changes nothing", context.spec().name.text),
                 "add what the rows become: `derive COLUMN = ...`");
}

}  // namespace

const Expr* never_missing(Context& context, const Expr* condition) {
  if (!condition->type.optional) return condition;
  const stdlib::Type type = stdlib::make(Kind::Bool);
  const Expr* no = context.literal(false, type, condition->span);
  return context.make(
      {.op = Op::Coalesce, .type = type, .span = condition->span, .arguments = {condition, no}});
}

const Expr* both(Context& context, const Expr* left, const Expr* right) {
  if (left == nullptr || right == nullptr) return left == nullptr ? right : left;
  stdlib::Type type = stdlib::make(Kind::Bool);
  type.optional = left->type.optional || right->type.optional;
  return context.make({.op = Op::And, .type = type, .span = right->span, .arguments = {left, right}});
}

int add_value(Context& context, const Expr* value) {
  std::vector<const Expr*>& values = context.out().row.values;
  const auto known = std::ranges::find(values, value);
  if (known == values.end()) values.push_back(value);
  return static_cast<int>(std::ranges::find(values, value) - values.begin());
}

const Expr* guard_of(Context& context, const Effect& effect, const Group& group) {
  if (effect.when == nullptr) return group.condition;
  const Expr* when = never_missing(context, check_condition(context, *effect.when));
  if (when->type.kind == Kind::Error) return when;
  if (group.condition == nullptr) return when;
  return context.make({.op = Op::And,
                       .type = stdlib::make(Kind::Bool),
                       .span = when->span,
                       .arguments = {group.condition, when}});
}

int passed_from(const Context& context, const syntax::Expr& expr) {
  if (expr.kind != syntax::ExprKind::Field || expr.children[0]->kind != syntax::ExprKind::Name) return -1;
  const auto made = context.made.find(expr.children[0]->name.text);
  return made == context.made.end() ? -1 : made->second;
}

std::optional<ir::Passed> passed_by(Context& context, const syntax::Expr& expr, const schema::Column& to) {
  const int made = passed_from(context, expr);
  if (made < 0) return std::nullopt;
  const schema::Table& table = *context.out().effects[static_cast<std::size_t>(made)].table;
  const int column = table.find(expr.name.text);
  if (column < 0) {
    report_unknown_column_of(context, table, Code::UnknownColumn, expr.name);
    return ir::Passed();
  }
  const stdlib::Type& from = table.columns[static_cast<std::size_t>(column)].type;
  const bool fits =
      from.kind == to.type.kind || (stdlib::is_integer(from.kind) && to.type.kind == Kind::Int64);
  if (!fits) {
    context.report(Code::TypeMismatch, expr.span,
                   fmt::format("`{}` is {}, and this is {}", to.name, stdlib::to_string(to.type),
                               stdlib::to_string(from)),
                   "what a new row is given can be passed on as it is");
    return ir::Passed();
  }
  if (from.optional && to.not_null) {
    context.report(Code::MayBeMissing, expr.span,
                   fmt::format("`{}` is NOT NULL, and this may be missing", to.name),
                   "pass a column that is NOT NULL, such as the key");
    return ir::Passed();
  }
  return ir::Passed{.effect = made, .column = column};
}

void each_derive(const syntax::Backfill& spec, const std::function<void(const Effect&)>& visit) {
  for (const Effect& effect : spec.effects) {
    if (effect.kind == EffectKind::Derive) visit(effect);
    for (const Effect& inner : effect.effects)
      if (inner.kind == EffectKind::Derive) visit(inner);
  }
}

namespace {

// Groups in order: a row is of the first one whose condition holds.
class Groups {
 public:
  Groups(Context& context, Derivations& derivations, Deletions& deletions)
      : context_(context), derivations_(derivations), deletions_(deletions) {}

  void check(const Effect& effect);  // of a group, or in none
  void finish();

 private:
  void check_in(const Effect& effect, const Group& group);
  void check_group(const Effect& effect);
  void name_outcome(const Effect& effect);
  const Expr* condition_of(const Effect& effect);

  Context& context_;
  Derivations& derivations_;
  Deletions& deletions_;
  std::vector<const Expr*> asked_;       // conditions as written, of groups so far
  std::vector<const Expr*> conditions_;  // of each group: where a row is of it; never missing
  const Effect* otherwise_ = nullptr;
};

void Groups::check(const Effect& effect) {
  if (effect.kind == EffectKind::When || effect.kind == EffectKind::Otherwise) return check_group(effect);
  check_in(effect, {});
}

void Groups::check_in(const Effect& effect, const Group& group) {
  if (effect.kind == EffectKind::Derive) check_derive(context_, effect, group, derivations_);
  if (effect.kind == EffectKind::Insert || effect.kind == EffectKind::Ensure)
    check_insert(context_, effect, group);
  if (effect.kind == EffectKind::For) check_insert(context_, effect.effects.front(), group, &effect);
  if (effect.kind == EffectKind::DeleteRow) check_delete(context_, effect, group, deletions_);
  if (effect.kind == EffectKind::Update || effect.kind == EffectKind::DeleteOthers)
    check_others(context_, effect, group);
}

void Groups::name_outcome(const Effect& effect) {
  std::vector<std::string>& names = context_.out().outcomes;
  if (std::ranges::find(names, effect.name->text) != names.end())
    context_.report(Code::DuplicateName, effect.name->span,
                    fmt::format("two outcomes are called `{}`", effect.name->text),
                    "rows are counted by these names: choose another one");
  names.push_back(effect.name->text);
}

// What no earlier group has taken, and the condition holds for.
const Expr* Groups::condition_of(const Effect& effect) {
  const Expr* condition = nullptr;
  for (const Expr* earlier : conditions_)
    condition = both(context_, condition, negation(context_, earlier, earlier->span));
  if (effect.kind == EffectKind::Otherwise) return condition;
  asked_.push_back(check_condition(context_, *effect.when));
  return both(context_, condition, never_missing(context_, asked_.back()));
}

void Groups::check_group(const Effect& effect) {
  if (otherwise_ != nullptr || (effect.kind == EffectKind::Otherwise && conditions_.empty())) {
    Diagnostic diagnostic{.code = Code::UnreachableArm, .span = effect.name->span};
    diagnostic.message =
        otherwise_ != nullptr
            ? fmt::format("no row is left for `{}`: `otherwise` takes them all", effect.name->text)
            : "`otherwise` stands behind a `when ... as ...`";
    diagnostic.help =
        otherwise_ != nullptr ? "put `otherwise` last" : "leave it out: what it holds is for every row";
    return context_.report(std::move(diagnostic));
  }
  if (effect.kind == EffectKind::Otherwise) otherwise_ = &effect;
  const FactScope scope(context_);
  for (const Expr* earlier : asked_) context_.facts.add_when_not_true(*earlier);
  const Group group{static_cast<int>(conditions_.size()), condition_of(effect)};
  if (group.condition->type.kind == Kind::Error) return;
  if (effect.kind == EffectKind::When) context_.facts.add_when_true(*asked_.back());
  name_outcome(effect);
  conditions_.push_back(group.condition);
  for (const Effect& inner : effect.effects) {
    if (inner.kind == EffectKind::When || inner.kind == EffectKind::Otherwise) {
      context_.not_supported_yet(inner.span, "an outcome within an outcome");
    } else {
      check_in(inner, group);
    }
  }
}

// The row's outcome as a number, -1: none.
void Groups::finish() {
  if (conditions_.empty()) return;
  const stdlib::Type type = stdlib::make(Kind::Int32);
  const Span span = context_.spec().name.span;
  std::vector<const Expr*> arms;
  for (std::size_t k = 0; k < conditions_.size(); ++k) {
    arms.push_back(conditions_[k]);
    arms.push_back(context_.literal(static_cast<std::int64_t>(k), type, span));
  }
  arms.push_back(context_.literal(std::int64_t{-1}, type, span));
  context_.out().outcome = add_value(
      context_, context_.make({.op = Op::Case, .type = type, .span = span, .arguments = std::move(arms)}));
}

}  // namespace

void check_effects(Context& context) {
  Derivations derivations;
  Deletions deletions;
  Groups groups(context, derivations, deletions);
  for (const Effect& effect : context.spec().effects) groups.check(effect);
  groups.finish();
  check_updated(context);
  add_delete(context, deletions);
  check_merge(context);
  if (context.spec().effects.empty()) report_no_effect(context);
  finish_derivations(context, derivations);
  check_copied(context);
}

}  // namespace backfill::check
