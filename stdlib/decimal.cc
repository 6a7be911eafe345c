// SPDX-License-Identifier: Apache-2.0
#include "stdlib/decimal.h"

#include <algorithm>

#include <array>
#include <charconv>

#include "stdlib/bug.h"

namespace backfill::stdlib {
namespace {

using Unsigned128 = unsigned __int128;

constexpr std::array<Int128, kMaxDigits + 1> kPowers = [] {
  std::array<Int128, kMaxDigits + 1> powers{};
  powers[0] = 1;
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

Unsigned128 magnitude(Int128 value) {
  return value < 0 ? Unsigned128{0} - static_cast<Unsigned128>(value) : static_cast<Unsigned128>(value);
}

int digits_of(Int128 value) {
  int digits = 0;
  while (digits < kMaxDigits && magnitude(value) >= magnitude(kPowers[static_cast<std::size_t>(digits)]))
    ++digits;
  return digits;
}

std::string_view strip_spaces(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Whether the remainder of a division by 10^digits rounds the quotient one further from zero.
bool away(Int128 quotient, Int128 remainder, Int128 divisor, Toward toward) {
  if (remainder == 0) return false;
  const Unsigned128 rest = magnitude(remainder);
  const Unsigned128 other = magnitude(divisor) - rest;
  switch (toward) {
    case Toward::Zero:
      return false;
    case Toward::Floor:
      return remainder < 0;
    case Toward::Ceiling:
      return remainder > 0;
    case Toward::HalfAway:
      return rest >= other;
    case Toward::HalfEven:
      return rest > other || (rest == other && quotient % 2 != 0);
  }
  return false;
}

}  // namespace

Int128 power_of_ten(int exponent) {
  BACKFILL_CHECK(exponent >= 0 && exponent <= kMaxDigits, "power of ten out of range");
  return kPowers[static_cast<std::size_t>(exponent)];
}

bool fits(Int128 unscaled, int precision) {
  const Int128 limit = power_of_ten(precision);
  return unscaled < limit && unscaled > -limit;
}

std::optional<Int128> multiply(Int128 left, Int128 right) {
  Int128 product = 0;
  if (__builtin_mul_overflow(left, right, &product) || !fits(product, kMaxDigits)) return std::nullopt;
  return product;
}

Int128 divide_power(Int128 unscaled, int digits, Toward toward) {
  if (digits <= 0) return unscaled;
  if (digits > kMaxDigits) {  // |unscaled| < 10^38 is less than half of one
    if (toward == Toward::Floor && unscaled < 0) return -1;
    return toward == Toward::Ceiling && unscaled > 0 ? 1 : 0;
  }
  const Int128 divisor = power_of_ten(digits);
  const Int128 quotient = unscaled / divisor;
  const Int128 remainder = unscaled % divisor;
  if (!away(quotient, remainder, divisor, toward)) return quotient;
  return unscaled < 0 ? quotient - 1 : quotient + 1;
}

std::optional<Int128> rescale(Int128 unscaled, int from, int to) {
  if (to <= from) return divide_power(unscaled, from - to, Toward::HalfAway);
  if (unscaled == 0) return Int128{0};
  if (to - from > kMaxDigits) return std::nullopt;
  return multiply(unscaled, power_of_ten(to - from));
}

std::optional<Decimal> parse_decimal(std::string_view text) {
  text = strip_spaces(text);
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  Decimal result;
  bool point = false;
  int digits = 0;
  for (const char c : text) {
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    ++digits;
    if (!fits(result.unscaled, kMaxDigits - 1)) return std::nullopt;
    result.unscaled = result.unscaled * 10 + (c - '0');
    if (point && ++result.scale > kMaxDigits) return std::nullopt;
  }
  if (digits == 0) return std::nullopt;
  if (negative) result.unscaled = -result.unscaled;
  return result;
}

std::string to_string(const Decimal& decimal) {
  std::string digits;
  Unsigned128 rest = magnitude(decimal.unscaled);
  const auto scale = static_cast<std::size_t>(decimal.scale);
  while (rest != 0 || digits.size() <= scale) {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  }
  std::string result = decimal.unscaled < 0 ? "-" : "";
  for (std::size_t i = digits.size(); i-- > 0;) {
    result.push_back(digits[i]);
    if (i == scale && scale != 0) result.push_back('.');
  }
  return result;
}

double to_double(const Decimal& decimal) {
  const std::string digits = to_string(decimal);
  double result = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), result);
  return result;
}

std::strong_ordering compare(const Decimal& left, const Decimal& right) {
  const int scale = std::max(left.scale, right.scale);
  if (left.scale == right.scale) return left.unscaled <=> right.unscaled;
  const bool left_is_coarse = left.scale < scale;
  const Decimal& coarse = left_is_coarse ? left : right;
  const Int128 fine = left_is_coarse ? right.unscaled : left.unscaled;
  const int gap = scale - coarse.scale;
  std::strong_ordering order = std::strong_ordering::equal;  // of coarse to fine
  // A coarse number too great for the finer scale is further from zero than any fine one can be.
  if (coarse.unscaled != 0 && (gap > kMaxDigits || digits_of(coarse.unscaled) + gap > kMaxDigits)) {
    order = coarse.unscaled <=> Int128{0};
  } else {
    order = (coarse.unscaled == 0 ? Int128{0} : coarse.unscaled * power_of_ten(gap)) <=> fine;
  }
  return left_is_coarse ? order : 0 <=> order;
}

}  // namespace backfill::stdlib
