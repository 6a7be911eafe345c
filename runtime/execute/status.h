// SPDX-License-Identifier: Apache-2.0
// What has run and how far it is; and control from any machine that reaches the database. Needs no compiled
// spec.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/execute/report.h"

namespace backfill::execute {

// One row of backfill_run, for people. Times are RFC 3339 in UTC, empty where there is none yet.
struct RunSummary {
  std::int64_t run = 0;
  std::string name;
  std::string table;
  std::string state;        // database_sql::RunState
  std::string state_means;  // one line
  std::string requested;    // "pause", "stop" or empty
  std::string owner;        // "host pid 123"; empty: nobody works on it
  bool owner_alive = false;
  std::string started_at, finished_at, heartbeat;
  std::string fingerprint, schema_fingerprint, plan_hash, compiler_version, incident;
  std::int64_t rows = 0;  // of the table, by the manifest
  std::int64_t candidates = 0;
  Outcomes outcomes;  // so far
};

struct EventRow {
  std::string at;
  std::string kind;    // "begun", "resumed", "gate", "approved", "drift", ...
  std::string detail;  // JSON
};

struct Status {
  RunSummary summary;
  std::string spec;         // the frozen text: what `verify`, `rollback` and `resume` compile
  std::string schema_text;  // plan_identity.h: of the table, as the run found it
  std::int64_t now = 0;     // the run's moment
  ClassCounts classes;
  std::vector<StageReport> stages;
  std::vector<OutcomeCount> by_outcome;
  std::vector<EffectWritten> effects;
  std::string stage;                         // current one; empty: none
  std::int64_t chunks = 0, chunks_done = 0;  // of the current stage
  double rows_per_second = 0;                // over the last batches
  double eta_seconds = -1;                   // negative: not known
  std::vector<SetAside> set_aside;           // at most 20
  std::vector<EventRow> events;              // newest last, at most 50
  std::string message;                       // what it waits for; empty: nothing
  std::string way_out;
};

// Newest first. A database without bookkeeping has none.
Result<std::vector<RunSummary>> runs(const std::string& url);
// Without a number: the newest run. Nothing when there is no such run.
Result<std::optional<Status>> status(const std::string& url, std::optional<std::int64_t> run);

enum class Request : std::uint8_t { Pause, Resume, Stop };
struct ControlReport {
  bool done = false;
  std::int64_t run = 0;
  std::string message;  // "run 3 will pause after its batch", "run 3 is finished: there is nothing to pause"
  std::string way_out;
};
Result<ControlReport> control(const std::string& url, std::optional<std::int64_t> run, Request request);
// Of the stage that waits. Bound to the plan hash of the run as it is now.
Result<ControlReport> approve(const std::string& url, std::optional<std::int64_t> run,
                              const std::string& who);

}  // namespace backfill::execute
