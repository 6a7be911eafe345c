// SPDX-License-Identifier: Apache-2.0
// Puts prior values back, batch by batch, where a row still holds what the run wrote. Safe to kill and to run
// again.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/execute/report.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

struct RollbackOptions {
  std::int64_t run = 0;
  std::string stage;     // only what this stage wrote; empty: all
  bool dry_run = false;  // counts only
  std::size_t max_samples = 20;
};

struct LeftRow {
  std::string key;
  bool gone = false;  // deleted since; else changed since
  std::vector<Change>
      changes;  // before: what the run wrote, after: what is stored now; of columns that differ
};

struct RollbackReport {
  std::int64_t run = 0;
  std::string state;         // of the run now
  bool interrupted = false;  // run again to go on
  bool refused = false;      // `message`, `way_out`
  std::string message, way_out;
  std::int64_t restored = 0;  // by this call
  std::int64_t restored_before = 0;
  std::int64_t changed_since = 0;  // left alone
  std::int64_t gone = 0;
  std::int64_t blocked =
      0;  // left alone: the database refuses the prior value (another row has it by now, ...)
  std::vector<LeftRow> left;  // at most max_samples
  double seconds = 0;
};

// Where the subject has no backfill, from the corrections alone (from_corrections.h).
Result<RollbackReport> rollback(const Subject& subject, const RollbackOptions& options);
[[nodiscard]] int exit_code(const RollbackReport& report);  // 0, 1 refused, 2 interrupted, 4 rows left alone

}  // namespace backfill::execute
