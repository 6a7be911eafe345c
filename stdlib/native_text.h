// SPDX-License-Identifier: Apache-2.0
// Bodies of the text functions. Positions and lengths count code points. New text is in context.arena; what
// is a part of an argument is returned as such, without a copy.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_text {

Text lower(Context& context, Text value);  // Unicode's simple mapping, one code point to one
Text upper(Context& context, Text value);
Text lower_ascii(Context& context, Text value);
Text upper_ascii(Context& context, Text value);
std::int32_t length(Context& context, Text value);
std::int32_t octet_length(Context& context, Text value);
Text trim(Context& context, Text value);  // U+0020 alone
Text ltrim(Context& context, Text value);
Text rtrim(Context& context, Text value);
Text btrim(Context& context, Text value, Text characters);
Text substr_from(Context& context, Text value, std::int32_t start);
Text substr(Context& context, Text value, std::int32_t start, std::int32_t count);
Text left(Context& context, Text value, std::int32_t count);
Text right(Context& context, Text value, std::int32_t count);
Text replace(Context& context, Text value, Text from, Text to);
Text split_part(Context& context, Text value, Text delimiter, std::int32_t field);
std::int32_t strpos(Context& context, Text value, Text part);
bool starts_with(Context& context, Text value, Text prefix);
bool ends_with(Context& context, Text value, Text suffix);
bool contains(Context& context, Text value, Text part);
Text join(Context& context, Text first, Text second);  // ||
Text concat(Context& context, Texts values);
Text concat_ws(Context& context, Text separator, Texts values);
Text fit_length(Context& context, Text value, std::int32_t most);
Text one_of(Context& context, Text value, Texts choices);
Text repeat(Context& context, Text value, std::int32_t count);
Text lpad(Context& context, Text value, std::int32_t length, Text fill);
Text rpad(Context& context, Text value, std::int32_t length, Text fill);
Text lpad_blank(Context& context, Text value, std::int32_t length);
Text rpad_blank(Context& context, Text value, std::int32_t length);
Text reverse(Context& context, Text value);
Text translate(Context& context, Text value, Text from, Text to);
Text strip_prefix(Context& context, Text value, Text prefix);
Text strip_suffix(Context& context, Text value, Text suffix);
bool is_blank(Context& context, Text value);

}  // namespace backfill::stdlib::native_text
