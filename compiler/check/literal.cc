// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "stdlib/bug.h"

namespace backfill::check {

using ir::Expr;
using stdlib::Kind;
using syntax::Literal;
using syntax::LiteralKind;

namespace {

int digits(__int128 value) {
  int count = 1;
  for (value = value < 0 ? -value : value; value >= 10; value /= 10) ++count;
  return count;
}

const Expr* integer(Context& context, const Literal& literal) {
  using Small = std::numeric_limits<std::int32_t>;
  using Large = std::numeric_limits<std::int64_t>;
  const __int128 value = literal.integer;
  if (value >= Large::min() && value <= Large::max()) {
    const bool small = value >= Small::min() && value <= Small::max();
    return context.literal(static_cast<std::int64_t>(value), stdlib::make(small ? Kind::Int32 : Kind::Int64),
                           literal.span);
  }
  return context.literal(stdlib::Decimal{value, 0}, stdlib::decimal(std::min(38, digits(value)), 0),
                         literal.span);
}

const Expr* exact_decimal(Context& context, const Literal& literal) {
  const int scale = static_cast<int>(literal.scale);
  const int precision = std::max({digits(literal.integer), scale, 1});
  return context.literal(stdlib::Decimal{literal.integer, scale},
                         stdlib::decimal(std::min(38, precision), scale), literal.span);
}

const Expr* out_of_range(Context& context, const Literal& literal) {
  context.report(Code::LiteralOutOfRange, literal.span,
                 fmt::format("`{}` is too large to be represented", literal.written));
  return context.error(literal.span);
}

// 0.1% is 0.001.
const Expr* percentage(Context& context, const Literal& literal) {
  const int scale = static_cast<int>(literal.scale) + 2;
  const int precision = std::max(digits(literal.integer), scale);
  if (precision > 38) return out_of_range(context, literal);
  return context.literal(stdlib::Decimal{literal.integer, scale}, stdlib::decimal(precision, scale),
                         literal.span);
}

// date '...' and timestamp '...' are read by the same strict conversion that `as` uses.
const Expr* moment(Context& context, const Literal& literal, Kind kind) {
  const stdlib::Type to = stdlib::make(kind);
  const stdlib::Function* conversion = stdlib::conversion(stdlib::text(), to, false);
  if (conversion == nullptr) {
    context.not_supported_yet(literal.span, fmt::format("the literal `{}`", literal.written));
    return context.error(literal.span);
  }
  const Expr* text = context.literal(literal.text, stdlib::text(), literal.span);
  return call(context, ir::Op::Call, *conversion, {text}, to, literal.span);
}

const Expr* duration(Context& context, const Literal& literal) {
  if (literal.duration.months != 0) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = literal.span};
    diagnostic.message =
        fmt::format("`{}` has no length of its own: months have 28 to 31 days", literal.written);
    diagnostic.help =
        "add it to a date or a timestamp, or take it off: `created_at < now() - 6 months`; or count days: "
        "`30 days`";
    context.report(std::move(diagnostic));
    return context.error(literal.span);
  }
  constexpr std::int64_t kDay = 86'400'000'000;
  const __int128 microseconds = __int128{literal.duration.days} * kDay + literal.duration.microseconds;
  if (microseconds > std::numeric_limits<std::int64_t>::max() ||
      microseconds < std::numeric_limits<std::int64_t>::min())
    return out_of_range(context, literal);
  return context.literal(static_cast<std::int64_t>(microseconds), stdlib::make(Kind::Interval), literal.span);
}

}  // namespace

const Expr* check_literal(Context& context, const Literal& literal) {
  switch (literal.kind) {
    case LiteralKind::Missing:
      return context.literal({}, stdlib::make(Kind::Missing), literal.span);
    case LiteralKind::Bool:
      return context.literal(literal.boolean, stdlib::make(Kind::Bool), literal.span);
    case LiteralKind::Integer:
      return integer(context, literal);
    case LiteralKind::Decimal:
      return exact_decimal(context, literal);
    case LiteralKind::Float:
      if (!std::isfinite(literal.floating)) return out_of_range(context, literal);
      return context.literal(literal.floating, stdlib::make(Kind::Float64), literal.span);
    case LiteralKind::Text:
      return context.literal(literal.text, stdlib::text(), literal.span);
    case LiteralKind::Bytes:
      return context.literal(literal.text, stdlib::make(Kind::Bytes), literal.span);
    case LiteralKind::Date:
      return moment(context, literal, Kind::Date);
    case LiteralKind::Timestamp:
      return moment(context, literal, Kind::Timestamp);
    case LiteralKind::Time:
      return moment(context, literal, Kind::Time);
    case LiteralKind::Duration:
      return duration(context, literal);
    case LiteralKind::Percentage:
      return percentage(context, literal);
    case LiteralKind::Regex:
      context.report(Code::TypeMismatch, literal.span, "a regular expression is no value",
                     "it stands behind `matches`, or in `regexp_replace` and the like");
      break;
  }
  return context.error(literal.span);
}

}  // namespace backfill::check
