// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL 15 of the test's own: C.UTF-8, a unix socket alone, nothing kept on disk.
#pragma once

#include "tests/servers/process.h"
#include "tests/servers/server.h"

#include "runtime/database/postgres/connection.h"

namespace backfill::test {

class PostgresServer final : public SqlServer {
 public:
  PostgresServer();

  [[nodiscard]] const lower_sql::Dialect& dialect() const override;
  Result<std::vector<SqlRow>> query(std::string_view sql) override;
  Result<void> exec(std::string_view sql) override { return connection_->run(sql); }
  [[nodiscard]] bool has_type(std::size_t column, const stdlib::Type& type) const override;
  [[nodiscard]] std::string column_type(const stdlib::Type& type) const override;
  [[nodiscard]] std::string url(const std::string& database = "postgres") const;
  [[nodiscard]] std::string directory() const { return process_.directory(); }

 private:
  ServerProcess process_;
  std::unique_ptr<database::postgres::Connection> connection_;
  std::vector<Oid> types_;  // of the last query's columns
};

}  // namespace backfill::test
