// SPDX-License-Identifier: Apache-2.0
// Bodies of functions on decimals.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_number {

// To a whole number, at scale 0.
DecimalResult floor(Context& context, DecimalArgument value);
DecimalResult ceil(Context& context, DecimalArgument value);
DecimalResult trunc(Context& context, DecimalArgument value);
DecimalResult round(Context& context, DecimalArgument value);
// To `digits` behind the point (before it, if negative); the scale stays.
DecimalResult round_to(Context& context, DecimalArgument value, std::int32_t digits, ResultType result);
DecimalResult trunc_to(Context& context, DecimalArgument value, std::int32_t digits);
DecimalResult round_half_even(Context& context, DecimalArgument value, std::int32_t digits,
                              ResultType result);
double floor_float(Context& context, double value);
double ceil_float(Context& context, double value);
double trunc_float(Context& context, double value);
double round_float(Context& context, double value);  // half to even, as PostgreSQL
double sqrt(Context& context, double value);

}  // namespace backfill::stdlib::native_number
