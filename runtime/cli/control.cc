// SPDX-License-Identifier: Apache-2.0
// pause, resume, stop and approve: one line each to the run's bookkeeping.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

int answer(const Command& command, const Result<execute::ControlReport>& report) {
  if (!report) return command.failed(report.failure());
  if (command.json()) {
    print_json(to_json(*report));
  } else {
    std::FILE* stream = report->done ? stdout : stderr;
    fmt::print(stream, "{}{}\n", report->done ? "" : "error: ", report->message);
    if (!report->way_out.empty())
      fmt::print(stream, "  {}{}\n", report->done ? "" : "help: ", report->way_out);
  }
  return report->done ? kDone : kWrong;
}

int control(Command& command, Arguments arguments, execute::Request request, const char* lesson) {
  std::optional<std::int64_t> run;
  std::string db;
  command.teach(lesson);
  command.positional("RUN", run, "its number (the newest)");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.example(fmt::format("backfill {} 3 --db sqlite:shop.db", command.verb()),
                  "from any machine that reaches it");
  if (const auto exit = command.parse(arguments)) return *exit;
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  return answer(command, execute::control(*url, run, request));
}

}  // namespace

int pause(Command& command, Arguments arguments) {
  return control(
      command, arguments, execute::Request::Pause,
      "Asks a run to pause once its batch is committed. The process ends with 3; nothing is lost.");
}

int resume(Command& command, Arguments arguments) {
  return control(command, arguments, execute::Request::Resume,
                 "Takes a pause back. Then `backfill run` with the same spec goes on where the run stopped.");
}

int stop(Command& command, Arguments arguments) {
  return control(
      command, arguments, execute::Request::Stop,
      "Asks a run to end once its batch is committed, for good: a stopped run is not resumed. What it wrote\n"
      "stays; `backfill rollback` puts it back.");
}

int approve(Command& command, Arguments arguments) {
  std::optional<std::int64_t> run;
  std::string db, who;
  command.teach(
      "Gives the approval that the run's stage waits for. It is bound to the plan as it is now (spec, "
      "schema, compiler):\n"
      "whatever changes, it must be given again. Then `backfill run` goes on.");
  command.positional("RUN", run, "its number (the newest)");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.option("--by", who, "NAME", "who approves; kept with the run");
  command.example("backfill approve 3 --db sqlite:shop.db --by \"Ann, accounts team\"",
                  "after looking at the canary");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (who.empty()) return command.wrong("an approval names who gives it", "add `--by NAME`");
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  return answer(command, execute::approve(*url, run, who));
}

}  // namespace backfill::cli
