// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/source_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

namespace {

constexpr std::string_view kTable = R"sql(
CREATE TABLE IF NOT EXISTS backfill_source (
  run BIGINT NOT NULL,
  source BIGINT NOT NULL,
  name TEXT NOT NULL,
  path TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  rows BIGINT NOT NULL,
  PRIMARY KEY (run, source)
))sql";

std::string columns_of(const lower_sql::Dialect& dialect, const schema::Table& table,
                       const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int column : columns)
    names.push_back(dialect.quote(table.columns[static_cast<std::size_t>(column)].name));
  return fmt::format("{}", fmt::join(names, ", "));
}

class Indexer {
 public:
  Indexer(database::Store& store, const ir::Backfill& backfill, const ir::SourceFile& source,
          std::int64_t run)
      : store_(store),
        table_(source.table),
        name_(source_name(store.dialect(), backfill, source, run)),
        sqlite_(store.dialect().id() == stdlib::Dialect::Sqlite) {}

  // Where SQLite has an index's schema, other databases have the table's.
  [[nodiscard]] std::string create(std::string_view unique, const std::vector<int>& columns,
                                   std::size_t number) const {
    const std::string bare = name_.substr(name_.find('.') + 1);
    std::string index;
    if (sqlite_) {
      index = name_;
      index.insert(index.size() - 1, fmt::format("_{}", number));
    }
    // What is only ever compared by `=` may be longer than a btree takes.
    const bool text =
        columns.size() == 1 &&
        table_.columns[static_cast<std::size_t>(columns.front())].type.kind == stdlib::Kind::Text;
    const std::string_view method = !sqlite_ && text && unique.empty() ? "USING hash " : "";
    return fmt::format("CREATE {}INDEX {} ON {} {}({})", unique, index, sqlite_ ? bare : name_, method,
                       columns_of(store_.dialect(), table_, columns));
  }

  Result<std::vector<Repeated>> unique(const std::vector<int>& key, std::int64_t most);
  Result<void> others();

 private:
  Result<std::vector<Repeated>> repeated(const std::vector<int>& key, std::int64_t most);

  database::Store& store_;
  const schema::Table& table_;
  const std::string name_;
  const bool sqlite_;
};

Result<std::vector<Repeated>> Indexer::repeated(const std::vector<int>& key, std::int64_t most) {
  const std::string columns = columns_of(store_.dialect(), table_, key);
  BACKFILL_ASSIGN(const database::Rows rows,
                  query(store_, fmt::format("SELECT min({0}), max({0}), count(*), {1} FROM {2} GROUP BY {1} "
                                            "HAVING count(*) > 1 ORDER BY 1 LIMIT {3}",
                                            lower_sql::kLine, columns, name_, most)));
  std::vector<Repeated> found;
  for (const auto& row : rows.rows) {
    std::vector<stdlib::Value> values(row.begin() + 3, row.end());
    found.push_back({std::move(values), integer(row[0]), integer(row[1]), integer(row[2])});
  }
  return found;
}

Result<std::vector<Repeated>> Indexer::unique(const std::vector<int>& key, std::int64_t most) {
  BACKFILL_TRY(store_.execute("SAVEPOINT backfill_key"));
  const auto made = store_.execute(create("UNIQUE ", key, 0));
  if (!made) BACKFILL_TRY(store_.execute("ROLLBACK TO SAVEPOINT backfill_key"));
  BACKFILL_TRY(store_.execute("RELEASE SAVEPOINT backfill_key"));
  if (made) return std::vector<Repeated>();
  BACKFILL_ASSIGN(auto found, repeated(key, most));
  if (found.empty()) return made.failure();
  return found;
}

Result<void> Indexer::others() {
  for (std::size_t i = 0; i < table_.indexes.size(); ++i)
    BACKFILL_TRY(store_.execute(create("", table_.indexes[i].columns, i + 1)));
  if (!sqlite_) BACKFILL_TRY(store_.execute("ANALYZE " + name_));
  return {};
}

}  // namespace

std::string source_name(const lower_sql::Dialect& dialect, const ir::Backfill& backfill,
                        const ir::SourceFile& source, std::int64_t run) {
  std::size_t place = 0;
  for (; &(*backfill.sources)[place] != &source; ++place) {
  }
  return dialect.own_table(lower_sql::source_table(run, place), run == 0);
}

Result<void> create_source(database::Store& store, const ir::Backfill& backfill, const ir::SourceFile& source,
                           std::int64_t run) {
  const lower_sql::Dialect& dialect = store.dialect();
  // A long file is no batch that others wait for.
  if (dialect.id() == stdlib::Dialect::Postgres)
    BACKFILL_TRY(store.execute("SET LOCAL statement_timeout = 0"));
  std::string columns;
  for (const schema::Column& column : source.table.columns)
    columns += fmt::format("{} {}{}, ", dialect.quote(column.name), column.sql_type,
                           column.not_null ? " NOT NULL" : "");
  BACKFILL_TRY(
      store.execute(fmt::format("CREATE TABLE {} ({}{} BIGINT NOT NULL)",
                                source_name(dialect, backfill, source, run), columns, lower_sql::kLine)));
  return {};
}

Result<std::vector<Repeated>> index_source(database::Store& store, const ir::Backfill& backfill,
                                           const ir::SourceFile& source, std::int64_t run,
                                           std::int64_t most) {
  Indexer indexer(store, backfill, source, run);
  for (const schema::Key& key : source.table.keys) {
    BACKFILL_ASSIGN(auto repeated, indexer.unique(key.columns, most));
    if (!repeated.empty()) return repeated;
  }
  BACKFILL_TRY(indexer.others());
  return std::vector<Repeated>();
}

Result<void> insert_sources(database::Store& store, std::int64_t run,
                            const std::vector<SourceRecord>& sources) {
  if (sources.empty()) return {};
  BACKFILL_TRY(store.script(kTable));
  std::int64_t number = 0;
  for (const SourceRecord& source : sources)
    BACKFILL_TRY(execute(store, "INSERT INTO backfill_source VALUES (?, ?, ?, ?, ?, ?)",
                         {run, ++number, source.name, source.path, source.sha256, source.rows}));
  return {};
}

Result<std::vector<SourceRecord>> sources_of(database::Store& store, std::int64_t run) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store, "SELECT name, path, sha256, rows FROM backfill_source WHERE run = ? ORDER BY source",
            {run}));
  std::vector<SourceRecord> sources;
  for (const auto& row : rows.rows)
    sources.push_back({text(row[0]), text(row[1]), text(row[2]), integer(row[3])});
  return sources;
}

}  // namespace backfill::database_sql
