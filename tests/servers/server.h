// SPDX-License-Identifier: Apache-2.0
// Real databases for tests, behind one face. Each is started on first use, once per process, in a temporary
// directory of its own, and is gone when the process ends.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lower/sql/dialect.h"
#include "compiler/source/result.h"
#include "stdlib/type.h"

namespace backfill::test {

// A value in the form that `parsed` (value_text.h) reads: bytes as they are, floats by their shortest
// digits; otherwise the database's own text. NULL is nothing.
using SqlRow = std::vector<std::optional<std::string>>;

class SqlServer {
 public:
  virtual ~SqlServer() = default;

  [[nodiscard]] virtual const lower_sql::Dialect& dialect() const = 0;
  // One statement. The connection has the settings that runtime/database/<db> pins.
  virtual Result<std::vector<SqlRow>> query(std::string_view sql) = 0;
  // One or more statements (separated by `;`), results dropped.
  virtual Result<void> exec(std::string_view sql) = 0;
  // Was that column of the last query of the SQL type in which expressions of ours compute? Another width
  // would choose another overload of what stands around it. True where the database has no static types.
  [[nodiscard]] virtual bool has_type(std::size_t column, const stdlib::Type& type) const {
    static_cast<void>(column);
    static_cast<void>(type);
    return true;
  }
  // How a column that holds every value of the type is declared: "numeric(10,2)". Empty: there is none.
  [[nodiscard]] virtual std::string column_type(const stdlib::Type& type) const = 0;
};

// Each ends the test with the server's own log where it does not start.
SqlServer& postgres();
SqlServer& mariadb();
SqlServer& sqlite();  // in memory, with the functions that `assisted` rows call

// For tests that open connections of their own (runtime/database/<db>, the executable): a URL of the server,
// with the superuser and an empty database.
std::string postgres_url();
std::string postgres_url(const std::string& database);
std::string postgres_directory();  // of its socket

}  // namespace backfill::test
