// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/wire.h"

#include "stdlib/decimal.h"

namespace backfill::database::postgres::wire {

namespace {

using stdlib::Int128;

constexpr std::uint16_t kNegative = 0x4000, kPositive = 0;
constexpr int kGroup = 4;  // decimal digits of one of base 10,000

// Decimal digits of a number that is not negative, without leading zeros: at most 39.
std::string digits_of(Int128 number) {
  std::string digits;
  for (auto rest = static_cast<unsigned __int128>(number); rest != 0; rest /= 10)
    digits.insert(digits.begin(), 1, static_cast<char>('0' + static_cast<int>(rest % 10)));
  return digits;
}

int group_at(std::string_view digits, std::size_t at) {
  int value = 0;
  for (std::size_t i = at; i < at + kGroup; ++i) value = value * 10 + (digits[i] - '0');
  return value;
}

// value * 10^power + digit groups' worth; false past 38 digits.
bool append(Int128& value, int group, int power_of_ten) {
  Int128 next = 0;
  if (__builtin_mul_overflow(value, stdlib::power_of_ten(power_of_ten), &next)) return false;
  if (__builtin_add_overflow(next, static_cast<Int128>(group), &next)) return false;
  value = next;
  return true;
}

}  // namespace

void put_field(std::string& to, std::string_view bytes) {
  put(to, static_cast<std::int32_t>(bytes.size()));
  to += bytes;
}

void put_null(std::string& to) {
  put(to, std::int32_t{-1});
}

void put_numeric(std::string& to, const stdlib::Decimal& number) {
  const bool negative = number.unscaled < 0;
  std::string digits = digits_of(negative ? -number.unscaled : number.unscaled);
  const auto scale = static_cast<std::size_t>(number.scale);
  if (digits.size() < scale) digits.insert(0, scale - digits.size(), '0');
  // Groups are aligned at the point: zeros in front of the whole part and behind the fraction.
  const std::size_t whole = digits.size() - scale;
  digits.insert(0, (kGroup - whole % kGroup) % kGroup, '0');
  digits.append((kGroup - scale % kGroup) % kGroup, '0');
  std::size_t first = 0, last = digits.size() / kGroup;
  const auto groups_before_point = static_cast<int>((whole + kGroup - 1) / kGroup);
  while (first < last && group_at(digits, first * kGroup) == 0) ++first;
  while (last > first && group_at(digits, (last - 1) * kGroup) == 0) --last;
  const std::size_t count = last - first;
  put(to, static_cast<std::int32_t>(8 + 2 * count));
  put(to, static_cast<std::int16_t>(count));
  put(to, static_cast<std::int16_t>(count == 0 ? 0 : groups_before_point - 1 - static_cast<int>(first)));
  put(to, negative ? kNegative : kPositive);
  put(to, static_cast<std::int16_t>(scale));
  for (std::size_t i = first; i < last; ++i) put(to, static_cast<std::int16_t>(group_at(digits, i * kGroup)));
}

std::optional<Int128> numeric(std::string_view bytes, int scale) {
  if (bytes.size() < 8) return std::nullopt;
  const auto count = get<std::int16_t>(bytes.data());
  const auto weight = get<std::int16_t>(bytes.data() + 2);
  const auto sign = get<std::uint16_t>(bytes.data() + 4);
  if ((sign != kNegative && sign != kPositive) || bytes.size() != 8 + 2 * static_cast<std::size_t>(count))
    return std::nullopt;
  Int128 value = 0;
  for (int i = 0; i < count; ++i) {
    int group = get<std::int16_t>(bytes.data() + 8 + 2 * static_cast<std::size_t>(i));
    // Digits of this group that stand beyond the scale must be zeros.
    const int behind_point = (i - weight) * kGroup;  // its last digit's place
    int power = kGroup;
    for (int beyond = behind_point - scale; beyond > 0 && power > 0; --beyond, --power) {
      if (group % 10 != 0) return std::nullopt;
      group /= 10;
    }
    if (!append(value, group, power)) return std::nullopt;
  }
  const int missing = scale - (count - 1 - weight) * kGroup;
  if (count > 0 && missing > 0 && value != 0) {
    if (missing > stdlib::kMaxDigits || !append(value, 0, missing)) return std::nullopt;
  }
  if (!stdlib::fits(value, stdlib::kMaxDigits)) return std::nullopt;
  return sign == kNegative ? -value : value;
}

std::string array_header(std::uint32_t element_type, std::int64_t count) {
  std::string header;
  put(header, std::int32_t{count == 0 ? 0 : 1});  // dimensions
  put(header, std::int32_t{1});                   // there may be NULLs
  put(header, element_type);
  if (count == 0) return header;
  put(header, static_cast<std::int32_t>(count));
  put(header, std::int32_t{1});  // the first subscript
  return header;
}

void put_copy_row(std::string& to, int fields) {
  put(to, static_cast<std::int16_t>(fields));
}

void put_copy_end(std::string& to) {
  put(to, std::int16_t{-1});
}

}  // namespace backfill::database::postgres::wire
