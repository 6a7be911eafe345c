// SPDX-License-Identifier: Apache-2.0
// `param`: a constant that the run sets. Its value stands with the text of the spec (source/parameters.h).
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"
#include "compiler/source/parameters.h"
#include "stdlib/decimal.h"

namespace backfill::check {

using ir::Expr;
using stdlib::Kind;

namespace {

// A conversion would round it.
bool has_too_many_digits(const std::string& text, const stdlib::Type& type) {
  if (type.kind != Kind::Decimal) return false;
  const auto decimal = stdlib::parse_decimal(text);
  const auto rounded =
      decimal ? stdlib::rescale(decimal->unscaled, decimal->scale, type.scale) : std::nullopt;
  return rounded && stdlib::rescale(*rounded, type.scale, decimal->scale) != decimal->unscaled;
}

// The text as a value of the type; null: it is none.
const Expr* converted(Context& context, const std::string& text, const stdlib::Type& type, Span span) {
  const Expr* literal = context.literal(text, stdlib::text(), span);
  if (type.kind == Kind::Text) return literal;
  if (has_too_many_digits(text, type)) return nullptr;
  const Context::Silence silence(context);
  const Expr* value = nullptr;
  if (type.kind == Kind::Enum) {
    value = as_label(context, literal, type.required());
  } else if (const stdlib::Function* conversion =
                 stdlib::conversion(stdlib::text(), type.required(), false)) {
    value = call(context, ir::Op::Call, *conversion, {literal}, type.required(), span);
  }
  context.silenced_failure.reset();
  return value == nullptr || value->op != ir::Op::Literal || value->type.kind == Kind::Error ? nullptr
                                                                                             : value;
}

const Expr* given(Context& context, const syntax::Param& param, const stdlib::Type& type,
                  const std::string& text) {
  if (const Expr* value = converted(context, text, type, param.span)) return value;
  context.report(
      Code::ParamValue, param.name.span,
      fmt::format("`{}` is {}, and '{}' is none", param.name.text, with_article(type.required()), text),
      "give it another value: `--param " + param.name.text + "=...`");
  return context.error(param.span);
}

const Expr* initial(Context& context, const syntax::Param& param, const stdlib::Type& type) {
  if (!param.initial) {
    if (type.optional) return context.literal({}, type, param.span);
    context.report(Code::ParamValue, param.name.span, fmt::format("`{}` has no value", param.name.text),
                   fmt::format("give it one: `--param {}=...`, or `param {}: {} = ...`", param.name.text,
                               param.name.text, to_string(type)));
    return context.error(param.span);
  }
  const Expr* value = as_label(context, check_expression(context, *param.initial), type.required());
  if (value->type.kind == Kind::Error) return value;
  if (ir::reads_row(*value)) {
    context.report(Code::ParamValue, param.initial->span,
                   "a param is one value for the whole run, it reads no row", "use a `let`");
    return context.error(param.span);
  }
  const Expr* fitted = widen(context, value, type.required());
  if (fitted != nullptr && (type.optional || !value->type.optional)) return fitted;
  context.report(
      Code::TypeMismatch, param.initial->span,
      fmt::format("`{}` is {}, this is {}", param.name.text, with_article(type), with_article(value->type)));
  return context.error(param.span);
}

void check_param(Context& context, const syntax::Param& param,
                 const std::map<std::string, std::string>& values) {
  const stdlib::Type type = type_of(context, param.type);
  const bool column = context.table().find(param.name.text) >= 0;
  if (column || context.names.contains(param.name.text)) {
    context.report(Code::DuplicateName, param.name.span,
                   fmt::format("`{}` is {} already", param.name.text,
                               column ? "a column of `" + context.table().name + "`" : "a param"),
                   "choose another name");
    return;
  }
  if (type.kind == Kind::Error) return;
  const auto value = values.find(param.name.text);
  const Expr* expr =
      value != values.end() ? given(context, param, type, value->second) : initial(context, param, type);
  if (expr->type.kind == Kind::Error) return;
  Expr named = *expr;
  named.type.optional = named.type.optional || type.optional;
  context.names[param.name.text] = context.make(std::move(named));
}

bool is_known(const syntax::File& file, const std::string& name) {
  const auto is_it = [&](const syntax::Param& param) { return param.name.text == name; };
  return std::ranges::any_of(file.params, is_it) ||
         std::ranges::any_of(file.backfills, [&](const syntax::Backfill& spec) {
           return std::ranges::any_of(spec.params, is_it);
         });
}

}  // namespace

void check_params(Context& context) {
  const auto values = source::parameters_of(context.source_text());
  if (context.reports_file)
    for (const auto& [name, value] : values)
      if (!is_known(context.file(), name))
        context.report(Code::ParamValue, {}, fmt::format("there is no param called `{}`", name),
                       "`--param` sets what `param NAME: TYPE` declares");
  {
    std::optional<Context::Silence> silence;
    if (!context.reports_file) silence.emplace(context);
    for (const syntax::Param& param : context.file().params) check_param(context, param, values);
  }
  for (const syntax::Param& param : context.spec().params) check_param(context, param, values);
}

}  // namespace backfill::check
