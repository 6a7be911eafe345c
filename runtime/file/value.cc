// SPDX-License-Identifier: Apache-2.0
#include "runtime/file/value.h"

#include <fmt/format.h>

#include <array>

#include "stdlib/bug.h"
#include "stdlib/decimal.h"
#include "stdlib/json.h"
#include "stdlib/utf8.h"

namespace backfill::file {

using stdlib::Kind;
namespace json = stdlib::json;

namespace {

// Enough to find it by, on one line.
std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string result;
  for (const char c : text.substr(0, kMost)) result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  if (text.size() <= kMost) return result;
  while (!result.empty() && stdlib::utf8::continues(text[result.size()])) result.pop_back();
  return result + "...";
}

bool has_more_digits(std::string_view text, int scale) {
  const auto number = stdlib::parse_decimal(text);
  if (!number || number->scale <= scale) return false;
  return number->unscaled % stdlib::power_of_ten(number->scale - scale) != 0;
}

std::string_view such_as(Kind kind) {
  switch (kind) {
    case Kind::Bool:
      return "such as true or false";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return "such as 42";
    case Kind::Float32:
    case Kind::Float64:
      return "such as 1.5";
    case Kind::Decimal:
      return "such as 12.50, with no more digits than it has";
    case Kind::Date:
      return "such as 2024-01-31";
    case Kind::Timestamp:
      return "such as 2024-01-31T10:00:00Z, with its zone";
    case Kind::LocalTimestamp:
      return "such as 2024-01-31T10:00:00, without a zone";
    case Kind::Uuid:
      return "such as 123e4567-e89b-12d3-a456-426614174000";
    default:
      return {};
  }
}

}  // namespace

Field::Field(const schema::Column& column)
    : column_(&column),
      conversion_(column.type.kind == Kind::Text || column.type.kind == Kind::Bool
                      ? nullptr
                      : stdlib::conversion(stdlib::text(), column.type.required(), false)) {
  BACKFILL_CHECK(conversion_ != nullptr || column.type.kind == Kind::Text || column.type.kind == Kind::Bool,
                 "a source's field that no text becomes");
}

std::string Field::put_text(std::string_view text, stdlib::ColumnBuffer& buffer, std::int64_t row,
                            stdlib::Arena& arena) const {
  const stdlib::Text kept = arena.copy(text);
  if (column_->type.max_length > 0 && stdlib::utf8::length(kept) > column_->type.max_length)
    return unfit(fmt::format("'{}'", shown(text)));
  buffer.as<stdlib::Text>()[row] = kept;
  buffer.out().valid[row] = 1;
  return {};
}

// As people, PostgreSQL and SQLite write them.
std::string Field::put_bool(std::string_view text, stdlib::ColumnBuffer& buffer, std::int64_t row) const {
  const bool is = text == "true" || text == "t" || text == "1";
  if (!is && text != "false" && text != "f" && text != "0") return unfit(fmt::format("'{}'", shown(text)));
  buffer.as<std::uint8_t>()[row] = is ? 1 : 0;
  buffer.out().valid[row] = 1;
  return {};
}

std::string Field::unfit(std::string_view seen) const {
  const std::string_view example = such_as(column_->type.kind);
  return fmt::format("`{}` is {}, and {} was expected{}{}", name(), seen, to_string(column_->type.required()),
                     example.empty() ? "" : ", ", example);
}

std::string Field::put(std::string_view text, stdlib::ColumnBuffer& buffer, std::int64_t row,
                       stdlib::Arena& arena) const {
  const stdlib::Type& type = column_->type;
  if (type.kind == Kind::Text) return put_text(text, buffer, row, arena);
  if (type.kind == Kind::Bool) return put_bool(text, buffer, row);
  const std::array operands{stdlib::Value(std::string(text))};
  const std::array types{stdlib::text()};
  stdlib::EvaluateContext context{0, stdlib::RowError::None};
  const stdlib::Value value = conversion_->evaluate(*conversion_, operands, types, type.required(), context);
  // `as` rounds; of a file that would lose what somebody wrote down.
  const bool rounded = type.kind == Kind::Decimal && has_more_digits(text, type.scale);
  if (context.error != stdlib::RowError::None || value.missing() || rounded)
    return unfit(fmt::format("'{}'", shown(text)));
  buffer.set(row, value, arena);
  return {};
}

// A string is read as a field between commas is; a number and a boolean are what they are.
std::string Field::put_json(std::string_view value, stdlib::ColumnBuffer& buffer, std::int64_t row,
                            stdlib::Arena& arena) const {
  const json::Type type = json::type_of(value);
  const Kind kind = column_->type.kind;
  if (kind == Kind::Json) {
    buffer.as<stdlib::Text>()[row] = arena.copy(value);
    buffer.out().valid[row] = 1;
    return {};
  }
  if (type == json::Type::String) {
    const auto text = json::unquoted(value);
    return text ? put(*text, buffer, row, arena) : unfit(shown(value));
  }
  const bool number = stdlib::is_integer(kind) || stdlib::is_float(kind) || kind == Kind::Decimal;
  if ((type == json::Type::Number && number) || (type == json::Type::Boolean && kind == Kind::Bool))
    return put(value, buffer, row, arena);
  return unfit(fmt::format("the {} {}", json::name(type), shown(value)));
}

std::string Field::put_missing(stdlib::ColumnBuffer& buffer, std::int64_t row) const {
  buffer.set_missing(row);
  if (column_->type.optional) return {};
  return fmt::format("`{0}` is missing, which only `{0}: {1}?` may be", name(), to_string(column_->type));
}

}  // namespace backfill::file
