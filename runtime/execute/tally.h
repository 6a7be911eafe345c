// SPDX-License-Identifier: Apache-2.0
// What the workers of a run have done so far, and the limits that hold for all of them together: counts,
// progress, pace, the share of quarantined rows. Thread safe: one lock, held for no longer than a line of
// progress takes.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "runtime/execute/session.h"

namespace backfill::execute {

// One committed batch.
struct BatchDone {
  Outcomes outcomes;
  std::int64_t read = 0;
  std::int64_t decided_anew = 0;
  std::int64_t microseconds = 0;  // of its transaction
  std::int64_t chunk = 0;
  std::int64_t next_rows = 0;  // size of this worker's next batch
  const char* engine = "";
};

class Tally {
 public:
  explicit Tally(Session& session) : session_(session) {}

  // `chunks` are left of it.
  void begin_stage(const database_sql::StageRecord& stage, std::int64_t chunks);
  // Counts and tells; seconds to rest before this worker's next batch, as the pace says for all of them.
  struct Rest {
    double seconds = 0;
    std::string why;
  };
  Rest count(const BatchDone& batch);
  void count_retry();
  void count_rest(double seconds);
  void tell(const std::string& why_it_waits);
  void bug(std::string message);
  [[nodiscard]] bool too_many_quarantined();

 private:
  Rest rest(std::int64_t changed, std::int64_t microseconds);
  void tell_locked(const std::string& why_it_waits);

  Session& session_;
  std::mutex mutex_;
  std::string stage_;
  BatchDone last_;
  std::int64_t chunks_ = 0;
  std::int64_t total_ = 0;  // candidates of the manifest and of catch-ups
  std::int64_t done_here_ = 0;
  double working_seconds_ = 0;
  double free_at_ = 0;  // by the session's watch: when the pace allows the next batch
};

}  // namespace backfill::execute
