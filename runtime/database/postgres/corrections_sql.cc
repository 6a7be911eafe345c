// SPDX-License-Identifier: Apache-2.0
// The tables in which a run keeps what it does: corrections, quarantine, answers.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/effect_text.h"
#include "runtime/database/postgres/table_sql.h"

namespace backfill::database::postgres {

std::string TableSql::copy_corrections() const {
  std::vector<std::string> names;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  names.emplace_back("batch");
  for (const std::string_view prefix : {"prior_", "new_"})
    for (const ir::Output& output : backfill_.row.outputs) names.push_back(key_.name(output.column, prefix));
  return fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", corrections_, joined(names));
}

std::string TableSql::set_aside() const {
  std::vector<std::string> names, keys;
  for (int i = 0; i < k_; ++i) {
    const int column = backfill_.key[static_cast<std::size_t>(i)];
    names.push_back(key_.name(column, "key_"));
    keys.push_back(fmt::format("v.k{}{}", i, cast(column)));
  }
  const std::string arrays = "text[], text[], text[], " + key_arrays();
  return fmt::format(
      "INSERT INTO {0} AS q (batch, outcome, error, message, {1}) SELECT $1::int8, v.outcome, v.error, "
      "v.message, {2} "
      "FROM {3} AS v(outcome, error, message, {4}) ON CONFLICT ({1}) DO UPDATE SET batch = excluded.batch, "
      "outcome = excluded.outcome, error = excluded.error, message = excluded.message",
      quarantine_, joined(names), joined(keys), unnested(arrays, 2), key_names());
}

std::string TableSql::keys_of_corrections(Open open) const {
  return fmt::format("SELECT {0} FROM {1} AS c WHERE {2} AND c.rolled_back = 0 ORDER BY {0} LIMIT ${3}",
                     key_.list("c", "key_"), corrections_, key_.range("c", open, "key_"), key_.behind(open));
}

// As the value itself, not as its collation or type may see it.
std::string TableSql::compared(const std::string& value, int column) const {
  const StoredType& type = types_[static_cast<std::size_t>(column)];
  if (type.is_json || type.is_enum) return value + "::text";
  return type.is_text ? value + " COLLATE \"C\"" : value;
}

std::string TableSql::restore() const {
  std::vector<std::string> sets, as_written, marked;
  for (const ir::Output& output : backfill_.row.outputs) {
    sets.push_back(
        fmt::format("{} = {}", key_.name(output.column), key_.column("c", output.column, "prior_")));
    as_written.push_back(fmt::format("{} IS NOT DISTINCT FROM {}",
                                     compared(key_.column("t", output.column), output.column),
                                     compared(key_.column("c", output.column, "new_"), output.column)));
  }
  for (const int key : backfill_.key)
    marked.push_back(fmt::format("{} = {}", key_.column("m", key, "key_"), key_.column("r", key, "key_")));
  return fmt::format(
      "WITH restored AS (UPDATE {table} AS t SET {sets} FROM {corrections} AS c WHERE {range} AND "
      "c.rolled_back = "
      "0 AND {same} AND {as_written} RETURNING {keys}), marked AS (UPDATE {corrections} AS m SET rolled_back "
      "= 1 "
      "FROM restored AS r WHERE {marked} RETURNING 1) SELECT count(*) FROM marked",
      fmt::arg("table", table_), fmt::arg("sets", joined(sets)), fmt::arg("corrections", corrections_),
      fmt::arg("range", between("c", 1, "key_")), fmt::arg("same", key_.same("c", "t")),
      fmt::arg("as_written", joined(as_written, " AND ")), fmt::arg("keys", key_.list("c", "key_")),
      fmt::arg("marked", joined(marked, " AND ")));
}

std::string TableSql::not_restored() const {
  const std::string there = key_.column("t", backfill_.key[0]);
  return fmt::format(
      "SELECT count(*) FILTER (WHERE {0} IS NULL), count(*) FILTER (WHERE {0} IS NOT NULL) FROM {1} AS c "
      "LEFT "
      "JOIN {2} AS t ON {3} WHERE {4} AND c.rolled_back = 0",
      there, corrections_, table_, key_.same("c", "t"), between("c", 1, "key_"));
}

// Each by one seek.
// From the table itself, so that every column has the very type that it has there.
std::string TableSql::create() const {
  std::vector<std::string> keys, names, required, values;
  for (const int key : backfill_.key) {
    names.push_back(key_.name(key, "key_"));
    keys.push_back(fmt::format("{} AS {}", key_.column("t", key), names.back()));
    required.push_back(fmt::format("ALTER {} SET NOT NULL", names.back()));
  }
  for (const std::string_view prefix : {"prior_", "new_"})
    for (const ir::Output& output : backfill_.row.outputs)
      values.push_back(
          fmt::format("{} AS {}", key_.column("t", output.column), key_.name(output.column, prefix)));
  return fmt::format(
             "CREATE TABLE {0} AS SELECT {2}, 0::int8 AS batch, 0::int2 AS rolled_back{3} FROM {5} AS t WITH "
             "NO "
             "DATA;\n"
             "ALTER TABLE {0} {6}, ALTER batch SET NOT NULL, ALTER rolled_back SET NOT NULL, ALTER "
             "rolled_back SET DEFAULT 0;\n"
             "CREATE TABLE {1} AS SELECT {2}, 0::int8 AS batch, ''::text AS outcome, ''::text AS error, "
             "''::text AS "
             "message FROM {5} AS t WITH NO DATA;\n"
             "ALTER TABLE {1} {6}, ALTER batch SET NOT NULL, ALTER outcome SET NOT NULL, ADD PRIMARY KEY "
             "({4});\n",
             corrections_, quarantine_, joined(keys), values.empty() ? "" : ", " + joined(values),
             joined(names), table_, joined(required)) +
         (meets_again_ ? index_corrections() : "") + create_effects() + key_.freeze(frozen_, table_) +
         create_answers();
}

std::string TableSql::create_answers() const {
  const std::vector<std::size_t> externs = ir::externs_read(backfill_);
  if (externs.empty()) return {};
  std::vector<std::string> keys, names, columns;
  for (const int key : backfill_.key) {
    names.push_back(key_.name(key, "key_"));
    keys.push_back(fmt::format("{} AS {}", key_.column("t", key), names.back()));
  }
  for (const std::size_t one : externs) {
    const stdlib::Type& type = backfill_.row.queries[one].values.front().type;
    columns.push_back(fmt::format("NULL::text AS {}, {} AS {}",
                                  lower_sql::asked_column(backfill_, static_cast<int>(one)),
                                  dialect().literal({}, type.or_missing()),
                                  lower_sql::answer_column(backfill_, static_cast<int>(one))));
  }
  return fmt::format(
      "CREATE TABLE {0} AS SELECT {1}, 0::int8 AS {2}, {3} FROM {4} AS t WITH NO DATA;\n"
      "ALTER TABLE {0} ALTER {2} SET NOT NULL, ADD PRIMARY KEY ({5});\n",
      answers_, joined(keys), lower_sql::kAnswerBatch, joined(columns), table_, joined(names));
}

// Lines stand in the order of the keys, which are bound as arrays.
std::string TableSql::keep_answers(std::span<const std::string> lines, std::int64_t batch_number) const {
  std::vector<std::string> rows, names, keys, columns, replaced, sent;
  for (std::size_t i = 0; i < lines.size(); ++i) rows.push_back(fmt::format("({}, {})", i + 1, lines[i]));
  for (int i = 0; i < k_; ++i) {
    const int column = backfill_.key[static_cast<std::size_t>(i)];
    names.push_back(key_.name(column, "key_"));
    keys.push_back(fmt::format("v.k{}{}", i, cast(column)));
  }
  for (const std::size_t one : ir::externs_read(backfill_)) {
    columns.push_back(lower_sql::asked_column(backfill_, static_cast<int>(one)));
    columns.push_back(lower_sql::answer_column(backfill_, static_cast<int>(one)));
  }
  for (const std::string& column : columns) {
    replaced.push_back(fmt::format("{0} = excluded.{0}", column));
    sent.push_back("w." + column);
  }
  return fmt::format(
      "INSERT INTO {0} AS q ({1}, {2}, {3}) SELECT {4}, {5}::int8, {6} FROM {7} WITH ORDINALITY AS v({8}, i) "
      "JOIN (VALUES {9}) AS w(i, {3}) ON w.i OPERATOR(pg_catalog.=) v.i ON CONFLICT ({1}) DO UPDATE SET {2} "
      "= "
      "excluded.{2}, {10}",
      answers_, joined(names), lower_sql::kAnswerBatch, joined(columns), joined(keys), batch_number,
      joined(sent), unnested(key_arrays(), 1), key_names(), joined(rows), joined(replaced));
}

std::string TableSql::lock_corrections() const {
  return fmt::format("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE", corrections_);
}

std::string TableSql::have_index() const {
  return fmt::format("SELECT 1 FROM pg_index WHERE indrelid = '{}'::regclass AND indisunique", corrections_);
}

std::string TableSql::corrected_twice() const {
  std::vector<std::string> names;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  return fmt::format("SELECT 1 FROM {} GROUP BY {} HAVING count(*) > 1 LIMIT 1", corrections_, joined(names));
}

std::string TableSql::index_corrections() const {
  std::vector<std::string> names;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  return fmt::format("CREATE UNIQUE INDEX ON {} ({});\n", corrections_, joined(names));
}

}  // namespace backfill::database::postgres
