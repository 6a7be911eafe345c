// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_decimal.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "stdlib/decimal.h"

namespace backfill::stdlib::native_decimal {
namespace {

using Unsigned = unsigned __int128;

const Unsigned kLimit = static_cast<Unsigned>(power_of_ten(kMaxDigits));

Unsigned magnitude(Int128 value) {
  return value < 0 ? -static_cast<Unsigned>(value) : static_cast<Unsigned>(value);
}

struct Quotient {
  Unsigned whole;
  Unsigned rest;
};

// One more decimal digit of the quotient. rest < by <= 10^38, so that no sum here passes 128 bits, as ten
// times the rest would.
std::optional<Quotient> next_digit(const Quotient& from, Unsigned by) {
  if (from.whole >= kLimit / 10) return std::nullopt;
  Quotient result{from.whole * 10, 0};
  for (int i = 0; i < 10; ++i) {
    result.rest += from.rest;
    if (result.rest < by) continue;
    result.rest -= by;
    ++result.whole;
  }
  return result;
}

// dividend * 10^digits / divisor with its rest; nullopt past 38 digits.
std::optional<Quotient> quotient(Unsigned dividend, Unsigned divisor, int digits) {
  std::optional<Quotient> result = Quotient{dividend / divisor, dividend % divisor};
  if (digits <= 18 && result->rest < (Unsigned{1} << 64) &&
      result->whole < kLimit / 1'000'000'000'000'000'000U) {
    const auto scale = static_cast<Unsigned>(power_of_ten(digits));  // the rest's digits in one step
    const Unsigned rest = result->rest * scale;
    return Quotient{result->whole * scale + rest / divisor, rest % divisor};
  }
  for (int i = 0; result && i < digits; ++i) result = next_digit(*result, divisor);
  return result;
}

DecimalResult signed_result(Context& context, std::optional<Unsigned> value, bool negative, int precision) {
  if (!value || *value >= kLimit) return fail(context, RowError::Overflow);
  const auto whole = static_cast<Int128>(*value);
  if (!fits(whole, precision)) return fail(context, RowError::Overflow);
  return {negative ? -whole : whole};
}

DecimalResult rounded(Context& context, DecimalArgument value, std::int32_t digits, ResultType result,
                      Toward toward) {
  if (digits < -kMaxDigits || digits > kMaxDigits) return fail(context, RowError::OutOfDomain);
  if (digits >= value.scale) return {value.unscaled};
  const int cut = value.scale - digits;
  const Int128 kept = divide_power(value.unscaled, cut, toward);
  if (kept == 0) return {0};
  if (cut > kMaxDigits) return fail(context, RowError::Overflow);
  const auto unscaled = multiply(kept, power_of_ten(cut));
  if (!unscaled || !fits(*unscaled, result.precision)) return fail(context, RowError::Overflow);
  return {*unscaled};
}

// Half toward zero: a tie is what is left when the half is exactly there.
Toward toward_for_half(const DecimalArgument& value, std::int32_t digits, bool up) {
  const int cut = value.scale - digits;
  if (cut <= 0 || cut > kMaxDigits) return Toward::HalfAway;
  const Unsigned power = static_cast<Unsigned>(power_of_ten(cut));
  const bool tie = magnitude(value.unscaled) % power * 2 == power;
  if (!tie) return Toward::HalfAway;
  return up ? Toward::Ceiling : Toward::Zero;
}

struct Spelling {
  Int128 digits = 0;
  int exponent = 0;
};

// d.ddde+xx as digits * 10^exponent.
Spelling spelling_of(const char* at, const char* end) {
  Spelling out;
  for (bool behind = false; *at != 'e'; ++at) {
    if (*at == '.') {
      behind = true;
      continue;
    }
    out.digits = out.digits * 10 + (*at - '0');
    out.exponent -= behind ? 1 : 0;
  }
  int power = 0;
  std::from_chars(at + (at[1] == '+' ? 2 : 1), end, power);
  out.exponent += power;
  return out;
}

// Is it half way to the next float? Such a number is read as the even one of both; PostgreSQL spells none so.
bool half_way(const Spelling& spelling, double value) {
  Int128 number = spelling.digits;
  for (int k = 0; k < spelling.exponent; ++k) number *= 10;
  const auto exact = static_cast<Int128>(value);
  const Int128 up = static_cast<Int128>(std::nextafter(value, HUGE_VAL)) - exact;
  const Int128 down = exact - static_cast<Int128>(std::nextafter(value, 0.0));
  return (number - exact) * 2 == up || (exact - number) * 2 == down;
}

// The shortest digits between this float's neighbours, and of these the nearest.
Spelling shortest(double value) {
  char text[40];
  Spelling out =
      spelling_of(text, std::to_chars(text, text + sizeof text, value, std::chars_format::scientific).ptr);
  if (value < 9007199254740992.0) return out;  // below 2^53 what lies half way has more digits
  int digits = -1;
  for (Int128 rest = out.digits; rest != 0; rest /= 10) ++digits;
  for (; half_way(out, value); ++digits)
    out = spelling_of(
        text, std::to_chars(text, text + sizeof text, value, std::chars_format::scientific, digits + 1).ptr);
  return out;
}

}  // namespace

DecimalResult divide(Context& context, DecimalArgument dividend, DecimalArgument divisor, ResultType result) {
  if (divisor.unscaled == 0) return fail(context, RowError::DivisionByZero);
  const Unsigned by = magnitude(divisor.unscaled);
  const auto exact =
      quotient(magnitude(dividend.unscaled), by, result.scale - dividend.scale + divisor.scale);
  if (!exact) return fail(context, RowError::Overflow);
  const Unsigned nearest = exact->whole + (exact->rest * 2 >= by ? 1 : 0);
  return signed_result(context, nearest, (dividend.unscaled < 0) != (divisor.unscaled < 0), result.precision);
}

DecimalResult whole_quotient(Context& context, DecimalArgument dividend, DecimalArgument divisor,
                             ResultType result) {
  if (divisor.unscaled == 0) return fail(context, RowError::DivisionByZero);
  const bool negative = (dividend.unscaled < 0) != (divisor.unscaled < 0);
  const int digits = divisor.scale - dividend.scale;
  if (digits >= 0) {
    const auto exact = quotient(magnitude(dividend.unscaled), magnitude(divisor.unscaled), digits);
    return signed_result(context, exact ? std::optional(exact->whole) : std::nullopt, negative,
                         result.precision);
  }
  // Cutting twice is cutting once.
  const Unsigned whole = magnitude(dividend.unscaled) / magnitude(divisor.unscaled);
  return signed_result(context, whole / static_cast<Unsigned>(power_of_ten(-digits)), negative,
                       result.precision);
}

DecimalResult floor_to(Context& context, DecimalArgument value, std::int32_t digits, ResultType result) {
  return rounded(context, value, digits, result, Toward::Floor);
}
DecimalResult ceil_to(Context& context, DecimalArgument value, std::int32_t digits, ResultType result) {
  return rounded(context, value, digits, result, Toward::Ceiling);
}
DecimalResult round_half_up(Context& context, DecimalArgument value, std::int32_t digits, ResultType result) {
  return rounded(context, value, digits, result, toward_for_half(value, digits, true));
}
DecimalResult round_half_down(Context& context, DecimalArgument value, std::int32_t digits,
                              ResultType result) {
  return rounded(context, value, digits, result, toward_for_half(value, digits, false));
}

std::int32_t min_scale(Context&, DecimalArgument value) {
  std::int32_t scale = value.scale;
  for (Int128 rest = value.unscaled; scale > 0 && rest % 10 == 0; rest /= 10) --scale;
  return scale;
}

std::int32_t width_bucket(Context& context, DecimalArgument value, DecimalArgument low, DecimalArgument high,
                          std::int32_t count) {
  const std::int32_t scale = std::max({value.scale, low.scale, high.scale});
  const auto v = rescale(value.unscaled, value.scale, scale);
  const auto from = rescale(low.unscaled, low.scale, scale);
  const auto to = rescale(high.unscaled, high.scale, scale);
  if (!v || !from || !to) return fail(context, RowError::Overflow);
  if (count < 1 || *from >= *to) return fail(context, RowError::OutOfDomain);
  if (*v < *from) return 0;
  if (*v >= *to) {
    if (count == INT32_MAX) return fail(context, RowError::Overflow);
    return count + 1;
  }
  const auto steps = multiply(*v - *from, count);
  if (!steps) return fail(context, RowError::Overflow);
  return static_cast<std::int32_t>(*steps / (*to - *from)) + 1;
}

DecimalResult clamp(Context& context, DecimalArgument value, DecimalArgument low, DecimalArgument high,
                    ResultType result) {
  const Decimal v{value.unscaled, value.scale}, from{low.unscaled, low.scale}, to{high.unscaled, high.scale};
  if (compare(from, to) > 0) return fail(context, RowError::OutOfDomain);
  const Decimal& chosen = compare(v, from) < 0 ? from : compare(v, to) > 0 ? to : v;
  const auto unscaled = rescale(chosen.unscaled, chosen.scale, result.scale);
  if (!unscaled || !fits(*unscaled, result.precision)) return fail(context, RowError::Overflow);
  return {*unscaled};
}

// By the shortest digits that give this float; what a person reads is what is rounded (0.1e0 is 0.1).
DecimalResult from_float64(Context& context, double value, ResultType result) {
  if (!std::isfinite(value) || std::fabs(value) >= 1e38) return fail(context, RowError::Overflow);
  auto [digits, exponent] = shortest(std::fabs(value));
  // Past one digit behind the scale nothing can change the rounding away from zero.
  for (; exponent < -(result.scale + 1); ++exponent) digits /= 10;
  for (; exponent > 0; --exponent) digits *= 10;  // below 1e38: it fits
  if (value < 0) digits = -digits;
  const auto unscaled = rescale(digits, -exponent, result.scale);
  if (!unscaled || !fits(*unscaled, result.precision)) return fail(context, RowError::Overflow);
  return {*unscaled};
}

Text format_thousands(Context& context, DecimalArgument value) {
  std::string text = to_string(Decimal{value.unscaled, value.scale});
  const std::size_t first = text[0] == '-' ? 1 : 0;
  for (std::size_t at = std::min(text.find('.'), text.size()); at > first + 3;) {
    at -= 3;
    text.insert(at, 1, ',');
  }
  return context.arena->copy(text);
}

}  // namespace backfill::stdlib::native_decimal
