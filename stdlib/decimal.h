// SPDX-License-Identifier: Apache-2.0
// Exact decimal arithmetic up to 38 digits. Nothing here rounds unless its name or comment says so; what does
// not fit is nullopt.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "stdlib/value.h"

namespace backfill::stdlib {

constexpr int kMaxDigits = 38;

[[nodiscard]] Int128 power_of_ten(int exponent);  // 0..38
[[nodiscard]] bool fits(Int128 unscaled, int precision);
[[nodiscard]] std::optional<Int128> multiply(Int128 left, Int128 right);  // nullopt past 38 digits
// The same number at another scale; half is rounded away from zero. nullopt past 38 digits.
[[nodiscard]] std::optional<Int128> rescale(Int128 unscaled, int from, int to);
enum class Toward { Zero, Floor, Ceiling, HalfAway, HalfEven };
// unscaled / 10^digits as an integer, rounded as asked. Never overflows. digits may be past 38.
[[nodiscard]] Int128 divide_power(Int128 unscaled, int digits, Toward toward);

// Optional sign, digits, optional point and digits: `-1.50`, `.5`, `5.`; spaces (U+0020) around are fine,
// nothing else is. The scale is the number of digits behind the point as written; more than 38 digits:
// nullopt.
[[nodiscard]] std::optional<Decimal> parse_decimal(std::string_view text);
// All digits of the scale: 1.50, -0.05, 7.
[[nodiscard]] std::string to_string(const Decimal& decimal);
[[nodiscard]] double to_double(const Decimal& decimal);  // nearest

}  // namespace backfill::stdlib
