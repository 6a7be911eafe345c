// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_json_conversion.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <string>
#include <string_view>

#include "stdlib/decimal.h"
#include "stdlib/json.h"
#include "stdlib/native_conversion.h"

namespace backfill::stdlib::native_json {
namespace {

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}

// Raises what stands in the way of reading a value of this type; true if nothing does.
bool holds(Context& context, Text value, json::Type wanted) {
  const json::Type type = json::type_of(view(value));
  if (type == json::Type::Null) {
    absent(context);
  } else if (type != wanted) {
    fail(context, RowError::ConversionFailed);
  }
  return type == wanted;
}

// {nullptr, 0} where it cannot be read; an error is raised then.
Text string_of(Context& context, Text value) {
  if (!holds(context, value, json::Type::String)) return {nullptr, 0};
  if (view(value).find('\\') == std::string_view::npos) return {value.data + 1, value.size - 2};
  const auto text = json::unquoted(view(value));
  if (!text) {
    fail(context, RowError::ConversionFailed);
    return {nullptr, 0};
  }
  return context.arena->copy(*text);
}

template <typename T>
T integer(Context& context, Text value) {
  if (!holds(context, value, json::Type::Number)) return T{};
  std::string_view digits = view(value);
  const std::size_t point = digits.find('.');
  if (point != std::string_view::npos) {
    if (digits.find_first_not_of('0', point + 1) != std::string_view::npos)
      return fail(context, RowError::ConversionFailed);
    digits = digits.substr(0, point);
  }
  T result = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), result);
  if (error != std::errc()) return fail(context, RowError::Overflow);
  return result;
}

template <typename T, typename Body>
T from_string(Context& context, Text value, Body body) {
  const Text text = string_of(context, value);
  return text.data == nullptr ? T{} : body(context, text);
}

Text quoted(Context& context, std::string_view text) {
  return context.arena->copy(json::quoted(text));
}
Text quoted(Context& context, Text text) {
  return quoted(context, view(text));
}

}  // namespace

Text json_from_text(Context& context, Text text) {
  const auto made = json::canonical(view(text));
  return made ? context.arena->copy(*made) : static_cast<Text>(fail(context, RowError::ConversionFailed));
}

Text text_from_json(Context& context, Text value) {
  const json::Type type = json::type_of(view(value));
  if (type == json::Type::Number || type == json::Type::Boolean) return value;
  const Text text = string_of(context, value);
  return text.data == nullptr ? Text{"", 0} : text;
}

bool bool_from_json(Context& context, Text value) {
  return holds(context, value, json::Type::Boolean) && value.data[0] == 't';
}

std::int16_t int16_from_json(Context& context, Text value) {
  return integer<std::int16_t>(context, value);
}
std::int32_t int32_from_json(Context& context, Text value) {
  return integer<std::int32_t>(context, value);
}
std::int64_t int64_from_json(Context& context, Text value) {
  return integer<std::int64_t>(context, value);
}

// Only the first digit behind the scale decides how half is rounded.
DecimalResult decimal_from_json(Context& context, Text value, ResultType result) {
  if (!holds(context, value, json::Type::Number)) return {0};
  std::string_view digits = view(value);
  const std::size_t point = digits.find('.');
  if (point != std::string_view::npos)
    digits = digits.substr(0, point + 2 + static_cast<std::size_t>(result.scale));
  const auto parsed = parse_decimal(digits);
  if (!parsed) return fail(context, RowError::Overflow);
  const auto unscaled = rescale(parsed->unscaled, parsed->scale, result.scale);
  if (!unscaled || !fits(*unscaled, result.precision)) return fail(context, RowError::Overflow);
  return {*unscaled};
}

double float64_from_json(Context& context, Text value) {
  if (!holds(context, value, json::Type::Number)) return 0;
  double result = 0;
  const auto [end, error] = std::from_chars(value.data, value.data + value.size, result);
  if (error != std::errc()) return fail(context, RowError::Overflow);
  return result;
}

std::int32_t date_from_json(Context& context, Text value) {
  return from_string<std::int32_t>(context, value, date_from_text);
}
std::int64_t timestamp_from_json(Context& context, Text value) {
  return from_string<std::int64_t>(context, value, timestamp_from_text);
}
std::int64_t local_timestamp_from_json(Context& context, Text value) {
  return from_string<std::int64_t>(context, value, local_timestamp_from_text);
}
Text uuid_from_json(Context& context, Text value) {
  const Text text = string_of(context, value);
  return text.data == nullptr ? Text{"", 0} : uuid_from_text(context, text);
}
Text json_from_list(Context&, Text list) {
  return list;
}

Text text_to_json(Context& context, Text value) {
  return quoted(context, value);
}
Text uuid_to_json(Context& context, Text value) {
  return quoted(context, value);
}
Text enum_to_json(Context& context, Text value) {
  return quoted(context, value);
}
Text json_to_json(Context&, Text value) {
  return value;
}
Text list_to_json(Context&, Text value) {
  return value;
}
Text bool_to_json(Context& context, bool value) {
  return text_from_bool(context, value);
}
Text int16_to_json(Context& context, std::int16_t value) {
  return text_from_int16(context, value);
}
Text int32_to_json(Context& context, std::int32_t value) {
  return text_from_int32(context, value);
}
Text int64_to_json(Context& context, std::int64_t value) {
  return text_from_int64(context, value);
}
Text decimal_to_json(Context& context, DecimalArgument value) {
  return text_from_decimal(context, value);
}
Text float64_to_json(Context& context, double value) {
  const auto made = json::canonical(fmt::format("{}", value));
  return made ? context.arena->copy(*made) : static_cast<Text>(fail(context, RowError::Overflow));
}
Text date_to_json(Context& context, std::int32_t value) {
  return quoted(context, text_from_date(context, value));
}
Text timestamp_to_json(Context& context, std::int64_t value) {
  return quoted(context, text_from_timestamp(context, value));
}
Text local_timestamp_to_json(Context& context, std::int64_t value) {
  return quoted(context, text_from_local_timestamp(context, value));
}

}  // namespace backfill::stdlib::native_json
