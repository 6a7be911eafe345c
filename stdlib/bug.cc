// SPDX-License-Identifier: Apache-2.0
#include "stdlib/bug.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

namespace backfill {

void bug(std::string_view what, const char* file, int line) {
  fmt::print(stderr, "backfill: bug: {} ({}:{})\nPlease report this; nothing more was written.\n", what, file,
             line);
  std::fflush(stderr);
  std::_Exit(5);
}

}  // namespace backfill
