// SPDX-License-Identifier: Apache-2.0
// `x as T`, `x as T or missing`, `x as T or 0`. What does not convert is a row error, missing, or the
// fallback; an x that is missing stays missing in all three, so that `?? 0` says what a missing x becomes.
#include <fmt/format.h>
#include <array>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

std::vector<std::string> conversions_from(const Type& type) {
  constexpr std::array kKinds = {Kind::Bool,           Kind::Int16,    Kind::Int32, Kind::Int64,
                                 Kind::Float32,        Kind::Float64,  Kind::Text,  Kind::Bytes,
                                 Kind::Date,           Kind::Time,     Kind::Uuid,  Kind::Json,
                                 Kind::LocalTimestamp, Kind::Timestamp};
  std::vector<std::string> names;
  if (stdlib::conversion(type, stdlib::decimal(10, 2), false) != nullptr) names.emplace_back("decimal(p, s)");
  for (const Kind kind : kKinds) {
    if (kind != type.kind && stdlib::conversion(type, stdlib::make(kind), false) != nullptr)
      names.push_back(to_string(stdlib::make(kind)));
  }
  return names;
}

void report_no_conversion(Context& context, const Expr* value, const Type& target, Span span) {
  Diagnostic diagnostic{.code = Code::NoConversion, .span = span};
  if (target.max_length != 0) {
    diagnostic.message = "`as` does not cut to a length";
    diagnostic.help = "`left(..., n)` cuts; a column's own length is checked when it is written";
    return context.report(std::move(diagnostic));
  }
  const std::vector<std::string> others = conversions_from(value->type);
  diagnostic.help = others.empty() ? "it converts to no other type"
                                   : fmt::format("it converts to {}", fmt::join(others, ", "));
  diagnostic.message =
      fmt::format("{} does not convert to {}", with_article(value->type.required()), to_string(target));
  context.report(std::move(diagnostic));
}

// A JSON null is missing too.
const Expr* or_null(Context& context, const Expr* is_missing, const Expr* value, Span span) {
  const Expr* null = context.literal(std::string("null"), stdlib::text(), span);
  const Expr* is_null = apply(context, "=", {apply(context, "json_type", {value}, span), null}, span);
  return context.make(
      {.op = Op::Or, .type = is_null->type, .span = span, .arguments = {is_missing, is_null}});
}

const Expr* with_fallback(Context& context, const Expr* value, const Expr* converted,
                          const syntax::Literal& written, Span span) {
  const Type target = converted->type.required();
  const Expr* fallback = as_label(context, check_literal(context, written), target);
  const Expr* fitted = widen(context, fallback, target);
  if (fitted == nullptr && fallback->type.kind != Kind::Error) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = written.span};
    diagnostic.message =
        fmt::format("the fallback is {}, `as` gives {}", with_article(fallback->type), with_article(target));
    diagnostic.help = fmt::format("write {} as the fallback", with_article(target));
    context.report(std::move(diagnostic));
    return context.error(span);
  }
  if (fitted == nullptr) return context.error(span);
  const Expr* decided =
      context.make({.op = Op::Coalesce, .type = target, .span = span, .arguments = {converted, fitted}});
  if (!value->type.optional && value->type.kind != Kind::Json) return decided;
  const Expr* is_missing = context.make(
      {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = span, .arguments = {value}});
  if (value->type.kind == Kind::Json) is_missing = or_null(context, is_missing, value, span);
  return context.make({.op = Op::Case,
                       .type = target.or_missing(),
                       .span = span,
                       .arguments = {is_missing, context.literal({}, target, span), decided}});
}

// By way of text. Missing for what is no label only where the spec says `or`.
const Expr* cast_to_enum(Context& context, const syntax::Expr& expr, const Expr* value, const Type& target) {
  const Op op = expr.fallback ? Op::TryCall : Op::Call;
  if (value->type.kind != Kind::Text) {
    const stdlib::Function* conversion = stdlib::conversion(value->type, stdlib::text(), false);
    if (conversion == nullptr) {
      report_no_conversion(context, value, target, expr.span);
      return context.error(expr.span);
    }
    Type text = stdlib::text();
    text.optional = value->type.optional || expr.fallback || conversion->null_rule == stdlib::NullRule::Finds;
    value = call(context, op, *conversion, {value}, std::move(text), expr.span);
  }
  return value->type.kind == Kind::Error ? value : to_enum(context, value, target, op);
}

}  // namespace

const Expr* check_cast(Context& context, const syntax::Expr& expr) {
  const Expr* value = check_expression(context, *expr.children[0]);
  Type target = type_of(context, expr.type);
  if (value->type.kind == Kind::Error || target.kind == Kind::Error) return context.error(expr.span);
  if (value->type.kind == Kind::Missing) return context.literal({}, target, expr.span);
  const bool any_text = value->type.kind == Kind::Text && target.kind == Kind::Text && target.max_length == 0;
  if (any_text || value->type.required() == target) return value;
  if (target.kind == Kind::List && (value->type.kind == Kind::Json || value->type.kind == Kind::List)) {
    if (!expr.fallback) return as_list(context, value, target, expr.span);
    context.not_supported_yet(expr.fallback->span, "`or` behind a conversion to a list");
    return context.error(expr.span);
  }
  if (target.kind == Kind::Enum) {
    const Expr* label = cast_to_enum(context, expr, value, target);
    const bool decided = label->type.kind == Kind::Error || !expr.fallback ||
                         expr.fallback->kind == syntax::LiteralKind::Missing;
    return decided ? label : with_fallback(context, value, label, *expr.fallback, expr.span);
  }
  const stdlib::Function* conversion = stdlib::conversion(value->type, target, false);
  if (conversion == nullptr) {
    report_no_conversion(context, value, target, expr.span);
    return context.error(expr.span);
  }
  const bool may_fail_softly = expr.fallback.has_value();
  Type type = target;
  type.optional = value->type.optional || may_fail_softly || conversion->null_rule == stdlib::NullRule::Finds;
  const Expr* converted = call(context, may_fail_softly ? Op::TryCall : Op::Call, *conversion, {value},
                               std::move(type), expr.span);
  if (!may_fail_softly || expr.fallback->kind == syntax::LiteralKind::Missing) return converted;
  return with_fallback(context, value, converted, *expr.fallback, expr.span);
}

}  // namespace backfill::check
