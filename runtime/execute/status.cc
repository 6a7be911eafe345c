// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/status.h"

#include <fmt/format.h>
#include <algorithm>

#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/tables.h"

namespace backfill::execute {

using database_sql::RunRecord;
using database_sql::RunState;
using database_sql::StageState;

namespace {

constexpr std::int64_t kRateBatches = 50;  // over how many batches the rate is taken

Result<std::vector<StageReport>> stage_reports(database::Store& store, std::int64_t run) {
  BACKFILL_ASSIGN(const auto records, database_sql::stages_of(store, run));
  std::vector<StageReport> reports;
  for (const auto& record : records) reports.push_back(stage_report(record));
  return reports;
}

RunSummary summary_of(const RunRecord& record, const std::vector<StageReport>& stages, std::int64_t now) {
  RunSummary summary;
  summary.run = record.run;
  summary.name = record.name;
  summary.table = record.table;
  summary.state = database_sql::name(record.state);
  summary.state_means = database_sql::meaning(record.state);
  summary.requested = record.requested;
  summary.owner = database_sql::describe(record.owner);
  summary.owner_alive = database_sql::alive(record.owner, record.heartbeat, now);
  summary.started_at = rfc3339(record.started_at);
  summary.finished_at = rfc3339(record.finished_at);
  summary.heartbeat = rfc3339(record.heartbeat);
  summary.fingerprint = record.fingerprint;
  summary.schema_fingerprint = record.schema_fingerprint;
  summary.plan_hash = record.plan_hash;
  summary.compiler_version = record.compiler_version;
  summary.incident = record.incident;
  summary.rows = record.rows;
  summary.candidates = record.candidates;
  for (const StageReport& stage : stages) summary.outcomes += stage.outcomes;
  return summary;
}

// Rows per second of the last batches, by the database's clock.
Result<double> rate(database::Store& store, std::int64_t run) {
  BACKFILL_ASSIGN(const database::Rows rows,
                  database_sql::query(store,
                                      "SELECT candidates, committed_at FROM backfill_batch WHERE run = ?"
                                      " ORDER BY batch DESC LIMIT ?",
                                      {run, kRateBatches}));
  if (rows.rows.size() < 2) return 0.0;
  std::int64_t done = 0;
  for (std::size_t i = 0; i + 1 < rows.rows.size(); ++i) done += database_sql::integer(rows.rows[i][0]);
  const std::int64_t took =
      database_sql::integer(rows.rows.front()[1]) - database_sql::integer(rows.rows.back()[1]);
  return took <= 0 ? 0.0 : static_cast<double>(done) * 1e6 / static_cast<double>(took);
}

// What the run waits for, and what would let it go on.
void explain(const RunRecord& record, Status& status) {
  status.message = record.message;
  const std::int64_t run = record.run;
  if (record.state == RunState::Paused || record.requested == "pause") {
    status.way_out = fmt::format("`backfill resume {}`, then run it again", run);
  } else if (record.state == RunState::Waiting) {
    for (const StageReport& stage : status.stages) {
      if (stage.state == "done" && stage.gate.find("approval") != std::string::npos &&
          stage.approved_by.empty()) {
        status.way_out = fmt::format("`backfill approve {} --by WHO`, then run it again", run);
      }
    }
    if (status.way_out.empty()) status.way_out = "run it again";
  } else if (record.state == RunState::Running && !status.summary.owner_alive) {
    status.message = "the process that worked on it is gone";
    status.way_out = "run it again: it goes on after the last committed batch";
  } else if (record.state == RunState::Interrupted) {
    status.way_out = "run it again";
  }
}

Result<void> fill_progress(database::Store& store, Status& status) {
  const std::int64_t run = status.summary.run;
  for (const StageReport& stage : status.stages) {
    if (stage.state == "done" || stage.state == "passed") continue;
    status.stage = stage.name;
    BACKFILL_ASSIGN(const database::Rows rows,
                    database_sql::query(store,
                                        "SELECT count(*), sum(CASE WHEN state = 'done' THEN 1 ELSE 0 END)"
                                        " FROM backfill_chunk WHERE run = ? AND stage = ?",
                                        {run, stage.stage}));
    status.chunks = database_sql::integer(rows.rows[0][0]);
    status.chunks_done = database_sql::integer(rows.rows[0][1]);
    break;
  }
  BACKFILL_ASSIGN(status.rows_per_second, rate(store, run));
  const std::int64_t left = status.summary.candidates - status.summary.outcomes.candidates;
  if (status.rows_per_second > 0) {
    status.eta_seconds = static_cast<double>(std::max<std::int64_t>(0, left)) / status.rows_per_second;
  }
  return {};
}

Result<std::optional<RunRecord>> pick(database::Store& store, std::optional<std::int64_t> run) {
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(store));
  if (!there) return std::optional<RunRecord>();
  if (run) return database_sql::find_run(store, *run);
  BACKFILL_ASSIGN(const std::int64_t newest,
                  database_sql::number(store, "SELECT max(run) FROM backfill_run", 0));
  return database_sql::find_run(store, newest);
}

}  // namespace

Result<std::vector<RunSummary>> runs(const std::string& url) {
  BACKFILL_ASSIGN(auto store, database::open(url, {database::Access::ReadOnly}));
  std::vector<RunSummary> summaries;
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(*store));
  if (!there) return summaries;
  BACKFILL_ASSIGN(const std::int64_t now, store->now());
  BACKFILL_ASSIGN(const std::vector<RunRecord> records, database_sql::all_runs(*store));
  for (const RunRecord& record : records) {
    BACKFILL_ASSIGN(const auto stages, stage_reports(*store, record.run));
    summaries.push_back(summary_of(record, stages, now));
  }
  return summaries;
}

Result<std::optional<Status>> status(const std::string& url, std::optional<std::int64_t> run) {
  BACKFILL_ASSIGN(auto store, database::open(url, {database::Access::ReadOnly}));
  BACKFILL_ASSIGN(const std::optional<RunRecord> record, pick(*store, run));
  if (!record) return std::optional<Status>();
  BACKFILL_ASSIGN(const std::int64_t now, store->now());
  Status status;
  status.spec = record->spec;
  status.schema_text = record->schema_text;
  status.now = record->now;
  BACKFILL_ASSIGN(status.stages, stage_reports(*store, record->run));
  status.summary = summary_of(*record, status.stages, now);
  BACKFILL_ASSIGN(const auto classes, database_sql::classes_of(*store, record->run));
  for (const auto& row : classes) status.classes.push_back({row.code, row.name, row.rows});
  BACKFILL_ASSIGN(const auto by_outcome, database_sql::outcomes_of(*store, record->run));
  for (const auto& one : by_outcome) status.by_outcome.push_back({one.name, one.rows});
  BACKFILL_ASSIGN(status.effects, effects_written(*store, record->run));
  BACKFILL_TRY(fill_progress(*store, status));
  BACKFILL_ASSIGN(status.set_aside, set_aside_rows(*store, 0, record->run, 20));
  BACKFILL_ASSIGN(status.summary.outcomes.uncertain, count_uncertain(*store, record->run));
  BACKFILL_ASSIGN(const auto events, database_sql::events_of(*store, record->run, 50));
  for (const auto& event : events) status.events.push_back({rfc3339(event.at), event.kind, event.detail});
  explain(*record, status);
  return std::optional(std::move(status));
}

}  // namespace backfill::execute
