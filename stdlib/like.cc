// SPDX-License-Identifier: Apache-2.0
// The patterns of `like`.
#include "stdlib/pattern.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib {

std::optional<std::vector<LikePart>> parse_like(std::string_view pattern) {
  std::vector<LikePart> parts;
  for (std::size_t at = 0; at < pattern.size();) {
    bool literal = false;
    if (pattern[at] == '\\') {
      literal = true;
      if (++at == pattern.size()) return std::nullopt;
    }
    const auto width = static_cast<std::size_t>(utf8::width(pattern[at]));
    const std::string_view point = pattern.substr(at, width);
    at += width;
    parts.push_back({literal        ? LikePart::Literal
                     : point == "%" ? LikePart::Any
                     : point == "_" ? LikePart::One
                                    : LikePart::Literal,
                     point});
  }
  return parts;
}

}  // namespace backfill::stdlib
