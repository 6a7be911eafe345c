// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/declared_type.h"

#include <charconv>

namespace backfill::database::sqlite {

namespace {

using stdlib::Kind;
using stdlib::Type;

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return result;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// The numbers in parentheses: (10, 2). `count` is 0 where there are none, -1 where they are not plain
// numbers.
struct Digits {
  int count = 0;
  std::uint32_t first = 0, second = 0;
};

bool parse_number(std::string_view text, std::uint32_t& number) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

Digits digits(std::string_view type) {
  const std::size_t open = type.find('(');
  if (open == std::string_view::npos) return {};
  const std::size_t close = type.find(')', open);
  if (close == std::string_view::npos) return {-1};
  const std::string_view inside = type.substr(open + 1, close - open - 1);
  const std::size_t comma = inside.find(',');
  Digits result;
  if (!parse_number(inside.substr(0, comma), result.first)) return {-1};
  result.count = 1;
  if (comma == std::string_view::npos) return result;
  if (!parse_number(inside.substr(comma + 1), result.second)) return {-1};
  result.count = 2;
  return result;
}

// The name before the parentheses, without blanks at its end.
std::string_view base(std::string_view type) {
  type = type.substr(0, type.find('('));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type;
}

Type opaque(std::string_view sql_type) {
  Type type = stdlib::make(Kind::Opaque);
  type.name = std::string(sql_type);
  return type;
}

Type numeric(std::string_view sql_type, std::string_view name, const Digits& size) {
  if (name == "JSON" || name == "JSONB") return stdlib::make(Kind::Json);
  if (name == "BOOL" || name == "BOOLEAN") return stdlib::make(Kind::Bool);
  if (name == "DATE") return stdlib::make(Kind::Date);
  if (name == "DATETIME" || name == "TIMESTAMP") return stdlib::make(Kind::Timestamp);
  const bool is_decimal = name == "DECIMAL" || name == "NUMERIC" || name == "DEC";
  if (is_decimal && size.count >= 1 && size.first >= 1 && size.first <= 38 && size.second <= size.first)
    return stdlib::decimal(static_cast<int>(size.first), static_cast<int>(size.second));
  return opaque(sql_type);
}

}  // namespace

// In the order in which SQLite decides the affinity, so that the type is one that the column can hold.
Type declared_type(std::string_view sql_type) {
  const std::string type = upper(sql_type);
  const Digits size = digits(type);
  if (type.empty()) return opaque("(no type)");
  if (contains(type, "INT")) return stdlib::make(Kind::Int64);
  if (contains(type, "CHAR") || contains(type, "CLOB") || contains(type, "TEXT"))
    return stdlib::text(size.count == 1 ? size.first : 0);
  if (contains(type, "BLOB")) return stdlib::make(Kind::Bytes);
  if (contains(type, "REAL") || contains(type, "FLOA") || contains(type, "DOUB"))
    return stdlib::make(Kind::Float64);
  return numeric(sql_type, base(type), size);
}

}  // namespace backfill::database::sqlite
