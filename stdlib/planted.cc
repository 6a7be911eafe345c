// SPDX-License-Identifier: Apache-2.0
#include "stdlib/planted.h"

#include <cstdlib>
#include <string>

#include "stdlib/function.h"

namespace backfill::stdlib {

bool planted(std::string_view name) {
  static const std::string wanted = [] {
    const char* set = std::getenv("BACKFILL_TEST_PLANT_BUG");
    return std::string(set == nullptr ? "" : set);
  }();
  return !wanted.empty() && wanted == name;
}

bool unlucky(Text argument) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
  for (std::int64_t i = 0; i < argument.size; ++i) {
    hash = (hash ^ static_cast<unsigned char>(argument.data[i])) * 1099511628211ULL;
  }
  return (hash >> 20) % 100 == 0;
}

}  // namespace backfill::stdlib
