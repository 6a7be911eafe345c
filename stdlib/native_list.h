// SPDX-License-Identifier: Apache-2.0
// Bodies of the functions over lists. A list is canonical JSON text (json.h); an element that is missing is
// null.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_list {

std::int32_t length(Context& context, Text list);
bool contains(Context& context, Text list, Text element);
Text concat(Context& context, Text left, Text right);
Text distinct(Context& context, Text list);  // the first of equal elements stays
Text sorted(Context& context, Text list);    // json::order; stable
Text slice(Context& context, Text list, std::int32_t from, std::int32_t count);
Text to_string(Context& context, Text list, Text separator);  // null elements are passed over
Text from_string(Context& context, Text text, Text separator);

// Elements as JSON; absent where there is none that is not null.
Text first(Context& context, Text list);
Text last(Context& context, Text list);
Text least(Context& context, Text list);
Text greatest(Context& context, Text list);
Text sum(Context& context, Text list);  // of exact numbers

}  // namespace backfill::stdlib::native_list
