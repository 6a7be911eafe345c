// SPDX-License-Identifier: Apache-2.0
// Bodies of functions on bytes, their encodings and digests. Bytes are passed as Text.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_bytes {

std::int32_t length(Context& context, Text value);
Text join(Context& context, Text first, Text second);
Text substr(Context& context, Text value, std::int32_t start, std::int32_t count);
std::int32_t get_byte(Context& context, Text value, std::int32_t index);  // from 0
Text from_text(Context& context, Text value);
Text to_text(Context& context, Text value);  // InvalidUtf8

// hex (lower case), base64 (one line, padded), base64url (not padded). Decoding is strict: ConversionFailed.
Text encode(Context& context, Text value, Text format);
Text decode(Context& context, Text value, Text format);

// md5 in hex, the others as bytes.
Text md5(Context& context, Text value);
Text sha1(Context& context, Text value);
Text sha224(Context& context, Text value);
Text sha256(Context& context, Text value);
Text sha384(Context& context, Text value);
Text sha512(Context& context, Text value);
std::int64_t crc32(Context& context, Text value);

Text uuid_v5(Context& context, Text name_space, Text name);
std::int32_t uuid_version(Context& context, Text uuid);
bool is_uuid(Context& context, Text value);

}  // namespace backfill::stdlib::native_bytes
