// SPDX-License-Identifier: Apache-2.0
// The evaluator's reading of inline rows: plain, slow, and the oracle for the vector code.
#include <cmath>
#include <limits>

#include "stdlib/bug.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

Value failed(EvaluateContext& context, RowError error) {
  context.error = error;
  return {};
}

Value integer_result(Int128 value, const Type& type, EvaluateContext& context) {
  const int bits = type.kind == Kind::Int16 ? 16 : type.kind == Kind::Int32 ? 32 : 64;
  const Int128 limit = Int128{1} << (bits - 1);
  if (value < -limit || value >= limit) return failed(context, RowError::Overflow);
  return static_cast<std::int64_t>(value);
}

Value decimal_result(std::optional<Int128> unscaled, const Type& type, EvaluateContext& context) {
  if (!unscaled || !fits(*unscaled, type.precision)) return failed(context, RowError::Overflow);
  return Decimal{*unscaled, type.scale};
}

Value float_result(double value, const Type& type, EvaluateContext& context) {
  if (type.kind == Kind::Float32) value = static_cast<double>(static_cast<float>(value));
  if (!std::isfinite(value)) return failed(context, RowError::Overflow);
  return value;
}

Value integer_arithmetic(Inline op, Int128 left, Int128 right, const Type& type, EvaluateContext& context) {
  switch (op) {
    case Inline::Add:
      return integer_result(left + right, type, context);
    case Inline::Subtract:
      return integer_result(left - right, type, context);
    case Inline::Multiply:
      return integer_result(left * right, type, context);
    default:
      break;
  }
  if (right == 0) return failed(context, RowError::DivisionByZero);
  return integer_result(op == Inline::Divide ? left / right : left % right, type, context);
}

Value float_arithmetic(Inline op, double left, double right, const Type& type, EvaluateContext& context) {
  switch (op) {
    case Inline::Add:
      return float_result(left + right, type, context);
    case Inline::Subtract:
      return float_result(left - right, type, context);
    case Inline::Multiply:
      return float_result(left * right, type, context);
    default:
      break;
  }
  if (right == 0) return failed(context, RowError::DivisionByZero);
  return float_result(left / right, type, context);
}

Value decimal_arithmetic(Inline op, const Decimal& left, const Decimal& right, const Type& type,
                         EvaluateContext& context) {
  if (op == Inline::Multiply) {
    const auto product = multiply(left.unscaled, right.unscaled);
    if (!product) return failed(context, RowError::Overflow);
    return decimal_result(rescale(*product, left.scale + right.scale, type.scale), type, context);
  }
  const auto a = rescale(left.unscaled, left.scale, type.scale);
  const auto b = rescale(right.unscaled, right.scale, type.scale);
  if (!a || !b) return failed(context, RowError::Overflow);
  // Two numbers of 38 digits can go beyond 128 bits.
  Int128 result = 0;
  const bool wraps = op == Inline::Subtract ? __builtin_sub_overflow(*a, *b, &result)
                                            : op == Inline::Add && __builtin_add_overflow(*a, *b, &result);
  if (wraps) return failed(context, RowError::Overflow);
  if (op != Inline::Modulo) return decimal_result(result, type, context);
  if (*b == 0) return failed(context, RowError::DivisionByZero);
  return decimal_result(*a % *b, type, context);
}

Value arithmetic(Inline op, const Value& left, const Value& right, const Type& type,
                 EvaluateContext& context) {
  if (type.kind == Kind::Decimal)
    return decimal_arithmetic(op, left.decimal(), right.decimal(), type, context);
  if (is_float(type.kind)) return float_arithmetic(op, left.number(), right.number(), type, context);
  return integer_arithmetic(op, left.integer(), right.integer(), type, context);
}

// Negative, zero or positive.
int order(const Value& left, const Value& right) {
  const auto sign = [](auto comparison) { return comparison < 0 ? -1 : comparison > 0 ? 1 : 0; };
  const Value::Variant& variant = left.variant();
  if (std::holds_alternative<bool>(variant)) return int{left.boolean()} - int{right.boolean()};
  if (std::holds_alternative<std::int64_t>(variant)) return sign(left.integer() <=> right.integer());
  if (std::holds_alternative<Decimal>(variant)) return sign(compare(left.decimal(), right.decimal()));
  if (std::holds_alternative<std::string>(variant)) return sign(left.text().compare(right.text()));
  return sign(left.number() <=> right.number());
}

Value comparison(Inline op, const Value& left, const Value& right) {
  const int by = order(left, right);
  switch (op) {
    case Inline::Equal:
      return by == 0;
    case Inline::NotEqual:
      return by != 0;
    case Inline::Less:
      return by < 0;
    case Inline::LessEqual:
      return by <= 0;
    case Inline::Greater:
      return by > 0;
    default:
      return by >= 0;
  }
}

bool distinct(const Value& left, const Value& right) {
  if (left.missing() || right.missing()) return left.missing() != right.missing();
  return order(left, right) != 0;
}

Value extreme(std::span<const Value> arguments, int direction) {
  Value best;
  for (const Value& value : arguments) {
    if (!value.missing() && (best.missing() || order(value, best) * direction > 0)) best = value;
  }
  return best;
}

Value convert(const Value& value, const Type& type, EvaluateContext& context) {
  const bool from_integer = std::holds_alternative<std::int64_t>(value.variant());
  if (type.kind == Kind::Decimal) {
    const Decimal from = from_integer ? Decimal{value.integer(), 0} : value.decimal();
    return decimal_result(rescale(from.unscaled, from.scale, type.scale), type, context);
  }
  if (!is_float(type.kind)) return integer_result(value.integer(), type, context);
  return float_result(from_integer ? static_cast<double>(value.integer()) : value.number(), type, context);
}

Value negate(const Value& value, const Type& type, EvaluateContext& context) {
  if (type.kind == Kind::Decimal) return Decimal{-value.decimal().unscaled, value.decimal().scale};
  if (is_float(type.kind)) return -value.number();
  return integer_result(-Int128{value.integer()}, type, context);
}

bool negative(const Value& value) {
  const Value::Variant& variant = value.variant();
  if (std::holds_alternative<Decimal>(variant)) return value.decimal().unscaled < 0;
  return std::holds_alternative<double>(variant) ? std::signbit(value.number()) : value.integer() < 0;
}

bool zero(const Value& value) {
  const Value::Variant& variant = value.variant();
  if (std::holds_alternative<Decimal>(variant)) return value.decimal().unscaled == 0;
  return std::holds_alternative<double>(variant) ? value.number() == 0 : value.integer() == 0;
}

}  // namespace

Value evaluate_inline(const Function& function, std::span<const Value> arguments, std::span<const Type>,
                      const Type& result, EvaluateContext& context) {
  if (detail::decided_missing(function, arguments)) return {};
  const Value& first = arguments[0];
  switch (function.inlined) {
    case Inline::Add:
    case Inline::Subtract:
    case Inline::Multiply:
    case Inline::Divide:
    case Inline::Modulo:
      return arithmetic(function.inlined, first, arguments[1], result, context);
    case Inline::Negate:
      return negate(first, result, context);
    case Inline::Absolute:
      return negative(first) ? negate(first, result, context) : first;
    case Inline::Equal:
    case Inline::NotEqual:
    case Inline::Less:
    case Inline::LessEqual:
    case Inline::Greater:
    case Inline::GreaterEqual:
      return comparison(function.inlined, first, arguments[1]);
    case Inline::Distinct:
      return distinct(first, arguments[1]);
    case Inline::NotDistinct:
      return !distinct(first, arguments[1]);
    case Inline::Convert:
      return convert(first, result, context);
    case Inline::Sign:
      return std::int64_t{zero(first) ? 0 : negative(first) ? -1 : 1};
    case Inline::Greatest:
      return extreme(arguments, 1);
    case Inline::Least:
      return extreme(arguments, -1);
    case Inline::NullIf:
      return distinct(first, arguments[1]) ? first : Value();
    case Inline::DateFromTimestamp:
      return std::int64_t{day_of(first.integer())};
    case Inline::TimestampFromDate:
      return first.integer() * kDay;
    case Inline::None:
      break;
  }
  BACKFILL_BUG("not an inline row");
}

}  // namespace backfill::stdlib
