// SPDX-License-Identifier: Apache-2.0
// Bodies of the functions with a regular expression (pattern.h). A pattern is compiled once per thread; one
// that is not portable is OutOfDomain (the checker refuses it before).
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_pattern {

bool like(Context& context, Text value, Text pattern);
bool test(Context& context, Text value, Text pattern);
Text substr(Context& context, Text value, Text pattern);   // the first match, or missing
Text capture(Context& context, Text value, Text pattern);  // the first group of the first match, or missing
std::int32_t count(Context& context, Text value, Text pattern);
std::int32_t instr(Context& context, Text value, Text pattern);  // from 1, in code points; 0: nowhere
// In `to`, \1 to \9 are groups and \\ is a backslash; any other use of one is OutOfDomain.
Text replace(Context& context, Text value, Text pattern, Text to);
Text replace_first(Context& context, Text value, Text pattern, Text to);

}  // namespace backfill::stdlib::native_pattern
