// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/conformance/database.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "runtime/database/postgres/connection.h"
#include "runtime/database/sql/statement.h"
#include "tests/servers/pgbouncer.h"
#include "tests/servers/server.h"

namespace backfill::conformance {

namespace {

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase() {
    excludes_writers_ = true;
    char directory[] = "/tmp/backfill_conformance_XXXXXX";
    directory_ = mkdtemp(directory);
    std::ofstream(path()).close();
    application_ = open();
    take(application_->query("PRAGMA journal_mode = WAL"));
  }
  ~SqliteDatabase() override {
    application_.reset();
    std::filesystem::remove_all(directory_);
  }

  [[nodiscard]] std::string url() const override { return "sqlite:" + path(); }
  void run(std::string_view sql) override { done(application_->script(sql)); }
  [[nodiscard]] std::string ask(std::string_view sql) override {
    std::string all;
    for (const auto& row : take(application_->query(sql)).rows) {
      if (!all.empty()) all += "\n";
      for (std::size_t i = 0; i < row.size(); ++i)
        all += (i == 0 ? "" : "|") + (row[i].missing() ? "NULL" : text_of(row[i]));
    }
    return all;
  }
  [[nodiscard]] std::string kept(std::string_view table) const override { return std::string(table); }

 private:
  static std::string text_of(const stdlib::Value& value) {
    if (const auto* number = std::get_if<double>(&value.variant())) return fmt::format("{}", *number);
    return database_sql::text(value);
  }
  [[nodiscard]] std::string path() const { return directory_ + "/test.db"; }

  std::string directory_;
  std::unique_ptr<database::Store> application_;
};

class PostgresDatabase final : public Database {
 public:
  explicit PostgresDatabase(bool pooled) : pooled_(pooled) {
    static int count = 0;
    name_ = fmt::format("conformance_{}_{}", getpid(), ++count);
    done(server().run("CREATE DATABASE " + name_));
    application_ = take(database::postgres::Connection::open(test::postgres_url(name_)));
  }
  ~PostgresDatabase() override {
    application_.reset();
    static_cast<void>(server().run("DROP DATABASE " + name_ + " WITH (FORCE)"));
  }

  [[nodiscard]] std::string url() const override {
    return pooled_ ? test::pgbouncer_url(name_) : test::postgres_url(name_);
  }
  void run(std::string_view sql) override { done(application_->run(sql)); }
  [[nodiscard]] std::string ask(std::string_view sql) override {
    const auto found = take(application_->query(sql));
    std::string all;
    for (const auto& row : found.rows) {
      if (!all.empty()) all += "\n";
      for (std::size_t i = 0; i < row.size(); ++i) {
        std::string text = row[i].value_or("NULL");
        if (found.types[i] == 16 && row[i]) text = text == "t" ? "1" : "0";
        all += (i == 0 ? "" : "|") + text;
      }
    }
    return all;
  }
  [[nodiscard]] std::string kept(std::string_view table) const override {
    return fmt::format("backfill.{}", table);
  }

 private:
  static database::postgres::Connection& server() {
    static const auto connection = take(database::postgres::Connection::open(test::postgres_url()));
    return *connection;
  }

  bool pooled_;
  std::string name_;
  std::unique_ptr<database::postgres::Connection> application_;
};

}  // namespace

std::string_view name(Backend backend) {
  switch (backend) {
    case Backend::Sqlite:
      return "SQLite";
    case Backend::Postgres:
      return "PostgreSQL";
    case Backend::PgBouncer:
      return "PostgreSQL through pgbouncer";
  }
  return "";
}

const std::vector<Backend>& backends() {
  static const std::vector<Backend> all{Backend::Sqlite, Backend::Postgres, Backend::PgBouncer};
  return all;
}

std::unique_ptr<Database> Database::make(Backend backend, std::string_view sql) {
  std::unique_ptr<Database> database;
  if (backend == Backend::Sqlite) {
    database = std::make_unique<SqliteDatabase>();
  } else {
    database = std::make_unique<PostgresDatabase>(backend == Backend::PgBouncer);
  }
  if (!sql.empty()) database->run(sql);
  return database;
}

}  // namespace backfill::conformance
