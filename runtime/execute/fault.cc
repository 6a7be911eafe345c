// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/fault.h"

#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace backfill::execute {

namespace {

constexpr const char* kNames[kPoints] = {
    "in_manifest",   "before_plan_commit", "after_plan_commit", "after_begin", "after_corrections",
    "before_commit", "after_commit",       "before_gate",       "after_gate",  "in_rollback"};

struct Plan {
  int point = -1;
  long left = 0;
};
std::atomic<long> left{0};  // of the plan: workers pass points at once

Plan plan_of(const char* text) {
  if (text == nullptr) return {};
  const std::string_view all(text);
  const std::size_t colon = all.find(':');
  for (int i = 0; i < kPoints; ++i) {
    if (all.substr(0, colon) != kNames[i]) continue;
    return {i, colon == std::string_view::npos ? 1 : std::atol(text + colon + 1)};
  }
  return {};
}

Plan& plan() {
  static Plan the_plan = [] {
    const Plan from_environment = plan_of(std::getenv("BACKFILL_TEST_CRASH_AT"));
    left = from_environment.left;
    return from_environment;
  }();
  return the_plan;
}

}  // namespace

void crash_at(const char* text) {
  plan() = plan_of(text);
  left = plan().left;
}

const char* name(Point point) {
  return kNames[static_cast<int>(point)];
}

void pass(Point point) {
  if (plan().point != static_cast<int>(point)) [[likely]]
    return;
  if (--left <= 0) kill(getpid(), SIGKILL);
}

}  // namespace backfill::execute
