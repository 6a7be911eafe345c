// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/report.h"

#include "runtime/execute/progress.h"

namespace backfill::execute {

std::int64_t total(const ClassCounts& counts) {
  std::int64_t sum = 0;
  for (const ClassCount& count : counts) sum += count.rows;
  return sum;
}

Outcomes& Outcomes::operator+=(const Outcomes& other) {
  candidates += other.candidates;
  changed += other.changed;
  unchanged += other.unchanged;
  quarantined += other.quarantined;
  conflicts += other.conflicts;
  uncertain += other.uncertain;
  return *this;
}

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::Scan:
      return "scan";
    case Phase::Run:
      return "run";
    case Phase::Verify:
      return "verify";
    case Phase::Rollback:
      return "rollback";
  }
  return "";
}

}  // namespace backfill::execute
