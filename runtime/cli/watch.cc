// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "runtime/cli/connection.h"
#include "runtime/cli/interrupt.h"
#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/terminal.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

std::string line_of(const execute::Status& status) {
  const execute::Outcomes& done = status.summary.outcomes;
  std::string text = fmt::format(
      "run {} {} {}: {} {} of {} candidates", status.summary.run, status.summary.state, status.stage,
      percent(static_cast<double>(done.candidates), static_cast<double>(status.summary.candidates)),
      thousands(done.candidates), thousands(status.summary.candidates));
  if (status.rows_per_second > 0) text += ", " + rate(status.rows_per_second);
  if (status.eta_seconds >= 0) text += fmt::format(", {} to go", duration(status.eta_seconds));
  if (done.quarantined > 0) text += fmt::format(", {} quarantined", thousands(done.quarantined));
  return text;
}

void show(const Command& command, const execute::Status& status) {
  if (command.json()) return print_json_line(to_json(status));
  const bool over = is_terminal(stdout);
  fmt::print("{}{}{}", over ? "\r" : "", line_of(status), over ? "\x1b[K" : "\n");
  std::fflush(stdout);
}

}  // namespace

int watch(Command& command, Arguments arguments) {
  std::optional<std::int64_t> run;
  std::string db;
  std::int64_t every = 2;
  command.teach(
      "Follows a run until nobody works on it any more: a line per look, or with --json an event per look.");
  command.positional("RUN", run, "its number (the newest)");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.number("--every", every, "SECONDS", "between two looks (2)");
  command.example("backfill watch --db sqlite:shop.db", "until the newest run ends or waits");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (every < 1) return command.wrong("--every takes at least 1 second");
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  const std::atomic<bool>* interrupted = catch_interrupts();
  while (true) {
    const auto found = execute::status(*url, run);
    if (!found) return command.failed(found.failure());
    if (!*found)
      return command.wrong("there is no such run in this database", "`backfill runs` lists what has run");
    show(command, **found);
    if (!(*found)->summary.owner_alive || interrupted->load()) {
      if (!command.json() && is_terminal(stdout)) fmt::print("\n");
      return kDone;
    }
    std::this_thread::sleep_for(std::chrono::seconds(every));
  }
}

}  // namespace backfill::cli
