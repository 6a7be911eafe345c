// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/retry.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

namespace backfill::execute {

Retry::Retry(double patience) : patience_(patience), random_(std::random_device{}()) {}

bool Retry::again() {
  if (tries_++ == 0) since_ = Stopwatch();
  return tries_ < kTries || since_.seconds() < patience_;
}

double Retry::wait() {
  const double doubled = kFirstWait * std::exp2(std::min(tries_ - 1, 20));
  return std::min(doubled, kLongestWait) * std::uniform_real_distribution<double>(0.5, 1.5)(random_);
}

std::string short_reason(const Failure& failure) {
  using Reason = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Reason, 9> reasons = {{{"lock timeout", "lock timeout"},
                                              {"statement timeout", "statement timeout"},
                                              {"deadlock", "deadlock"},
                                              {"could not serialize", "serialization failure"},
                                              {"connection to server", "cannot connect"},
                                              {"was refused", "a row was refused"},
                                              {"were changed", "rows were changed"},
                                              {"is locked", "the database is busy"},
                                              {"busy", "the database is busy"}}};
  for (const auto& [text, reason] : reasons) {
    if (failure.message.find(text) != std::string::npos) return std::string(reason);
  }
  return failure.recovery == Recovery::Ambiguous ? "connection lost" : "the database is busy";
}

}  // namespace backfill::execute
