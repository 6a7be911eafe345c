// SPDX-License-Identifier: Apache-2.0
// Bodies of functions on floats. OutOfDomain where there is no real answer, Overflow where it is no finite
// float or is so near to zero that it is lost. By the C library: the last digit may be another one elsewhere.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_float {

double power(Context& context, double base, double exponent);
double exp(Context& context, double value);
double ln(Context& context, double value);
double log10(Context& context, double value);
double degrees(Context& context, double radians);
double radians(Context& context, double degrees);
double clamp(Context& context, double value, double low, double high);

}  // namespace backfill::stdlib::native_float
