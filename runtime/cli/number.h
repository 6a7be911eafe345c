// SPDX-License-Identifier: Apache-2.0
// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace backfill::cli {

[[nodiscard]] std::string thousands(std::int64_t number);  // 1,234,567
// "1 row", "1,234 rows"; `plural` where it is not the noun and an s.
[[nodiscard]] std::string counted(std::int64_t number, const char* noun, const char* plural = nullptr);
[[nodiscard]] std::string duration(double seconds);            // 12 ms, 4.2 s, 3 min 05 s, 2 h 10 min
[[nodiscard]] std::string rate(double per_second);             // 85,300 rows/s
[[nodiscard]] std::string percent(double part, double whole);  // 12.5%; rounds down near 100%

}  // namespace backfill::cli
