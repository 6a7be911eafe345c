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
[[nodiscard]] std::string_view name(Backend backend);
// For tests: GENERATE(from_range(backends())).
[[nodiscard]] const std::vector<Backend>& backends();

template <typename T>
T take(Result<T> result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
  return std::move(*result);
}
inline void done(const Result<void>& result) {
  if (!result) FAIL(result.failure().message << " / " << result.failure().way_out);
}

// The application's side of a database: its own connection, its own SQL.
class Database {
 public:
  // `sql` makes the tables; what it says must be understood by every backend.
  static std::unique_ptr<Database> make(Backend backend, std::string_view sql = "");
  virtual ~Database() = default;

  [[nodiscard]] virtual std::string url() const = 0;
  virtual void run(std::string_view sql) = 0;
  // Rows as "a|b\nc|d", NULL as "NULL", booleans as 1 and 0.
  [[nodiscard]] virtual std::string ask(std::string_view sql) = 0;
  // How a statement of the test names a table of the bookkeeping.
  [[nodiscard]] virtual std::string kept(std::string_view table) const = 0;
  [[nodiscard]] std::unique_ptr<database::Store> open() const { return take(database::open(url(), {})); }
  [[nodiscard]] bool excludes_writers() const { return excludes_writers_; }

 protected:
  bool excludes_writers_ = false;
};

}  // namespace backfill::conformance
