// SPDX-License-Identifier: Apache-2.0
#include "stdlib/sqlite_form.h"

#include <fmt/format.h>

#include "stdlib/decimal.h"

namespace backfill::stdlib::sqlite_form {

namespace {

constexpr std::string_view kExact = "BETWEEN -999999999999999 AND 999999999999999";

std::int64_t power(int scale) {
  return static_cast<std::int64_t>(power_of_ten(scale));
}

// Is what stands in the hole a decimal of that scale? A column may hold anything.
std::string is_decimal(int hole, const std::string& whole, int scale) {
  return fmt::format("{{{}:41}} = {}", hole, of_whole_number(whole, scale));
}

// A product that is exact has exact factors, or is 0; of a sum that says nothing.
std::string arithmetic(Inline op, std::span<const Type> types, const Type& result) {
  const std::string left = whole_number("{0:80}", types[0].scale);
  const std::string right = whole_number("{1:80}", types[1].scale);
  const char sign = op == Inline::Multiply ? '*' : op == Inline::Add ? '+' : '-';
  std::string number = fmt::format("{} {} {}", left, sign, right), fits;
  if (op != Inline::Multiply) {
    number = fmt::format("({})", number);
    fits = fmt::format(" AND {} {} AND {} {}", left, kExact, right, kExact);
  }
  return fmt::format("CASE WHEN {} {}{} AND {} AND {} THEN {} END", number, kExact, fits,
                     is_decimal(0, left, types[0].scale), is_decimal(1, right, types[1].scale),
                     of_whole_number(number, result.scale));
}

int digits_of(Kind kind) {
  return kind == Kind::Int16 ? 5 : kind == Kind::Int32 ? 10 : 19;
}

}  // namespace

std::string whole_number(std::string_view value, int scale) {
  if (scale == 0) return fmt::format("CAST({} AS INTEGER)", value);
  return fmt::format("CAST(round({} * {}.0) AS INTEGER)", value, power(scale));
}

std::string of_whole_number(std::string_view whole, int scale) {
  return scale == 0 ? std::string(whole) : fmt::format("{} / {}.0", whole, power(scale));
}

std::string decimal_call(const Function& function, std::span<const Type> types, const Type& result) {
  if (result.kind != Kind::Decimal || result.scale > kExactDigits || types.empty()) return {};
  const bool arithmetical = function.inlined == Inline::Add || function.inlined == Inline::Subtract ||
                            function.inlined == Inline::Multiply;
  if (types.size() == 2 && arithmetical) return arithmetic(function.inlined, types, result);
  const bool widens = types.size() == 1 && function.name == "as" && is_integer(types[0].kind) &&
                      result.precision - result.scale >= digits_of(types[0].kind);
  return widens ? "{0:100}" : "";
}

}  // namespace backfill::stdlib::sqlite_form
