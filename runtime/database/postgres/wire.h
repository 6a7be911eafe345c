// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's binary forms: numbers in network order, numeric as digits to the base 10,000, arrays, and the
// rows of COPY (FORMAT binary).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "stdlib/value.h"

namespace backfill::database::postgres::wire {

template <typename T>
[[nodiscard]] T swapped(T value) {
  static_assert(std::is_unsigned_v<T> && std::endian::native == std::endian::little);
  if constexpr (sizeof(T) == 2) return __builtin_bswap16(value);
  if constexpr (sizeof(T) == 4) return __builtin_bswap32(value);
  if constexpr (sizeof(T) == 8) return __builtin_bswap64(value);
  return value;
}

// T may be any integer or floating type; `bytes` must hold it.
template <typename T>
[[nodiscard]] T get(const char* bytes) {
  using Bits = std::conditional_t<
      sizeof(T) == 1, std::uint8_t,
      std::conditional_t<sizeof(T) == 2, std::uint16_t,
                         std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  Bits bits;
  std::memcpy(&bits, bytes, sizeof bits);
  return std::bit_cast<T>(swapped(bits));
}

template <typename T>
void put(std::string& to, T value) {
  using Bits = std::conditional_t<
      sizeof(T) == 1, std::uint8_t,
      std::conditional_t<sizeof(T) == 2, std::uint16_t,
                         std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>>;
  const Bits bits = swapped(std::bit_cast<Bits>(value));
  to.append(reinterpret_cast<const char*>(&bits), sizeof bits);
}

// A field of an array or a COPY row: its length, then its bytes.
template <typename T>
void put_field(std::string& to, T value) {
  put(to, static_cast<std::int32_t>(sizeof value));
  put(to, value);
}
void put_field(std::string& to, std::string_view bytes);
void put_null(std::string& to);

// A field with the digits of the number.
void put_numeric(std::string& to, const stdlib::Decimal& number);
// The unscaled value at `scale`; nothing: NaN, infinity, more digits than the scale or 38 have.
[[nodiscard]] std::optional<stdlib::Int128> numeric(std::string_view bytes, int scale);

// A one-dimensional array of `count` elements; their fields follow.
[[nodiscard]] std::string array_header(std::uint32_t element_type, std::int64_t count);

constexpr std::string_view kCopyHeader{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
void put_copy_row(std::string& to, int fields);  // the fields follow
void put_copy_end(std::string& to);

}  // namespace backfill::database::postgres::wire
