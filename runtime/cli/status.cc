// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/print.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

int status(Command& command, Arguments arguments) {
  std::optional<std::int64_t> run;
  std::string db;
  command.teach(
      "Says how far a run is and what it waits for: counts by class, outcomes, stages, rows that were set "
      "aside, events.\n"
      "Reads the database's bookkeeping, so it works from any machine.");
  command.positional("RUN", run, "its number (the newest)");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.example("backfill status --db sqlite:shop.db", "of the newest run");
  if (const auto exit = command.parse(arguments)) return *exit;
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  const auto found = execute::status(*url, run);
  if (!found) return command.failed(found.failure());
  if (!*found) {
    return command.wrong(
        run ? fmt::format("the database has no run {}", *run) : "nothing has run in this database",
        "`backfill runs` lists what has");
  }
  command.json() ? print_json(to_json(**found)) : print_status(**found);
  return kDone;
}

}  // namespace backfill::cli
