// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/ddl_text.h"

#include "runtime/database/postgres/ddl_writer.h"

namespace backfill::database {

namespace {

// SQLite keeps the statements.
constexpr std::string_view kStatements =
    "SELECT sql || ';' FROM sqlite_master WHERE sql IS NOT NULL AND substr(tbl_name, 1, 9) <> 'backfill_' "
    "AND "
    "name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE "
    "2 END, name";

}  // namespace

Result<std::string> ddl_text(Store& store) {
  if (store.dialect().id() == stdlib::Dialect::Postgres) {
    BACKFILL_ASSIGN(const schema::Catalog catalog, store.catalog());
    return postgres::ddl_text(catalog);
  }
  BACKFILL_ASSIGN(const Rows rows, store.query(kStatements));
  std::string text;
  for (const auto& row : rows.rows) text += row[0].text() + "\n";
  return text;
}

}  // namespace backfill::database
