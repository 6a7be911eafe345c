// SPDX-License-Identifier: Apache-2.0
// The language's types. `optional` is part of the type: `int64?` may be missing.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace backfill::stdlib {

enum class Kind : std::uint8_t {
  Missing,  // the literal `missing` alone: fits every optional type
  Bool,
  Int16,
  Int32,
  Int64,
  Float32,
  Float64,
  Decimal,
  Text,
  Bytes,
  Date,            // days since 1970-01-01
  Time,            // microseconds since midnight
  Timestamp,       // an instant: microseconds since 1970-01-01 UTC
  LocalTimestamp,  // the same, without a zone
  Interval,
  Uuid,
  Json,
  Enum,
  List,
  Opaque,  // a schema type that may be carried but not computed with
  Error,   // already reported; fits everything
};

struct Type {
  Kind kind = Kind::Error;
  bool optional = false;
  std::uint8_t precision = 0;                              // Decimal: digits in all, 1..38
  std::uint8_t scale = 0;                                  // Decimal: digits behind the point
  std::uint32_t max_length = 0;                            // Text: characters, Bytes: bytes; 0 = not limited
  std::shared_ptr<const std::vector<std::string>> labels;  // Enum
  std::shared_ptr<const Type> element;                     // List
  std::string name;                                        // Enum, Opaque: as the schema spells it

  [[nodiscard]] Type required() const;    // the same, not optional
  [[nodiscard]] Type or_missing() const;  // the same, optional
  friend bool operator==(const Type& left, const Type& right);
};

[[nodiscard]] Type make(Kind kind);
[[nodiscard]] Type decimal(int precision, int scale);
[[nodiscard]] Type text(std::uint32_t max_length = 0);
[[nodiscard]] Type list_of(Type element);

[[nodiscard]] bool is_integer(Kind kind);
[[nodiscard]] bool is_float(Kind kind);
[[nodiscard]] bool is_number(Kind kind);  // integer, float or decimal
// As a spec writes it: `decimal(10, 2)?`, `text`, `int64`.
[[nodiscard]] std::string to_string(const Type& type);

// How a value of the type lies in a column of a batch and in a register (abi.h).
enum class Physical : std::uint8_t { Bool, Int16, Int32, Int64, Int128, Float32, Float64, Text };
// Decimal: Int64 up to 18 digits, else Int128. Date: Int32. Timestamps, Time: Int64. Enum, Bytes, Uuid: Text.
// Json and List: Text, as canonical JSON (json.h).
[[nodiscard]] Physical physical(const Type& type);
[[nodiscard]] std::size_t width(Physical physical);  // bytes of one value; 16 for Text

}  // namespace backfill::stdlib
