// SPDX-License-Identifier: Apache-2.0
// Bodies of the JSON functions. Documents are canonical texts (json.h), here and in the results.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_json {

Text get(Context& context, Text document, Text key);
Text get_at(Context& context, Text list, std::int32_t position);
bool has_key(Context& context, Text document, Text key);
Text type(Context& context, Text document);
std::int32_t length(Context& context, Text document);  // OutOfDomain for what has no parts
Text keys(Context& context, Text document);
Text text(Context& context, Text document);
Text elements(Context& context, Text document);  // an array; absent for null
Text present(Context& context, Text document);   // not null

Text object(Context& context, Texts keys_and_values);  // missing values are null
Text array(Context& context, Texts values);
// `path` is an array of keys (strings) and positions (numbers). What it leads through is created; what is
// there and is no object or array is OutOfDomain. A missing value leaves the document as it is, a missing
// document is begun.
Text set(Context& context, Text document, Text path, Text value);
Text remove(Context& context, Text document, Text path);
Text rename(Context& context, Text document, Text path, Text name);  // OutOfDomain where the name is taken
Text merge(Context& context, Text left, Text right);

bool same(Context& context, Text left, Text right);
bool differ(Context& context, Text left, Text right);
bool distinct(Context& context, Text left, Text right);  // missing: null data
bool not_distinct(Context& context, Text left, Text right);
// The same for lists: a row has a symbol of its own.
bool same_lists(Context& context, Text left, Text right);
bool differ_lists(Context& context, Text left, Text right);
bool distinct_lists(Context& context, Text left, Text right);
bool not_distinct_lists(Context& context, Text left, Text right);

}  // namespace backfill::stdlib::native_json
