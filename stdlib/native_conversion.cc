// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_conversion.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>

#include "stdlib/calendar.h"
#include "stdlib/decimal.h"

namespace backfill::stdlib {
namespace {

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}

std::string_view trimmed(Text text) {
  std::string_view rest = view(text);
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  while (!rest.empty() && rest.back() == ' ') rest.remove_suffix(1);
  return rest;
}

template <typename T>
T integer_from_text(Context& context, Text value) {
  std::string_view rest = trimmed(value);
  if (rest.size() > 1 && rest[0] == '+' && rest[1] != '-') rest.remove_prefix(1);
  T result = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), result);
  if (end != rest.data() + rest.size() || error == std::errc::invalid_argument) {
    return fail(context, RowError::ConversionFailed);
  }
  if (error == std::errc::result_out_of_range) return fail(context, RowError::Overflow);
  return result;
}

template <typename T>
T integer_from_decimal(Context& context, DecimalArgument value) {
  const Int128 whole = divide_power(value.unscaled, value.scale, Toward::Zero);
  if (value.scale > 0 && whole * power_of_ten(value.scale) != value.unscaled) {
    return fail(context, RowError::ConversionFailed);
  }
  if (whole < std::numeric_limits<T>::min() || whole > std::numeric_limits<T>::max()) {
    return fail(context, RowError::Overflow);
  }
  return static_cast<T>(whole);
}

template <typename T>
T integer_from_float(Context& context, double value) {
  if (value != std::trunc(value)) return fail(context, RowError::ConversionFailed);
  const double limit = std::ldexp(1.0, std::numeric_limits<T>::digits);
  if (value < -limit || value >= limit) return fail(context, RowError::Overflow);
  return static_cast<T>(value);
}

template <typename T>
Text text_from_integer(Context& context, T value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  return context.arena->copy({digits, static_cast<std::size_t>(end - digits)});
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// PostgreSQL's form of a float, without its words (NaN, Infinity) and C's hexadecimal.
bool is_float_form(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789+-.eE") == std::string_view::npos;
}

}  // namespace

std::int16_t int16_from_text(Context& context, Text value) {
  return integer_from_text<std::int16_t>(context, value);
}
std::int32_t int32_from_text(Context& context, Text value) {
  return integer_from_text<std::int32_t>(context, value);
}
std::int64_t int64_from_text(Context& context, Text value) {
  return integer_from_text<std::int64_t>(context, value);
}

DecimalResult decimal_from_text(Context& context, Text value, ResultType result) {
  const auto parsed = parse_decimal(view(value));
  if (!parsed) return fail(context, RowError::ConversionFailed);
  const auto unscaled = rescale(parsed->unscaled, parsed->scale, result.scale);
  if (!unscaled || !fits(*unscaled, result.precision)) return fail(context, RowError::Overflow);
  return {*unscaled};
}

double float64_from_text(Context& context, Text value) {
  std::string_view rest = trimmed(value);
  if (!is_float_form(rest)) return fail(context, RowError::ConversionFailed);
  if (rest.size() > 1 && rest[0] == '+' && rest[1] != '-') rest.remove_prefix(1);
  double result = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), result);
  if (end != rest.data() + rest.size() || error == std::errc::invalid_argument) {
    return fail(context, RowError::ConversionFailed);
  }
  if (error == std::errc::result_out_of_range) return fail(context, RowError::Overflow);
  return result;
}

std::int32_t date_from_text(Context& context, Text value) {
  const auto days = parse_date(trimmed(value));
  return days ? *days : std::int32_t{fail(context, RowError::ConversionFailed)};
}

std::int64_t timestamp_from_text(Context& context, Text value) {
  const auto instant = parse_timestamp(trimmed(value));
  return instant ? *instant : std::int64_t{fail(context, RowError::ConversionFailed)};
}

std::int64_t local_timestamp_from_text(Context& context, Text value) {
  const auto local = parse_local_timestamp(trimmed(value));
  return local ? *local : std::int64_t{fail(context, RowError::ConversionFailed)};
}

Text uuid_from_text(Context& context, Text value) {
  const std::string_view text = trimmed(value);
  if (text.size() != 36) return fail(context, RowError::ConversionFailed);
  char* out = context.arena->allocate(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : !is_hex(text[i])) return fail(context, RowError::ConversionFailed);
    out[i] = text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] + ('a' - 'A')) : text[i];
  }
  return {out, 36};
}

Text text_from_bool(Context& context, bool value) {
  return context.arena->copy(value ? "true" : "false");
}
Text text_from_int64(Context& context, std::int64_t value) {
  return text_from_integer(context, value);
}
Text text_from_int32(Context& context, std::int32_t value) {
  return text_from_integer(context, value);
}
Text text_from_int16(Context& context, std::int16_t value) {
  return text_from_integer(context, value);
}

Text text_from_decimal(Context& context, DecimalArgument value) {
  return context.arena->copy(to_string(Decimal{value.unscaled, value.scale}));
}

Text text_from_date(Context& context, std::int32_t value) {
  return context.arena->copy(format_date(value));
}
Text text_from_timestamp(Context& context, std::int64_t value) {
  return context.arena->copy(format_timestamp(value));
}
Text text_from_local_timestamp(Context& context, std::int64_t value) {
  return context.arena->copy(format_local_timestamp(value));
}
Text text_from_text(Context&, Text value) {
  return value;
}

std::int16_t int16_from_decimal(Context& context, DecimalArgument value) {
  return integer_from_decimal<std::int16_t>(context, value);
}
std::int32_t int32_from_decimal(Context& context, DecimalArgument value) {
  return integer_from_decimal<std::int32_t>(context, value);
}
std::int64_t int64_from_decimal(Context& context, DecimalArgument value) {
  return integer_from_decimal<std::int64_t>(context, value);
}
std::int32_t int32_from_float64(Context& context, double value) {
  return integer_from_float<std::int32_t>(context, value);
}
std::int64_t int64_from_float64(Context& context, double value) {
  return integer_from_float<std::int64_t>(context, value);
}
double float64_from_decimal(Context&, DecimalArgument value) {
  return to_double({value.unscaled, value.scale});
}

std::int64_t same_instant(Context&, std::int64_t value) {
  return value;
}

}  // namespace backfill::stdlib
