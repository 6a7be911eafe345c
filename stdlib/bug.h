// SPDX-License-Identifier: Apache-2.0
// A bug of ours ends the process with file and line (exit code 5): going on could write a wrong value.
#pragma once

#include <string_view>

namespace backfill {

[[noreturn]] void bug(std::string_view what, const char* file, int line);

#define BACKFILL_BUG(what) ::backfill::bug((what), __FILE__, __LINE__)
#define BACKFILL_CHECK(condition, what)   \
  do {                                    \
    if (!(condition)) BACKFILL_BUG(what); \
  } while (false)

}  // namespace backfill
