// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/history.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/print.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

int history(Command& command, Arguments arguments) {
  std::optional<std::int64_t> run;
  execute::HistoryOptions options;
  std::string db;
  command.teach(
      "Shows what was changed: prior value, new value, when, in which stage, by which run. By run, or by row "
      "over all runs.");
  command.positional("RUN", run, "its number (the newest)");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.option("--table", options.table, "TABLE", "with --key: one row, over all runs");
  command.options("--key", options.key, "VALUE", "once per key column");
  command.number("--limit", options.limit, "N", "at most so many changes (100)");
  command.number("--skip", options.skip, "N", "leave out the first N");
  command.example("backfill history 3 --db sqlite:shop.db", "what run 3 changed");
  command.example("backfill history --table Customer --key 42 --db sqlite:shop.db",
                  "what was ever changed in one row");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (options.table.empty() != options.key.empty())
    return command.wrong("--table and --key belong together", "write `--table T --key K`");
  if (options.limit < 1 || options.skip < 0)
    return command.wrong("--limit takes 1 or more, --skip 0 or more");
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  if (options.table.empty()) {
    const auto found = execute::status(*url, run);
    if (!found) return command.failed(found.failure());
    if (!*found)
      return command.wrong(
          run ? fmt::format("the database has no run {}", *run) : "nothing has run in this database",
          "`backfill runs` lists what has");
    options.run = (*found)->summary.run;
  }
  const auto entries = execute::history(*url, options);
  if (!entries) return command.failed(entries.failure());
  command.json() ? print_json(to_json(*entries)) : print_history(*entries);
  return kDone;
}

}  // namespace backfill::cli
