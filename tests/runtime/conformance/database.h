// SPDX-License-Identifier: Apache-2.0
// One empty database per test, on each store that there is: what holds on one must hold on all.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/database/store.h"

namespace backfill::conformance {

enum class Backend { Sqlite, Postgres, PgBouncer };
// What BACKFILL_TEST_STORE asks for: sqlite (also where it is not set), postgres, pgbouncer. ctest runs the
// same program once for each.
[[nodiscard]] Backend backend();

template <typename T>
T take(Result<T> result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
  return std::move(*result);
}
inline void done(const Result<void>& result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
}

// AFTER or BEFORE UPDATE of each row; `when` and `body` speak of new and old.
struct Trigger {
  std::string name, table;
  bool before = false;
  std::string column = "";  // fires where an UPDATE names it; empty: always
  std::string when = "";
  std::string body;  // statements, each with its `;`
};

// The application's side of a database: its own connection, its own SQL. What tests say is in SQLite's words
// where those differ: on PostgreSQL `INTEGER PRIMARY KEY` is BIGINT there, and `quote`, `typeof` and
// `group_concat` are functions of a schema that only the application sees.
class Database {
 public:
  // `journal` is SQLite's.
  static std::unique_ptr<Database> make(Backend backend, const std::string& journal = "WAL");
  virtual ~Database() = default;

  [[nodiscard]] virtual std::string url() const = 0;
  // Becomes what the other one is; nobody may be connected to either.
  virtual void copy_from(Database& other) = 0;
  virtual void run(std::string_view sql) = 0;  // statements
  [[nodiscard]] virtual database::Rows query(std::string_view sql) = 0;
  virtual void add(const Trigger& trigger) = 0;
  // Bodies of a trigger: the row is left as it is; the statement fails with `message`.
  [[nodiscard]] virtual std::string ignore_row() const = 0;
  [[nodiscard]] virtual std::string refuse_row(std::string_view message) const = 0;
  // Tables, views and indexes, in one text.
  [[nodiscard]] virtual std::string objects() = 0;

  // Rows as "a|b\nc|d", NULL as "NULL", booleans as 1 and 0.
  [[nodiscard]] std::string ask(std::string_view sql);
  [[nodiscard]] std::unique_ptr<database::Store> open() const { return take(database::open(url(), {})); }
};

}  // namespace backfill::conformance
