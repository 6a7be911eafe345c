// SPDX-License-Identifier: Apache-2.0
// Code points of texts that are valid UTF-8 (readers reject others). Blocks of 16 bytes at a time, which may
// read past the end of a text (kTextSlack).
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

#include "stdlib/abi.h"

namespace backfill::stdlib::utf8 {

using Block = std::uint8_t __attribute__((vector_size(16)));
constexpr std::int64_t kBlock = 16;

inline Block load(const char* from) {
  Block block;
  std::memcpy(&block, from, sizeof block);
  return block;
}
inline void store(char* to, Block block) {
  std::memcpy(to, &block, sizeof block);
}
inline bool any_high_bit(Block block) {
  std::uint64_t halves[2];
  std::memcpy(halves, &block, sizeof halves);
  return ((halves[0] | halves[1]) & 0x8080808080808080ULL) != 0;
}
// 0xff in the first `count` lanes (at least all of them past 16).
inline Block first_lanes(std::int64_t count) {
  const Block lanes = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
  const auto limit = static_cast<std::uint8_t>(count < kBlock ? count : kBlock);
  return reinterpret_cast<Block>(lanes < (Block{} + limit));
}

// One bit per lane that is not zero; lanes are 0 or 0xff.
inline unsigned lanes_set(Block block) {
#ifdef __SSE2__
  return static_cast<unsigned>(
      __builtin_ia32_pmovmskb128(reinterpret_cast<__attribute__((vector_size(16))) char>(block)));
#else
  unsigned bits = 0;
  for (int lane = 0; lane < kBlock; ++lane) bits |= (block[lane] & 1U) << lane;
  return bits;
#endif
}
// The first such byte from `from` on, or -1.
inline std::int64_t find_byte(Text text, char byte, std::int64_t from) {
  const Block wanted = Block{} + static_cast<std::uint8_t>(byte);
  for (; from < text.size; from += kBlock) {
    const unsigned found = lanes_set(reinterpret_cast<Block>(load(text.data + from) == wanted));
    if (found == 0) continue;
    const std::int64_t at = from + __builtin_ctz(found);
    return at < text.size ? at : -1;
  }
  return -1;
}

inline bool continues(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

[[nodiscard]] bool is_ascii(Text text);
[[nodiscard]] std::int64_t length(Text text);  // code points
// Bytes of the first `points` code points; the whole size if there are fewer.
[[nodiscard]] std::int64_t prefix(Text text, std::int64_t points);
// Bytes before the last `points` code points; 0 if there are fewer.
[[nodiscard]] std::int64_t before_suffix(Text text, std::int64_t points);
// Bytes of the code point that begins here.
inline std::int64_t width(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}
[[nodiscard]] bool valid(std::string_view text);  // strict: no overlong forms, no surrogates, no NUL

}  // namespace backfill::stdlib::utf8
