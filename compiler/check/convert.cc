// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/convert.h"

#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/types.h"

#include "compiler/evaluate/evaluate.h"
#include "stdlib/bug.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

bool all_literals(const std::vector<const Expr*>& arguments) {
  return std::ranges::all_of(arguments, [](const Expr* argument) { return argument->op == Op::Literal; });
}

const Expr* always_fails(Context& context, const Expr& expr, const std::string& why) {
  Diagnostic diagnostic{.code = Code::AlwaysFails, .span = expr.span};
  diagnostic.message = "this fails for every row: " + why;
  diagnostic.help = "write the value that is meant";
  context.report(std::move(diagnostic));
  return context.error(expr.span);
}

const Expr* fold(Context& context, const Expr* expr) {
  const evaluate::Outcome outcome = evaluate::evaluate(*expr, {}, {});
  if (!outcome.failure) return context.literal(outcome.value, expr->type, expr->span);
  return always_fails(context, *expr, outcome.failure->message);
}

bool is_zero(const stdlib::Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.variant())) return *integer == 0;
  if (const auto* number = std::get_if<double>(&value.variant())) return *number == 0;
  const auto* decimal = std::get_if<stdlib::Decimal>(&value.variant());
  return decimal != nullptr && decimal->unscaled == 0;
}

// `seats / 0`: what is divided does not matter.
bool divides_by_zero(const Expr& expr) {
  if (expr.op != Op::Call || expr.arguments.size() != 2 || all_literals(expr.arguments)) return false;
  const Expr& divisor = *expr.arguments[1];
  return std::ranges::count(expr.function->errors, stdlib::RowError::DivisionByZero) > 0 &&
         divisor.op == Op::Literal && is_zero(divisor.value);
}

Type wider_decimal(const Type& left, const Type& right) {
  const int scale = std::max(left.scale, right.scale);
  const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
  return stdlib::decimal(std::min(38, whole + scale), scale);
}

Type as_decimal(const Type& type) {
  switch (type.kind) {
    case Kind::Int16:
      return stdlib::decimal(5, 0);
    case Kind::Int32:
      return stdlib::decimal(10, 0);
    case Kind::Int64:
      return stdlib::decimal(19, 0);
    default:
      return type.required();
  }
}

std::optional<Type> common_number(const Type& left, const Type& right) {
  if (left.kind == Kind::Decimal || right.kind == Kind::Decimal) {
    if (stdlib::is_float(left.kind) || stdlib::is_float(right.kind)) return std::nullopt;
    return wider_decimal(as_decimal(left), as_decimal(right));
  }
  const Type& wider = left.kind < right.kind ? right : left;
  const Type& narrower = left.kind < right.kind ? left : right;
  // An int64 does not fit a float64 exactly.
  if (stdlib::is_float(wider.kind) && narrower.kind == Kind::Int64) return std::nullopt;
  return wider.required();
}

std::optional<Type> common_of_two(const Type& left, const Type& right) {
  if (left.kind == Kind::Error || left.kind == Kind::Missing) return right.required();
  if (right.kind == Kind::Error || right.kind == Kind::Missing) return left.required();
  if (stdlib::is_number(left.kind) && stdlib::is_number(right.kind)) return common_number(left, right);
  if (left.kind != right.kind) return std::nullopt;
  Type type = left.required();
  if (left.kind == Kind::List) {
    std::optional<Type> element = common_of_two(*left.element, *right.element);
    if (!element) return std::nullopt;
    element->optional = left.element->optional || right.element->optional;
    return stdlib::list_of(*std::move(element));
  }
  if (left.kind == Kind::Enum) return left.name == right.name ? std::optional(type) : std::nullopt;
  const bool limited = left.max_length != 0 && right.max_length != 0;
  type.max_length = limited ? std::max(left.max_length, right.max_length) : 0;
  return type;
}

// Is every list of `from` one of `to` as it is? Elements are JSON: a whole number is one of any numeric type.
bool holds_elements(const Type& from, const Type& to) {
  if (from.optional && !to.optional) return false;
  if (from.kind == Kind::Missing || from.required() == to.required()) return true;
  if (from.kind == Kind::List && to.kind == Kind::List) return holds_elements(*from.element, *to.element);
  return stdlib::is_number(from.kind) && stdlib::is_number(to.kind) &&
         stdlib::conversion(from, to, true) != nullptr;
}

bool same_values(const Type& from, const Type& to) {
  if (from.kind != to.kind || from.kind == Kind::Enum) return from.required() == to.required();
  return from.kind != Kind::Decimal || (from.precision == to.precision && from.scale == to.scale);
}

}  // namespace

const Expr* folded(Context& context, const Expr* expr) {
  return all_literals(expr->arguments) ? fold(context, expr) : expr;
}

// Would `name` take both if the other side were converted to `type`?
bool meets(std::string_view name, const Type& type, const Type& other) {
  if (type.kind == other.kind || type.kind == Kind::Missing) return false;
  if (stdlib::conversion(other, type, false) == nullptr) return false;
  const std::vector<Type> both = {type, type};
  return name.empty() || stdlib::resolve(name, both).function != nullptr;
}

// A literal of a few digits is an int32; what it meets may hold more.
Type roomy(const Expr& expr) {
  const bool small = expr.op == Op::Literal && expr.type.kind == Kind::Int32;
  return small ? stdlib::make(Kind::Int64) : expr.type.required();
}

std::string meeting_help(std::string_view name, const Expr& left, const Expr& right) {
  const bool left_is_float = stdlib::is_float(left.type.kind);
  if (!left_is_float && stdlib::is_float(right.type.kind)) return meeting_help(name, right, left);
  if (left_is_float && right.op == Op::Literal && right.type.kind == Kind::Decimal)
    return fmt::format("write the number as a float: `{}e0`", stdlib::literal(right.value, right.type));
  if (left.type.kind == Kind::Bool || right.type.kind == Kind::Bool)
    return "a bool is a condition of its own: `x`, `not x`";
  // Text converts to most types: the other side's says what is meant.
  const bool left_is_text = left.type.kind == Kind::Text;
  const Expr& first = left_is_text ? right : left;
  const Expr& second = left_is_text ? left : right;
  for (const auto& [to, from] : {std::pair(&first, &second), std::pair(&second, &first)}) {
    const Type type = roomy(*to);
    if (meets(name, type, from->type)) return fmt::format("convert one side: `... as {}`", to_string(type));
  }
  return "";
}

const Expr* call(Context& context, Op op, const stdlib::Function& function,
                 std::vector<const Expr*> arguments, Type type, Span span) {
  const Expr* expr = context.make({.op = op,
                                   .type = std::move(type),
                                   .span = span,
                                   .arguments = std::move(arguments),
                                   .function = &function});
  return divides_by_zero(*expr)
             ? always_fails(context, *expr, "division by zero in every row that has a value")
             : folded(context, expr);
}

std::optional<Type> common_type(std::span<const Type> types) {
  Type common = stdlib::make(Kind::Missing);
  bool optional = false;
  for (const Type& type : types) {
    optional = optional || type.optional || type.kind == Kind::Missing;
    const std::optional<Type> next = common_of_two(common, type);
    if (!next) return std::nullopt;
    common = *next;
  }
  common.optional = optional;
  return common;
}

const Expr* widen(Context& context, const Expr* expr, const Type& target) {
  const Type& from = expr->type;
  if (from.kind == Kind::Error || target.kind == Kind::Error) return expr;
  if (from.kind == Kind::Missing) return context.literal({}, target, expr->span);
  if (from.kind == Kind::List && target.kind == Kind::List) {
    if (from.required() == target.required()) return expr;
    if (!holds_elements(*from.element, *target.element)) return nullptr;
    Expr copy = *expr;
    copy.type = target;
    copy.type.optional = from.optional;
    return context.make(std::move(copy));
  }
  if (same_values(from, target)) return expr;
  const stdlib::Function* conversion = stdlib::conversion(from, target, true);
  if (conversion == nullptr) return nullptr;
  Type type = target.required();
  type.optional = from.optional;
  return call(context, Op::Call, *conversion, {expr}, std::move(type), expr->span);
}

namespace {

std::size_t code_points(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

// Only literals prove that they fit: a column's declared length is no promise of what is stored (SQLite keeps
// longer texts).
bool fits_always(Context& context, const Expr* expr, const schema::Column& column) {
  if (expr->op == Op::Literal) {
    const std::size_t length = expr->value.missing() ? 0 : code_points(expr->value.text());
    if (length <= column.type.max_length) return true;
    context.report(Code::AlwaysFails, expr->span,
                   fmt::format("`{}` holds at most {} characters, this text has {}", column.name,
                               column.type.max_length, length),
                   "write a shorter text, or widen the column first");
    return true;
  }
  if (expr->op != Op::Case && expr->op != Op::Coalesce) return false;
  bool all = true;
  for (std::size_t k = 0; k < expr->arguments.size(); ++k) {
    const bool condition = expr->op == Op::Case && k % 2 == 0 && k + 1 < expr->arguments.size();
    all = (condition || fits_always(context, expr->arguments[k], column)) && all;
  }
  return all;
}

// varchar(n): what is longer is a row error, never cut.
const Expr* fit_length(Context& context, const Expr* expr, const schema::Column& column, Span span) {
  const std::uint32_t most = column.type.max_length;
  if (most == 0 || fits_always(context, expr, column)) return expr;
  const Type limit = stdlib::make(Kind::Int32);
  const std::vector<Type> types = {expr->type, limit};
  const stdlib::Resolution row = stdlib::resolve("fit_length", types);
  BACKFILL_CHECK(row.function != nullptr, "the function table has no fit_length(text, int32)");
  Type type = expr->type;
  type.max_length = most;
  return call(context, Op::Call, *row.function,
              {expr, context.literal(static_cast<std::int64_t>(most), limit, span)}, std::move(type), span);
}

// Fewer digits before the point: checked in each row. Fewer behind it would lose them, and is the spec's to
// say.
const Expr* fit_number(Context& context, const Expr* expr, const Type& target) {
  const bool exact_decimal =
      expr->type.kind == Kind::Decimal && target.kind == Kind::Decimal && expr->type.scale <= target.scale;
  const bool int_to_decimal = stdlib::is_integer(expr->type.kind) && target.kind == Kind::Decimal;
  const bool literal_integer =
      expr->op == Op::Literal && stdlib::is_integer(expr->type.kind) && stdlib::is_integer(target.kind);
  if (!exact_decimal && !int_to_decimal && !literal_integer) return nullptr;
  const stdlib::Function* conversion = stdlib::conversion(expr->type, target, false);
  if (conversion == nullptr) return nullptr;
  Type type = target.required();
  type.optional = expr->type.optional;
  return call(context, Op::Call, *conversion, {expr}, std::move(type), expr->span);
}

void report_no_fit(Context& context, const Expr* expr, const schema::Column& column, Span span) {
  Diagnostic diagnostic{.code = Code::TypeMismatch, .span = span};
  diagnostic.message =
      fmt::format("`{}` is {} ({} in the schema), this is {}", column.name,
                  with_article(column.type.required()), column.sql_type, with_article(expr->type));
  diagnostic.label = with_article(expr->type);
  const bool too_large = expr->op == Op::Literal && expr->type.kind == Kind::Decimal &&
                         expr->type.scale == 0 && stdlib::is_integer(column.type.kind);
  if (too_large) {
    diagnostic.code = Code::LiteralOutOfRange;
    diagnostic.message = fmt::format("`{}` is {} ({} in the schema), this number is too large for it",
                                     column.name, with_article(column.type.required()), column.sql_type);
    diagnostic.label = "does not fit";
    return context.report(std::move(diagnostic));
  }
  const bool rounds = expr->type.kind == Kind::Decimal && column.type.kind == Kind::Decimal;
  if (rounds) {
    diagnostic.help = fmt::format("round it first: `round(..., {})`", column.type.scale);
  } else if (stdlib::conversion(expr->type, column.type, false) != nullptr) {
    diagnostic.help = fmt::format("convert it: `... as {}`", to_string(column.type.required()));
  } else if (column.type.kind == Kind::Bool) {
    diagnostic.help = "write `true`, `false` or a condition: `... = ...`";
  }
  context.report(std::move(diagnostic));
}

// Of a network's address every spelling is the same value: only what was read of one is written as one.
bool may_hold(Context& context, const Expr& expr, const schema::Column& column) {
  if (column.sql_type != "inet" || column.type.kind != Kind::Text || expr.type.kind != Kind::Text)
    return true;
  if (expr.op == Op::Literal) return expr.value.missing();
  if (expr.op != Op::Input || expr.input < 0) return false;
  return ir::input_column(context.out(), expr.input).sql_type == "inet";
}

}  // namespace

const Expr* assign(Context& context, const Expr* expr, const schema::Column& column, Span span) {
  if (!may_hold(context, *expr, column)) {
    context.report(
        Code::TypeMismatch, span,
        fmt::format("`{}` is declared inet: it takes the value of such a column as it is, no other text",
                    column.name),
        "one address has many spellings, and what is read back is one of them");
    return context.error(span);
  }
  expr = to_enum(context, expr, column.type, Op::Call);
  if (expr->type.kind == Kind::Error) return expr;
  const Expr* fitted = widen(context, expr, column.type);
  if (fitted == nullptr) fitted = fit_number(context, expr, column.type);
  if (fitted == nullptr) {
    report_no_fit(context, expr, column, span);
    return context.error(span);
  }
  const bool text =
      fitted->type.kind == Kind::Text && !(fitted->op == Op::Literal && fitted->value.missing());
  return text ? fit_length(context, fitted, column, span) : fitted;
}

}  // namespace backfill::check
