// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/number.h"

#include <fmt/format.h>

#include <cmath>

namespace backfill::cli {

std::string thousands(std::int64_t number) {
  std::string digits = fmt::format("{}", number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t at = digits.size(); at > first + 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string counted(std::int64_t number, const char* noun, const char* plural) {
  if (number == 1 || plural == nullptr)
    return fmt::format("{} {}{}", thousands(number), noun, number == 1 ? "" : "s");
  return fmt::format("{} {}", thousands(number), plural);
}

std::string duration(double seconds) {
  if (seconds < 0.001) return "under 1 ms";
  if (seconds < 1) return fmt::format("{:.0f} ms", seconds * 1000);
  if (seconds < 60) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  if (whole < 48 * 3600) return fmt::format("{} h {:02} min", whole / 3600, whole % 3600 / 60);
  return fmt::format("{} days {} h", whole / 86400, whole % 86400 / 3600);
}

std::string rate(double per_second) {
  if (per_second < 10) return fmt::format("{:.1f} rows/s", per_second);
  return thousands(std::llround(per_second)) + " rows/s";
}

std::string percent(double part, double whole) {
  if (whole <= 0) return "-";
  // 99.96% of something unfinished is not 100%.
  const double tenths = part >= whole ? 1000 : std::floor(1000 * part / whole);
  return fmt::format("{:.1f}%", tenths / 10);
}

}  // namespace backfill::cli
