// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/verbs.h"
#include "runtime/database/ddl_text.h"

namespace backfill::cli {

namespace {

struct Written {
  std::string dialect, ddl;
};

Result<Written> write(const std::string& url) {
  BACKFILL_ASSIGN(const auto store, database::open(url, {.access = database::Access::ReadOnly}));
  BACKFILL_ASSIGN(std::string text, database::ddl_text(*store));
  return Written{std::string(store->dialect().name()), std::move(text)};
}

}  // namespace

int schema(Command& command, Arguments arguments) {
  std::string db;
  command.teach(
      "Writes the tables, indexes and triggers of a database as DDL on stdout, for `check --schema` where "
      "there is no\n"
      "database (CI). Backfill's own bookkeeping tables are left out.");
  command.option("--db", db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.example("backfill schema --db sqlite:shop.db > schema.sql",
                  "then: backfill check --schema schema.sql");
  if (const auto exit = command.parse(arguments)) return *exit;
  const Result<std::string> url = database_url(db, {});
  if (!url) return command.wrong(url.failure().message, url.failure().way_out);
  const Result<Written> written = write(*url);
  if (!written) return command.failed(written.failure());
  if (command.json()) {
    print_json(Json{{"dialect", written->dialect}, {"ddl", written->ddl}});
  } else {
    fmt::print("{}", written->ddl);
  }
  return kDone;
}

}  // namespace backfill::cli
