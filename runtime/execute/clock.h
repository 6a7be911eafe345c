// SPDX-License-Identifier: Apache-2.0
// This process's own stopwatch, for rates and reports. What is kept uses the database's clock.
#pragma once

#include <chrono>
#include <cstdint>

namespace backfill::execute {

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }
  [[nodiscard]] std::int64_t microseconds() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace backfill::execute
