// SPDX-License-Identifier: Apache-2.0
// Sets of code points, as the classes of a pattern have them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace backfill::stdlib::point_set {

constexpr std::int32_t kLastPoint = 0x10FFFF;

struct Range {
  std::int32_t low, high;
};
using Set = std::vector<Range>;

inline bool overlap(const Set& left, const Set& right) {
  return std::any_of(left.begin(), left.end(), [&](const Range& a) {
    return std::any_of(right.begin(), right.end(),
                       [&](const Range& b) { return a.low <= b.high && b.low <= a.high; });
  });
}

inline Set complement(Set set) {
  std::sort(set.begin(), set.end(), [](const Range& a, const Range& b) { return a.low < b.low; });
  Set result;
  std::int32_t next = 0;
  for (const Range& range : set) {
    if (range.low > next) result.push_back({next, range.low - 1});
    next = std::max(next, range.high + 1);
  }
  if (next <= kLastPoint) result.push_back({next, kLastPoint});
  return result;
}

}  // namespace backfill::stdlib::point_set
