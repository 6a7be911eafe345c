// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/lists.h"

#include <array>
#include <charconv>

#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/wire.h"
#include "stdlib/json.h"

namespace backfill::database::postgres {

namespace {

namespace json = stdlib::json;
using stdlib::Kind;

struct ElementType {
  std::string_view array;
  Oid oid;
  Kind kind;
};
constexpr std::array kElements = {
    ElementType{"text[]", oid::kText, Kind::Text},
    ElementType{"character varying[]", oid::kVarchar, Kind::Text},
    ElementType{"boolean[]", oid::kBool, Kind::Bool},
    ElementType{"smallint[]", oid::kInt16, Kind::Int16},
    ElementType{"integer[]", oid::kInt32, Kind::Int32},
    ElementType{"bigint[]", oid::kInt64, Kind::Int64},
};

const ElementType* element_of(std::string_view spelled) {
  for (const ElementType& element : kElements)
    if (element.array == spelled) return &element;
  // Of a limited length: the server refuses what is longer.
  if (spelled.starts_with("character varying(") && spelled.ends_with(")[]")) return &kElements[1];
  return nullptr;
}

// Takes its fields off the front of an array's bytes.
class Fields {
 public:
  explicit Fields(std::string_view bytes) : rest_(bytes) {}
  std::optional<std::int32_t> number() {
    if (rest_.size() < 4) return std::nullopt;
    const auto value = wire::get<std::int32_t>(rest_.data());
    rest_.remove_prefix(4);
    return value;
  }
  // Null data: NULL.
  std::optional<std::string_view> field() {
    const auto size = number();
    if (size == -1) return std::string_view();
    if (!size || *size < 0 || rest_.size() < static_cast<std::size_t>(*size)) return std::nullopt;
    const std::string_view bytes(rest_.data(), static_cast<std::size_t>(*size));
    rest_.remove_prefix(bytes.size());
    return bytes;
  }

 private:
  std::string_view rest_;
};

std::optional<std::string> json_of(std::string_view bytes, Kind kind) {
  switch (kind) {
    case Kind::Bool:
      return bytes[0] != 0 ? "true" : "false";
    case Kind::Int16:
      return std::to_string(wire::get<std::int16_t>(bytes.data()));
    case Kind::Int32:
      return std::to_string(wire::get<std::int32_t>(bytes.data()));
    case Kind::Int64:
      return std::to_string(wire::get<std::int64_t>(bytes.data()));
    case Kind::Text:
      return json::quoted(bytes);
    default:
      return std::nullopt;
  }
}

template <typename T>
bool put_integer(std::string& to, std::string_view digits) {
  T value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, value);
  if (error != std::errc() || stop != end) return false;
  wire::put_field(to, value);
  return true;
}

bool put_text(std::string& to, std::string_view element) {
  if (json::type_of(element) != json::Type::String) return false;
  const auto text = json::unquoted(element);
  if (!text || text->find('\0') != std::string::npos) return false;
  wire::put_field(to, std::string_view(*text));
  return true;
}

bool put_element(std::string& to, std::string_view element, Oid type) {
  if (element == "null") {
    wire::put_null(to);
    return true;
  }
  switch (type) {
    case oid::kBool:
      if (json::type_of(element) != json::Type::Boolean) return false;
      wire::put_field(to, static_cast<std::uint8_t>(element == "true" ? 1 : 0));
      return true;
    case oid::kInt16:
      return put_integer<std::int16_t>(to, element);
    case oid::kInt32:
      return put_integer<std::int32_t>(to, element);
    case oid::kInt64:
      return put_integer<std::int64_t>(to, element);
    default:
      return put_text(to, element);
  }
}

// Every element in quotes: NULL in quotes is a text.
bool put_literal(std::string& to, std::string_view element) {
  if (element == "null") {
    to += "NULL";
    return true;
  }
  std::optional<std::string> text(element);
  const json::Type type = json::type_of(element);
  if (type == json::Type::String) text = json::unquoted(element);
  const bool plain = type == json::Type::String || type == json::Type::Number || type == json::Type::Boolean;
  if (!plain || !text || text->find('\0') != std::string::npos) return false;
  to += '"';
  for (const char c : *text) {
    if (c == '"' || c == '\\') to += '\\';
    to += c;
  }
  to += '"';
  return true;
}

}  // namespace

std::optional<stdlib::Type> list_element(std::string_view spelled) {
  const ElementType* const element = element_of(spelled);
  if (element == nullptr) return std::nullopt;
  return element->kind == Kind::Text ? stdlib::text() : stdlib::make(element->kind);
}

Oid element_oid(std::string_view spelled) {
  const ElementType* const element = element_of(spelled);
  return element == nullptr ? 0 : element->oid;
}

std::optional<std::string> list_of_array(std::string_view bytes, const stdlib::Type& element) {
  Fields fields(bytes);
  const auto dimensions = fields.number(), flags = fields.number(), type = fields.number();
  if (!dimensions || !flags || !type) return std::nullopt;
  if (*dimensions == 0) return "[]";
  const auto count = fields.number(), first = fields.number();
  if (*dimensions != 1 || !count || !first) return std::nullopt;
  std::string list = "[";
  for (std::int32_t i = 0; i < *count; ++i) {
    const auto field = fields.field();
    if (!field) return std::nullopt;
    const auto value = field->data() == nullptr ? "null" : json_of(*field, element.kind);
    if (!value) return std::nullopt;
    if (i > 0) list += ',';
    list += *value;
  }
  return list + ']';
}

bool put_array(std::string& to, std::string_view list, Oid element) {
  std::string elements;
  std::int64_t count = 0;
  bool fits = json::type_of(list) == json::Type::Array;
  if (!fits) return false;
  json::each_element(list, [&](std::string_view one) {
    ++count;
    return fits = put_element(elements, one, element);
  });
  if (!fits) return false;
  wire::put_field(to, std::string_view(wire::array_header(element, count).append(elements)));
  return true;
}

bool put_array_literal(std::string& to, std::string_view list) {
  std::string literal = "{";
  bool fits = json::type_of(list) == json::Type::Array;
  if (!fits) return false;
  json::each_element(list, [&](std::string_view one) {
    if (literal.size() > 1) literal += ',';
    return fits = put_literal(literal, one);
  });
  if (!fits) return false;
  wire::put_field(to, std::string_view(literal + '}'));
  return true;
}

}  // namespace backfill::database::postgres
