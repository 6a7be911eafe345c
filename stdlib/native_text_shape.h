// SPDX-License-Identifier: Apache-2.0
// Bodies of text functions beyond cutting and joining: code points, normal forms, words, likeness, URLs.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_text {

Text initcap(Context& context, Text value);  // words are letters and digits
Text overlay(Context& context, Text value, Text part, std::int32_t start, std::int32_t count);
Text chr(Context& context, std::int32_t point);
std::int32_t ascii(Context& context, Text value);  // its first code point; 0 of ''
Text normalize(Context& context, Text value, Text form);
Text strip_marks(Context& context, Text value);
Text slugify(Context& context, Text value);
bool is_ascii(Context& context, Text value);
std::int32_t bit_length(Context& context, Text value);

// Whitespace is space, tab, newline, form feed and carriage return.
Text squeeze(Context& context, Text value);
std::int32_t word_count(Context& context, Text value);
Text digits_only(Context& context, Text value);
Text html_escape(Context& context, Text value);

std::int32_t count_of(Context& context, Text value, Text part);
Text before(Context& context, Text value, Text part);
Text after(Context& context, Text value, Text part);
Text after_last(Context& context, Text value, Text part);
std::int32_t levenshtein(Context& context, Text left, Text right);
Text soundex(Context& context, Text value);

// Missing where there is none.
Text blank_to_missing(Context& context, Text value);
Text email_local(Context& context, Text value);
Text email_domain(Context& context, Text value);
Text url_scheme(Context& context, Text url);
Text url_host(Context& context, Text url);
Text url_path(Context& context, Text url);
Text url_query_param(Context& context, Text url, Text name);
Text url_encode(Context& context, Text value);
Text url_decode(Context& context, Text value);

std::int32_t num_nulls(Context& context, Texts values);
std::int32_t num_nonnulls(Context& context, Texts values);

}  // namespace backfill::stdlib::native_text
