// SPDX-License-Identifier: Apache-2.0
// Bodies of functions on integers: divisors, bits, other bases.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_integer {

std::int64_t gcd(Context& context, std::int64_t left, std::int64_t right);  // never negative
std::int64_t lcm(Context& context, std::int64_t left, std::int64_t right);
std::int32_t gcd_narrow(Context& context, std::int32_t left, std::int32_t right);
std::int32_t lcm_narrow(Context& context, std::int32_t left, std::int32_t right);
std::int64_t clamp(Context& context, std::int64_t value, std::int64_t low, std::int64_t high);
std::int32_t clamp_narrow(Context& context, std::int32_t value, std::int32_t low, std::int32_t high);

std::int64_t bit_and(Context& context, std::int64_t left, std::int64_t right);
std::int64_t bit_or(Context& context, std::int64_t left, std::int64_t right);
std::int64_t bit_xor(Context& context, std::int64_t left, std::int64_t right);
std::int64_t bit_not(Context& context, std::int64_t value);
std::int32_t bit_count(Context& context, std::int64_t value);  // of its 64 bits
// By 0 to 63. To the left: Overflow where a bit or the sign would be lost. To the right the sign stays.
std::int64_t shift_left(Context& context, std::int64_t value, std::int32_t by);
std::int64_t shift_right(Context& context, std::int64_t value, std::int32_t by);
bool has_bit(Context& context, std::int64_t value, std::int32_t bit);  // 0 is the lowest

Text to_hex(Context& context, std::int64_t value);  // of its 64 bits, lower case, no zeros in front
std::int64_t from_hex(Context& context, Text digits);

}  // namespace backfill::stdlib::native_integer
