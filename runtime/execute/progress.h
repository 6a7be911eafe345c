// SPDX-License-Identifier: Apache-2.0
// What a long job tells while it works. Called on the job's own threads (never by two at once), at most once
// per batch, wait or scanned chunk.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace backfill::execute {

enum class Phase : std::uint8_t { Scan, Run, Verify, Rollback };

struct ProgressUpdate {
  Phase phase = Phase::Scan;
  std::int64_t run = 0;     // 0: not begun yet
  std::string stage;        // Run: the stage's name; Verify: the step ("1000 rows", "all")
  std::int64_t chunk = 0;   // its number, from 1
  std::int64_t chunks = 0;  // that were left when this process began the stage
  std::int64_t done = 0;    // rows of this phase (Run: candidates decided in all stages)
  std::int64_t total = 0;   // 0: not known
  std::int64_t quarantined = 0;
  std::int64_t conflicts = 0;
  double rows_per_second = 0;   // since the phase began, without throttled time
  double eta_seconds = -1;      // negative: not known
  std::int64_t batch_rows = 0;  // size of the next batch
  std::string
      throttle;  // why it waits now: "pause 20 ms", "at most 50000 rows per second"; empty: it does not
  double throttled_seconds = 0;  // in all
  std::string engine;            // "evaluator" or "native"
};

class Progress {
 public:
  virtual ~Progress() = default;
  virtual void update(const ProgressUpdate& update) = 0;
};

[[nodiscard]] std::string_view name(Phase phase);  // "scan", "run", "verify", "rollback"

}  // namespace backfill::execute
