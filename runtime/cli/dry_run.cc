// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/dry_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/extern_programs.h"
#include "runtime/cli/interrupt.h"
#include "runtime/cli/job.h"
#include "runtime/cli/json.h"
#include "runtime/cli/print.h"
#include "runtime/cli/program.h"
#include "runtime/cli/progress_line.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

int dry_run(Command& command, Arguments arguments) {
  std::string spec, db;
  std::int64_t samples = 10;
  bool quiet = false;
  std::vector<std::string> parameters;
  EngineFlag engine;
  command.teach(
      "Decides every row of the table as a run would, in a read-only transaction, and reports what would "
      "change: counts\n"
      "by class, deltas by column, samples before and after, and which rows are left alone and why. Writes "
      "nothing.\n"
      "Ends with 4 if candidates would be quarantined.");
  command.positional("SPEC", spec, "the file", true);
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.number("--samples", samples, "N", "rows shown of each kind (10)");
  engine.declare(command);
  ExternFlag externs;
  externs.declare(command);
  command.options("--param", parameters, "NAME=VALUE", "a `param` of the spec");
  command.flag("--quiet", quiet, "no progress");
  command.example("backfill dry-run account_status.backfill --db sqlite:shop.db", "what would change");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (samples < 0) return command.wrong("--samples takes a number of rows, 0 or more");
  Target target = load_target(command, spec, db, parameters);
  if (!target.program) return target.exit;
  ask::Programs programs;
  if (const auto wrong = externs.open(command, target.program->backfills, spec, catch_interrupts(), programs))
    return *wrong;
  int exit = kDone;
  Json all = Json::array();
  for (const ir::Backfill& backfill : target.program->backfills) {
    ProgressLine progress(progress_style(command.json(), quiet));
    execute::Subject subject = subject_of(target.url, &backfill, engine, &progress);
    subject.programs = &programs;
    const auto report = execute::dry_run(subject, {.samples = static_cast<std::size_t>(samples)});
    progress.clear();
    if (!report) return command.failed(report.failure());
    if (report->outcomes.quarantined > 0) exit = kResidue;
    command.json() ? all.push_back(to_json(*report)) : print_dry_run(*report);
  }
  if (command.json()) print_json(Json{{"dry_runs", all}});
  return exit;
}

}  // namespace backfill::cli
