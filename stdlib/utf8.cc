// SPDX-License-Identifier: Apache-2.0
#include "stdlib/utf8.h"

#include <utf8proc.h>

#include <algorithm>

namespace backfill::stdlib::utf8 {
namespace {

// How many of the 16 lanes begin a code point: all but 10xxxxxx.
std::int64_t starts(Block block, Block wanted) {
  const Block start = reinterpret_cast<Block>((block & 0xC0) != 0x80) & wanted & 1;
  std::uint64_t halves[2];
  std::memcpy(halves, &start, sizeof halves);
  return static_cast<std::int64_t>(((halves[0] + halves[1]) * 0x0101010101010101ULL) >> 56);
}

}  // namespace

bool is_ascii(Text text) {
  std::int64_t i = 0;
  Block seen = {};
  for (; i + kBlock <= text.size; i += kBlock) seen |= load(text.data + i);
  if (i < text.size) seen |= load(text.data + i) & first_lanes(text.size - i);
  return !any_high_bit(seen);
}

std::int64_t length(Text text) {
  std::int64_t count = 0;
  for (std::int64_t i = 0; i < text.size; i += kBlock) {
    count += starts(load(text.data + i), first_lanes(text.size - i));
  }
  return count;
}

std::int64_t prefix(Text text, std::int64_t points) {
  if (points >= text.size) return text.size;  // no code point is shorter than a byte
  std::int64_t i = 0;
  while (points > 0 && i < text.size) {
    if (text.size - i >= kBlock) {
      const std::int64_t in_block = starts(load(text.data + i), first_lanes(kBlock));
      if (in_block < points) {
        points -= in_block;
        i += kBlock;
        while (i < text.size && continues(text.data[i])) ++i;
        continue;
      }
    }
    i += width(text.data[i]);
    --points;
  }
  return std::min(i, text.size);
}

std::int64_t before_suffix(Text text, std::int64_t points) {
  std::int64_t i = text.size;
  while (points > 0 && i > 0) {
    --i;
    if (!continues(text.data[i])) --points;
  }
  return i;
}

bool valid(std::string_view text) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t bytes = utf8proc_iterate(at, left, &point);
    if (bytes <= 0 || point == 0) return false;
    at += bytes;
    left -= bytes;
  }
  return true;
}

}  // namespace backfill::stdlib::utf8
