// SPDX-License-Identifier: Apache-2.0
// Crashes on demand, for the tests: BACKFILL_TEST_CRASH_AT="before_commit:3" kills the process with SIGKILL
// when it passes that point for the third time. Costs one load of a flag where it is not set.
#pragma once

#include <cstdint>

namespace backfill::execute {

enum class Point : std::uint8_t {
  InManifest,        // in_manifest: a read of the scan
  BeforePlanCommit,  // before_plan_commit: run, stages and chunks are written, not committed
  AfterPlanCommit,   // after_plan_commit
  AfterBegin,        // after_begin: a batch's transaction has begun
  AfterCorrections,  // after_corrections: rows and corrections are written
  BeforeCommit,      // before_commit: the checkpoint is moved, not committed
  AfterCommit,       // after_commit
  BeforeGate,        // before_gate: all chunks of a stage are done
  AfterGate,         // after_gate: its gates hold
  InRollback,        // in_rollback: a rollback's batch, before its commit
};
constexpr int kPoints = 10;

void pass(Point point);
// In place of the environment variable, for a test's forked child. Null: none.
void crash_at(const char* text);
[[nodiscard]] const char* name(Point point);

}  // namespace backfill::execute
