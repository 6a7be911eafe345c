// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/modules/modules.h"
#include "runtime/cli/extern_programs.h"
#include "runtime/cli/interrupt.h"
#include "runtime/cli/job.h"
#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/overview.h"
#include "runtime/cli/print.h"
#include "runtime/cli/progress_line.h"
#include "runtime/cli/require_sql.h"
#include "runtime/cli/table.h"
#include "runtime/cli/terminal.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

constexpr std::int64_t kMostWorkers = 64;

struct Flags {
  std::string spec, db, stage, incident;
  std::vector<std::string> parameters;
  std::int64_t workers = 1;
  bool yes = false, quiet = false, no_prefetch = false, catch_up = false;
  EngineFlag engine;
  RequireSql require_sql;
  ExternFlag externs;
};

void declare(Command& command, Flags& flags) {
  command.teach(
      "Plans (one scan of the table, counts by class), asks, and then writes stage by stage, batch by batch: "
      "each batch is\n"
      "one transaction that holds the new values, the prior ones, and the checkpoint. Ctrl-C finishes the "
      "batch; the same\n"
      "command goes on where a run of the same plan stopped. At a gate it ends with 3 and says what is "
      "missing.");
  command.positional("SPEC", flags.spec, "the file", true);
  command.option("--db", flags.db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.flag("--yes", flags.yes, "do not ask before the first write; needed where there is no terminal");
  command.option("--stage", flags.stage, "NAME", "stop after this stage");
  flags.engine.declare(command);
  flags.require_sql.declare(command);
  command.option("--incident", flags.incident, "ID", "kept with the run's record");
  command.options("--param", flags.parameters, "NAME=VALUE", "a `param` of the spec; kept with the run");
  flags.externs.declare(command);
  command.number("--workers", flags.workers, "N",
                 "N connections write beside each other (PostgreSQL; SQLite writes one at a time)");
  command.flag("--catch-up", flags.catch_up,
               "at the end, take candidates that came after the plan was made, too");
  command.flag("--quiet", flags.quiet, "no progress");
  command.hidden_flag("--no-prefetch", flags.no_prefetch);
  command.example("backfill run account_status.backfill --db sqlite:shop.db",
                  "shows the plan's counts, asks, runs");
  command.example("backfill run account_status.backfill --db production --yes --stage canary",
                  "the first stage, unattended");
}

std::string stages_text(const execute::Manifest& manifest) {
  Table table({{"", Align::Right}, {"stage", Align::Left}, {"candidates", Align::Right}});
  for (std::size_t k = 0; k < manifest.stages.size(); ++k)
    table.row({fmt::format("{}", k + 1), manifest.stages[k].name, thousands(manifest.stages[k].candidates)});
  return table.text(2);
}

bool confirm(const execute::Manifest& manifest, const ir::Backfill& backfill, ProgressLine& progress) {
  progress.clear();
  fmt::print("{}: {}\n", backfill.name, backfill.about);
  print_classes(manifest.classes, manifest.rows);
  heading("stages");
  fmt::print("{}\n", stages_text(manifest));
  std::fflush(stdout);
  return ask(fmt::format("Write to {}?", backfill.table->name).c_str());
}

execute::RunOptions options_of(const Flags& flags, const ir::Backfill& backfill, const Program& program,
                               ProgressLine& progress) {
  execute::RunOptions options{.spec = modules::kept_text(program.source),
                              .compiler_version = std::string(kVersion),
                              .until_stage = flags.stage,
                              .incident = flags.incident,
                              .workers = flags.workers,
                              .catch_up = flags.catch_up,
                              .prefetch = !flags.no_prefetch};
  if (!flags.yes) {
    options.confirm = [&](const execute::Manifest& manifest) {
      return confirm(manifest, backfill, progress);
    };
  }
  return options;
}

void print_event(const execute::RunReport& report) {
  Json event{{"event", "report"}};
  event.update(to_json(report));
  print_json_line(event);
}

std::optional<int> refuse(const Command& command, const Flags& flags) {
  if (flags.workers < 1 || flags.workers > kMostWorkers)
    return command.wrong(fmt::format("--workers {}: a run has between 1 and {}", flags.workers, kMostWorkers),
                         "begin with 2: beyond the server's cores there is nothing to gain");
  if (!flags.yes && (command.json() || !is_terminal(stdin) || !is_terminal(stderr)))
    return command.wrong("a run writes to the database, and nobody can be asked here",
                         "add `--yes` after reading `backfill dry-run`");
  return std::nullopt;
}

}  // namespace

int run(Command& command, Arguments arguments) {
  Flags flags;
  declare(command, flags);
  if (const auto exit = command.parse(arguments)) return *exit;
  if (const auto exit = refuse(command, flags)) return *exit;
  if (const auto exit = flags.require_sql.wrong(command)) return *exit;
  Target target =
      load_target(command, flags.spec, flags.db, flags.parameters, flags.require_sql.on_compiled());
  if (!target.program) return target.exit;
  ask::Programs programs;
  if (const auto wrong =
          flags.externs.open(command, target.program->backfills, flags.spec, catch_interrupts(), programs))
    return *wrong;
  int exit = kDone;
  for (const ir::Backfill& backfill : target.program->backfills) {
    ProgressLine progress(command.json() && !flags.quiet ? ProgressStyle::JsonLines
                                                         : progress_style(command.json(), flags.quiet));
    execute::Subject subject = subject_of(target.url, &backfill, flags.engine, &progress);
    subject.programs = &programs;
    const auto report = execute::run(subject, options_of(flags, backfill, *target.program, progress));
    progress.clear();
    if (!report) return command.failed(report.failure());
    command.json() ? print_event(*report) : print_run(*report, flags.db);
    exit = std::max(exit, execute::exit_code(*report));
    // Backfills of one file run in order: a later one may rest on what this one has not finished.
    if (report->end != execute::RunEnd::Finished) break;
  }
  return exit;
}

}  // namespace backfill::cli
