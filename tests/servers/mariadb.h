// SPDX-License-Identifier: Apache-2.0
// A MariaDB 10.11 of the test's own: a unix socket alone, no grants, nothing kept on disk. Its database
// compares text without case and accents, as most do: SQL that forgets its collation shows.
#pragma once

#include "runtime/database/mariadb/connection.h"
#include "tests/servers/process.h"
#include "tests/servers/server.h"

namespace backfill::test {

class MariaDbServer final : public SqlServer {
 public:
  MariaDbServer();

  [[nodiscard]] const lower_sql::Dialect& dialect() const override;
  Result<std::vector<SqlRow>> query(std::string_view sql) override;
  Result<void> exec(std::string_view sql) override { return connection_->run(sql); }
  [[nodiscard]] std::string column_type(const stdlib::Type& type) const override;
  [[nodiscard]] database::mariadb::Address address() const;

 private:
  ServerProcess process_;
  std::unique_ptr<database::mariadb::Connection> connection_;
};

// For tests that open connections of their own.
database::mariadb::Address mariadb_address();

}  // namespace backfill::test
