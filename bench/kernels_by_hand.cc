// SPDX-License-Identifier: Apache-2.0
#include "bench/kernels_by_hand.h"

#include <cstring>

#include "stdlib/batch.h"

namespace backfill::bench {

using stdlib::Column;
using stdlib::Context;
using stdlib::OutColumn;
using stdlib::Text;

namespace {

template <typename T>
const T* in_values(const Column& column) {
  return static_cast<const T*>(column.values);
}
template <typename T>
T* out_values(const OutColumn& column) {
  return static_cast<T*>(column.values);
}

}  // namespace

// case { deleted_at is present -> 'deleted', is_active -> 'active', else -> 'inactive' }
std::uint32_t status_by_hand(const Column* in, OutColumn* out, std::int64_t rows, Context*) {
  const auto* active = in_values<std::uint8_t>(in[0]);
  const std::uint8_t* deleted = in[1].valid;
  auto* result = out_values<Text>(out[2]);
  std::uint8_t* valid = out[2].valid;
  static const Text texts[3] = {{"inactive", 8}, {"active", 6}, {"deleted", 7}};
  for (std::int64_t row = 0; row < rows; ++row) {
    const int code = deleted[row] != 0 ? 2 : active[row] != 0 ? 1 : 0;
    result[row] = texts[code];
    valid[row] = 1;
  }
  return 0;
}

// a * b + c
std::uint32_t multiply_add_by_hand(const Column* in, OutColumn* out, std::int64_t rows, Context*) {
  const auto* a = in_values<std::int64_t>(in[0]);
  const auto* b = in_values<std::int64_t>(in[1]);
  const auto* c = in_values<std::int64_t>(in[2]);
  auto* result = out_values<std::int64_t>(out[2]);
  std::uint8_t* valid = out[2].valid;
  bool failed = false;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::int64_t product = 0;
    std::int64_t sum = 0;
    failed |= __builtin_mul_overflow(a[row], b[row], &product);
    failed |= __builtin_add_overflow(product, c[row], &sum);
    result[row] = sum;
    valid[row] = 1;
  }
  return failed ? 1 : 0;
}

// (amount * 1.19) as decimal(18, 2)
std::uint32_t tax_by_hand(const Column* in, OutColumn* out, std::int64_t rows, Context*) {
  const auto* amount = in_values<std::int64_t>(in[0]);
  auto* result = out_values<std::int64_t>(out[2]);
  std::uint8_t* valid = out[2].valid;
  bool failed = false;
  constexpr std::int64_t kLimit = 1'000'000'000'000'000'000;
  for (std::int64_t row = 0; row < rows; ++row) {
    std::int64_t product = 0;
    failed |= __builtin_mul_overflow(amount[row], std::int64_t{119}, &product);
    const std::int64_t rounded = (product + (product < 0 ? -50 : 50)) / 100;
    failed |= rounded >= kLimit || rounded <= -kLimit;
    result[row] = rounded;
    valid[row] = 1;
  }
  return failed ? 1 : 0;
}

// lower(split_part(email, '@', 2)), ASCII, byte by byte
std::uint32_t domain_by_hand(const Column* in, OutColumn* out, std::int64_t rows, Context* context) {
  const auto* email = in_values<Text>(in[0]);
  auto* result = out_values<Text>(out[2]);
  std::uint8_t* valid = out[2].valid;
  for (std::int64_t row = 0; row < rows; ++row) {
    valid[row] = in[0].valid[row];
    result[row] = {"", 0};
    if (valid[row] == 0) continue;
    const char* begin = email[row].data;
    const char* end = begin + email[row].size;
    while (begin != end && *begin != '@') ++begin;
    if (begin == end) continue;
    const char* last = ++begin;
    while (last != end && *last != '@') ++last;
    char* copy = context->arena->allocate(static_cast<std::size_t>(last - begin));
    for (std::int64_t k = 0; k < last - begin; ++k) {
      const char c = begin[k];
      copy[k] = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
    result[row] = {copy, last - begin};
  }
  return 0;
}

// date_trunc('month', created_at)
std::uint32_t month_by_hand(const Column* in, OutColumn* out, std::int64_t rows, Context*) {
  const auto* at = in_values<std::int64_t>(in[0]);
  auto* result = out_values<std::int64_t>(out[2]);
  std::uint8_t* valid = out[2].valid;
  constexpr std::int64_t kDay = 86'400'000'000;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::int64_t day = at[row] / kDay - (at[row] % kDay < 0 ? 1 : 0);
    const auto shifted = static_cast<std::uint32_t>(day + 719468);  // from 0000-03-01
    const std::uint32_t era_day = shifted % 146097;
    const std::uint32_t year = (era_day - era_day / 1460 + era_day / 36524 - era_day / 146096) / 365;
    const std::uint32_t year_day = era_day - (365 * year + year / 4 - year / 100);
    const std::uint32_t month = (5 * year_day + 2) / 153;
    const std::uint32_t month_day = year_day - (153 * month + 2) / 5;
    result[row] = (day - static_cast<std::int64_t>(month_day)) * kDay;
    valid[row] = 1;
  }
  return 0;
}

// is_active and deleted_at is missing and created_at < x and amount >= 100 and amount < 100000 and kind != 3
std::uint32_t scope_by_hand(const Column* in, OutColumn* out, std::int64_t rows, Context*) {
  const auto* active = in_values<std::uint8_t>(in[0]);
  const std::uint8_t* deleted = in[1].valid;
  const auto* created = in_values<std::int64_t>(in[2]);
  const auto* amount = in_values<std::int64_t>(in[3]);
  const auto* kind = in_values<std::int32_t>(in[4]);
  const std::uint8_t* kind_valid = in[4].valid;
  auto* code = out_values<std::int32_t>(out[0]);
  std::uint8_t* valid = out[0].valid;
  for (std::int64_t row = 0; row < rows; ++row) {
    const bool known = (active[row] != 0) & (deleted[row] == 0) & (created[row] < 1'650'000'000'000'000) &
                       (amount[row] >= 100) & (amount[row] < 100'000);
    const std::int32_t last = kind_valid[row] == 0 ? 2 : kind[row] != 3 ? 1 : 0;
    code[row] = known ? last : 0;
    valid[row] = 1;
  }
  return 0;
}

}  // namespace backfill::bench
