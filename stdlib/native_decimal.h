// SPDX-License-Identifier: Apache-2.0
// Bodies of exact division and of rounding to a number of digits by a stated mode.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_decimal {

// At the result type's scale, half away from zero: docs/language.md has the rule of the type.
DecimalResult divide(Context& context, DecimalArgument dividend, DecimalArgument divisor, ResultType result);
// The quotient cut to a whole number.
DecimalResult whole_quotient(Context& context, DecimalArgument dividend, DecimalArgument divisor,
                             ResultType result);
// `digits` behind the point, -38 to 38; the scale stays.
DecimalResult floor_to(Context& context, DecimalArgument value, std::int32_t digits, ResultType result);
DecimalResult ceil_to(Context& context, DecimalArgument value, std::int32_t digits, ResultType result);
DecimalResult round_half_up(Context& context, DecimalArgument value, std::int32_t digits, ResultType result);
DecimalResult round_half_down(Context& context, DecimalArgument value, std::int32_t digits,
                              ResultType result);
std::int32_t min_scale(Context& context, DecimalArgument value);  // digits behind the point without zeros
std::int32_t width_bucket(Context& context, DecimalArgument value, DecimalArgument low, DecimalArgument high,
                          std::int32_t count);
DecimalResult clamp(Context& context, DecimalArgument value, DecimalArgument low, DecimalArgument high,
                    ResultType result);
DecimalResult from_float64(Context& context, double value, ResultType result);
Text format_thousands(Context& context, DecimalArgument value);

}  // namespace backfill::stdlib::native_decimal
