// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/rollback.h"

#include <fmt/format.h>

#include <algorithm>

#include <nlohmann/json.hpp>

#include "runtime/cli/job.h"
#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/progress_line.h"
#include "runtime/cli/terminal.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

bool asked(const LoadedRun& run) {
  const execute::RunSummary& summary = run.status->summary;
  return ask(fmt::format("Put prior values back in {} of {} (run {}, {})?",
                         counted(summary.outcomes.changed, "row"), summary.table, summary.run, summary.name)
                 .c_str());
}

// Those that have written something which still stands, the newest first: one that found nothing to do is not
// what is meant.
std::vector<std::int64_t> runs_to_take_back(const std::string& url) {
  std::vector<std::int64_t> wrote;
  const auto runs = execute::runs(url);
  if (!runs) return wrote;
  for (const execute::RunSummary& summary : *runs)
    if (summary.outcomes.changed > 0 && summary.state != "rolled back") wrote.push_back(summary.run);
  return wrote;
}

}  // namespace

int rollback(Command& command, Arguments arguments) {
  std::optional<std::int64_t> number;
  std::string db;
  execute::RollbackOptions options;
  bool yes = false, quiet = false;
  command.teach(
      "Puts prior values back, batch by batch, where the row still holds what the run wrote; rows that "
      "somebody changed\n"
      "or deleted since are left alone and listed (it then ends with 4). Safe to interrupt and to run "
      "again.");
  command.positional("RUN", number,
                     "its number (the newest that has written; with --yes needed where several have)");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.option("--stage", options.stage, "NAME", "only what this stage wrote");
  command.flag("--dry-run", options.dry_run, "counts, writes nothing");
  command.flag("--yes", yes, "do not ask; needed where there is no terminal");
  command.flag("--quiet", quiet, "no progress");
  command.example("backfill rollback 3 --dry-run --db sqlite:shop.db", "what it would restore");
  command.example("backfill rollback 3 --db sqlite:shop.db", "asks, and restores");
  if (const auto exit = command.parse(arguments)) return *exit;
  const bool nobody = command.json() || !is_terminal(stdin) || !is_terminal(stderr);
  if (!yes && !options.dry_run && nobody)
    return command.wrong("a rollback writes to the database, and nobody can be asked here",
                         "add `--yes`, or look first with `--dry-run`");
  LoadedRun run = load_run(command, db, number);
  if (run.exit != kDone) return run.exit;
  if (!number) {
    const std::vector<std::int64_t> wrote = runs_to_take_back(run.url);
    if (yes && wrote.size() > 1)
      return command.wrong(
          "several runs of this database have written rows, and nobody can be asked which one is meant",
          "name it: `backfill rollback RUN`; `backfill runs` lists them");
    if (!wrote.empty() && wrote.front() != run.status->summary.run)
      run = load_run(command, db, wrote.front());
    if (run.exit != kDone) return run.exit;
  }
  if (run.backfill == nullptr && !command.json())
    fmt::print(stderr, "{}\n  restoring from what the run has kept, without its spec\n", run.misfit);
  if (!yes && !options.dry_run && !asked(run)) return command.wrong("nothing was written");
  options.run = run.status->summary.run;
  ProgressLine progress(progress_style(command.json(), quiet));
  const auto report = execute::rollback(subject_of(run.url, run.backfill, {}, &progress), options);
  progress.clear();
  if (!report) return command.failed(report.failure());
  command.json() ? print_json(to_json(*report)) : print_rollback(*report, options.dry_run);
  return execute::exit_code(*report);
}

}  // namespace backfill::cli
