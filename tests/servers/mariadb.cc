// SPDX-License-Identifier: Apache-2.0
#include "tests/servers/mariadb.h"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "runtime/database/mariadb/dialect.h"

namespace backfill::test {

namespace {

using namespace std::chrono_literals;
using database::mariadb::Connection;

[[noreturn]] void give_up(std::string_view what, const ServerProcess& process) {
  fmt::print(stderr, "MariaDB 10.11 of the test does not start: {}\n{}\n(scripts/install installs it)\n",
             what, process.log());
  std::exit(70);
}

}  // namespace

// It starts on an empty directory in 0.2 s: without grants it needs none of the tables that
// mariadb-install-db makes in three seconds.
MariaDbServer::MariaDbServer() : process_("mariadb", "mysql") {
  const std::string directory = process_.directory();
  const std::string data = directory + "/data";
  if (!process_.run({"mkdir", data})) give_up("there is no data directory", process_);
  process_.start({"/usr/sbin/mariadbd",
                  "--no-defaults",
                  "--datadir=" + data,
                  "--socket=" + directory + "/socket",
                  "--pid-file=" + directory + "/pid",
                  "--tmpdir=" + directory,
                  "--skip-networking",
                  "--skip-grant-tables",
                  "--skip-log-bin",
                  "--performance-schema=0",
                  "--default-storage-engine=InnoDB",
                  "--character-set-server=utf8mb4",
                  "--collation-server=utf8mb4_unicode_ci",
                  "--innodb-flush-log-at-trx-commit=0",
                  "--innodb-flush-method=nosync",
                  "--innodb-doublewrite=0",
                  "--innodb-stats-persistent=0",
                  "--innodb-log-file-size=4M",
                  "--innodb-buffer-pool-size=32M",
                  "--innodb-fast-shutdown=2",
                  "--key-buffer-size=1M",
                  "--aria-pagecache-buffer-size=1M"},
                 SIGKILL);
  std::string answer;
  for (int attempt = 0; attempt < 600; ++attempt) {
    auto opened = Connection::open(address());
    if (opened) {
      connection_ = *std::move(opened);
      const Result<void> made = connection_->run("CREATE DATABASE test; USE test");
      if (!made) give_up(made.failure().message, process_);
      return;
    }
    answer = opened.failure().message;
    if (opened.failure().recovery != Recovery::Retry || !process_.alive()) break;
    std::this_thread::sleep_for(20ms);
  }
  give_up(answer, process_);
}

database::mariadb::Address MariaDbServer::address() const {
  database::mariadb::Address address;
  address.socket = process_.directory() / "socket";
  address.user = "root";
  if (connection_ != nullptr) address.database = "test";
  return address;
}

const lower_sql::Dialect& MariaDbServer::dialect() const {
  return database::mariadb::dialect();
}

Result<std::vector<SqlRow>> MariaDbServer::query(std::string_view sql) {
  BACKFILL_ASSIGN(database::mariadb::TextRows answer, connection_->query(sql));
  return std::move(answer.rows);
}

std::string MariaDbServer::column_type(const stdlib::Type& type) const {
  if (type.kind == stdlib::Kind::Decimal) return fmt::format("DECIMAL({}, {})", type.precision, type.scale);
  return std::string(database::mariadb::type_name(type.kind));
}

namespace {

MariaDbServer& server() {
  static MariaDbServer instance;
  return instance;
}

}  // namespace

SqlServer& mariadb() {
  return server();
}

database::mariadb::Address mariadb_address() {
  return server().address();
}

}  // namespace backfill::test
