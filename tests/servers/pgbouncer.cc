// SPDX-License-Identifier: Apache-2.0
#include "tests/servers/pgbouncer.h"

#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "runtime/database/postgres/connection.h"
#include "tests/servers/server.h"

namespace backfill::test {

PgBouncer::PgBouncer(const std::string& server_directory) : process_("pgbouncer", "postgres") {
  using namespace std::chrono_literals;
  const std::string directory = process_.directory();
  const std::string file = directory + "/pgbouncer.ini";
  // Few server connections, so that transactions truly change places.
  std::ofstream(file)
      << "[databases]\n* = host=" << server_directory << " user=postgres\n[pgbouncer]\n"
      << "pool_mode = transaction\nauth_type = any\nlisten_addr =\nlisten_port = 6432\nunix_socket_dir = "
      << directory << "\ndefault_pool_size = 3\nmax_client_conn = 100\nlogfile = " << directory
      << "/log\nserver_round_robin = 1\n";
  process_.start({"/usr/sbin/pgbouncer", file}, SIGKILL);
  for (int attempt = 0; attempt < 400 && process_.alive(); ++attempt) {
    if (database::postgres::Connection::open(url("postgres"))) return;
    std::this_thread::sleep_for(20ms);
  }
  fmt::print(stderr, "pgbouncer of the test does not start\n{}\n(scripts/install installs it)\n",
             process_.log());
  std::exit(70);
}

std::string PgBouncer::url(const std::string& database) const {
  return fmt::format("postgresql:///{}?host={}&port=6432&user=postgres", database,
                     process_.directory().string());
}

std::string pgbouncer_url(const std::string& database) {
  static const PgBouncer instance(postgres_directory());
  return instance.url(database);
}

}  // namespace backfill::test
