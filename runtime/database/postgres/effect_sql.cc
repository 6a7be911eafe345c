// SPDX-License-Identifier: Apache-2.0
// The statements of a run's effects.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/table_sql.h"

namespace backfill::database::postgres {

namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view with = ", ") {
  return fmt::format("{}", fmt::join(parts, with));
}

std::string row_name(const schema::Column& column) {
  return dialect().quote("row_" + column.name);
}

}  // namespace

std::string TableSql::effect_table(std::size_t effect) const {
  return "backfill." + dialect().quote(lower_sql::effect_table(run_, effect));
}

std::string TableSql::lock() const {
  return fmt::format(
      "SELECT v.i FROM {} AS t JOIN {} WITH ORDINALITY AS v({}{}, i) ON {} AND t.xmin "
      "OPERATOR(pg_catalog.=) v.x WHERE {}{} FOR {}UPDATE OF t",
      table_, unnested(key_arrays() + versions_array(), 1), key_names(), versions_name(), same_key_as_bound(),
      between("t", k_ + 1 + versions_count()), same_found(),
      ir::deletes_row(backfill_) == nullptr ? "NO KEY " : "");
}

std::string TableSql::delete_rows(std::size_t effect) const {
  std::vector<std::string> returned, names, values;
  for (const int key : backfill_.key) {
    names.push_back(key_.name(key, "key_"));
    values.push_back("g." + row_name(schema_of(key)));
  }
  names.emplace_back("batch");
  values.push_back(fmt::format("${}::int8", 3 * k_ + 1));
  for (const schema::Column& column : backfill_.table->columns) {
    const std::string name = row_name(column);
    returned.push_back(fmt::format("t.{} AS {}", dialect().quote(column.name), name));
    names.push_back(name);
    values.push_back("g." + name);
  }
  return fmt::format(
      "WITH gone AS (DELETE FROM {} AS t USING {} WITH ORDINALITY AS v({}, i) WHERE {} AND {} RETURNING v.i "
      "AS "
      "i, {}), kept AS (INSERT INTO {} ({}) SELECT {} FROM gone AS g RETURNING 1) SELECT g.i FROM gone AS g",
      table_, unnested(key_arrays(), 1), key_names(), same_key_as_bound(), between("t", k_ + 1),
      joined(returned), effect_table(effect), joined(names), joined(values));
}

std::string TableSql::put_back(std::size_t effect) const {
  std::vector<std::string> names, values;
  for (const schema::Column& column : backfill_.table->columns) {
    if (column.generated) continue;
    names.push_back(dialect().quote(column.name));
    values.push_back("e." + row_name(column));
  }
  return fmt::format(
      "WITH put AS (INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} AS e WHERE {} AND "
      "e.rolled_back OPERATOR(pg_catalog.=) 0 RETURNING 1), marked AS (UPDATE {} AS e SET rolled_back = 1 "
      "WHERE {} AND e.rolled_back OPERATOR(pg_catalog.=) 0 RETURNING 1) SELECT (SELECT "
      "pg_catalog.count(*) FROM put), (SELECT pg_catalog.count(*) FROM marked)",
      table_, joined(names), joined(values), effect_table(effect), between("e", 1, "key_"),
      effect_table(effect), between("e", 1, "key_"));
}

std::string TableSql::mark() const {
  return fmt::format(
      "WITH marked AS (UPDATE {} AS c SET rolled_back = 1 WHERE {} AND c.rolled_back OPERATOR(pg_catalog.=) "
      "0 "
      "RETURNING 1) SELECT pg_catalog.count(*) FROM marked",
      corrections_, between("c", 1, "key_"));
}

// From the tables themselves, so that every column has the very type that it has there.
std::string TableSql::create_effects() const {
  std::string all;
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    const schema::Table& table = *backfill_.effects[i].table;
    std::vector<std::string> columns, names, required;
    for (const int key : backfill_.key) {
      names.push_back(key_.name(key, "key_"));
      columns.push_back(fmt::format("{} AS {}", key_.column("t", key), names.back()));
      required.push_back(fmt::format("ALTER {} SET NOT NULL", names.back()));
    }
    columns.emplace_back("0::int8 AS batch, 0::int2 AS rolled_back");
    for (const schema::Column& column : table.columns)
      columns.push_back(fmt::format("x.{} AS {}", dialect().quote(column.name), row_name(column)));
    all += fmt::format(
        "CREATE TABLE {0} AS SELECT {1} FROM {2} AS t CROSS JOIN {3} AS x WITH NO DATA;\n"
        "ALTER TABLE {0} {4}, ALTER batch SET NOT NULL, ALTER rolled_back SET NOT NULL, ALTER rolled_back "
        "SET "
        "DEFAULT 0, ADD PRIMARY KEY ({5});\n",
        effect_table(i), joined(columns), table_, dialect().table(table), joined(required), joined(names));
  }
  return all;
}

}  // namespace backfill::database::postgres
