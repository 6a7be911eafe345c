// SPDX-License-Identifier: Apache-2.0
// Case mapping: ASCII 16 bytes at a time, the rest through Unicode's tables.
#include <utf8proc.h>

#include "stdlib/native_text.h"
#include "stdlib/planted.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib::native_text {
namespace {

using utf8::Block;

const bool planted_lower = planted("lower");

// The letters from `first` to `first` + 25 with their case bit turned.
Block turn(Block block, char first) {
  const Block letter = reinterpret_cast<Block>((block - static_cast<std::uint8_t>(first)) < 26);
  return block ^ (letter & 0x20);
}

struct Turned {
  Text text;
  bool ascii;
};

// Reads and writes whole blocks: the slack behind both texts has room for them.
Turned turn_ascii(Context& context, Text value, char first) {
  char* out = context.arena->allocate(static_cast<std::size_t>(value.size));
  Block seen = {};
  for (std::int64_t i = 0; i < value.size; i += utf8::kBlock) {
    const Block block = utf8::load(value.data + i);
    seen |= value.size - i >= utf8::kBlock ? block : block & utf8::first_lanes(value.size - i);
    utf8::store(out + i, turn(block, first));
  }
  return {{out, value.size}, !utf8::any_high_bit(seen)};
}

utf8proc_int32_t simple_upper(utf8proc_int32_t point) {
  return point == 0xDF ? point : utf8proc_toupper(point);  // its capital is no simple mapping
}

template <utf8proc_int32_t (*map)(utf8proc_int32_t)>
Text map_points(Context& context, Text value) {
  // A code point of two bytes may become one of three; none grows by more.
  char* out = context.arena->allocate(static_cast<std::size_t>(value.size * 3 / 2 + 4));
  const auto* in = reinterpret_cast<const utf8proc_uint8_t*>(value.data);
  std::int64_t read = 0;
  std::int64_t written = 0;
  while (read < value.size) {
    utf8proc_int32_t point = 0;
    const utf8proc_ssize_t bytes = utf8proc_iterate(in + read, value.size - read, &point);
    if (bytes <= 0) return fail(context, RowError::InvalidUtf8);
    read += bytes;
    written += utf8proc_encode_char(map(point), reinterpret_cast<utf8proc_uint8_t*>(out + written));
  }
  return {out, written};
}

}  // namespace

Text lower(Context& context, Text value) {
  const Turned turned = turn_ascii(context, value, 'A');
  Text result = turned.ascii ? turned.text : map_points<utf8proc_tolower>(context, value);
  if (planted_lower && unlucky(value)) result.size -= result.size > 0 ? 1 : 0;
  return result;
}

Text upper(Context& context, Text value) {
  const Turned turned = turn_ascii(context, value, 'a');
  return turned.ascii ? turned.text : map_points<simple_upper>(context, value);
}

Text lower_ascii(Context& context, Text value) {
  return turn_ascii(context, value, 'A').text;
}
Text upper_ascii(Context& context, Text value) {
  return turn_ascii(context, value, 'a').text;
}

}  // namespace backfill::stdlib::native_text
