// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/lint.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::Effect;

namespace {

const Expr* is_missing(Context& context, const Expr* value) {
  return context.make(
      {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = value->span, .arguments = {value}});
}

bool refuse(Context& context, Code code, Span span, std::string message, std::string help) {
  context.report(code, span, std::move(message), std::move(help));
  return false;
}

// A column, or one path of it, and what it becomes.
struct Derived {
  const Effect* effect;
  int column;
  const Expr* path;    // a literal; null: the whole column
  const Expr* stored;  // what stands there before
};

bool fills(const Context& context, const Effect& effect) {
  return effect.only_if_missing || !context.spec().intent ||
         context.spec().intent->kind == syntax::IntentKind::Fill;
}

bool can_be_target(Context& context, const Effect& effect, int index) {
  const schema::Column& column = context.table().columns[static_cast<std::size_t>(index)];
  const Span span = effect.target.span;
  if (column.generated) {
    return refuse(context, Code::GeneratedTarget, span,
                  fmt::format("`{}` is a generated column: the database computes it", column.name),
                  "derive the columns that it is generated from");
  }
  if (std::ranges::count(context.out().key, index) > 0) {
    return refuse(context, Code::KeyTarget, span,
                  fmt::format("`{}` is part of the key that finds the row", column.name),
                  "use another unique key of the table, if it has one");
  }
  if (column.type.kind == Kind::Opaque) {
    return refuse(
        context, Code::OpaqueColumn, span,
        fmt::format("`{}` is declared {}, which has no type in the language", column.name, column.sql_type),
        "such a column can be carried along, but not written");
  }
  if (fills(context, effect) && !column.type.optional && effect.path.empty()) {
    return refuse(context, Code::FillNotNull, span,
                  fmt::format("`{}` is NOT NULL: there is never anything to fill", column.name),
                  "say what may be overwritten: `intent recompute` (the same meaning, more accurately) or "
                  "`intent amend` (a wrong value)");
  }
  if (!effect.path.empty() && column.type.kind != Kind::Json) {
    return refuse(context, Code::TypeMismatch, span,
                  fmt::format("`{}` is {} ({} in the schema): it has no paths", column.name,
                              with_article(column.type.required()), column.sql_type),
                  "a column declared JSON has");
  }
  return true;
}

Part part_of(Context& context, const Derived& derived) {
  const auto& inputs = context.out().row.inputs;
  const auto input = std::ranges::find(inputs, derived.column, &ir::Input::column);
  return {static_cast<int>(input - inputs.begin()),
          derived.path == nullptr ? "[]" : derived.path->value.text()};
}

bool is_free(Context& context, const Derived& derived, const std::vector<Derived>& others) {
  const Part part = part_of(context, derived);
  const auto taken = [&](const Derived& other) {
    return other.column == derived.column && overlap(part_of(context, other).path, part.path);
  };
  if (std::ranges::none_of(others, taken)) return true;
  const schema::Column& column = context.table().columns[static_cast<std::size_t>(derived.column)];
  return refuse(context, Code::DuplicateName, derived.effect->target.span,
                fmt::format("`{}` is derived twice", column.name), "one `case` can decide between the two");
}

bool lacks_else(const syntax::Expr& value) {
  return value.kind == syntax::ExprKind::Case &&
         std::ranges::none_of(value.arms, [](const syntax::CaseArm& arm) { return arm.is_else; });
}

void check_present(Context& context, const Effect& effect, const Expr* value, const schema::Column& column) {
  if (!column.not_null || !value->type.optional || value->type.kind == Kind::Error) return;
  if (lacks_else(*effect.value)) {
    context.report(Code::CaseWithoutElse, effect.value->span,
                   fmt::format("`{}` is NOT NULL, and rows that no arm takes would get nothing", column.name),
                   "add `else -> ...`");
    return;
  }
  context.report(
      Code::MayBeMissing, effect.value->span,
      fmt::format("`{}` is NOT NULL, and this may be missing", column.name),
      "give a value for the missing case with `... ?? ...`, or exclude those rows: `exclude ... when ... "
      "is missing`");
}

// The value where the derivation applies, the prior value elsewhere.
const Expr* final_value(Context& context, const Effect& effect, const Expr* value, const Expr* when,
                        const Expr* prior) {
  const Expr* applies = when;
  if (fills(context, effect)) {
    const Expr* missing = is_missing(context, prior);
    applies = missing;
    if (when != nullptr) {
      stdlib::Type type = stdlib::make(Kind::Bool);
      type.optional = when->type.optional;
      applies = context.make({.op = Op::And, .type = type, .span = when->span, .arguments = {missing, when}});
    }
  }
  if (applies == nullptr) return value;
  stdlib::Type type = prior->type;
  type.optional = prior->type.optional || value->type.optional;
  return context.make(
      {.op = Op::Case, .type = type, .span = effect.span, .arguments = {applies, value, prior}});
}

// The steps as a literal path, and what stands at its end.
bool set_path(Context& context, const Effect& effect, Derived& derived) {
  std::vector<const Expr*> steps;
  for (const syntax::ExprPtr& step : effect.path) {
    steps.push_back(check_expression(context, *step));
    if (steps.back()->type.kind == Kind::Error) return false;
    derived.stored = apply(context, "json_get", {derived.stored, steps.back()}, step->span);
  }
  derived.path = json_path(context, steps, effect.target.span);
  if (derived.path->type.kind == Kind::Error || derived.stored->type.kind == Kind::Error) return false;
  return derived.path->op == Op::Literal || refuse(context, Code::TypeMismatch, effect.target.span,
                                                   "a path that is derived is the same in every row",
                                                   "write keys and positions as literals, or use `json_set`");
}

// The whole document with the value at the path; a missing value leaves it as it is.
const Expr* document_with(Context& context, const Derived& derived, const Expr* document, const Expr* value) {
  return apply(context, "json_set", {document, derived.path, value}, derived.effect->span);
}

void add_output(Context& context, const Derived& derived, const Expr* final) {
  for (ir::Output& output : context.out().row.outputs) {
    if (output.column == derived.column) {
      output.final = final;
      return;
    }
  }
  const Expr* prior = context.input(derived.column, derived.effect->target.span);
  context.out().row.outputs.push_back({derived.column, prior->input, final, derived.effect->span});
}

const Expr* document_so_far(Context& context, int column, const Expr* prior) {
  for (const ir::Output& output : context.out().row.outputs) {
    if (output.column == column) return output.final;
  }
  return prior;
}

void derive_path(Context& context, const Derived& derived, const Expr* value, const Expr* when,
                 std::vector<Written>& written) {
  const Effect& effect = *derived.effect;
  value = to_json(context, value, effect.value->span);
  const Expr* prior = context.input(derived.column, effect.target.span);
  const Expr* at = final_value(context, effect, value, when, derived.stored);
  const Expr* nothing = context.literal({}, stdlib::make(Kind::Json), effect.span);
  // Where the derivation does not apply the path is left as it is.
  if (at != value)
    at = context.make({.op = Op::Case,
                       .type = value->type.or_missing(),
                       .span = effect.span,
                       .arguments = {at->arguments[0], value, nothing}});
  const Expr* before = document_so_far(context, derived.column, prior);
  const Expr* final = document_with(context, derived, before, at);
  if (final->type.kind == Kind::Error) return;
  if (!fills(context, effect)) written.push_back({&effect, value, when, part_of(context, derived)});
  add_output(context, derived, final);
}

void check_derive(Context& context, const Effect& effect, std::vector<Written>& written,
                  std::vector<Derived>& all) {
  if (effect.once) return context.not_supported_yet(effect.span, "`once`");
  const FactScope scope(context);
  const Expr* when = effect.when != nullptr ? check_condition(context, *effect.when) : nullptr;
  if (when != nullptr) context.facts.add_when_true(*when);
  const int index = context.table().find(effect.target.text);
  // A value that is there is never written again.
  if (index >= 0 && fills(context, effect) &&
      context.table().columns[static_cast<std::size_t>(index)].type.optional)
    context.facts.add_when_true(*is_missing(context, context.input(index, effect.target.span)));
  const Expr* value = check_expression(context, *effect.value);
  if (index < 0) return report_unknown_column(context, Code::UnknownColumn, effect.target);
  if (!can_be_target(context, effect, index)) return;
  Derived derived{&effect, index, nullptr, context.input(index, effect.target.span)};
  if (!effect.path.empty() && !set_path(context, effect, derived)) return;
  if (!is_free(context, derived, all)) return;
  all.push_back(derived);
  if (value->type.kind == Kind::Error) return;
  if (derived.path != nullptr) return derive_path(context, derived, value, when, written);
  const schema::Column& column = context.table().columns[static_cast<std::size_t>(index)];
  lint_length(context, *value, column, effect.value->span);
  lint_reads_written(context, effect);
  value = assign(context, value, column, effect.value->span);
  check_present(context, effect, value, column);
  if (value->type.kind == Kind::Error) return;
  const Expr* prior = context.input(index, effect.target.span);
  if (fills(context, effect) && !check_fills_something(context, effect, *value, prior->input)) return;
  if (!fills(context, effect)) written.push_back({&effect, value, when, part_of(context, derived)});
  context.out().row.outputs.push_back(
      {index, prior->input, final_value(context, effect, value, when, prior), effect.span});
}

const Expr* any_of(Context& context, const std::vector<const Expr*>& conditions) {
  const Expr* any = nullptr;
  for (const Expr* condition : conditions) {
    any = any == nullptr ? condition
                         : context.make({.op = Op::Or,
                                         .type = stdlib::make(Kind::Bool),
                                         .span = condition->span,
                                         .arguments = {any, condition}});
  }
  return any;
}

// Under `fill` a row all of whose derived columns are present is out of scope.
void build_guard(Context& context, const std::vector<Derived>& all) {
  if (context.out().intent != ir::Intent::Fill) return;
  std::vector<const Expr*> missing;
  for (const Derived& derived : all) missing.push_back(is_missing(context, derived.stored));
  context.out().row.guard = any_of(context, missing);
}

void build_changed(Context& context) {
  std::vector<const Expr*> differ;
  for (const ir::Output& output : context.out().row.outputs) {
    const Expr* prior = context.input(output.column, output.span);
    differ.push_back(apply(context, "is distinct from", {output.final, prior}, output.span));
  }
  context.out().row.changed = any_of(context, differ);
}

}  // namespace

void check_derivations(Context& context) {
  std::vector<Written> written;
  std::vector<Derived> all;
  for (const Effect& effect : context.spec().effects) {
    if (effect.kind == syntax::EffectKind::Derive) check_derive(context, effect, written, all);
  }
  std::vector<Part> targets;
  for (const Derived& derived : all) targets.push_back(part_of(context, derived));
  check_repeatable(context, written, targets);
  if (context.spec().effects.empty()) {
    context.report(Code::NoEffect, context.spec().name.span,
                   fmt::format("`{}` changes nothing", context.spec().name.text),
                   "add what the rows become: `derive COLUMN = ...`");
  }
  build_guard(context, all);
  build_changed(context);
}

}  // namespace backfill::check
