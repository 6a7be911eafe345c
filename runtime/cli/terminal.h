// SPDX-License-Identifier: Apache-2.0
// Is somebody looking, and may we colour?
#pragma once

#include <cstdio>

namespace backfill::cli {

// Escape sequences; all empty where there are to be no colours.
struct Paint {
  const char *bold = "", *good = "", *bad = "", *warn = "", *dim = "", *off = "";
};

[[nodiscard]] bool is_terminal(std::FILE* stream);
// Off unless `stream` is a terminal; NO_COLOR and TERM=dumb turn them off there too.
[[nodiscard]] bool colours(std::FILE* stream);
[[nodiscard]] Paint paint_for(std::FILE* stream);
// Asks on stderr; only `y` and `yes` mean yes.
[[nodiscard]] bool ask(const char* question);

}  // namespace backfill::cli
