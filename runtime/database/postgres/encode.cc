// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <cstring>

#include "runtime/database/postgres/addresses.h"
#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/lists.h"
#include "runtime/database/postgres/moment.h"
#include "runtime/database/postgres/wire.h"
#include "stdlib/calendar.h"

namespace backfill::database::postgres {

namespace {

using stdlib::ColumnBuffer;
using stdlib::Kind;

// The digit of `timestamp(3) with time zone`: microseconds in its smallest step.
std::int64_t unit_of(std::string_view stored) {
  const std::size_t open = stored.find('(');
  if (open == std::string_view::npos || open + 1 >= stored.size()) return 1;
  std::int64_t unit = 1;
  for (int digits = stored[open + 1] - '0'; digits < 6; ++digits) unit *= 10;
  return unit;
}

bool put_bytes(std::string& to, const stdlib::Text& text) {
  wire::put_field(to, {text.data, static_cast<std::size_t>(text.size)});
  return true;
}

bool put_text(std::string& to, const stdlib::Text& text) {
  if (text.size > 0 && std::memchr(text.data, 0, static_cast<std::size_t>(text.size)) != nullptr)
    return false;
  return put_bytes(to, text);
}

bool put_jsonb(std::string& to, const stdlib::Text& text) {
  constexpr char kVersion = 1;
  const std::string_view document(text.data, static_cast<std::size_t>(text.size));
  // jsonb holds neither U+0000 nor half of a surrogate pair.
  if (document.find("\\u0000") != std::string_view::npos || document.find("\\ud") != std::string_view::npos)
    return false;
  wire::put(to, static_cast<std::int32_t>(document.size() + 1));
  to += kVersion;
  to += document;
  return true;
}

bool put_uuid(std::string& to, const stdlib::Text& text) {
  std::string bytes;
  int half = -1;
  for (std::int64_t i = 0; i < text.size; ++i) {
    const char c = text.data[i];
    if (c == '-') continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (digit < 0 || digit > 15) return false;
    if (half >= 0) bytes += static_cast<char>(half * 16 + digit);
    half = half >= 0 ? -1 : digit;
  }
  if (bytes.size() != 16) return false;
  wire::put_field(to, std::string_view(bytes));
  return true;
}

template <typename T>
bool put_float(std::string& to, T number) {
  if (!std::isfinite(number)) return false;
  wire::put_field(to, number);
  return true;
}

bool put_moment(std::string& to, std::int64_t instant, std::int64_t unit) {
  if (!stdlib::instant_in_range(instant) || instant % unit != 0) return false;
  wire::put_field(to, instant - kEpoch);
  return true;
}

bool put_interval(std::string& to, std::int64_t microseconds, std::int64_t unit) {
  if (microseconds % unit != 0) return false;
  wire::put(to, std::int32_t{16});
  wire::put(to, microseconds);
  wire::put(to, std::int32_t{0});  // days
  wire::put(to, std::int32_t{0});  // months
  return true;
}

bool put_date(std::string& to, std::int32_t day) {
  if (!stdlib::day_in_range(day)) return false;
  wire::put_field(to, static_cast<std::int32_t>(day - kEpochDay));
  return true;
}

bool put_decimal(std::string& to, const ColumnBuffer& buffer, std::int64_t row) {
  const stdlib::Type& type = buffer.type();
  const bool narrow = stdlib::physical(type) == stdlib::Physical::Int64;
  wire::put_numeric(to, {narrow ? static_cast<stdlib::Int128>(buffer.as<std::int64_t>()[row])
                                : buffer.as<stdlib::Int128>()[row],
                         type.scale});
  return true;
}

std::string_view text_at(const ColumnBuffer& buffer, std::int64_t row) {
  const stdlib::Text& text = buffer.as<stdlib::Text>()[row];
  return {text.data, static_cast<std::size_t>(text.size)};
}

template <typename T>
bool put_number(std::string& to, const ColumnBuffer& buffer, std::int64_t row) {
  wire::put_field(to, buffer.as<T>()[row]);
  return true;
}

}  // namespace

Sent sent_as(const stdlib::Type& type, std::string_view stored) {
  switch (type.kind) {
    case Kind::Bool:
      return {oid::kBool, "bool[]"};
    case Kind::Int16:
      return {oid::kInt16, "int2[]"};
    case Kind::Int32:
      return {oid::kInt32, "int4[]"};
    case Kind::Int64:
      return {oid::kInt64, "int8[]"};
    case Kind::Float32:
      return {oid::kFloat32, "float4[]"};
    case Kind::Float64:
      return {oid::kFloat64, "float8[]"};
    case Kind::Decimal:
      return {oid::kNumeric, "numeric[]"};
    case Kind::Text:
    case Kind::Enum:
      return {.element = oid::kText, .array = "text[]", .is_address = stored == "inet"};
    case Kind::Bytes:
      return {oid::kBytes, "bytea[]"};
    case Kind::Uuid:
      return {oid::kUuid, "uuid[]"};
    case Kind::Date:
      return {oid::kDate, "date[]"};
    case Kind::Time:
      return {oid::kTime, "time[]", unit_of(stored)};
    case Kind::Timestamp:
      return {oid::kTimestamp, "timestamptz[]", unit_of(stored)};
    case Kind::LocalTimestamp:
      return {oid::kLocalTimestamp, "timestamp[]", unit_of(stored)};
    case Kind::Interval:
      return {oid::kInterval, "interval[]", unit_of(stored)};
    case Kind::Json:
      return stored == "json" ? Sent{oid::kJson, "json[]"} : Sent{oid::kJsonb, "jsonb[]"};
    case Kind::List:
      return {element_oid(stored) == 0 ? 0 : oid::kText, "text[]", 1, element_oid(stored)};
    default:
      return {};
  }
}

bool encode(std::string& to, const Sent& sent, const ColumnBuffer& buffer, std::int64_t row) {
  if (!buffer.valid(row)) {
    wire::put_null(to);
    return true;
  }
  if (sent.list_element != 0) return put_array_literal(to, text_at(buffer, row));
  switch (sent.element) {
    case oid::kBool:
      return put_number<std::uint8_t>(to, buffer, row);
    case oid::kInt16:
      return put_number<std::int16_t>(to, buffer, row);
    case oid::kInt32:
      return put_number<std::int32_t>(to, buffer, row);
    case oid::kInt64:
      return put_number<std::int64_t>(to, buffer, row);
    case oid::kFloat32:
      return put_float(to, buffer.as<float>()[row]);
    case oid::kFloat64:
      return put_float(to, buffer.as<double>()[row]);
    case oid::kNumeric:
      return put_decimal(to, buffer, row);
    case oid::kDate:
      return put_date(to, buffer.as<std::int32_t>()[row]);
    case oid::kTime: {
      const std::int64_t time = buffer.as<std::int64_t>()[row];
      return time % sent.unit == 0 && put_number<std::int64_t>(to, buffer, row);
    }
    case oid::kTimestamp:
    case oid::kLocalTimestamp:
      return put_moment(to, buffer.as<std::int64_t>()[row], sent.unit);
    case oid::kInterval:
      return put_interval(to, buffer.as<std::int64_t>()[row], sent.unit);
    case oid::kUuid:
      return put_uuid(to, buffer.as<stdlib::Text>()[row]);
    case oid::kBytes:
      return put_bytes(to, buffer.as<stdlib::Text>()[row]);
    case oid::kJsonb:
      return put_jsonb(to, buffer.as<stdlib::Text>()[row]);
    case oid::kText:
    case oid::kJson:
      return put_text(to, buffer.as<stdlib::Text>()[row]);
    default:
      return false;
  }
}

bool encode_for_copy(std::string& to, const Sent& sent, const ColumnBuffer& buffer, std::int64_t row) {
  if (sent.is_address && buffer.valid(row)) {
    const auto address = address_of_text(text_at(buffer, row));
    if (address) wire::put_field(to, std::string_view(*address));
    return address.has_value();
  }
  if (sent.list_element == 0 || !buffer.valid(row)) return encode(to, sent, buffer, row);
  return put_array(to, text_at(buffer, row), sent.list_element);
}

}  // namespace backfill::database::postgres
