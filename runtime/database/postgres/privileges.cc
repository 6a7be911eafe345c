// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "runtime/database/postgres/assess.h"
#include "runtime/database/postgres/dialect.h"

namespace backfill::database::postgres {

namespace {

// Of a schema: may the role look into it?
constexpr std::string_view kSchema = "SELECT has_schema_privilege($1, 'USAGE')";
constexpr std::string_view kColumns = "SELECT has_column_privilege($1::regclass, $2::text, $3)";
constexpr std::string_view kAnyColumn = "SELECT has_any_column_privilege($1::regclass, 'UPDATE')";
// Of the database: where source files are for the counts.
constexpr std::string_view kTemporary = "SELECT has_database_privilege(current_database(), 'TEMPORARY')";
constexpr std::string_view kTable = "SELECT has_table_privilege($1::regclass, $2)";
// Where runs are kept: is it there; may the role make it, look into it, make tables in it?
constexpr std::string_view kBookkeeping =
    "SELECT n.oid IS NOT NULL, has_database_privilege(current_database(), 'CREATE'), "
    "coalesce(has_schema_privilege(n.oid, 'USAGE') AND has_schema_privilege(n.oid, 'CREATE'), false) "
    "FROM (SELECT to_regnamespace('backfill')::oid) AS n(oid)";
// Tables of the bookkeeping that are there and that the role may not use in full.
constexpr std::string_view kBooks =
    "SELECT c.relname FROM pg_class AS c WHERE c.relnamespace = to_regnamespace('backfill') AND c.relkind = "
    "'r' "
    "AND c.relname ~ '^backfill_(meta|run|class|stage|chunk|batch|event|source)$' AND NOT "
    "(has_table_privilege(c.oid, "
    "'SELECT') AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE')) ORDER BY 1";

Result<bool> holds(const Connection& connection, std::string_view sql,
                   std::initializer_list<std::string> words) {
  Parameters values;
  for (const std::string& word : words) values.add_text(word);
  BACKFILL_ASSIGN(const Answer answer, connection.send(sql, values, Form::Text));
  return std::string_view(PQgetvalue(answer.get(), 0, 0)) == "t";
}

// One line per privilege: SELECT ("a", "b") on "public"."accounts".
Result<void> add_columns(const Connection& connection, const schema::Table& of, const std::string& privilege,
                         const std::set<int>& columns, bool versions, std::vector<std::string>& missing) {
  const std::string table = qualified(of);
  std::vector<std::string> asked, names;
  if (versions) asked.insert(asked.end(), {"ctid", "xmin"});  // where a row stands, which version of it
  for (const int column : columns) asked.push_back(of.columns[static_cast<std::size_t>(column)].name);
  for (const std::string& name : asked) {
    BACKFILL_ASSIGN(const bool may, holds(connection, kColumns, {table, name, privilege}));
    if (!may) names.push_back(dialect().quote(name));
  }
  if (!names.empty())
    missing.push_back(fmt::format("{} ({}) on {}", privilege, fmt::join(names, ", "), table));
  return {};
}

std::set<int> all_columns(const schema::Table& table) {
  std::set<int> all;
  for (std::size_t i = 0; i < table.columns.size(); ++i) all.insert(static_cast<int>(i));
  return all;
}

Result<void> add_table(const Connection& connection, const schema::Table& table, const std::string& privilege,
                       std::vector<std::string>& missing) {
  const std::string name = qualified(table);
  BACKFILL_ASSIGN(const bool may, holds(connection, kTable, {name, privilege}));
  if (!may) missing.push_back(fmt::format("{} on {}", privilege, name));
  return {};
}

Result<void> add_bookkeeping(const Connection& connection, std::vector<std::string>& missing) {
  BACKFILL_ASSIGN(const TextRows found, connection.query(kBookkeeping));
  const auto& row = found.rows.at(0);
  if (row[0] != "t") {
    if (row[1] != "t")
      missing.push_back(fmt::format("a schema to keep runs in: CREATE SCHEMA backfill AUTHORIZATION {}",
                                    dialect().quote(PQuser(connection.handle()))));
    return {};
  }
  if (row[2] != "t") missing.emplace_back("USAGE, CREATE on schema backfill");
  BACKFILL_ASSIGN(const TextRows books, connection.query(kBooks));
  if (!books.rows.empty()) missing.emplace_back("SELECT, INSERT, UPDATE on all tables in schema backfill");
  return {};
}

}  // namespace

Result<std::vector<std::string>> missing_privileges(const Connection& connection,
                                                    const ir::Backfill& backfill) {
  std::vector<std::string> missing;
  BACKFILL_ASSIGN(const bool may_look, holds(connection, kSchema, {backfill.table->schema}));
  if (!may_look) {
    missing.push_back(fmt::format("USAGE on schema {}", dialect().quote(backfill.table->schema)));
  } else {
    std::set<int> reads, writes;
    const bool looks_up = !backfill.row.queries.empty();
    const std::vector<bool> read = ir::inputs_read(backfill);
    for (std::size_t i = 0; i < read.size(); ++i)
      if (backfill.row.inputs[i].query < 0 && (read[i] || looks_up))
        reads.insert(backfill.row.inputs[i].column);
    for (const ir::Output& output : backfill.row.outputs) writes.insert(output.column);
    const bool deletes = ir::deletes_row(backfill) != nullptr;
    if (deletes) reads = all_columns(*backfill.table);  // all of a row is kept, and put back by a rollback
    BACKFILL_TRY(add_columns(connection, *backfill.table, "SELECT", reads, true, missing));
    BACKFILL_TRY(add_columns(connection, *backfill.table, "UPDATE", writes, false, missing));
    if (writes.empty()) {  // rows are locked for what is written beside them: UPDATE of any column does
      BACKFILL_ASSIGN(const bool may, holds(connection, kAnyColumn, {qualified(*backfill.table)}));
      if (!may)
        BACKFILL_TRY(
            add_columns(connection, *backfill.table, "UPDATE", {backfill.key.front()}, false, missing));
    }
    if (deletes) {
      BACKFILL_TRY(add_table(connection, *backfill.table, "DELETE", missing));
      BACKFILL_TRY(add_table(connection, *backfill.table, "INSERT", missing));
    }
  }
  for (const auto& [table, columns] : ir::tables_read(backfill))
    if (ir::source_of(backfill, *table) == nullptr)
      BACKFILL_TRY(add_columns(connection, *table, "SELECT", columns, false, missing));
  for (const ir::Requirement& one : backfill.requirements)
    for (const auto& [table, columns] : ir::tables_read(*one.asked))
      BACKFILL_TRY(add_columns(connection, *table, "SELECT", columns, false, missing));
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.kind == ir::EffectKind::DeleteRow) continue;
    const bool updates = effect.kind == ir::EffectKind::UpdateOthers;
    // FOR UPDATE asks for UPDATE; what is deleted is put back by a rollback.
    for (const char* privilege : {"SELECT", "UPDATE", "INSERT", "DELETE"}) {
      const std::string_view name = privilege;
      if (effect.kind == ir::EffectKind::Insert
              ? name != "UPDATE" || effect.on_conflict == ir::OnConflict::Update
              : name == "SELECT" || name == "UPDATE" || !updates)
        BACKFILL_TRY(add_table(connection, *effect.table, privilege, missing));
    }
  }
  if (!ir::sources_read(backfill).empty()) {
    BACKFILL_ASSIGN(const bool may, holds(connection, kTemporary, {}));
    if (!may) missing.emplace_back("TEMPORARY on the database");
  }
  BACKFILL_TRY(add_bookkeeping(connection, missing));
  return missing;
}

}  // namespace backfill::database::postgres
