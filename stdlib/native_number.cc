// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_number.h"

#include <cmath>

#include "stdlib/decimal.h"

namespace backfill::stdlib::native_number {
namespace {

// Rounded to `digits`, still at the argument's scale; nullopt past 38 digits.
std::optional<Int128> at(DecimalArgument value, std::int32_t digits, Toward toward) {
  if (digits >= value.scale) return value.unscaled;
  const std::int64_t cut = std::int64_t{value.scale} - digits;
  if (cut > kMaxDigits) return Int128{0};
  const Int128 kept = divide_power(value.unscaled, static_cast<int>(cut), toward);
  return kept == 0 ? Int128{0} : multiply(kept, power_of_ten(static_cast<int>(cut)));
}

DecimalResult rounded(Context& context, DecimalArgument value, std::int32_t digits, ResultType result,
                      Toward toward) {
  const auto unscaled = at(value, digits, toward);
  if (!unscaled || !fits(*unscaled, result.precision)) return fail(context, RowError::Overflow);
  return {*unscaled};
}

}  // namespace

DecimalResult floor(Context&, DecimalArgument value) {
  return {divide_power(value.unscaled, value.scale, Toward::Floor)};
}
DecimalResult ceil(Context&, DecimalArgument value) {
  return {divide_power(value.unscaled, value.scale, Toward::Ceiling)};
}
DecimalResult trunc(Context&, DecimalArgument value) {
  return {divide_power(value.unscaled, value.scale, Toward::Zero)};
}
DecimalResult round(Context&, DecimalArgument value) {
  return {divide_power(value.unscaled, value.scale, Toward::HalfAway)};
}
DecimalResult round_to(Context& context, DecimalArgument value, std::int32_t digits, ResultType result) {
  return rounded(context, value, digits, result, Toward::HalfAway);
}
DecimalResult trunc_to(Context&, DecimalArgument value, std::int32_t digits) {
  return {at(value, digits, Toward::Zero).value_or(0)};
}
DecimalResult round_half_even(Context& context, DecimalArgument value, std::int32_t digits,
                              ResultType result) {
  return rounded(context, value, digits, result, Toward::HalfEven);
}

double floor_float(Context&, double value) {
  return std::floor(value);
}
double ceil_float(Context&, double value) {
  return std::ceil(value);
}
double trunc_float(Context&, double value) {
  return std::trunc(value);
}
double round_float(Context&, double value) {
  return std::nearbyint(value);
}
double sqrt(Context& context, double value) {
  if (value < 0) return fail(context, RowError::OutOfDomain);
  return std::sqrt(value);
}

}  // namespace backfill::stdlib::native_number
