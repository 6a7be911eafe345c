// SPDX-License-Identifier: Apache-2.0
// Pause, resume, stop, approve: a word in the bookkeeping that the run reads between batches.
#include <fmt/format.h>

#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/status.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

using database_sql::RunRecord;
using database_sql::RunState;

namespace {

ControlReport report(bool done, std::int64_t run, std::string message, std::string way_out = {}) {
  return {done, run, std::move(message), std::move(way_out)};
}

struct Context {
  database::Store& store;
  const RunRecord& record;
  std::int64_t now;
  bool working;  // a live process has it
};

Result<ControlReport> pause(const Context& context) {
  const RunRecord& record = context.record;
  if (!database_sql::resumable(record.state)) {
    return report(
        false, record.run,
        fmt::format("run {} is {}: there is nothing to pause", record.run, database_sql::name(record.state)));
  }
  BACKFILL_TRY(database_sql::set_request(context.store, record.run, "pause"));
  if (context.working)
    return report(true, record.run, fmt::format("run {} will pause after its batch", record.run));
  BACKFILL_TRY(database_sql::set_state(context.store, record.run, RunState::Paused, ""));
  return report(true, record.run, fmt::format("run {} is paused: nobody was working on it", record.run));
}

Result<ControlReport> resume(const Context& context) {
  const RunRecord& record = context.record;
  if (record.requested != "pause") {
    return report(false, record.run, fmt::format("run {} is not paused", record.run),
                  database_sql::resumable(record.state) ? "`backfill run` goes on with it" : "");
  }
  BACKFILL_TRY(database_sql::set_request(context.store, record.run, ""));
  return report(true, record.run, fmt::format("run {} may go on", record.run),
                "`backfill run` goes on with it");
}

Result<ControlReport> stop(const Context& context) {
  const RunRecord& record = context.record;
  if (!database_sql::resumable(record.state) && record.state != RunState::Failed) {
    return report(
        false, record.run,
        fmt::format("run {} is {}: there is nothing to stop", record.run, database_sql::name(record.state)));
  }
  if (context.working) {
    BACKFILL_TRY(database_sql::set_request(context.store, record.run, "stop"));
    return report(true, record.run, fmt::format("run {} will stop after its batch", record.run));
  }
  BACKFILL_TRY(database_sql::set_state(context.store, record.run, RunState::Stopped, ""));
  BACKFILL_TRY(database_sql::set_request(context.store, record.run, ""));
  BACKFILL_TRY(database_sql::set_finished(context.store, record.run, context.now));
  return report(true, record.run, fmt::format("run {} is stopped: what it wrote stays", record.run),
                fmt::format("`backfill rollback {}` puts the prior values back", record.run));
}

Result<ControlReport> approve_run(const Context& context, const std::string& who) {
  const RunRecord& record = context.record;
  if (!database_sql::resumable(record.state)) {
    return report(false, record.run,
                  fmt::format("run {} is {}: nothing waits for an approval", record.run,
                              database_sql::name(record.state)));
  }
  BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(context.store, record.run));
  for (const auto& stage : stages) {
    const bool waits = !stage.approval.empty() && stage.state == database_sql::StageState::Done;
    if (!waits) continue;
    if (who != stage.approval) {
      return report(false, record.run,
                    fmt::format("stage `{}` waits for an approval by \"{}\", not by \"{}\"", stage.name,
                                stage.approval, who),
                    fmt::format("`backfill approve {} --by \"{}\"`", record.run, stage.approval));
    }
    BACKFILL_TRY(database_sql::set_approved(context.store, record.run, stage.stage, who, record.plan_hash,
                                            context.now));
    BACKFILL_TRY(database_sql::add_event(
        context.store, record.run, context.now, "approved",
        fmt::format(R"({{"stage":{},"by":{},"plan":"{}"}})", database_sql::json_quote(stage.name),
                    database_sql::json_quote(who), record.plan_hash)));
    return report(true, record.run,
                  fmt::format("stage `{}` of run {} is approved by \"{}\"", stage.name, record.run, who),
                  "run it again to go on");
  }
  return report(false, record.run, fmt::format("no stage of run {} waits for an approval", record.run));
}

template <typename Act>
Result<ControlReport> with_run(const std::string& url, std::optional<std::int64_t> run,
                               const std::string& event, const Act& act) {
  BACKFILL_ASSIGN(auto store, database::open(url, {database::Access::ReadWrite}));
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(*store));
  if (!there) return report(false, 0, "this database has no runs");
  ControlReport answer;
  const auto work = [&]() -> Result<void> {
    BACKFILL_ASSIGN(const std::int64_t newest,
                    database_sql::number(*store, "SELECT max(run) FROM backfill_run", 0));
    BACKFILL_TRY(database_sql::lock_run(*store, run.value_or(newest)));
    BACKFILL_ASSIGN(const std::optional<RunRecord> record,
                    database_sql::find_run(*store, run.value_or(newest)));
    if (!record) {
      answer = report(false, run.value_or(0), fmt::format("there is no run {}", run.value_or(0)),
                      "`backfill runs` lists them");
      return {};
    }
    BACKFILL_ASSIGN(const std::int64_t now, store->now());
    const Context context{*store, *record, now, database_sql::alive(record->owner, record->heartbeat, now)};
    BACKFILL_ASSIGN(answer, act(context));
    if (!answer.done || event.empty()) return {};
    return database_sql::add_event(*store, record->run, now, event, "{}");
  };
  BACKFILL_TRY(write_transaction(*store, work));
  return answer;
}

}  // namespace

Result<ControlReport> control(const std::string& url, std::optional<std::int64_t> run, Request request) {
  switch (request) {
    case Request::Pause:
      return with_run(url, run, "pause requested", pause);
    case Request::Resume:
      return with_run(url, run, "resume requested", resume);
    case Request::Stop:
      return with_run(url, run, "stop requested", stop);
  }
  return ControlReport{};
}

Result<ControlReport> approve(const std::string& url, std::optional<std::int64_t> run,
                              const std::string& who) {
  return with_run(url, run, "", [&who](const Context& context) { return approve_run(context, who); });
}

}  // namespace backfill::execute
