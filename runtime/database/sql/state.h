// SPDX-License-Identifier: Apache-2.0
// The states of a run and of a stage. Stored by name; the order is the order of a run's life.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace backfill::database_sql {

enum class RunState : std::uint8_t {
  Running,  // a process works on it, or was killed while it did: `run` goes on from the last committed batch
  Waiting,  // in front of a gate: an approval is missing, or a verification failed
  Paused,   // asked to by `pause`, or held by the pace
  Interrupted,  // by a signal or a failure of the environment, between two batches: `run` goes on
  Finished,     // every stage is done and every gate held
  Stopped,      // asked to by `stop`: what was written stays, the rest is left alone for good
  Failed,       // a bug: counts did not add up, or two tiers disagreed; never resumed
  RollingBack,  // `rollback` has begun; call it again to go on
  RolledBack,   // every prior value is back, but in rows that were changed since
};

[[nodiscard]] std::string_view name(RunState state);     // "running", "rolling back", ...
[[nodiscard]] std::string_view meaning(RunState state);  // one line
[[nodiscard]] std::optional<RunState> run_state(std::string_view name);
// May `run` go on with it?
[[nodiscard]] bool resumable(RunState state);

enum class StageState : std::uint8_t {
  Pending,  // not begun
  Running,  // some of its chunks are done
  Done,     // all of its chunks are done; its gates are not known to hold
  Passed,   // its gates held
};
[[nodiscard]] std::string_view name(StageState state);
[[nodiscard]] StageState stage_state(std::string_view name);  // unknown: Pending

}  // namespace backfill::database_sql
