// SPDX-License-Identifier: Apache-2.0
// A pgbouncer in transaction mode in front of the test's PostgreSQL: every transaction may come to another
// server connection, and nothing of a session is kept.
#pragma once

#include <string>

#include "tests/servers/process.h"

namespace backfill::test {

class PgBouncer {
 public:
  explicit PgBouncer(const std::string& server_directory);
  [[nodiscard]] std::string url(const std::string& database) const;

 private:
  ServerProcess process_;
};

// Started on first use, once per process.
std::string pgbouncer_url(const std::string& database);

}  // namespace backfill::test
