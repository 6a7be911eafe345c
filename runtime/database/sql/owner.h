// SPDX-License-Identifier: Apache-2.0
// Who works on a run: host, process, and when that process was started, so that a reused pid is not taken for
// it.
#pragma once

#include <cstdint>
#include <string>

namespace backfill::database_sql {

struct Owner {
  std::string host;
  std::int64_t pid = 0;
  std::int64_t started = 0;  // clock ticks since boot (/proc/<pid>/stat); 0: not known
  std::string token;         // tells two runs of one process apart; empty: nobody
};

[[nodiscard]] Owner this_process();  // with a fresh token
// On this host: is that very process alive? On another: is the heartbeat (microseconds) younger than
// kHeartbeatLimit?
[[nodiscard]] bool alive(const Owner& owner, std::int64_t heartbeat, std::int64_t now);
[[nodiscard]] std::string describe(const Owner& owner);  // "host build7, process 123"; empty: nobody

// A run's heartbeat comes with every batch; the scan before the first one and a long throttle have none.
constexpr std::int64_t kHeartbeatLimit = 15LL * 60 * 1'000'000;

}  // namespace backfill::database_sql
