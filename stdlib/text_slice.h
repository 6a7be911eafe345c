// SPDX-License-Identifier: Apache-2.0
// What bodies of text functions do all the time: look at a Text, cut it, ask for a digit.
#pragma once

#include <cstddef>
#include <string_view>

#include "stdlib/abi.h"

namespace backfill::stdlib {

inline constexpr Text kMissing = {nullptr, 0};

[[nodiscard]] inline std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
// From byte `from` up to, but not with, byte `to`; shares the bytes.
[[nodiscard]] inline Text slice(Text text, std::size_t from, std::size_t to) {
  return {text.data + from, static_cast<std::int64_t>(to - from)};
}
[[nodiscard]] inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace backfill::stdlib
