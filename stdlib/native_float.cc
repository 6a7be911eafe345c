// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_float.h"

#include <cmath>

namespace backfill::stdlib::native_float {
namespace {

constexpr double kRadiansPerDegree = 0.0174532925199432957692;

double finite(Context& context, double value) {
  if (!std::isfinite(value)) return fail(context, RowError::Overflow);
  return value;
}

double not_lost(Context& context, double value) {
  if (value == 0) return fail(context, RowError::Overflow);
  return finite(context, value);
}

}  // namespace

double power(Context& context, double base, double exponent) {
  if (base == 0 && exponent < 0) return fail(context, RowError::OutOfDomain);
  if (base < 0 && exponent != std::trunc(exponent)) return fail(context, RowError::OutOfDomain);
  const double result = std::pow(base, exponent);
  return base == 0 ? result : not_lost(context, result);
}

double exp(Context& context, double value) {
  return not_lost(context, std::exp(value));
}

double ln(Context& context, double value) {
  if (!(value > 0)) return fail(context, RowError::OutOfDomain);
  return std::log(value);
}

double log10(Context& context, double value) {
  if (!(value > 0)) return fail(context, RowError::OutOfDomain);
  return std::log10(value);
}

double degrees(Context& context, double radians) {
  return finite(context, radians / kRadiansPerDegree);
}

double radians(Context& context, double degrees) {
  return degrees == 0 ? degrees : not_lost(context, degrees * kRadiansPerDegree);
}

double clamp(Context& context, double value, double low, double high) {
  if (!(low <= high)) return fail(context, RowError::OutOfDomain);
  return value < low ? low : value > high ? high : value;
}

}  // namespace backfill::stdlib::native_float
