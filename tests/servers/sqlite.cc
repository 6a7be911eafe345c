// SPDX-License-Identifier: Apache-2.0
// SQLite behind the same face, in memory.
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "runtime/database/sqlite/assisted.h"
#include "runtime/database/sqlite/connection.h"
#include "runtime/database/sqlite/dialect.h"
#include "tests/servers/server.h"

namespace backfill::test {

namespace {

namespace db = database::sqlite;
using stdlib::Kind;

template <typename T>
T must(Result<T> result) {
  if (!result) {
    fmt::print(stderr, "SQLite in memory: {}\n", result.failure().message);
    std::exit(70);
  }
  return *std::move(result);
}

std::optional<std::string> cell(sqlite3_stmt* statement, int column) {
  switch (sqlite3_column_type(statement, column)) {
    case SQLITE_NULL:
      return std::nullopt;
    case SQLITE_FLOAT:  // its own text has 15 digits
      return fmt::format("{}", sqlite3_column_double(statement, column));
    default: {
      const void* data = sqlite3_column_blob(statement, column);
      const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
      return std::string(static_cast<const char*>(data == nullptr ? "" : data), size);
    }
  }
}

class SqliteServer final : public SqlServer {
 public:
  SqliteServer() : connection_(must(db::Connection::open_in_memory())) {
    const Result<void> registered = db::register_assisted(*connection_);
    if (!registered) must<int>(registered.failure());
  }

  [[nodiscard]] const lower_sql::Dialect& dialect() const override { return db::dialect(); }
  Result<void> exec(std::string_view sql) override { return connection_->run(sql); }
  Result<std::vector<SqlRow>> query(std::string_view sql) override;
  [[nodiscard]] std::string column_type(const stdlib::Type& type) const override;

 private:
  std::unique_ptr<db::Connection> connection_;
};

Result<std::vector<SqlRow>> SqliteServer::query(std::string_view sql) {
  BACKFILL_ASSIGN(const db::Statement statement, connection_->prepare(sql));
  std::vector<SqlRow> rows;
  while (true) {
    BACKFILL_ASSIGN(const bool row, connection_->step(statement, "read"));
    if (!row) return rows;
    SqlRow& cells = rows.emplace_back();
    const int columns = sqlite3_column_count(statement.handle());
    for (int column = 0; column < columns; ++column) cells.push_back(cell(statement.handle(), column));
  }
}

std::string SqliteServer::column_type(const stdlib::Type& type) const {
  switch (type.kind) {
    case Kind::Bool:
      return "BOOLEAN";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return "BIGINT";
    case Kind::Float64:
      return "DOUBLE";
    case Kind::Decimal:
      return fmt::format("DECIMAL({}, {})", type.precision, type.scale);
    case Kind::Text:
      return "TEXT";
    case Kind::Bytes:
      return "BLOB";
    case Kind::Date:
      return "DATE";
    case Kind::Timestamp:
      return "TIMESTAMP";
    default:
      return {};
  }
}

}  // namespace

SqlServer& sqlite() {
  static SqliteServer instance;
  return instance;
}

}  // namespace backfill::test
