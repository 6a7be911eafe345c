// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/verbs.h"
#include "runtime/database/store.h"

namespace backfill::cli {

namespace {

// The statements as SQLite keeps them: whoever reads them back gets the same catalog. Our own bookkeeping is
// left out.
constexpr std::string_view kStatements =
    "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND substr(tbl_name, 1, 9) <> 'backfill_' "
    "AND "
    "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE "
    "2 END, name";

Result<std::string> statements(const std::string& url) {
  BACKFILL_ASSIGN(const auto store, database::open(url, {.access = database::Access::ReadOnly}));
  BACKFILL_ASSIGN(const database::Rows rows, store->query(kStatements));
  std::string text;
  for (const auto& row : rows.rows) text += row[0].text() + "\n";
  return text;
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
  const Result<std::string> text = statements(*url);
  if (!text) return command.failed(text.failure());
  if (command.json()) {
    print_json(Json{{"dialect", "sqlite"}, {"ddl", *text}});
  } else {
    fmt::print("{}", *text);
  }
  return kDone;
}

}  // namespace backfill::cli
