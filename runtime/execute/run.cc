// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/run.h"

#include <fmt/format.h>

#include <thread>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/at_moment.h"
#include "runtime/execute/begin.h"
#include "runtime/execute/manifest.h"
#include "runtime/execute/retry.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/stages.h"
#include "runtime/execute/tables.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

using database_sql::RunState;

namespace {

// The run's books, as they are now.
Result<void> read_books(Session& session) {
  RunReport& report = session.report;
  report.stages.clear();
  report.drift.clear();
  report.for_review = report.uncertain = 0;
  BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(session.store, session.run()));
  report.outcomes = {};
  report.without_stage = session.record.candidates;
  for (const auto& stage : stages) {
    if (stage.kind != database_sql::kCatchUp) report.without_stage -= stage.candidates;
    report.stages.push_back(stage_report(stage));
    report.outcomes += report.stages.back().outcomes;
  }
  BACKFILL_ASSIGN(const auto classes, database_sql::classes_of(session.store, session.run()));
  report.classes.clear();
  for (const auto& row : classes) report.classes.push_back({row.code, row.name, row.rows});
  report.rows = session.record.rows;
  BACKFILL_ASSIGN(report.rows_now, count_rows(session.store, session.backfill));
  for (std::size_t i = 0; i < session.backfill.row.rules.size(); ++i) {
    const std::size_t code = ir::kFirstRule + 2 * i;
    if (session.backfill.row.rules[i].kind == ir::RuleKind::Review && code < report.classes.size()) {
      report.for_review += report.classes[code].rows;
    }
    if (code + 1 < report.classes.size()) report.uncertain += report.classes[code + 1].rows;
  }
  if (ir::kUncertainWhere < report.classes.size())
    report.uncertain += report.classes[ir::kUncertainWhere].rows;
  BACKFILL_ASSIGN(const auto drift, database_sql::drift_of(session.store, session.run(), 1000));
  for (const auto& row : drift) {
    report.drift.push_back(
        {stages[static_cast<std::size_t>(row.stage - 1)].name, row.chunk, row.expected, row.met});
  }
  BACKFILL_ASSIGN(const auto by_outcome, database_sql::outcomes_of(session.store, session.run()));
  report.by_outcome.clear();
  for (const auto& one : by_outcome) report.by_outcome.push_back({one.name, one.rows});
  BACKFILL_ASSIGN(report.effects, effects_written(session.store, session.run()));
  BACKFILL_ASSIGN(report.outcomes.uncertain, count_uncertain(session.store, session.run()));
  BACKFILL_ASSIGN(report.set_aside, set_aside_rows(session.store, session.backfill.key.size(), session.run(),
                                                   session.options.max_samples));
  return {};
}

// Lets the run go, with its state, in one transaction. Not when somebody else has it by now.
Result<void> release(Session& session, RunState state, InDoubt in_doubt) {
  const auto let_go = [&]() -> Result<void> {
    BACKFILL_TRY(database_sql::lock_run(session.store, session.run()));
    BACKFILL_ASSIGN(const auto control, database_sql::look(session.store, session.run(), session.owner));
    if (!control.ours) return {};
    BACKFILL_ASSIGN(const std::int64_t now, session.store.now());
    BACKFILL_TRY(database_sql::set_state(session.store, session.run(), state, session.report.message));
    if (state == RunState::Finished || state == RunState::Stopped) {
      BACKFILL_TRY(database_sql::set_finished(session.store, session.run(), now));
      BACKFILL_TRY(database_sql::set_request(session.store, session.run(), ""));
    }
    BACKFILL_TRY(database_sql::set_owner(session.store, session.run(), {}, now));
    return database_sql::add_event(
        session.store, session.run(), now, std::string(database_sql::name(state)),
        fmt::format(R"({{"message":{}}})", database_sql::json_quote(session.report.message)));
  };
  return write_transaction(session.store, let_go, in_doubt);
}

bool has_stage(const ir::Backfill& backfill, const std::string& name) {
  return std::any_of(backfill.stages.begin(), backfill.stages.end(),
                     [&](const ir::Stage& stage) { return stage.name == name; });
}

Result<void> work(Session& session) {
  // What earlier processes did counts for the limits of the pace.
  for (const auto& stage : session.stages) session.report.outcomes += stage_report(stage).outcomes;
  auto state = run_stages(session);
  if (!state) {
    session.report.message = state.failure().message;
    session.store.rollback();
    // The first failure is the one to tell of, and patience was had with it already.
    (void)release(session, RunState::Interrupted, InDoubt::Tell);
    return state.failure();
  }
  session.report.state = database_sql::name(*state);
  BACKFILL_TRY(release(session, *state, InDoubt::Ask));
  return read_transaction(session.store, [&] { return read_books(session); });
}

RunReport refused(RunReport report, std::string message, std::string way_out) {
  report.end = RunEnd::Refused;
  report.message = std::move(message);
  report.way_out = std::move(way_out);
  return report;
}

// From where the books say, to an end or to a failure. `connected`: the database was there.
Result<RunReport> attempt(const Subject& subject, const RunOptions& options, const database_sql::Owner& owner,
                          bool& connected) {
  RunReport report;
  report.name = subject.backfill->name;
  BACKFILL_ASSIGN(auto store, database::open(subject.url, {database::Access::ReadWrite}));
  connected = true;
  if (options.workers > 1 && !store->guards_rows())
    return refused(
        std::move(report),
        fmt::format("{} workers cannot write beside each other: this database writes one at a time",
                    options.workers),
        "leave --workers out");
  BACKFILL_ASSIGN(auto begun, begin_or_resume(*store, subject, options, owner, report));
  if (begun) {
    report.plan_hash = begun->record.plan_hash;
    BACKFILL_ASSIGN(auto done_in, runs_before(*store, *subject.backfill, begun->record.run));
    AtMoment at(subject, begun->record.now, std::move(done_in));
    at.read_sources_of(begun->record.run);
    Session session{at.subject(),
                    options,
                    *at.subject().backfill,
                    *store,
                    std::move(begun->record),
                    owner,
                    std::move(begun->stages),
                    report,
                    {},
                    nullptr};
    BACKFILL_TRY(work(session));
  }
  return report;
}

bool is_lost(const Failure& failure) {
  return failure.recovery == Recovery::Ambiguous ||
         (failure.recovery == Recovery::Retry && short_reason(failure) == "cannot connect");
}

// In short naps, so that a signal is heard at once.
void wait_for_server(const Subject& subject, const Failure& failure, Retry& retry) {
  if (subject.progress != nullptr) {
    ProgressUpdate update;
    update.throttle = fmt::format("waiting: {} (try {})", short_reason(failure), retry.tries() + 1);
    subject.progress->update(update);
  }
  const double seconds = retry.wait();
  const Stopwatch watch;
  while (watch.seconds() < seconds && !interrupted(subject))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

}  // namespace

// What a batch does not survive by itself (the manifest, gates, the books) begins again with what is
// committed.
Result<RunReport> run(const Subject& subject, const RunOptions& options) {
  const Stopwatch watch;
  RunReport none;
  none.name = subject.backfill->name;
  if (!options.until_stage.empty() && !has_stage(*subject.backfill, options.until_stage))
    return refused(std::move(none), fmt::format("`{}` has no stage `{}`", none.name, options.until_stage),
                   "name a stage of the spec");
  const database_sql::Owner owner = database_sql::this_process();
  bool connected = false;
  std::int64_t times_lost = 0;
  Retry retry(kPatience);
  while (true) {
    const Stopwatch since;
    auto report = attempt(subject, options, owner, connected);
    if (report) {
      report->seconds = watch.seconds();
      report->retries += times_lost;
      return report;
    }
    if (!connected || !is_lost(report.failure()) || interrupted(subject)) return report;
    if (since.seconds() > kPatience) retry = Retry(kPatience);  // much was done in between
    if (!retry.again()) return report;
    ++times_lost;
    wait_for_server(subject, report.failure(), retry);
  }
}

int exit_code(const RunReport& report) {
  switch (report.end) {
    case RunEnd::Finished: {
      const Outcomes& outcomes = report.outcomes;
      const bool mismatch =
          std::any_of(report.verifications.begin(), report.verifications.end(),
                      [](const VerifyReport& verification) { return verification.mismatches > 0; });
      return outcomes.quarantined + outcomes.conflicts + report.uncertain + report.for_review +
                             report.without_stage + report.late >
                         0 ||
                     mismatch
                 ? 4
                 : 0;
    }
    case RunEnd::StageDone:
    case RunEnd::AwaitApproval:
    case RunEnd::Paused:
    case RunEnd::Throttled:
      return 3;
    case RunEnd::GateFailed:
      return 4;
    case RunEnd::Interrupted:
    case RunEnd::Busy:
      return 2;
    case RunEnd::Stopped:
    case RunEnd::Declined:
      return 3;
    case RunEnd::Refused:
      return 1;
    case RunEnd::Bug:
      return 5;
  }
  return 5;
}

std::string_view name(RunEnd end) {
  switch (end) {
    case RunEnd::Finished:
      return "finished";
    case RunEnd::StageDone:
      return "stage done";
    case RunEnd::AwaitApproval:
      return "waiting for approval";
    case RunEnd::GateFailed:
      return "not verified";
    case RunEnd::Paused:
      return "paused";
    case RunEnd::Interrupted:
      return "interrupted";
    case RunEnd::Stopped:
      return "stopped";
    case RunEnd::Throttled:
      return "held by its pace";
    case RunEnd::Declined:
      return "declined";
    case RunEnd::Refused:
      return "refused";
    case RunEnd::Busy:
      return "busy";
    case RunEnd::Bug:
      return "failed";
  }
  return "";
}

}  // namespace backfill::execute
