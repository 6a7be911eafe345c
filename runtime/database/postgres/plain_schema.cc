// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/plain_schema.h"

#include <map>

#include "runtime/database/postgres/declared_type.h"

namespace backfill::database::postgres {

namespace {

constexpr std::string_view kTables = R"sql(
SELECT c.oid, n.nspname, c.relname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'backfill')
  AND n.nspname NOT LIKE 'pg\_%' ORDER BY 2, 3)sql";
constexpr std::string_view kColumns = R"sql(
SELECT a.attrelid, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated <> '',
  a.attidentity = 'a' FROM pg_attribute AS a WHERE a.attnum > 0 AND NOT a.attisdropped ORDER BY 1, a.attnum)sql";
constexpr std::string_view kKeys = R"sql(
SELECT i.indrelid, i.indisprimary, i.indpred IS NOT NULL OR i.indexprs IS NOT NULL, a.attname, i.indexrelid
FROM pg_index AS i, unnest(i.indkey::int2[]) WITH ORDINALITY AS k(attnum, position)
JOIN pg_attribute AS a ON a.attnum = k.attnum
WHERE a.attrelid = i.indrelid AND i.indisunique AND k.position <= i.indnkeyatts ORDER BY 1, 5, k.position)sql";
constexpr std::string_view kTriggers =
    "SELECT tgrelid, tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2";

using Tables = std::map<std::string, schema::Table>;

template <typename Row>
Result<void> each(const Connection& connection, std::string_view sql, Tables& tables, Row row) {
  BACKFILL_ASSIGN(const TextRows found, connection.query(sql));
  for (const auto& cells : found.rows)
    if (const auto at = tables.find(*cells[0]); at != tables.end()) row(at->second, cells);
  return {};
}

}  // namespace

Result<schema::Catalog> plain_schema(const Connection& connection) {
  Tables tables;
  BACKFILL_ASSIGN(const TextRows found, connection.query(kTables));
  for (const auto& row : found.rows) {
    schema::Table& table = tables[*row[0]];
    table.schema = *row[1];
    table.name = *row[2];
    table.exact_names = true;
  }
  BACKFILL_TRY(each(connection, kColumns, tables, [](schema::Table& table, const auto& row) {
    schema::Column column;
    column.name = *row[1];
    column.sql_type = *row[2];
    column.not_null = row[3] == "t";
    column.generated = row[4] == "t";
    column.identity_always = row[5] == "t";
    column.type = declared_type(column.sql_type);
    column.type.optional = !column.not_null;
    table.columns.push_back(std::move(column));
  }));
  std::string last;
  BACKFILL_TRY(each(connection, kKeys, tables, [&](schema::Table& table, const auto& row) {
    if (*row[4] != last) {
      last = *row[4];
      table.keys.push_back({});
      table.keys.back().primary = row[1] == "t";
      table.keys.back().partial = row[2] == "t";
    }
    table.keys.back().columns.push_back(table.find(*row[3]));
  }));
  BACKFILL_TRY(each(connection, kTriggers, tables, [](schema::Table& table, const auto& row) {
    table.triggers.emplace_back().name = *row[1];
  }));
  schema::Catalog catalog;
  catalog.dialect = "postgres";
  for (auto& [oid, table] : tables) catalog.tables.push_back(std::move(table));
  return catalog;
}

}  // namespace backfill::database::postgres
