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

void each_derive(const syntax::Backfill& spec, const std::function<void(const Effect&)>& visit) {
  for (const Effect& effect : spec.effects) {
    if (effect.kind == EffectKind::Derive) visit(effect);
    for (const Effect& inner : effect.effects)
      if (inner.kind == EffectKind::Derive) visit(inner);
  }
}

void check_effects(Context& context) {
  Derivations derivations;
  Deletions deletions;
  const Group everywhere;
  for (const Effect& effect : context.spec().effects) {
    if (effect.kind == EffectKind::Derive) check_derive(context, effect, everywhere, derivations);
    if (effect.kind == EffectKind::DeleteRow) check_delete(context, effect, everywhere, deletions);
  }
  add_delete(context, deletions);
  if (context.spec().effects.empty()) report_no_effect(context);
  finish_derivations(context, derivations);
}

}  // namespace backfill::check
