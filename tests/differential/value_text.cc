// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/value_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "stdlib/calendar.h"
#include "stdlib/json.h"

namespace backfill::test {

namespace {

using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

template <typename T>
std::optional<T> number(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Value> integer(std::string_view text) {
  const auto value = number<std::int64_t>(text);
  return value ? std::optional<Value>(*value) : std::nullopt;
}

std::optional<Value> boolean(std::string_view text) {
  if (text == "t" || text == "1") return Value(true);
  if (text == "f" || text == "0") return Value(false);
  return std::nullopt;
}

// 1.5e-05 without its exponent: the shortest digits of a double are those of the decimal that it stands for.
std::string without_exponent(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const auto power = number<int>(text.substr(text[e + 1] == '+' ? e + 2 : e + 1)).value_or(0);
  const bool negative = text.starts_with('-');
  std::string digits(text.substr(negative ? 1 : 0, e - (negative ? 1 : 0)));
  const std::size_t point = digits.find('.');
  int places =
      (point == std::string::npos ? static_cast<int>(digits.size()) : static_cast<int>(point)) + power;
  if (point != std::string::npos) digits.erase(point, 1);
  if (places <= 0) digits.insert(0, static_cast<std::size_t>(1 - places), '0'), places = 1;
  if (static_cast<std::size_t>(places) > digits.size()) digits.resize(static_cast<std::size_t>(places), '0');
  digits.insert(static_cast<std::size_t>(places), 1, '.');
  return (negative ? "-" : "") + digits;
}

// [-]digits[.digits], or a double (SQLite's form).
std::optional<Value> decimal(std::string_view text) {
  std::string plain =
      text.find_first_of("eE") == std::string_view::npos ? std::string(text) : without_exponent(text);
  if (plain.find('.') != std::string::npos) plain.erase(plain.find_last_not_of('0') + 1);
  stdlib::Decimal out;
  const bool negative = plain.starts_with('-');
  bool behind = false;
  int digits = 0;
  for (const char c : std::string_view(plain).substr(negative ? 1 : 0)) {
    if (c == '.' && !behind) {
      behind = true;
      continue;
    }
    if (c < '0' || c > '9') return std::nullopt;
    if (out.unscaled != 0 || c != '0') ++digits;
    if (digits > 38) return std::nullopt;
    out.unscaled = out.unscaled * 10 + (c - '0');
    out.scale += behind ? 1 : 0;
  }
  if (negative) out.unscaled = -out.unscaled;
  return Value(out);
}

std::optional<Value> moment(std::string text, bool zoned) {
  if (zoned && text.ends_with("+00")) text += ":00";
  const bool marked = text.ends_with('Z') || text.ends_with("+00:00");
  if (zoned && !marked) text += 'Z';
  const auto at = zoned ? stdlib::parse_timestamp(text) : stdlib::parse_local_timestamp(text);
  return at ? std::optional<Value>(*at) : std::nullopt;
}

// [-]HH:MM:SS[.ffffff], as PostgreSQL writes an interval without days; microseconds elsewhere.
std::optional<Value> interval(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return integer(text);
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t colon = text.find(':');
  const auto hours = number<std::int64_t>(text.substr(0, colon));
  const auto rest = stdlib::parse_time("00" + std::string(text.substr(colon)));
  if (!hours || !rest) return std::nullopt;
  const std::int64_t size = *hours * stdlib::kHour + *rest;
  return Value(negative ? -size : size);
}

}  // namespace

std::optional<Value> parsed(const std::optional<std::string>& text, const Type& type) {
  if (!text) return Value();
  switch (type.kind) {
    case Kind::Bool:
      return boolean(*text);
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return integer(*text);
    case Kind::Float32:
    case Kind::Float64: {
      const auto value = number<double>(*text);
      return value ? std::optional<Value>(*value) : std::nullopt;
    }
    case Kind::Decimal:
      return decimal(*text);
    case Kind::Date: {
      const auto day = stdlib::parse_date(*text);
      return day ? std::optional<Value>(static_cast<std::int64_t>(*day)) : std::nullopt;
    }
    case Kind::Time: {
      const auto at = stdlib::parse_time(*text);
      return at ? std::optional<Value>(*at) : std::nullopt;
    }
    case Kind::Timestamp:
      return moment(*text, true);
    case Kind::LocalTimestamp:
      return moment(*text, false);
    case Kind::Interval:
      return interval(*text);
    case Kind::Json:
    case Kind::List: {
      const auto canonical = stdlib::json::canonical(*text);
      return canonical ? std::optional<Value>(*canonical) : std::nullopt;
    }
    default:
      return Value(*text);
  }
}

}  // namespace backfill::test
