// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib {

// Strict forms: a sign and digits, U+0020 around them; ConversionFailed if not of that form, Overflow past
// the type.
std::int16_t int16_from_text(Context& context, Text value);
std::int32_t int32_from_text(Context& context, Text value);
std::int64_t int64_from_text(Context& context, Text value);
DecimalResult decimal_from_text(Context& context, Text value,
                                ResultType result);  // rounds half away from zero
double float64_from_text(Context& context, Text value);
std::int32_t date_from_text(Context& context, Text value);
std::int64_t timestamp_from_text(Context& context, Text value);
std::int64_t local_timestamp_from_text(Context& context, Text value);
Text uuid_from_text(Context& context, Text value);  // lower case, with hyphens

Text text_from_bool(Context& context, bool value);
Text text_from_int64(Context& context, std::int64_t value);
Text text_from_int32(Context& context, std::int32_t value);
Text text_from_int16(Context& context, std::int16_t value);
Text text_from_decimal(Context& context, DecimalArgument value);
Text text_from_date(Context& context, std::int32_t value);
Text text_from_timestamp(Context& context, std::int64_t value);
Text text_from_local_timestamp(Context& context, std::int64_t value);
Text text_from_text(Context& context, Text value);  // enum, uuid, json: the same bytes

// Exact: ConversionFailed where something would be cut off, Overflow past the type.
std::int16_t int16_from_decimal(Context& context, DecimalArgument value);
std::int32_t int32_from_decimal(Context& context, DecimalArgument value);
std::int64_t int64_from_decimal(Context& context, DecimalArgument value);
std::int32_t int32_from_float64(Context& context, double value);
std::int64_t int64_from_float64(Context& context, double value);
double float64_from_decimal(Context& context, DecimalArgument value);  // the nearest

std::int64_t same_instant(Context& context, std::int64_t value);  // timestamp <-> local_timestamp, in UTC

}  // namespace backfill::stdlib
