// SPDX-License-Identifier: Apache-2.0
#include "stdlib/value.h"

#include <fmt/format.h>

#include "stdlib/bug.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"

namespace backfill::stdlib {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + "'";
}

std::string hex(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) result += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return result;
}

// The shortest form that reads back as the same double.
std::string shortest(double value) {
  return fmt::format("{}", value);
}

std::string float_literal(double value) {
  std::string result = fmt::format("{}", value);
  if (result.find_first_of("eE") == std::string::npos) result += "e0";
  return result;
}

// At the type's scale; more digits than that (a value of another type) are shown, never cut.
std::string decimal_text(const Decimal& value, const Type& type) {
  Decimal shown = value;
  if (type.kind == Kind::Decimal && type.scale > value.scale) {
    if (const auto unscaled = rescale(value.unscaled, value.scale, type.scale))
      shown = {*unscaled, type.scale};
  }
  return to_string(shown);
}

// Exact microseconds in the greatest unit that divides them.
std::string interval_text(std::int64_t microseconds) {
  if (microseconds % kDay == 0) return fmt::format("{} days", microseconds / kDay);
  if (microseconds % kHour == 0) return fmt::format("{} hours", microseconds / kHour);
  if (microseconds % kMinute == 0) return fmt::format("{} minutes", microseconds / kMinute);
  if (microseconds % kSecond == 0) return fmt::format("{} s", microseconds / kSecond);
  if (microseconds % 1000 == 0) return fmt::format("{} ms", microseconds / 1000);
  return fmt::format("{} us", microseconds);
}

}  // namespace

bool operator==(const Value& left, const Value& right) {
  if (left.value_.index() != right.value_.index()) return false;
  if (const auto* number = std::get_if<double>(&left.value_)) {
    const double other = right.number();
    return *number == other || (*number != *number && other != other);
  }
  return left.value_ == right.value_;
}

std::string literal(const Value& value, const Type& type) {
  if (value.missing()) return "missing";
  switch (type.kind) {
    case Kind::Text:
    case Kind::Enum:
    case Kind::Json:
    case Kind::Uuid:
      return quoted(value.text());
    case Kind::Bytes:
      return "x'" + hex(value.text()) + "'";
    case Kind::Date:
      return "date " + quoted(display(value, type));
    case Kind::Time:
      return "time " + quoted(display(value, type));
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return "timestamp " + quoted(display(value, type));
    case Kind::Float32:
    case Kind::Float64:
      return float_literal(value.number());
    default:
      return display(value, type);
  }
}

std::string display(const Value& value, const Type& type) {
  struct Visitor {
    const Type& type;
    std::string operator()(std::monostate) const { return "missing"; }
    std::string operator()(bool boolean) const { return boolean ? "true" : "false"; }
    std::string operator()(double number) const {
      return type.kind == Kind::Float32 ? fmt::format("{}", static_cast<float>(number)) : shortest(number);
    }
    std::string operator()(const Decimal& decimal) const { return decimal_text(decimal, type); }
    std::string operator()(const std::string& text) const {
      return type.kind == Kind::Bytes ? hex(text) : text;
    }
    std::string operator()(std::int64_t integer) const {
      switch (type.kind) {
        case Kind::Date:
          return format_date(integer);
        case Kind::Time:
          return format_time(integer);
        case Kind::Timestamp:
          return format_timestamp(integer);
        case Kind::LocalTimestamp:
          return format_local_timestamp(integer);
        case Kind::Interval:
          return interval_text(integer);
        default:
          return fmt::format("{}", integer);
      }
    }
  };
  return std::visit(Visitor{type}, value.variant());
}

}  // namespace backfill::stdlib
