// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_integer.h"

#include <charconv>
#include <limits>

namespace backfill::stdlib::native_integer {
namespace {

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

std::uint64_t divisor(std::uint64_t left, std::uint64_t right) {
  while (right != 0) {
    const std::uint64_t rest = left % right;
    left = right;
    right = rest;
  }
  return left;
}

std::int64_t fitting(Context& context, unsigned __int128 value, std::int64_t most) {
  if (value > static_cast<std::uint64_t>(most)) return fail(context, RowError::Overflow);
  return static_cast<std::int64_t>(value);
}

std::int64_t multiple(Context& context, std::int64_t left, std::int64_t right, std::int64_t most) {
  if (left == 0 || right == 0) return 0;
  const std::uint64_t a = magnitude(left), b = magnitude(right);
  return fitting(context, static_cast<unsigned __int128>(a / divisor(a, b)) * b, most);
}

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMostNarrow = std::numeric_limits<std::int32_t>::max();

}  // namespace

std::int64_t gcd(Context& context, std::int64_t left, std::int64_t right) {
  return fitting(context, divisor(magnitude(left), magnitude(right)), kMost);
}
std::int64_t lcm(Context& context, std::int64_t left, std::int64_t right) {
  return multiple(context, left, right, kMost);
}
std::int32_t gcd_narrow(Context& context, std::int32_t left, std::int32_t right) {
  return static_cast<std::int32_t>(fitting(context, divisor(magnitude(left), magnitude(right)), kMostNarrow));
}
std::int32_t lcm_narrow(Context& context, std::int32_t left, std::int32_t right) {
  return static_cast<std::int32_t>(multiple(context, left, right, kMostNarrow));
}

std::int64_t clamp(Context& context, std::int64_t value, std::int64_t low, std::int64_t high) {
  if (low > high) return fail(context, RowError::OutOfDomain);
  return value < low ? low : value > high ? high : value;
}
std::int32_t clamp_narrow(Context& context, std::int32_t value, std::int32_t low, std::int32_t high) {
  return static_cast<std::int32_t>(clamp(context, value, low, high));
}

std::int64_t bit_and(Context&, std::int64_t left, std::int64_t right) {
  return left & right;
}
std::int64_t bit_or(Context&, std::int64_t left, std::int64_t right) {
  return left | right;
}
std::int64_t bit_xor(Context&, std::int64_t left, std::int64_t right) {
  return left ^ right;
}
std::int64_t bit_not(Context&, std::int64_t value) {
  return ~value;
}
std::int32_t bit_count(Context&, std::int64_t value) {
  return __builtin_popcountll(static_cast<std::uint64_t>(value));
}

std::int64_t shift_left(Context& context, std::int64_t value, std::int32_t by) {
  if (by < 0 || by > 63) return fail(context, RowError::OutOfDomain);
  const auto result = static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << by);
  if (result >> by != value) return fail(context, RowError::Overflow);
  return result;
}

std::int64_t shift_right(Context& context, std::int64_t value, std::int32_t by) {
  if (by < 0 || by > 63) return fail(context, RowError::OutOfDomain);
  return value >> by;
}

bool has_bit(Context& context, std::int64_t value, std::int32_t bit) {
  if (bit < 0 || bit > 63) return fail(context, RowError::OutOfDomain);
  return ((static_cast<std::uint64_t>(value) >> bit) & 1U) != 0;
}

Text to_hex(Context& context, std::int64_t value) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + sizeof digits, static_cast<std::uint64_t>(value), 16).ptr;
  return context.arena->copy({digits, static_cast<std::size_t>(end - digits)});
}

std::int64_t from_hex(Context& context, Text digits) {
  std::uint64_t value = 0;
  const char* const last = digits.data + digits.size;
  const auto [end, error] = std::from_chars(digits.data, last, value, 16);
  if (end != last || error == std::errc::invalid_argument) return fail(context, RowError::ConversionFailed);
  if (error == std::errc::result_out_of_range || digits.size > 16) return fail(context, RowError::Overflow);
  return static_cast<std::int64_t>(value);
}

}  // namespace backfill::stdlib::native_integer
