// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/stages.h"

#include <fmt/format.h>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/late.h"
#include "runtime/execute/required.h"
#include "runtime/execute/team.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

using database_sql::RunState;
using database_sql::StageRecord;
using database_sql::StageState;

namespace {

constexpr std::int64_t kIndexedFrom = 50'000;  // corrections

RunState ended(Session& session, RunEnd end, RunState state, std::string message, std::string way_out) {
  session.report.end = end;
  session.report.message = std::move(message);
  session.report.way_out = std::move(way_out);
  return state;
}

RunState loop_ended(Session& session, LoopEnd end, const StageRecord& stage) {
  const std::int64_t run = session.run();
  switch (end) {
    case LoopEnd::Paused:
      return ended(session, RunEnd::Paused, RunState::Paused,
                   fmt::format("run {} was paused in stage `{}`", run, stage.name),
                   fmt::format("`backfill resume {}`, then run it again", run));
    case LoopEnd::Stopped:
      return ended(session, RunEnd::Stopped, RunState::Stopped,
                   fmt::format("run {} was stopped in stage `{}`: what was written stays", run, stage.name),
                   fmt::format("`backfill rollback {}` puts the prior values back", run));
    case LoopEnd::Interrupted:
      return ended(session, RunEnd::Interrupted, RunState::Interrupted,
                   fmt::format("interrupted in stage `{}`, after a committed batch", stage.name),
                   "run it again to go on");
    case LoopEnd::Quarantine:
      return ended(
          session, RunEnd::Throttled, RunState::Paused,
          fmt::format("{} of {} candidates were quarantined: more than `stop when quarantined` allows",
                      session.report.outcomes.quarantined, session.report.outcomes.candidates),
          fmt::format("look at `backfill status {}`; raise the limit in `pace` and run it again, or stop it",
                      run));
    case LoopEnd::NotOurs:
      return ended(session, RunEnd::Busy, RunState::Running,
                   fmt::format("another process has taken over run {}", run),
                   fmt::format("`backfill status {}` says which", run));
    case LoopEnd::Bug:
      return ended(session, RunEnd::Bug, RunState::Failed, session.report.message,
                   "nothing of that batch was committed; please report it with the spec");
    case LoopEnd::Cancelled:  // never alone
    case LoopEnd::StageDone:
      break;
  }
  return RunState::Running;
}

using MaybeEnd = Result<std::optional<RunState>>;

// Writes in the books while the run is ours; an end, where another process has taken it over. `work` may be
// done twice.
MaybeEnd write_if_ours(Session& session, const StageRecord& stage,
                       const std::function<Result<void>()>& work) {
  bool ours = false;
  const auto if_ours = [&]() -> Result<void> {
    BACKFILL_TRY(database_sql::lock_run(session.store, session.run()));
    BACKFILL_ASSIGN(const auto control, database_sql::look(session.store, session.run(), session.owner));
    ours = control.ours;
    return ours ? work() : Result<void>();
  };
  BACKFILL_TRY(write_transaction(session.store, if_ours, InDoubt::Ask));
  if (ours) return std::optional<RunState>();
  return std::optional(loop_ended(session, LoopEnd::NotOurs, stage));
}

MaybeEnd to_state(Session& session, StageRecord& stage, StageState state) {
  stage.state = state;
  return write_if_ours(session, stage, [&] {
    return database_sql::set_stage_state(session.store, session.run(), stage.stage, state);
  });
}

// Every chunk must be done in the books too: commits that did not wait for the disk may have been lost.
MaybeEnd to_done(Session& session, StageRecord& stage) {
  std::size_t open = 0;
  BACKFILL_ASSIGN(std::optional<RunState> end, write_if_ours(session, stage, [&]() -> Result<void> {
                    BACKFILL_ASSIGN(const auto chunks,
                                    database_sql::open_chunks(session.store, session.run(), stage.stage));
                    open = chunks.size();
                    if (open > 0) return {};
                    return database_sql::set_stage_state(session.store, session.run(), stage.stage,
                                                         StageState::Done);
                  }));
  if (open > 0) return lost_batches(fmt::format("{} chunks of stage `{}`", open, stage.name));
  stage.state = StageState::Done;
  return end;
}

MaybeEnd record_verification(Session& session, const StageRecord& stage, const VerifyReport& report) {
  return write_if_ours(session, stage, [&]() -> Result<void> {
    BACKFILL_ASSIGN(const std::int64_t now, session.store.now());
    BACKFILL_TRY(database_sql::set_verified(session.store, session.run(), stage.stage, report.compared,
                                            report.mismatches, now));
    return database_sql::add_event(session.store, session.run(), now, "verified",
                                   fmt::format(R"({{"stage":{},"compared":{},"mismatches":{},"by":"{}"}})",
                                               database_sql::json_quote(stage.name), report.compared,
                                               report.mismatches, report.by_sql ? "sql" : "evaluator"));
  });
}

// Few corrections are found without an index as well, and more of them are written faster.
Result<void> index_many(Session& session) {
  BACKFILL_ASSIGN(const std::int64_t changed,
                  database_sql::number(session.store, "SELECT sum(changed) FROM backfill_stage WHERE run = ?",
                                       0, {session.run()}));
  if (changed < kIndexedFrom) return {};
  return session.store.index_corrections(session.backfill, session.run());
}

// Nothing: the gate holds.
MaybeEnd check_verified(Session& session, StageRecord& stage) {
  BACKFILL_TRY(index_many(session));
  VerifyOptions options;
  options.run = session.run();
  options.stage = stage.stage;
  options.extent = VerifyExtent::Full;
  BACKFILL_ASSIGN(VerifyReport report, verify(session.subject, options));
  session.report.verifications.push_back(report);
  BACKFILL_ASSIGN(const auto lost, record_verification(session, stage, report));
  if (lost) return lost;
  if (report.clean()) return std::optional<RunState>();
  const std::string what =
      report.mismatches > 0
          ? fmt::format("{} of {} rows do not hold what the spec derives", report.mismatches, report.compared)
          : std::string("nothing could be compared");
  return std::optional(
      ended(session, RunEnd::GateFailed, RunState::Waiting,
            fmt::format("stage `{}` is not verified: {}", stage.name, what),
            fmt::format("`backfill triage {}` says why; run it again to verify again", session.run())));
}

MaybeEnd check_approval(Session& session, const StageRecord& stage, const std::string& who) {
  // Asked anew: it may have been given while this stage was running.
  std::vector<StageRecord> stages;
  BACKFILL_TRY(read_transaction(session.store, [&]() -> Result<void> {
    BACKFILL_ASSIGN(stages, database_sql::stages_of(session.store, session.run()));
    return {};
  }));
  const StageRecord& now = stages[static_cast<std::size_t>(stage.stage - 1)];
  if (!now.approved_by.empty() && now.approved_plan == session.record.plan_hash)
    return std::optional<RunState>();
  const std::string why =
      now.approved_by.empty() ? "" : fmt::format(" (that of {} was for another plan)", now.approved_by);
  return std::optional(
      ended(session, RunEnd::AwaitApproval, RunState::Waiting,
            fmt::format("after stage `{}`, an approval by \"{}\" is missing{}", stage.name, who, why),
            fmt::format("`backfill approve {} --by \"{}\"`, then run it again", session.run(), who)));
}

// A catch-up is verified where any stage is; what was approved, was the plan.
std::vector<ir::Gate> gates_of(const Session& session, const StageRecord& stage) {
  if (stage.kind != database_sql::kCatchUp)
    return session.backfill.stages[static_cast<std::size_t>(stage.stage - 1)].gates;
  for (const ir::Stage& each : session.backfill.stages) {
    for (const ir::Gate& gate : each.gates) {
      if (gate.kind == ir::GateKind::Verified) return {gate};
    }
  }
  return {};
}

MaybeEnd check_gates(Session& session, StageRecord& stage) {
  for (const ir::Gate& gate : gates_of(session, stage)) {
    std::optional<RunState> held;
    if (gate.kind == ir::GateKind::Verified) {
      BACKFILL_ASSIGN(held, check_verified(session, stage));
    } else {
      BACKFILL_ASSIGN(held, check_approval(session, stage, gate.who));
    }
    if (held) return held;
  }
  return std::optional<RunState>();
}

// The books against what was kept: a correction for every row that was changed, none else.
Result<std::string> uncorrected(Session& session) {
  const std::string table = session.store.dialect().quote(lower_sql::corrections_table(session.run()));
  BACKFILL_ASSIGN(const std::int64_t kept,
                  database_sql::number(session.store, "SELECT count(*) FROM " + table, 0));
  std::int64_t changed = 0;
  BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(session.store, session.run()));
  for (const StageRecord& stage : stages) changed += stage.counts.changed;
  if (kept == changed) return std::string();
  return fmt::format("{} rows were changed, {} corrections are kept", changed, kept);
}

// At one moment: another process may have the run by now, and be in the midst of it.
MaybeEnd check_books(Session& session) {
  std::string wrong;
  BACKFILL_TRY(read_transaction(session.store, [&]() -> Result<void> {
    BACKFILL_ASSIGN(wrong, database_sql::inconsistency(session.store, session.run()));
    if (!wrong.empty()) return {};
    BACKFILL_ASSIGN(wrong, uncorrected(session));
    return {};
  }));
  if (wrong.empty()) return std::optional<RunState>();
  return std::optional(ended(session, RunEnd::Bug, RunState::Failed, "the counts do not add up: " + wrong,
                             "nothing more was written; please report it with the spec"));
}

// Nothing: go on with the next stage.
MaybeEnd run_stage(Session& session, std::unique_ptr<Team>& team, StageRecord& stage) {
  BACKFILL_ASSIGN(std::optional<RunState> end, check_books(session));
  if (end) return end;
  if (stage.state != StageState::Done) {
    BACKFILL_ASSIGN(const auto lacking,
                    unmet_requirement(session.store, session.backfill, session.record.now));
    if (lacking)
      return std::optional(ended(session, RunEnd::GateFailed, RunState::Waiting,
                                 fmt::format("stage `{}` does not begin: {}", stage.name, lacking->message),
                                 lacking->way_out));
    if (!team) {
      BACKFILL_ASSIGN(team, Team::open(session));
    }
    BACKFILL_ASSIGN(end, to_state(session, stage, StageState::Running));
    if (end) return end;
    BACKFILL_ASSIGN(const LoopEnd loop_end, team->run_stage(stage));
    if (loop_end != LoopEnd::StageDone) return std::optional(loop_ended(session, loop_end, stage));
    BACKFILL_ASSIGN(end, to_done(session, stage));
    if (end) return end;
  }
  pass(Point::BeforeGate);
  BACKFILL_ASSIGN(end, check_gates(session, stage));
  if (end) return end;
  pass(Point::AfterGate);
  return to_state(session, stage, StageState::Passed);
}

MaybeEnd look_for_late(Session& session, std::unique_ptr<Team>& team, Late& late) {
  if (!team) {
    BACKFILL_ASSIGN(team, Team::open(session));
  }
  BACKFILL_ASSIGN(late, find_late(session, team->decider()));
  if (late.interrupted) {
    return std::optional(ended(session, RunEnd::Interrupted, RunState::Interrupted,
                               "interrupted while looking for rows that came late: every stage is done",
                               "run it again to go on"));
  }
  if (!late.difference.empty()) {
    return std::optional(ended(session, RunEnd::Bug, RunState::Failed,
                               "two engines disagree: " + late.difference,
                               "nothing more was written; please report it with the spec"));
  }
  session.report.late = late.candidates;
  session.report.late_keys = late.samples;
  return std::optional<RunState>();
}

// All stages are done: who came after the manifest is told of, or taken too.
MaybeEnd catch_up(Session& session, std::unique_ptr<Team>& team) {
  const bool wanted = session.options.catch_up;
  if (!wanted && !session.store.guards_rows()) return std::optional<RunState>();
  for (std::int64_t pass = 1;; ++pass) {
    Late late;
    BACKFILL_ASSIGN(std::optional<RunState> end, look_for_late(session, team, late));
    if (end || late.candidates == 0 || !wanted || pass > kCatchUps) return end;
    StageRecord stage;
    BACKFILL_ASSIGN(end, write_if_ours(session, session.stages.back(), [&]() -> Result<void> {
                      BACKFILL_ASSIGN(stage, insert_catch_up(session, late));
                      return {};
                    }));
    if (end) return end;
    session.stages.push_back(stage);
    BACKFILL_ASSIGN(end, run_stage(session, team, session.stages.back()));
    if (end) return end;
  }
}

}  // namespace

namespace {

Result<RunState> run_all(Session& session, std::unique_ptr<Team>& team) {
  const std::string& until = session.options.until_stage;
  for (StageRecord& stage : session.stages) {
    if (stage.state != StageState::Passed) {
      BACKFILL_ASSIGN(const std::optional<RunState> end, run_stage(session, team, stage));
      if (end) return *end;
    }
    const bool more = stage.stage < static_cast<std::int64_t>(session.stages.size());
    if (stage.name == until && more) {
      return ended(session, RunEnd::StageDone, RunState::Waiting,
                   fmt::format("stage `{}` is done", stage.name),
                   "run it again without `--stage`, or with a later one, to go on");
    }
  }
  BACKFILL_ASSIGN(std::optional<RunState> end, catch_up(session, team));
  if (end) return *end;
  BACKFILL_ASSIGN(end, check_books(session));
  if (end) return *end;
  return ended(session, RunEnd::Finished, RunState::Finished, {}, {});
}

}  // namespace

Result<RunState> run_stages(Session& session) {
  std::unique_ptr<Team> team;
  auto state = run_all(session, team);
  if (team) session.report.engine += team->engine();
  return state;
}

}  // namespace backfill::execute
