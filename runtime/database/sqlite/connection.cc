// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/connection.h"

#include <fmt/format.h>
#include <algorithm>

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "stdlib/decimal.h"

namespace backfill::database::sqlite {

namespace {

struct Meaning {
  Recovery recovery;
  std::string_view way_out;
};

Meaning meaning(int code) {
  if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY)
    return {
        Recovery::Fatal,
        "a process died in the middle of a transaction: open the file once as a user who may write it and "
        "its directory, so that SQLite takes that back; then run again"};
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Recovery::Retry,
              "another connection holds the lock; end its transaction or wait, and run again"};
    case SQLITE_NOTADB:
      return {Recovery::Fatal, "the file is not a SQLite database (or is encrypted); check the path"};
    case SQLITE_CORRUPT:
      return {Recovery::Fatal, "the database is damaged; run `PRAGMA integrity_check` and restore a backup"};
    case SQLITE_READONLY:
      return {Recovery::Fatal, "make the file and its directory writable for this user"};
    case SQLITE_CANTOPEN:
      return {Recovery::Fatal,
              "check the permissions of the file and of its directory (SQLite keeps its journal there)"};
    case SQLITE_FULL:
      return {Recovery::Fatal, "free space on the disk and run again: nothing of this transaction was kept"};
    case SQLITE_IOERR:
      return {Recovery::Ambiguous, "check the disk; then look at the state of the run before going on"};
    case SQLITE_SCHEMA:
      return {Recovery::Retry, "the schema changed meanwhile; run again"};
    default:
      return {Recovery::Fatal, ""};
  }
}

Result<void> check_file(const std::string& path, bool read_only) {
  struct stat status{};
  if (stat(path.c_str(), &status) != 0) {
    return fatal(fmt::format("cannot open the database `{}`: there is no such file", path),
                 "check the path; backfill never creates a database");
  }
  if (S_ISDIR(status.st_mode))
    return fatal(fmt::format("cannot open the database `{}`: it is a directory", path),
                 "name the file in it");
  if (access(path.c_str(), R_OK) != 0)
    return fatal(fmt::format("cannot open the database `{}`: no permission to read it", path),
                 "give this user the right to read the file");
  if (read_only) return {};
  if (access(path.c_str(), W_OK) != 0)
    return fatal(fmt::format("cannot write the database `{}`: the file is read-only", path),
                 "make the file writable for this user");
  const std::string directory = std::filesystem::absolute(path).parent_path().string();
  if (access(directory.c_str(), W_OK) != 0)
    return fatal(
        fmt::format("cannot write the database `{}`: its directory `{}` is read-only", path, directory),
        "make the directory writable: SQLite keeps its journal there");
  return {};
}

// Counting what it allocates takes a lock per allocation. Only before SQLite's first use in the process;
// where that is past, all is merely slower.
void count_no_memory() {
  static const int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  static_cast<void>(code);
}

}  // namespace

void Statement::bind(int index, const Cell& cell) const {
  sqlite3_stmt* statement = handle_.get();
  switch (cell.kind) {
    case Cell::Kind::Null:
      sqlite3_bind_null(statement, index);
      break;
    case Cell::Kind::Integer:
      sqlite3_bind_int64(statement, index, cell.integer);
      break;
    case Cell::Kind::Real:
      sqlite3_bind_double(statement, index, cell.real);
      break;
    case Cell::Kind::Text:
      sqlite3_bind_text64(statement, index, cell.data, static_cast<sqlite3_uint64>(cell.size), SQLITE_STATIC,
                          SQLITE_UTF8);
      break;
    case Cell::Kind::Blob:
      sqlite3_bind_blob64(statement, index, cell.data, static_cast<sqlite3_uint64>(cell.size), SQLITE_STATIC);
      break;
  }
}

std::string_view Statement::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle(), column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle(), column))};
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, bool read_only,
                                                     std::int64_t busy_timeout_ms) {
  count_no_memory();
  BACKFILL_TRY(check_file(path, read_only));
  bool left_open = false;
  auto connection = open_once(path, read_only, busy_timeout_ms, left_open);
  if (connection || !left_open || access(path.c_str(), W_OK) != 0) return connection;
  // Any writer that opens the file takes back what the dead process left; a reader may not.
  bool unused = false;
  BACKFILL_TRY(open_once(path, false, busy_timeout_ms, unused));
  return open_once(path, read_only, busy_timeout_ms, unused);
}

Result<std::unique_ptr<Connection>> Connection::open_once(const std::string& path, bool read_only,
                                                          std::int64_t busy_timeout_ms, bool& left_open) {
  // SQLite may be built to take `file:` names as URIs, which could create a file or change the mode.
  const std::string plain = path.starts_with("file:") ? "./" + path : path;
  sqlite3* handle = nullptr;
  const int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(plain.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle, path));
  if (code != SQLITE_OK) return connection->failure("open it");
  auto ready = connection->pin_settings(read_only, busy_timeout_ms);
  if (ready) ready = connection->probe();
  if (!ready) {
    const int why = sqlite3_extended_errcode(handle);
    left_open = why == SQLITE_READONLY_ROLLBACK || why == SQLITE_READONLY_RECOVERY;
    return ready.failure();
  }
  if (!read_only && sqlite3_db_readonly(handle, "main") == 1)
    return fatal(fmt::format("cannot write the database `{}`: it opens read-only", path),
                 "make the file and its file system writable");
  return connection;
}

Result<std::unique_ptr<Connection>> Connection::open_in_memory() {
  sqlite3* handle = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(":memory:", &handle, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(handle, ":memory:"));
  if (code != SQLITE_OK) return connection->failure("open a database in memory");
  return connection;
}

// In WAL mode a commit need not wait for the disk: power loss may take the last batches away, but only whole,
// with their corrections and checkpoint, and the resumed run does them again. (Other modes could be left
// damaged: theirs stays.)
Result<void> Connection::relax_sync() const {
  BACKFILL_ASSIGN(const Statement mode, prepare("PRAGMA main.journal_mode"));
  BACKFILL_ASSIGN(const bool row, step(mode, "read a setting"));
  return row && mode.text(0) == "wal" ? run("PRAGMA synchronous=NORMAL") : Result<void>();
}

// Settings of this connection alone: nothing that outlives it in the file (the journal mode stays the
// user's).
Result<void> Connection::pin_settings(bool read_only, std::int64_t busy_timeout_ms) const {
  sqlite3_extended_result_codes(handle(), 1);
  sqlite3_busy_timeout(handle(), static_cast<int>(std::min<std::int64_t>(busy_timeout_ms, 1'000'000'000)));
  BACKFILL_TRY(run("PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY"));
  // A reader goes through the file once, in order: it needs little.
  BACKFILL_TRY(
      run(read_only ? "PRAGMA cache_size=-16384; PRAGMA query_only=ON" : "PRAGMA cache_size=-65536"));
  BACKFILL_TRY(relax_sync());
  BACKFILL_ASSIGN(const Statement keys, prepare("PRAGMA foreign_keys"));
  BACKFILL_ASSIGN(const bool row, step(keys, "read a setting"));
  if (!row || keys.integer(0) != 1)
    return fatal(fmt::format("the database `{}` does not take `PRAGMA foreign_keys=ON`", path_),
                 "this SQLite library was built without foreign keys; use another one");
  return {};
}

// The first read of the file: finds out that it is no database, damaged or locked.
Result<void> Connection::probe() const {
  BACKFILL_ASSIGN(const Statement count, prepare("SELECT count(*) FROM sqlite_schema"));
  BACKFILL_ASSIGN(const bool row, step(count, "read its schema"));
  static_cast<void>(row);
  return {};
}

Result<Statement> Connection::prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  Statement result(statement);
  if (code != SQLITE_OK) {
    Failure failed = failure("prepare a statement");
    failed.message += fmt::format(" in: {}", sql.substr(0, 400));
    return failed;
  }
  if (statement == nullptr)
    return fatal("there is no statement in this SQL: " + std::string(sql.substr(0, 200)));
  return result;
}

Result<void> Connection::run(std::string_view sql) const {
  const std::string terminated(sql);
  if (sqlite3_exec(handle(), terminated.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return failure(fmt::format("run `{}`", sql.substr(0, 200)));
}

Result<bool> Connection::step(const Statement& statement, std::string_view what) const {
  const int code = sqlite3_step(statement.handle());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  const Failure failed = failure(what);
  statement.reset();
  return failed;
}

Failure Connection::failure(std::string_view what) const {
  const int code = sqlite3_extended_errcode(handle());
  const Meaning means = meaning(code);
  return {means.recovery, fmt::format("database `{}`: cannot {}: {}", path_, what, sqlite3_errmsg(handle())),
          std::string(means.way_out)};
}

Cell plain_cell(const stdlib::Value& value, std::string& storage) {
  Cell cell;
  if (value.missing()) return cell;
  const auto& variant = value.variant();
  if (const auto* truth = std::get_if<bool>(&variant)) {
    cell.kind = Cell::Kind::Integer;
    cell.integer = *truth ? 1 : 0;
  } else if (const auto* integer = std::get_if<std::int64_t>(&variant)) {
    cell.kind = Cell::Kind::Integer;
    cell.integer = *integer;
  } else if (const auto* number = std::get_if<double>(&variant)) {
    cell.kind = Cell::Kind::Real;
    cell.real = *number;
  } else {
    if (const auto* decimal = std::get_if<stdlib::Decimal>(&variant)) storage = stdlib::to_string(*decimal);
    const std::string& text = std::holds_alternative<std::string>(variant) ? value.text() : storage;
    cell.kind = Cell::Kind::Text;
    cell.data = text.data();
    cell.size = static_cast<std::int64_t>(text.size());
  }
  return cell;
}

}  // namespace backfill::database::sqlite
