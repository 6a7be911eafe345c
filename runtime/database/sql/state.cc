// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/state.h"

#include <array>

namespace backfill::database_sql {

namespace {

struct Entry {
  std::string_view name;
  std::string_view meaning;
};
constexpr std::array<Entry, 9> kRunStates = {{
    {"running", "being worked on, or left so by a process that died: run it again to go on"},
    {"waiting", "stopped in front of a gate that does not hold yet"},
    {"paused", "paused on request or by its pace: nothing is written until it is resumed"},
    {"interrupted", "ended between two batches: run it again to go on"},
    {"finished", "every stage is done and every gate held"},
    {"stopped", "ended on request before it was done: what was written stays"},
    {"failed", "ended by a bug: counts did not add up or two engines disagreed"},
    {"rolling back", "prior values are being put back: call rollback again to go on"},
    {"rolled back", "prior values are back, but in rows that were changed since"},
}};
constexpr std::array<std::string_view, 4> kStageStates = {"pending", "running", "done", "passed"};

}  // namespace

std::string_view name(RunState state) {
  return kRunStates[static_cast<std::size_t>(state)].name;
}
std::string_view meaning(RunState state) {
  return kRunStates[static_cast<std::size_t>(state)].meaning;
}

std::optional<RunState> run_state(std::string_view name) {
  for (std::size_t i = 0; i < kRunStates.size(); ++i) {
    if (kRunStates[i].name == name) return static_cast<RunState>(i);
  }
  return std::nullopt;
}

bool resumable(RunState state) {
  return state <= RunState::Interrupted;
}

std::string_view name(StageState state) {
  return kStageStates[static_cast<std::size_t>(state)];
}

StageState stage_state(std::string_view name) {
  for (std::size_t i = 0; i < kStageStates.size(); ++i) {
    if (kStageStates[i] == name) return static_cast<StageState>(i);
  }
  return StageState::Pending;
}

}  // namespace backfill::database_sql
