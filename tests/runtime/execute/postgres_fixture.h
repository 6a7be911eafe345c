// SPDX-License-Identifier: Apache-2.0
// A database of its own on a real PostgreSQL, and an application that writes beside the run.
#pragma once

#include "tests/runtime/execute/fixture.h"
#include "tests/servers/server.h"

#include <chrono>
#include <thread>

#include "runtime/database/postgres/connection.h"

namespace backfill::execute_test {

// One connection of the application: every statement is its own transaction unless it says BEGIN.
class Application {
 public:
  explicit Application(const std::string& url) : connection_(must(open(url))) {}
  void run(const std::string& sql) { must(connection_->run(sql)); }
  bool try_run(const std::string& sql) { return connection_->run(sql).ok(); }
  // Values separated by |, rows by a line's end; NULL is nothing.
  std::string content(const std::string& sql) {
    std::string all;
    for (const auto& row : must(connection_->query(sql)).rows) {
      for (const auto& value : row) all += value.value_or("") + "|";
      all += "\n";
    }
    return all;
  }
  std::int64_t number(const std::string& sql) {
    return std::stoll(must(connection_->query(sql)).rows.at(0).at(0).value_or("0"));
  }

 private:
  static Result<std::unique_ptr<database::postgres::Connection>> open(const std::string& url) {
    return database::postgres::Connection::open(url);
  }
  std::unique_ptr<database::postgres::Connection> connection_;
};

// Is anybody waiting for what somebody else has locked?
inline void wait_until_blocked(Application& watcher) {
  for (int i = 0; i < 500; ++i) {
    if (watcher.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND "
                       "wait_event_type = 'Lock'") > 0)
      return;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
}

// Lives until the server ends.
class PostgresDatabase {
 public:
  PostgresDatabase() : PostgresDatabase("template1") {}
  // A copy of another one, to which nobody may be connected.
  explicit PostgresDatabase(const PostgresDatabase& other) : PostgresDatabase(other.name_) {}

  [[nodiscard]] std::string url() const { return test::postgres_url(name_); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] Application application() const { return Application(url()); }
  void run(const std::string& sql) const { application().run(sql); }
  [[nodiscard]] std::string content(const std::string& sql) const { return application().content(sql); }
  [[nodiscard]] std::int64_t number(const std::string& sql) const { return application().number(sql); }

 private:
  explicit PostgresDatabase(const std::string& from) {
    static int count = 0;
    name_ = fmt::format("execute_{}_{}", getpid(), ++count);
    Application server(test::postgres_url());
    // Who was connected a moment ago may not have left yet.
    for (int i = 0; i < 100; ++i) {
      if (server.try_run(fmt::format("CREATE DATABASE {} TEMPLATE {}", name_, from))) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    FAIL("cannot create " << name_);
  }
  std::string name_;
};

// The accounts of make_accounts.
inline void make_accounts(const PostgresDatabase& database, int rows, int bad = 0) {
  database.run(fmt::format(R"(
    CREATE TABLE accounts (id BIGINT PRIMARY KEY, name TEXT, locked INTEGER, amount BIGINT NOT NULL,
                           status TEXT, total BIGINT);
    INSERT INTO accounts SELECT i * 3, 'Name ' || i,
      CASE WHEN i % 7 = 0 THEN NULL WHEN i % 5 = 0 THEN 1 ELSE 0 END,
      CASE WHEN {1} > 0 AND i % greatest({1}, 1) = 0 THEN 9223372036854775807 ELSE i END,
      CASE WHEN i % 11 = 0 THEN 'kept' END, CASE WHEN i % 11 = 0 THEN 0 END
    FROM generate_series(1, {0}) AS n(i);)",
                           rows, bad));
}

inline const char* const kAccounts = "SELECT * FROM accounts ORDER BY id";
// Without the numbers of batches, which workers take in any order.
inline const char* const kKept =
    "SELECT key_id, rolled_back, prior_status, new_status, prior_total, new_total"
    " FROM backfill.backfill_correction_1 ORDER BY key_id";
inline const char* const kStages =
    "SELECT stage, name, state, candidates, met, changed, unchanged, quarantined, conflicts"
    " FROM backfill.backfill_stage WHERE run = 1 ORDER BY stage";
inline const char* const kAside =
    "SELECT key_id, outcome, error, message FROM backfill.backfill_quarantine_1 ORDER BY key_id";

}  // namespace backfill::execute_test
