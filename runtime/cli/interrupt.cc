// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/interrupt.h"

#include <unistd.h>
#include <csignal>
#include <cstring>

namespace backfill::cli {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "the handler may only touch lock-free atomics");

void on_signal(int) {
  if (interrupted.exchange(true)) _exit(130);
  constexpr char kWords[] = "\nfinishing this batch; press again to stop at once\n";
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, kWords, sizeof kWords - 1);
}

}  // namespace

const std::atomic<bool>* catch_interrupts() {
  struct sigaction action = {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  return &interrupted;
}

}  // namespace backfill::cli
