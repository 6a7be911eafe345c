// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cmath>

#include "runtime/database/postgres/addresses.h"
#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/lists.h"
#include "runtime/database/postgres/moment.h"
#include "runtime/database/postgres/wire.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/json.h"

namespace backfill::database::postgres {

namespace {

using stdlib::ColumnBuffer;
using stdlib::Kind;
using stdlib::RowError;

struct Slot {
  ColumnBuffer& buffer;
  std::int64_t row;
  stdlib::Arena& arena;

  template <typename T>
  bool set(T value) const {
    buffer.as<T>()[row] = value;
    return true;
  }
  [[nodiscard]] bool set_text(std::string_view text) const {
    buffer.as<stdlib::Text>()[row] = arena.copy(text);
    return true;
  }
};

template <typename T>
bool set_float(const Slot& slot, std::string_view bytes) {
  const T number = wire::get<T>(bytes.data());
  return std::isfinite(number) && slot.set(number);
}

bool set_decimal(const Slot& slot, std::string_view bytes) {
  const stdlib::Type& type = slot.buffer.type();
  const auto unscaled = wire::numeric(bytes, type.scale);
  if (!unscaled || !stdlib::fits(*unscaled, type.precision)) return false;
  if (stdlib::physical(type) == stdlib::Physical::Int64)
    return slot.set(static_cast<std::int64_t>(*unscaled));
  return slot.set(*unscaled);
}

bool set_date(const Slot& slot, std::string_view bytes) {
  const std::int64_t day = std::int64_t{wire::get<std::int32_t>(bytes.data())} + kEpochDay;
  return stdlib::day_in_range(day) && slot.set(static_cast<std::int32_t>(day));
}

bool set_moment(const Slot& slot, std::string_view bytes) {
  std::int64_t instant = 0;
  if (__builtin_add_overflow(wire::get<std::int64_t>(bytes.data()), kEpoch, &instant)) return false;
  return stdlib::instant_in_range(instant) && slot.set(instant);
}

// An interval of ours is exact: months have no length, a day here is 24 hours (as in PostgreSQL's own =).
bool set_interval(const Slot& slot, std::string_view bytes) {
  const auto days = wire::get<std::int32_t>(bytes.data() + 8);
  const auto months = wire::get<std::int32_t>(bytes.data() + 12);
  std::int64_t sum = 0;
  if (months != 0 || __builtin_add_overflow(days * stdlib::kDay, wire::get<std::int64_t>(bytes.data()), &sum))
    return false;
  return slot.set(sum);
}

bool set_json(const Slot& slot, std::string_view bytes, Oid type) {
  if (type == oid::kJsonb) bytes.remove_prefix(1);  // its version
  const auto document = stdlib::json::canonical(bytes);
  return document && slot.set_text(*document);
}

// A stored one is an array, what a query makes is JSON.
bool set_list(const Slot& slot, std::string_view bytes, Oid type) {
  if (type == oid::kJsonb) return set_json(slot, bytes, type);
  const auto list = list_of_array(bytes, *slot.buffer.type().element);
  return list && slot.set_text(*list);
}

// As text of the language: 32 digits in five groups.
bool set_uuid(const Slot& slot, std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return slot.set_text(text);
}

// True if the value fits; the slot is filled then.
bool set(const Slot& slot, std::string_view bytes, Oid type) {
  switch (slot.buffer.type().kind) {
    case Kind::Bool:
      return slot.set(static_cast<std::uint8_t>(bytes[0] != 0 ? 1 : 0));
    case Kind::Int16:
      return slot.set(wire::get<std::int16_t>(bytes.data()));
    case Kind::Int32:
      return slot.set(wire::get<std::int32_t>(bytes.data()));
    case Kind::Int64:
      return slot.set(wire::get<std::int64_t>(bytes.data()));
    case Kind::Float32:
      return set_float<float>(slot, bytes);
    case Kind::Float64:
      return set_float<double>(slot, bytes);
    case Kind::Decimal:
      return set_decimal(slot, bytes);
    case Kind::Date:
      return set_date(slot, bytes);
    case Kind::Time:
      return slot.set(wire::get<std::int64_t>(bytes.data()));
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return set_moment(slot, bytes);
    case Kind::Interval:
      return set_interval(slot, bytes);
    case Kind::Json:
      return set_json(slot, bytes, type);
    case Kind::Uuid:
      return set_uuid(slot, bytes);
    case Kind::List:
      return set_list(slot, bytes, type);
    case Kind::Text: {
      if (type != oid::kInet) return slot.set_text(bytes);
      const auto address = text_of_address(bytes);
      return address && slot.set_text(*address);
    }
    default:  // bytes, enum; of an opaque type only whether it is there
      return slot.set_text(bytes);
  }
}

// What the schema's type sends, so that no field is read as another's bytes.
bool is_expected(Kind kind, Oid type) {
  switch (kind) {
    case Kind::Bool:
      return type == oid::kBool;
    case Kind::Int16:
      return type == oid::kInt16;
    case Kind::Int32:
      return type == oid::kInt32;
    case Kind::Int64:
      return type == oid::kInt64;
    case Kind::Float32:
      return type == oid::kFloat32;
    case Kind::Float64:
      return type == oid::kFloat64;
    case Kind::Decimal:
      return type == oid::kNumeric;
    case Kind::Date:
      return type == oid::kDate;
    case Kind::Time:
      return type == oid::kTime;
    case Kind::Timestamp:
      return type == oid::kTimestamp;
    case Kind::LocalTimestamp:
      return type == oid::kLocalTimestamp;
    case Kind::Interval:
      return type == oid::kInterval;
    case Kind::Json:
      return type == oid::kJson || type == oid::kJsonb;
    case Kind::Uuid:
      return type == oid::kUuid;
    case Kind::Bytes:
      return type == oid::kBytes;
    default:
      return true;
  }
}

std::string what_it_holds(Kind kind) {
  switch (kind) {
    case Kind::Float32:
    case Kind::Float64:
      return "infinity or no number";
    case Kind::Decimal:
      return "a number that has more digits than its type, or none";
    case Kind::Date:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return "infinity, or a year outside 1..9999";
    case Kind::Interval:
      return "an interval with months, which have no length";
    case Kind::List:
      return "an array of several dimensions";
    case Kind::Json:
      return "a document beyond the limits of depth, size or digits";
    default:
      return "a value of another type";
  }
}

// char(n): its padding is no part of the value, for PostgreSQL neither where it compares or converts it.
std::string_view value_of(std::string_view bytes, Oid type) {
  if (type == oid::kPaddedText)
    while (bytes.ends_with(' ')) bytes.remove_suffix(1);
  return bytes;
}

}  // namespace

std::optional<Unfit> decode(const PGresult* result, int row_of_result, int at, const schema::Column& column,
                            ColumnBuffer& buffer, std::int64_t row, stdlib::Arena& arena) {
  if (PQgetisnull(result, row_of_result, at) != 0) {
    buffer.set_missing(row);
    return std::nullopt;
  }
  const std::string_view bytes(PQgetvalue(result, row_of_result, at),
                               static_cast<std::size_t>(PQgetlength(result, row_of_result, at)));
  const Oid type = PQftype(result, at);
  if (is_expected(buffer.type().kind, type) && set({buffer, row, arena}, value_of(bytes, type), type)) {
    buffer.out().valid[row] = 1;
    return std::nullopt;
  }
  buffer.set_missing(row);
  return Unfit{RowError::Unreadable,
               fmt::format("`{}` holds {}, {} was expected", column.name, what_it_holds(buffer.type().kind),
                           stdlib::to_string(column.type.required()))};
}

}  // namespace backfill::database::postgres
