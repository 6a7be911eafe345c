// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/schema_reader.h"

#include <map>

#include "runtime/database/sqlite/ddl.h"
#include "runtime/database/sqlite/declared_type.h"

namespace backfill::database::sqlite {

namespace {

// Pragmas as table-valued functions, joined with all tables: one statement per question, not one per table.
constexpr std::string_view kTables =
    "SELECT l.name, l.wr, l.strict, m.sql FROM pragma_table_list AS l "
    "JOIN sqlite_schema AS m ON m.type = 'table' AND m.name = l.name "
    "WHERE l.schema = 'main' AND l.type = 'table' AND l.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
    "AND (?1 IS NULL OR l.name = ?1) ORDER BY l.name";
constexpr std::string_view kFrom = "FROM sqlite_schema AS m JOIN ";
constexpr std::string_view kOnlyTables =
    "WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND (?1 IS NULL OR m.name = ?1) ";

using Tables = std::map<std::string, schema::Table*, std::less<>>;

struct Reader {
  const Connection& connection;
  const std::string& only;  // bound to ?1: one table, or all
  schema::Catalog catalog;
  Tables by_name;
  // Position in the primary key (from 1) of each column, per table, in the order of the columns.
  std::map<schema::Table*, std::vector<int>> key_positions;

  Result<Statement> prepare(std::string_view sql) const {
    BACKFILL_ASSIGN(Statement statement, connection.prepare(sql));
    Cell name;
    if (!only.empty()) name = {.kind = Cell::Kind::Text, .data = only.data(), .size = std::ssize(only)};
    statement.bind(1, name);
    return statement;
  }
  // Calls `row(table, statement)` for each row of a query whose first column names a table that we know.
  template <typename Row>
  Result<void> each(std::string_view sql, Row row) {
    BACKFILL_ASSIGN(const Statement statement, prepare(sql));
    while (true) {
      BACKFILL_ASSIGN(const bool more, connection.step(statement, "read the schema"));
      if (!more) return {};
      const auto found = by_name.find(statement.text(0));
      if (found != by_name.end()) row(*found->second, statement);
    }
  }

  Result<void> tables();
  Result<void> columns();
  Result<void> indexes();
  Result<void> collations();
  Result<void> foreign_keys();
  Result<void> triggers();
  [[nodiscard]] std::string as_created(std::string_view name) const;
  void add_cascading(std::string_view name, std::string_view column);
  void finish(schema::Table& table);
};

Result<void> Reader::tables() {
  BACKFILL_ASSIGN(const Statement statement, prepare(kTables));
  while (true) {
    BACKFILL_ASSIGN(const bool more, connection.step(statement, "read the schema"));
    if (!more) break;
    schema::Table& table = catalog.tables.emplace_back();
    table.name = statement.text(0);
    table.without_rowid = statement.integer(1) != 0;
    table.strict = statement.integer(2) != 0;
    for (std::string& check : checks_of(statement.text(3))) table.checks.push_back({"", std::move(check)});
  }
  for (schema::Table& table : catalog.tables) by_name.emplace(table.name, &table);
  return {};
}

Result<void> Reader::columns() {
  // hidden: 1 belongs to virtual tables, 2 and 3 are generated columns.
  const std::string sql = fmt::format(
      "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden "
      "{}pragma_table_xinfo(m.name) AS x {}"
      "ORDER BY m.name, x.cid",
      kFrom, kOnlyTables);
  return each(sql, [&](schema::Table& table, const Statement& row) {
    schema::Column& column = table.columns.emplace_back();
    column.name = row.text(1);
    column.sql_type = row.text(2);
    column.type = declared_type(column.sql_type);
    column.not_null = row.integer(3) != 0;
    if (sqlite3_column_type(row.handle(), 4) != SQLITE_NULL) column.default_sql = std::string(row.text(4));
    column.generated = row.integer(6) >= 2;
    key_positions[&table].push_back(static_cast<int>(row.integer(5)));
  });
}

Result<void> Reader::indexes() {
  const std::string sql = fmt::format(
      "SELECT m.name, l.name, l.\"unique\", l.origin, l.partial, i.cid {}pragma_index_list(m.name) AS l "
      "JOIN pragma_index_xinfo(l.name) AS i {}AND i.key ORDER BY m.name, l.seq, i.seqno",
      kFrom, kOnlyTables);
  std::string last;
  std::string last_table;
  bool plain = true;  // no expression among the columns so far
  return each(sql, [&](schema::Table& table, const Statement& row) {
    const bool unique = row.integer(2) != 0;
    const bool primary = row.text(3) == "pk";
    if (row.text(1) != last || table.name != last_table) {
      last = row.text(1);
      last_table = table.name;
      plain = true;
      table.indexes.push_back({last, {}, unique});
      if (unique) table.keys.push_back({last, {}, primary, row.integer(4) != 0});
    }
    const auto column = static_cast<int>(row.integer(5));
    if (column < 0) plain = false;
    if (plain) table.indexes.back().columns.push_back(column);
    if (unique && plain) table.keys.back().columns.push_back(column);
    if (unique && !plain) table.keys.back().partial = true;
  });
}

// From the index that carries each column, there is none for plain columns: the declaration is asked instead.
Result<void> Reader::collations() {
  for (schema::Table& table : catalog.tables) {
    for (schema::Column& column : table.columns) {
      if (column.type.kind != stdlib::Kind::Text && column.type.kind != stdlib::Kind::Opaque) continue;
      const char* collation = nullptr;
      if (sqlite3_table_column_metadata(connection.handle(), "main", table.name.c_str(), column.name.c_str(),
                                        nullptr, &collation, nullptr, nullptr, nullptr) != SQLITE_OK)
        return connection.failure("read the collation of a column");
      if (collation != nullptr && sqlite3_stricmp(collation, "BINARY") != 0) column.collation = collation;
    }
  }
  return {};
}

Result<void> Reader::foreign_keys() {
  const std::string sql = fmt::format(
      "SELECT m.name, f.id, f.\"table\", f.\"from\", f.\"to\", f.on_delete, f.on_update "
      "{}pragma_foreign_key_list(m.name) "
      "AS f {}"
      "ORDER BY m.name, f.id, f.seq",
      kFrom, kOnlyTables);
  schema::Table* last_table = nullptr;
  std::int64_t last = -1;
  return each(sql, [&](schema::Table& table, const Statement& row) {
    if (&table != last_table || row.integer(1) != last) {
      last_table = &table;
      last = row.integer(1);
      table.foreign_keys.push_back({{}, as_created(row.text(2)), {}, std::string(row.text(5))});
    }
    schema::ForeignKey& key = table.foreign_keys.back();
    key.columns.push_back(table.find(row.text(3)));
    const bool named = sqlite3_column_type(row.handle(), 4) != SQLITE_NULL;
    if (named) key.referenced.emplace_back(row.text(4));
    if (row.text(6) != "NO ACTION" && row.text(6) != "RESTRICT")
      add_cascading(key.table, named ? row.text(4) : std::string_view());
  });
}

// A foreign key may spell the table that it names in another case.
std::string Reader::as_created(std::string_view name) const {
  for (const schema::Table& table : catalog.tables)
    if (sqlite3_stricmp(table.name.c_str(), std::string(name).c_str()) == 0) return table.name;
  return std::string(name);
}

// `column` is empty where the foreign key names the table alone: its primary key.
void Reader::add_cascading(std::string_view name, std::string_view column) {
  for (schema::Table& table : catalog.tables) {
    if (table.name != name) continue;
    const std::vector<int>& positions = key_positions[&table];
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      const auto index = static_cast<int>(i);
      if (column.empty() ? positions[i] != 0 : table.find(column) == index) table.cascading.push_back(index);
    }
  }
}

Result<void> Reader::triggers() {
  // SQLite keeps the table's name as the trigger spells it.
  const std::string sql = fmt::format(
      "SELECT m.name, x.name {}sqlite_schema AS x ON x.type = 'trigger' AND x.tbl_name = m.name COLLATE "
      "NOCASE {}ORDER BY m.name, x.name",
      kFrom, kOnlyTables);
  return each(sql, [](schema::Table& table, const Statement& row) {
    table.triggers.push_back({std::string(row.text(1))});
  });
}

// The primary key of a rowid table has no index if and only if it is the rowid; NULL may stand in the columns
// of any other (SEMANTICS 136).
void Reader::finish(schema::Table& table) {
  const std::vector<int>& positions = key_positions[&table];
  std::vector<int> primary(positions.size(), -1);
  std::size_t count = 0;
  for (std::size_t i = 0; i < positions.size(); ++i) {
    if (positions[i] == 0) continue;
    primary[static_cast<std::size_t>(positions[i] - 1)] = static_cast<int>(i);
    ++count;
  }
  primary.resize(count);
  const bool is_alias = !primary.empty() && table.primary_key() == nullptr;
  if (is_alias) {
    table.keys.insert(table.keys.begin(), {"", primary, true, false});
    table.columns[static_cast<std::size_t>(primary.front())].identity = true;
  }
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    schema::Column& column = table.columns[i];
    if (table.without_rowid && positions[i] != 0) column.not_null = true;
    column.type.optional = !column.not_null && !column.identity;
  }
}

}  // namespace

Result<schema::Catalog> read_schema(const Connection& connection, const std::string& only) {
  Reader reader{connection, only, {}, {}, {}};
  reader.catalog.dialect = "sqlite";
  BACKFILL_TRY(reader.tables());
  BACKFILL_TRY(reader.columns());
  BACKFILL_TRY(reader.indexes());
  BACKFILL_TRY(reader.collations());
  BACKFILL_TRY(reader.foreign_keys());
  BACKFILL_TRY(reader.triggers());
  for (schema::Table& table : reader.catalog.tables) reader.finish(table);
  return std::move(reader.catalog);
}

bool is_rowid(const schema::Table& table, const std::vector<int>& key) {
  return key.size() == 1 && table.columns[static_cast<std::size_t>(key.front())].identity;
}

}  // namespace backfill::database::sqlite
