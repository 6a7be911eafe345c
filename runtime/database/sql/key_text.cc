// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/key_text.h"

#include <fmt/format.h>

#include <charconv>

#include "runtime/database/sql/quote.h"

namespace backfill::database_sql {

using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

namespace {

std::optional<std::string> unhex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    unsigned byte = 0;
    const auto [end, error] = std::from_chars(digits.data() + i, digits.data() + i + 2, byte, 16);
    if (error != std::errc() || end != digits.data() + i + 2) return std::nullopt;
    out += static_cast<char>(byte);
  }
  return out;
}

std::string decimal_digits(const stdlib::Decimal& decimal) {
  const bool negative = decimal.unscaled < 0;
  unsigned __int128 rest = negative ? -static_cast<unsigned __int128>(decimal.unscaled)
                                    : static_cast<unsigned __int128>(decimal.unscaled);
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  return fmt::format("{}{}e-{}", negative ? "-" : "", digits, decimal.scale);
}

std::optional<Value> parse_decimal(std::string_view text) {
  const std::size_t e = text.find("e-");
  if (e == std::string_view::npos) return std::nullopt;
  stdlib::Decimal decimal;
  const bool negative = text.starts_with('-');
  for (const char c : text.substr(negative ? 1 : 0, e - (negative ? 1 : 0))) {
    if (c < '0' || c > '9') return std::nullopt;
    decimal.unscaled = decimal.unscaled * 10 + (c - '0');
  }
  if (negative) decimal.unscaled = -decimal.unscaled;
  std::from_chars(text.data() + e + 2, text.data() + text.size(), decimal.scale);
  return Value(decimal);
}

std::string element(const Value& value, const Type& type) {
  const auto& v = value.variant();
  if (value.missing()) return "null";
  if (const auto* flag = std::get_if<bool>(&v)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&v)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&v)) return fmt::format("\"{:a}\"", *real);
  if (const auto* decimal = std::get_if<stdlib::Decimal>(&v)) return json_quote(decimal_digits(*decimal));
  if (type.kind == Kind::Bytes) return json_quote(hex(value.text()));
  return json_quote(value.text());
}

// One JSON element from the front of `text`; a text comes without quotes and escapes.
struct Scanned {
  bool quoted = false;
  std::string text;
};
std::optional<Scanned> scan(std::string_view& text) {
  Scanned out;
  if (!text.starts_with('"')) {
    const std::size_t end = text.find_first_of(",]");
    if (end == std::string_view::npos) return std::nullopt;
    out.text = text.substr(0, end);
    text.remove_prefix(end);
    return out;
  }
  out.quoted = true;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return out;
    }
    if (text[i] != '\\') {
      out.text += text[i];
    } else if (++i < text.size() && text[i] == 'u' && i + 4 < text.size()) {
      unsigned code = 0;
      std::from_chars(text.data() + i + 1, text.data() + i + 5, code, 16);
      out.text += static_cast<char>(code);  // we escape only below 0x20
      i += 4;
    } else if (i < text.size()) {
      out.text += text[i];
    }
  }
  return std::nullopt;
}

std::optional<Value> typed(const Scanned& scanned, const Type& type) {
  if (!scanned.quoted) {
    if (scanned.text == "true" || scanned.text == "false") return Value(scanned.text == "true");
    std::int64_t number = 0;
    const char* end = scanned.text.data() + scanned.text.size();
    const auto [rest, error] = std::from_chars(scanned.text.data(), end, number);
    if (error != std::errc() || rest != end) return std::nullopt;
    return Value(number);
  }
  if (type.kind == Kind::Decimal) return parse_decimal(scanned.text);
  if (stdlib::is_float(type.kind)) return Value(std::strtod(scanned.text.c_str(), nullptr));
  if (type.kind == Kind::Bytes) {
    auto bytes = unhex(scanned.text);
    if (!bytes) return std::nullopt;
    return Value(std::move(*bytes));
  }
  return Value(scanned.text);
}

}  // namespace

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string key_text(const database::Key& key, const std::vector<Type>& types) {
  if (key.empty()) return {};
  std::string out = "[";
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i > 0) out += ",";
    out += element(key[i], types[i]);
  }
  return out + "]";
}

std::optional<database::Key> parse_key(std::string_view text, const std::vector<Type>& types) {
  if (text.empty()) return database::Key{};
  if (!text.starts_with('[')) return std::nullopt;
  database::Key key;
  for (const Type& type : types) {
    text.remove_prefix(1);  // '[' or ','
    const auto scanned = scan(text);
    if (!scanned || text.empty()) return std::nullopt;
    auto value = typed(*scanned, type);
    if (!value) return std::nullopt;
    key.push_back(std::move(*value));
  }
  if (text != "]") return std::nullopt;
  return key;
}

std::vector<Type> key_types(const ir::Backfill& backfill) {
  std::vector<Type> types;
  for (const int column : backfill.key)
    types.push_back(backfill.table->columns[static_cast<std::size_t>(column)].type);
  return types;
}

}  // namespace backfill::database_sql
