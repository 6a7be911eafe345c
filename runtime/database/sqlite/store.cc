// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/store.h"

#include "runtime/database/sqlite/assisted.h"
#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/checkpointer.h"
#include "runtime/database/sqlite/connection.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/sqlite/schema_reader.h"
#include "runtime/database/sqlite/selection.h"
#include "runtime/database/sqlite/table.h"
#include "runtime/database/sqlite/table_sql.h"

namespace backfill::database::sqlite {

namespace {

stdlib::Value value_of(sqlite3_stmt* statement, int at) {
  switch (sqlite3_column_type(statement, at)) {
    case SQLITE_NULL:
      return {};
    case SQLITE_INTEGER:
      return static_cast<std::int64_t>(sqlite3_column_int64(statement, at));
    case SQLITE_FLOAT:
      return sqlite3_column_double(statement, at);
    default:
      break;
  }
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, at));
  return std::string(data == nullptr ? "" : data,
                     static_cast<std::size_t>(sqlite3_column_bytes(statement, at)));
}

constexpr int kCommitsOfALongJob = 5;  // control verbs commit once or twice and need no thread
constexpr int kMostWalPages = 32'768;  // beyond this (128 MiB at 4 KiB) the writer checkpoints itself

class SqliteStore final : public Store {
 public:
  SqliteStore(std::unique_ptr<Connection> connection, bool read_only)
      : connection_(std::move(connection)), read_only_(read_only) {}
  Result<void> start();

  [[nodiscard]] const lower_sql::Dialect& dialect() const override { return sqlite::dialect(); }
  Result<schema::Catalog> catalog() override { return read_schema(*connection_); }
  Result<std::optional<schema::Table>> table_schema(const std::string& name) override;
  Result<std::int64_t> execute(std::string_view sql, std::span<const stdlib::Value> values) override;
  Result<Rows> query(std::string_view sql, std::span<const stdlib::Value> values) override;
  Result<void> script(std::string_view sql) override { return connection_->run(sql); }
  Result<void> begin(Access access) override;
  Result<std::unique_ptr<Store>> begin_with_twin() override;
  Result<void> begin_loading() override;
  Result<void> end_loading() override;
  Result<std::vector<Unstorable>> append(const ir::SourceFile& source, const std::string& table,
                                         const SourceBatch& batch) override;
  Result<void> commit() override;
  void rollback() override;
  Result<std::uint64_t> foreign_commits() override;
  [[nodiscard]] bool reads_beside_writes() override;
  Result<std::int64_t> now() override;
  Result<void> create_corrections(const ir::Backfill& backfill, std::int64_t run) override {
    return connection_->run(TableSql(backfill, run).create());
  }
  Result<std::unique_ptr<TableAccess>> table(const ir::Backfill& backfill, std::int64_t run) override {
    return SqliteTable::open(*connection_, serving_.get(), backfill, run);
  }

 private:
  // `storage` holds the text of values that have another form; it must outlive the statement's use.
  Result<Statement> bound(std::string_view sql, std::span<const stdlib::Value> values,
                          std::vector<std::string>& storage) const;

  // Before the connection, so that it outlives the functions that point to it.
  std::unique_ptr<Selection*> serving_ = std::make_unique<Selection*>(nullptr);
  std::unique_ptr<Connection> connection_;
  bool read_only_;
  Statement data_version_;
  std::unique_ptr<Checkpointer> checkpointer_;
  int commits_ = 0;
  void help_with_checkpoints();
};

Result<void> SqliteStore::start() {
  BACKFILL_TRY(register_selection(*connection_, serving_.get()));
  BACKFILL_TRY(register_assisted(*connection_));
  BACKFILL_ASSIGN(data_version_, connection_->prepare("PRAGMA data_version"));
  return {};
}

Result<std::optional<schema::Table>> SqliteStore::table_schema(const std::string& name) {
  BACKFILL_ASSIGN(schema::Catalog only, read_schema(*connection_, name));
  if (only.tables.empty()) return std::optional<schema::Table>();
  return std::optional(std::move(only.tables.front()));
}

Result<Statement> SqliteStore::bound(std::string_view sql, std::span<const stdlib::Value> values,
                                     std::vector<std::string>& storage) const {
  BACKFILL_ASSIGN(Statement statement, connection_->prepare(sql));
  storage.resize(values.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    statement.bind(static_cast<int>(i) + 1, plain_cell(values[i], storage[i]));
  return statement;
}

Result<std::int64_t> SqliteStore::execute(std::string_view sql, std::span<const stdlib::Value> values) {
  std::vector<std::string> storage;
  BACKFILL_ASSIGN(const Statement statement, bound(sql, values, storage));
  bool more = true;
  while (more) {
    BACKFILL_ASSIGN(more, connection_->step(statement, "run a statement"));
  }
  return sqlite3_stmt_readonly(statement.handle()) != 0 ? 0 : sqlite3_changes64(connection_->handle());
}

Result<Rows> SqliteStore::query(std::string_view sql, std::span<const stdlib::Value> values) {
  std::vector<std::string> storage;
  BACKFILL_ASSIGN(const Statement statement, bound(sql, values, storage));
  Rows rows;
  const int columns = sqlite3_column_count(statement.handle());
  for (int i = 0; i < columns; ++i) rows.names.emplace_back(sqlite3_column_name(statement.handle(), i));
  while (true) {
    BACKFILL_ASSIGN(const bool more, connection_->step(statement, "run a query"));
    if (!more) return rows;
    auto& row = rows.rows.emplace_back();
    for (int i = 0; i < columns; ++i) row.push_back(value_of(statement.handle(), i));
  }
}

// A deferred transaction begins to see its moment with its first read, so that is done at once.
Result<void> SqliteStore::begin(Access access) {
  if (access == Access::ReadWrite) return connection_->run("BEGIN IMMEDIATE");
  BACKFILL_TRY(connection_->run("BEGIN"));
  const auto first = connection_->run("SELECT 1 FROM sqlite_schema LIMIT 1");
  if (!first) rollback();
  return first;
}

// The twin's data_version is asked before this one's moment and again at its own: if they are the same,
// nobody has committed in between, and the moments are one.
Result<std::unique_ptr<Store>> SqliteStore::begin_with_twin() {
  auto twin = sqlite::open(connection_->path(), {Access::ReadOnly, 0});
  for (int i = 0; twin && i < 3; ++i) {
    const auto before = (*twin)->foreign_commits();
    BACKFILL_TRY(begin(Access::ReadOnly));
    const auto begun = (*twin)->begin(Access::ReadOnly);
    const auto after = (*twin)->foreign_commits();
    if (before && begun && after && *before == *after) return std::move(*twin);
    (*twin)->rollback();
    rollback();
  }
  BACKFILL_TRY(begin(Access::ReadOnly));
  return std::unique_ptr<Store>();
}

Result<void> SqliteStore::commit() {
  BACKFILL_TRY(connection_->run("COMMIT"));
  if (++commits_ == kCommitsOfALongJob && reads_beside_writes()) help_with_checkpoints();
  if (checkpointer_) checkpointer_->wake();
  return {};
}

void SqliteStore::help_with_checkpoints() {
  auto connection = Connection::open(connection_->path(), false, 0);
  if (!connection) return;
  checkpointer_ = std::make_unique<Checkpointer>(*std::move(connection));
  sqlite3_wal_autocheckpoint(connection_->handle(), kMostWalPages);
}

void SqliteStore::rollback() {
  if (sqlite3_get_autocommit(connection_->handle()) == 0) static_cast<void>(connection_->run("ROLLBACK"));
}

// A file may be larger than memory: its temporary table, and what sorts its keys, is in a file too, from here
// on.
Result<void> SqliteStore::begin_loading() {
  BACKFILL_TRY(connection_->run("PRAGMA temp_store=FILE"));
  BACKFILL_TRY(begin(Access::ReadOnly));
  return read_only_ ? connection_->run("PRAGMA query_only=OFF") : Result<void>();
}

Result<void> SqliteStore::end_loading() {
  return read_only_ ? connection_->run("PRAGMA query_only=ON") : Result<void>();
}

Result<std::vector<Unstorable>> SqliteStore::append(const ir::SourceFile& source, const std::string& table,
                                                    const SourceBatch& batch) {
  std::string places = "?";
  for (std::size_t i = 0; i < source.table.columns.size(); ++i) places += ", ?";
  BACKFILL_ASSIGN(const Statement insert,
                  connection_->prepare("INSERT INTO " + table + " VALUES (" + places + ")"));
  std::vector<Unstorable> unstorable;
  stdlib::Arena arena;
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const std::size_t before = unstorable.size();
    int at = 0;
    for (std::size_t i = 0; i < batch.columns.size(); ++i) {
      const auto cell = encode(batch.columns[i], row, arena);
      if (!cell) unstorable.push_back({row, i});
      if (cell) insert.bind(++at, *cell);
    }
    if (unstorable.size() != before) continue;
    sqlite3_bind_int64(insert.handle(), at + 1, batch.lines[static_cast<std::size_t>(row)]);
    const ResetAtEnd reset(insert);
    BACKFILL_ASSIGN(const bool more, connection_->step(insert, "load a source file"));
    static_cast<void>(more);
    arena.reset();
  }
  return unstorable;
}

Result<std::uint64_t> SqliteStore::foreign_commits() {
  const ResetAtEnd reset(data_version_);
  BACKFILL_ASSIGN(const bool row, connection_->step(data_version_, "ask for foreign commits"));
  if (!row) return fatal("SQLite gave no data_version");
  return static_cast<std::uint64_t>(data_version_.integer(0));
}

bool SqliteStore::reads_beside_writes() {
  const auto mode = query("PRAGMA main.journal_mode", {});
  return mode && !mode->rows.empty() && mode->rows[0][0].text() == "wal";
}

Result<std::int64_t> SqliteStore::now() {
  BACKFILL_ASSIGN(const Rows rows, query("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')", {}));
  const auto moment = parse_moment(rows.rows.at(0).at(0).text());
  if (!moment) return fatal("SQLite's clock gave no time");
  return *moment;
}

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& path, const OpenOptions& options) {
  BACKFILL_ASSIGN(auto connection,
                  Connection::open(path, options.access == Access::ReadOnly, options.busy_timeout_ms));
  auto store = std::make_unique<SqliteStore>(std::move(connection), options.access == Access::ReadOnly);
  BACKFILL_TRY(store->start());
  return std::unique_ptr<Store>(std::move(store));
}

}  // namespace backfill::database::sqlite
