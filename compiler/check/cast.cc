// SPDX-License-Identifier: Apache-2.0
// `x as T`, `x as T or missing`, `x as T or 0`. What does not convert is a row error, missing, or the
// fallback; an x that is missing stays missing in all three, so that `?? 0` says what a missing x becomes.
#include <fmt/format.h>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

void report_no_conversion(Context& context, const Expr* value, const Type& target, Span span) {
  Diagnostic diagnostic{.code = Code::NoConversion, .span = span};
  diagnostic.message =
      fmt::format("a {} does not convert to {}", to_string(value->type.required()), to_string(target));
  context.report(std::move(diagnostic));
}

const Expr* with_fallback(Context& context, const Expr* value, const Expr* converted,
                          const syntax::Literal& written, Span span) {
  const Expr* fallback = check_literal(context, written);
  const Type target = converted->type.required();
  const Expr* fitted = widen(context, fallback, target);
  if (fitted == nullptr && fallback->type.kind != Kind::Error) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = written.span};
    diagnostic.message =
        fmt::format("the fallback is a {}, `as` gives a {}", to_string(fallback->type), to_string(target));
    context.report(std::move(diagnostic));
    return context.error(span);
  }
  if (fitted == nullptr) return context.error(span);
  const Expr* decided =
      context.make({.op = Op::Coalesce, .type = target, .span = span, .arguments = {converted, fitted}});
  if (!value->type.optional) return decided;
  const Expr* is_missing = context.make(
      {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = span, .arguments = {value}});
  return context.make({.op = Op::Case,
                       .type = target.or_missing(),
                       .span = span,
                       .arguments = {is_missing, context.literal({}, target, span), decided}});
}

}  // namespace

const Expr* check_cast(Context& context, const syntax::Expr& expr) {
  const Expr* value = check_expression(context, *expr.children[0]);
  Type target = type_of(context, expr.type);
  if (value->type.kind == Kind::Error || target.kind == Kind::Error) return context.error(expr.span);
  if (value->type.kind == Kind::Missing) return context.literal({}, target, expr.span);
  const bool any_text = value->type.kind == Kind::Text && target.kind == Kind::Text && target.max_length == 0;
  if (any_text || value->type.required() == target) return value;
  const stdlib::Function* conversion = stdlib::conversion(value->type, target, false);
  if (conversion == nullptr) {
    report_no_conversion(context, value, target, expr.span);
    return context.error(expr.span);
  }
  const bool may_fail_softly = expr.fallback.has_value();
  Type type = target;
  type.optional = value->type.optional || may_fail_softly;
  const Expr* converted = call(context, may_fail_softly ? Op::TryCall : Op::Call, *conversion, {value},
                               std::move(type), expr.span);
  if (!may_fail_softly || expr.fallback->kind == syntax::LiteralKind::Missing) return converted;
  return with_fallback(context, value, converted, *expr.fallback, expr.span);
}

}  // namespace backfill::check
