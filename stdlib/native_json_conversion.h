// SPDX-License-Identifier: Apache-2.0
// Between JSON and the other types. From JSON: null is absent, another type than the one that is asked for is
// ConversionFailed.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_json {

Text json_from_text(Context& context, Text text);   // parses
Text text_from_json(Context& context, Text value);  // a string's text; a number, true and false as spelled
bool bool_from_json(Context& context, Text value);
std::int16_t int16_from_json(Context& context, Text value);
std::int32_t int32_from_json(Context& context, Text value);
std::int64_t int64_from_json(Context& context, Text value);
DecimalResult decimal_from_json(Context& context, Text value, ResultType result);  // half away from zero
double float64_from_json(Context& context, Text value);                            // nearest
std::int32_t date_from_json(Context& context, Text value);
std::int64_t timestamp_from_json(Context& context, Text value);
std::int64_t local_timestamp_from_json(Context& context, Text value);
Text uuid_from_json(Context& context, Text value);
Text json_from_list(Context& context, Text list);

Text text_to_json(Context& context, Text value);
Text uuid_to_json(Context& context, Text value);
Text enum_to_json(Context& context, Text value);
Text json_to_json(Context& context, Text value);
Text list_to_json(Context& context, Text value);
Text bool_to_json(Context& context, bool value);
Text int16_to_json(Context& context, std::int16_t value);
Text int32_to_json(Context& context, std::int32_t value);
Text int64_to_json(Context& context, std::int64_t value);
Text decimal_to_json(Context& context, DecimalArgument value);
Text float64_to_json(Context& context, double value);
Text date_to_json(Context& context, std::int32_t value);
Text timestamp_to_json(Context& context, std::int64_t value);
Text local_timestamp_to_json(Context& context, std::int64_t value);

}  // namespace backfill::stdlib::native_json
