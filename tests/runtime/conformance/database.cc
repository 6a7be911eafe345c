// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/conformance/database.h"

#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/database/postgres/connection.h"
#include "runtime/database/sql/statement.h"
#include "tests/servers/pgbouncer.h"
#include "tests/servers/server.h"

namespace backfill::conformance {

namespace {

using database::postgres::Connection;

class SqliteDatabase final : public Database {
 public:
  explicit SqliteDatabase(const std::string& journal) {
    char directory[] = "/tmp/backfill_conformance_XXXXXX";
    directory_ = mkdtemp(directory);
    std::ofstream(path()).close();
    static_cast<void>(query("PRAGMA journal_mode = " + journal));
  }
  ~SqliteDatabase() override { std::filesystem::remove_all(directory_); }

  [[nodiscard]] std::string url() const override { return "sqlite:" + path(); }
  void copy_from(Database& other) override {
    static_cast<void>(other.query("PRAGMA wal_checkpoint(TRUNCATE)"));
    for (const char* end : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path() + end);
    std::filesystem::copy_file(dynamic_cast<SqliteDatabase&>(other).path(), path());
  }
  void run(std::string_view sql) override { done(open()->script(sql)); }
  database::Rows query(std::string_view sql) override { return take(open()->query(sql)); }
  void add(const Trigger& trigger) override {
    run(fmt::format("CREATE TRIGGER {} {} UPDATE {} ON {} {} BEGIN {} END", trigger.name,
                    trigger.before ? "BEFORE" : "AFTER", trigger.column.empty() ? "" : "OF " + trigger.column,
                    trigger.table, trigger.when.empty() ? "" : "WHEN " + trigger.when, trigger.body));
  }
  [[nodiscard]] std::string ignore_row() const override { return "SELECT RAISE(IGNORE);"; }
  [[nodiscard]] std::string refuse_row(std::string_view message) const override {
    return fmt::format("SELECT RAISE(ABORT, '{}');", message);
  }
  std::string objects() override { return ask("SELECT name FROM sqlite_master ORDER BY name"); }

 private:
  [[nodiscard]] std::string path() const { return directory_ + "/test.db"; }
  std::string directory_;
};

// The application's connection to a database of the test's server. Its schema `words` has SQLite's functions
// that tests ask with.
constexpr std::string_view kWords = R"sql(
CREATE SCHEMA words;
CREATE FUNCTION words.quote(anyelement) RETURNS text LANGUAGE sql AS 'SELECT quote_nullable($1::text)';
CREATE FUNCTION words.typeof(anyelement) RETURNS text LANGUAGE sql AS 'SELECT pg_typeof($1)::text';
CREATE FUNCTION words.join(text, anyelement, text) RETURNS text LANGUAGE sql AS
  'SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1 || $3, '''') || $2::text END';
CREATE FUNCTION words.join(text, anyelement) RETURNS text LANGUAGE sql AS
  'SELECT CASE WHEN $2 IS NULL THEN $1 ELSE coalesce($1 || '','', '''') || $2::text END';
CREATE AGGREGATE words.group_concat(anyelement, text) (SFUNC = words.join, STYPE = text);
CREATE AGGREGATE words.group_concat(anyelement) (SFUNC = words.join, STYPE = text);
)sql";

std::unique_ptr<Connection> connect(const std::string& name) {
  auto connection = take(Connection::open(test::postgres_url(name)));
  done(connection->run("SET search_path = public, backfill, words"));
  return connection;
}

Connection& server() {
  static const auto connection = take(Connection::open(test::postgres_url()));
  return *connection;
}

std::string fresh_name() {
  static int count = 0;
  return fmt::format("conformance_{}_{}", getpid(), ++count);
}

// Who was connected a moment ago, or whom a pooler keeps connected, has to leave first.
void create(const std::string& name, const std::string& from) {
  for (int attempt = 0;; ++attempt) {
    const auto made = server().run(fmt::format("CREATE DATABASE {} TEMPLATE {}", name, from));
    if (made) return;
    if (attempt == 200) FAIL(made.failure().message);
    done(server().run(
        fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", from)));
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

const std::string& pristine() {
  static const std::string name = [] {
    std::string made = fresh_name();
    create(made, "template0");
    done(connect(made)->run(kWords));
    return made;
  }();
  return name;
}

stdlib::Value value_of(Oid type, const std::string& text) {
  constexpr Oid kBool = 16, kInt8 = 20, kInt2 = 21, kInt4 = 23;
  if (type == kBool) return std::int64_t{text == "t"};
  if (type != kInt8 && type != kInt2 && type != kInt4) return text;
  std::int64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(bool pooled) : pooled_(pooled), name_(fresh_name()) { create(name_, pristine()); }
  ~PostgresDatabase() override { drop(); }

  [[nodiscard]] std::string url() const override {
    return pooled_ ? test::pgbouncer_url(name_) : test::postgres_url(name_);
  }
  void copy_from(Database& other) override {
    auto& from = dynamic_cast<PostgresDatabase&>(other);
    from.application_.reset();
    drop();
    name_ = fresh_name();
    create(name_, from.name_);
  }
  void run(std::string_view sql) override {
    constexpr std::string_view kTheirs = "INTEGER PRIMARY KEY";
    std::string text(sql);
    for (std::size_t at = 0; (at = text.find(kTheirs, at)) != std::string::npos;)
      text.replace(at, kTheirs.size(), "BIGINT PRIMARY KEY");
    done(application().run(text));
  }
  database::Rows query(std::string_view sql) override {
    const auto found = take(application().query(sql));
    database::Rows rows;
    rows.names = found.names;
    for (const auto& cells : found.rows) {
      auto& row = rows.rows.emplace_back();
      for (std::size_t i = 0; i < cells.size(); ++i)
        row.push_back(cells[i] ? value_of(found.types[i], *cells[i]) : stdlib::Value());
    }
    return rows;
  }
  void add(const Trigger& trigger) override {
    run(
        fmt::format("CREATE FUNCTION {0}() RETURNS trigger LANGUAGE plpgsql AS $body$ BEGIN {1} RETURN new; "
                    "END $body$; CREATE TRIGGER {0} {2} UPDATE {3} ON {4} FOR EACH ROW {5} EXECUTE FUNCTION "
                    "{0}()",
                    trigger.name, trigger.body, trigger.before ? "BEFORE" : "AFTER",
                    trigger.column.empty() ? "" : "OF " + trigger.column, trigger.table,
                    trigger.when.empty() ? "" : fmt::format("WHEN ({})", trigger.when)));
  }
  [[nodiscard]] std::string ignore_row() const override { return "RETURN NULL;"; }
  [[nodiscard]] std::string refuse_row(std::string_view message) const override {
    return fmt::format("RAISE EXCEPTION '{}';", message);
  }
  std::string objects() override {
    return ask("SELECT relname FROM pg_class WHERE oid >= 16384 AND relkind <> 't' ORDER BY relname");
  }

 private:
  Connection& application() {
    if (!application_) application_ = connect(name_);
    return *application_;
  }
  void drop() {
    application_.reset();
    static_cast<void>(server().run(fmt::format("DROP DATABASE {} WITH (FORCE)", name_)));
  }

  bool pooled_;
  std::string name_;
  std::unique_ptr<Connection> application_;
};

std::string text_of(const stdlib::Value& value) {
  if (value.missing()) return "NULL";
  if (const auto* number = std::get_if<double>(&value.variant())) return fmt::format("{}", *number);
  return database_sql::text(value);
}

}  // namespace

Backend backend() {
  const char* asked = std::getenv("BACKFILL_TEST_STORE");
  const std::string_view name = asked == nullptr ? "sqlite" : asked;
  if (name == "postgres") return Backend::Postgres;
  if (name == "pgbouncer") return Backend::PgBouncer;
  if (name != "sqlite") FAIL("BACKFILL_TEST_STORE: sqlite, postgres or pgbouncer, not " << name);
  return Backend::Sqlite;
}

std::unique_ptr<Database> Database::make(Backend backend, const std::string& journal) {
  if (backend == Backend::Sqlite) return std::make_unique<SqliteDatabase>(journal);
  return std::make_unique<PostgresDatabase>(backend == Backend::PgBouncer);
}

std::string Database::ask(std::string_view sql) {
  std::string all;
  for (const auto& row : query(sql).rows) {
    if (!all.empty()) all += "\n";
    for (std::size_t i = 0; i < row.size(); ++i) all += (i == 0 ? "" : "|") + text_of(row[i]);
  }
  return all;
}

}  // namespace backfill::conformance
