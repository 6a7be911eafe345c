// SPDX-License-Identifier: Apache-2.0
// One value of the language, as the reference evaluator, literals, tests and diagnostics hold it. Slow and
// plain.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "stdlib/type.h"

namespace backfill::stdlib {

using Int128 = __int128;

// unscaled / 10^scale, exact. Equality is of the number: 1.50 = 1.5.
struct Decimal {
  Int128 unscaled = 0;
  int scale = 0;
};
[[nodiscard]] std::strong_ordering compare(const Decimal& left, const Decimal& right);
inline bool operator==(const Decimal& left, const Decimal& right) {
  return compare(left, right) == 0;
}

// The alternative follows from the type: Bool: bool; integers, Date, Time, timestamps: int64_t;
// floats: double; Decimal: Decimal; Text, Bytes, Uuid, Json, Enum: string; missing: monostate.
class Value {
 public:
  using Variant = std::variant<std::monostate, bool, std::int64_t, double, Decimal, std::string>;

  Value() = default;
  template <typename T>
  Value(T value) : value_(std::move(value)) {}

  [[nodiscard]] bool missing() const { return value_.index() == 0; }
  [[nodiscard]] bool boolean() const { return std::get<bool>(value_); }
  [[nodiscard]] std::int64_t integer() const { return std::get<std::int64_t>(value_); }
  [[nodiscard]] double number() const { return std::get<double>(value_); }
  [[nodiscard]] const Decimal& decimal() const { return std::get<Decimal>(value_); }
  [[nodiscard]] const std::string& text() const { return std::get<std::string>(value_); }
  [[nodiscard]] const Variant& variant() const { return value_; }

  // Same value, where missing is the same as missing (IS NOT DISTINCT FROM); floats by bits but -0 = 0.
  friend bool operator==(const Value& left, const Value& right);

 private:
  Variant value_;
};

// As a spec writes the literal: 'it''s', 1.50, date '2024-01-31', missing. Decimals show the type's scale.
[[nodiscard]] std::string literal(const Value& value, const Type& type);
// As people read it and as text conversion gives it: it's, 1.50, 2024-01-31.
[[nodiscard]] std::string display(const Value& value, const Type& type);

}  // namespace backfill::stdlib
