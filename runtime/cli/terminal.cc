// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/terminal.h"

#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

namespace backfill::cli {

bool is_terminal(std::FILE* stream) {
  return isatty(fileno(stream)) == 1;
}

bool colours(std::FILE* stream) {
  const char* none = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (none != nullptr && *none != '\0') return false;
  if (terminal != nullptr && std::strcmp(terminal, "dumb") == 0) return false;
  return is_terminal(stream);
}

Paint paint_for(std::FILE* stream) {
  if (!colours(stream)) return {};
  return {"\x1b[1m", "\x1b[32m", "\x1b[1;31m", "\x1b[33m", "\x1b[2m", "\x1b[0m"};
}

bool ask(const char* question) {
  std::fprintf(stderr, "%s [y/N] ", question);
  std::fflush(stderr);
  std::string answer;
  for (int c = std::getchar(); c != EOF && c != '\n'; c = std::getchar()) answer += static_cast<char>(c);
  return answer == "y" || answer == "Y" || answer == "yes";
}

}  // namespace backfill::cli
