// SPDX-License-Identifier: Apache-2.0
#include "stdlib/type.h"

#include <fmt/format.h>

#include "stdlib/bug.h"

namespace backfill::stdlib {
namespace {

std::string_view plain_name(Kind kind) {
  switch (kind) {
    case Kind::Missing:
      return "missing";
    case Kind::Bool:
      return "bool";
    case Kind::Int16:
      return "int16";
    case Kind::Int32:
      return "int32";
    case Kind::Int64:
      return "int64";
    case Kind::Float32:
      return "float32";
    case Kind::Float64:
      return "float64";
    case Kind::Decimal:
      return "decimal";
    case Kind::Text:
      return "text";
    case Kind::Bytes:
      return "bytes";
    case Kind::Date:
      return "date";
    case Kind::Time:
      return "time";
    case Kind::Timestamp:
      return "timestamp";
    case Kind::LocalTimestamp:
      return "local_timestamp";
    case Kind::Interval:
      return "interval";
    case Kind::Uuid:
      return "uuid";
    case Kind::Json:
      return "json";
    case Kind::Enum:
      return "enum";
    case Kind::List:
      return "list";
    case Kind::Opaque:
      return "opaque";
    case Kind::Error:
      return "error";
  }
  return "?";
}

bool same_labels(const Type& left, const Type& right) {
  if (left.labels == right.labels) return true;
  return left.labels && right.labels && *left.labels == *right.labels;
}

bool same_element(const Type& left, const Type& right) {
  if (left.element == right.element) return true;
  return left.element && right.element && *left.element == *right.element;
}

}  // namespace

Type Type::required() const {
  Type result = *this;
  result.optional = false;
  return result;
}

Type Type::or_missing() const {
  Type result = *this;
  result.optional = true;
  return result;
}

bool operator==(const Type& left, const Type& right) {
  return left.kind == right.kind && left.optional == right.optional && left.precision == right.precision &&
         left.scale == right.scale && left.max_length == right.max_length && left.name == right.name &&
         same_labels(left, right) && same_element(left, right);
}

Type make(Kind kind) {
  Type type;
  type.kind = kind;
  return type;
}

Type decimal(int precision, int scale) {
  BACKFILL_CHECK(precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision,
                 "decimal out of range");
  Type type = make(Kind::Decimal);
  type.precision = static_cast<std::uint8_t>(precision);
  type.scale = static_cast<std::uint8_t>(scale);
  return type;
}

Type text(std::uint32_t max_length) {
  Type type = make(Kind::Text);
  type.max_length = max_length;
  return type;
}

Type list_of(Type element) {
  Type type = make(Kind::List);
  type.element = std::make_shared<const Type>(std::move(element));
  return type;
}

bool is_integer(Kind kind) {
  return kind == Kind::Int16 || kind == Kind::Int32 || kind == Kind::Int64;
}
bool is_float(Kind kind) {
  return kind == Kind::Float32 || kind == Kind::Float64;
}
bool is_number(Kind kind) {
  return is_integer(kind) || is_float(kind) || kind == Kind::Decimal;
}

std::string to_string(const Type& type) {
  std::string result(plain_name(type.kind));
  if (type.kind == Kind::Decimal && type.precision != 0) {
    result += fmt::format("({}, {})", type.precision, type.scale);
  } else if (type.kind == Kind::List && type.element) {
    result = fmt::format("[{}]", to_string(*type.element));
  } else if (!type.name.empty() && (type.kind == Kind::Enum || type.kind == Kind::Opaque)) {
    result = type.name;
  }
  if (type.optional) result += '?';
  return result;
}

Physical physical(const Type& type) {
  switch (type.kind) {
    case Kind::Missing:
    case Kind::Bool:
      return Physical::Bool;
    case Kind::Int16:
      return Physical::Int16;
    case Kind::Int32:
    case Kind::Date:
      return Physical::Int32;
    case Kind::Int64:
    case Kind::Time:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
    case Kind::Interval:
      return Physical::Int64;
    case Kind::Float32:
      return Physical::Float32;
    case Kind::Float64:
      return Physical::Float64;
    case Kind::Decimal:
      return type.precision <= 18 ? Physical::Int64 : Physical::Int128;
    default:
      return Physical::Text;
  }
}

std::size_t width(Physical physical) {
  switch (physical) {
    case Physical::Bool:
      return 1;
    case Physical::Int16:
      return 2;
    case Physical::Int32:
    case Physical::Float32:
      return 4;
    case Physical::Int64:
    case Physical::Float64:
      return 8;
    case Physical::Int128:
    case Physical::Text:
      return 16;
  }
  return 16;
}

}  // namespace backfill::stdlib
