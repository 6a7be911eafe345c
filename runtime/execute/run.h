// SPDX-License-Identifier: Apache-2.0
// Runs a backfill: plans, then stage by stage; resumes by itself what an earlier process left.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/execute/manifest.h"
#include "runtime/execute/report.h"
#include "runtime/execute/subject.h"
#include "runtime/execute/verify.h"

namespace backfill::execute {

enum class RunEnd : std::uint8_t {
  Finished,       // every stage done and every gate held
  StageDone,      // `--stage S` and that stage is done; run again to go on
  AwaitApproval,  // a gate waits for `backfill approve`
  GateFailed,     // a gate `verified` does not hold: see `verifications`
  Paused,         // asked to by `backfill pause`
  Interrupted,    // by a signal; the batch was finished and committed
  Stopped,        // asked to by `backfill stop`; a stopped run is not resumed
  Throttled,      // pace's `stop when quarantined` held
  Declined,       // `confirm` said no; nothing was written
  Refused,        // must not be run or resumed: `message` says why, `way_out` what to do
  Busy,           // somebody else runs it
  Bug,            // a difference between tiers or counts that do not add up; the state is `failed`
};

struct RunOptions {
  std::string spec;  // the text that was compiled; kept with the run
  std::string compiler_version = "0.1.0";
  std::string until_stage;                                      // --stage: stop after this one; empty: none
  std::string incident;                                         // --incident
  std::vector<std::pair<std::string, std::string>> parameters;  // --param, kept with the run
  // Asked once, after planning and before the first write (not when a run is resumed). Null: yes.
  std::function<bool(const Manifest&)> confirm;
  std::int64_t workers = 1;  // threads, each with a connection of its own; more than one only where the store
                             // guards rows
  bool catch_up = false;     // candidates that came after the manifest are taken too
  bool prefetch = true;      // read the next batch while this one is written, where that is safe
  std::size_t max_samples = 20;
};

struct RunReport {
  RunEnd end = RunEnd::Finished;
  std::int64_t run = 0;  // 0: none was begun
  std::string name;
  bool resumed = false;
  bool first_again = false;  // an earlier run with the same fingerprint is finished: this is a new one
  bool earlier_rolled_back = false;  // first_again: its prior values had been put back
  std::int64_t earlier_run = 0;      // resumed or first_again: which
  std::string state;                 // of the run now
  std::string plan_hash;
  std::string message;  // lower case, no final period; empty when finished
  std::string way_out;
  ClassCounts classes;        // by the manifest
  std::int64_t rows = 0;      // of the table, by the manifest
  std::int64_t rows_now = 0;  // of the table, by the database's count when the report was made
  std::vector<StageReport> stages;
  Outcomes outcomes;  // of all stages so far
  std::vector<OutcomeCount> by_outcome;
  std::vector<EffectWritten> effects;  // of the whole run
  std::int64_t batches = 0;            // by this process
  std::int64_t read_rows = 0;          // by this process
  double seconds = 0;                  // this process, all in all
  double throttled_seconds = 0;
  std::int64_t retries =
      0;  // transactions of this process that ran into a lock, a deadlock, a lost connection
  std::int64_t decided_anew = 0;       // rows that somebody changed between our read and our write, likewise
  std::int64_t late = 0;               // candidates that came after the manifest and were not taken
  std::vector<std::string> late_keys;  // at most max_samples
  EngineReport engine;
  std::vector<std::string> notes;  // sentences that whoever began it should know
  std::vector<Drift> drift;
  std::vector<SetAside> set_aside;          // at most max_samples; `outcomes` has the counts
  std::vector<VerifyReport> verifications;  // of gates
  std::int64_t without_stage = 0;           // candidates that no stage takes: left alone
  // Rows for review, by the manifest.
  std::int64_t for_review = 0;
  std::int64_t uncertain =
      0;  // rows left alone because the answer of a condition is missing or failed, likewise
};

Result<RunReport> run(const Subject& subject, const RunOptions& options);

// CLI.md's: 0 done and clean, 1 refused, 2 interrupted or busy, 3 waiting, 4 finished with a residue, 5 bug.
[[nodiscard]] int exit_code(const RunReport& report);
[[nodiscard]] std::string_view name(RunEnd end);  // "finished", "waiting for approval", ...

}  // namespace backfill::execute
