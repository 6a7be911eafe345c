// SPDX-License-Identifier: Apache-2.0
// How often and how long work that failed for the moment (a lock, a deadlock, a lost connection) is tried
// again.
#pragma once

#include <random>
#include <string>

#include "compiler/source/result.h"
#include "runtime/execute/clock.h"

namespace backfill::execute {

constexpr int kTries = 8;             // at the least
constexpr double kPatience = 60;      // seconds: a server that restarts or fails over is back by then
constexpr double kFirstWait = 0.02;   // seconds; doubles from try to try
constexpr double kLongestWait = 5.0;  // seconds

// The tries of one piece of work, from its first failure on.
class Retry {
 public:
  // Gives up after kTries and so many seconds.
  explicit Retry(double patience);

  // After a failure that is not Fatal: is it worth another try?
  [[nodiscard]] bool again();
  // Seconds to wait before it: doubled from try to try, times something between a half and one and a half, so
  // that two that got into each other's way do not do so again.
  [[nodiscard]] double wait();
  [[nodiscard]] int tries() const { return tries_; }  // that failed

 private:
  double patience_;
  int tries_ = 0;
  Stopwatch since_;
  std::minstd_rand random_;
};

// "lock timeout", "deadlock", "connection lost", ...: for the progress line and the events.
[[nodiscard]] std::string short_reason(const Failure& failure);

}  // namespace backfill::execute
