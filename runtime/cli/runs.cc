// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/print.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

int runs(Command& command, Arguments arguments) {
  std::string db;
  command.teach("Lists the runs that a database has kept, newest first.");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.example("backfill runs --db sqlite:shop.db", "what has run");
  if (const auto exit = command.parse(arguments)) return *exit;
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  const auto list = execute::runs(*url);
  if (!list) return command.failed(list.failure());
  if (command.json()) {
    Json all = Json::array();
    for (const execute::RunSummary& run : *list) all.push_back(to_json(run));
    print_json(Json{{"runs", all}});
  } else {
    print_runs(*list);
  }
  return kDone;
}

}  // namespace backfill::cli
