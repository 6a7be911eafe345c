// SPDX-License-Identifier: Apache-2.0
#include "bench/postgres_server.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "bench/measure.h"

namespace backfill::bench {

namespace {

constexpr const char* kPrograms = "/usr/lib/postgresql/15/bin/";

// The server refuses to run as root.
void as_postgres(const std::string& command) {
  const std::string whole =
      geteuid() == 0 ? fmt::format("runuser -u postgres -- sh -c '{}'", command) : command;
  if (std::system(whole.c_str()) != 0) die("this failed: " + command);
}

}  // namespace

PostgresServer::PostgresServer() {
  directory_ = std::filesystem::temp_directory_path() / fmt::format("backfill-bench-postgres-{}", getpid());
  const std::string directory = directory_;
  std::filesystem::create_directories(directory_);
  if (geteuid() == 0) static_cast<void>(std::system(("chown postgres " + directory).c_str()));
  as_postgres(fmt::format("{}initdb -D {}/data -E UTF8 --locale=C.UTF-8 -A trust -U postgres >/dev/null",
                          kPrograms, directory));
  as_postgres(
      fmt::format("{}pg_ctl -D {}/data -w -l {}/log -o \"-k {} -c listen_addresses= -c shared_buffers=2GB -c "
                  "max_wal_size=4GB "
                  "-c max_connections=30 -c autovacuum=off\" start >/dev/null",
                  kPrograms, directory, directory, directory));
}

PostgresServer::~PostgresServer() {
  as_postgres(
      fmt::format("{}pg_ctl -D {}/data -m immediate stop >/dev/null", kPrograms, directory_.string()));
  std::filesystem::remove_all(directory_);
}

std::string PostgresServer::url(const std::string& database) const {
  return fmt::format("postgresql:///{}?host={}&user=postgres", database, directory_.string());
}

std::string PostgresServer::fresh(const std::vector<std::string>& reads) const {
  Session session(url("postgres"));
  session.run("DROP DATABASE IF EXISTS work WITH (FORCE)");
  session.run("CREATE DATABASE work TEMPLATE original STRATEGY file_copy");
  session.run("CHECKPOINT");
  Session work(url("work"));
  for (const std::string& read : reads) work.run(read);
  return url("work");
}

Session::Session(const std::string& url) : handle_(PQconnectdb(url.c_str())) {
  if (PQstatus(handle_.get()) != CONNECTION_OK) die(PQerrorMessage(handle_.get()));
}

std::vector<std::vector<std::string>> Session::run(const std::string& sql) {
  PGresult* const result = PQexec(handle_.get(), sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) die(PQerrorMessage(handle_.get()));
  std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(result)));
  for (std::size_t row = 0; row < rows.size(); ++row)
    for (int column = 0; column < PQnfields(result); ++column)
      rows[row].emplace_back(PQgetvalue(result, static_cast<int>(row), column));
  PQclear(result);
  return rows;
}

}  // namespace backfill::bench
