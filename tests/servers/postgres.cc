// SPDX-License-Identifier: Apache-2.0
#include "tests/servers/postgres.h"

#include <fmt/format.h>
#include <signal.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "runtime/database/postgres/dialect.h"

namespace backfill::test {

namespace {

using namespace std::chrono_literals;

constexpr std::string_view kPrograms = "/usr/lib/postgresql/15/bin/";
constexpr Oid kBytea = 17;
constexpr Oid kFloat4 = 700;

[[noreturn]] void give_up(std::string_view what, const ServerProcess& process) {
  fmt::print(stderr, "PostgreSQL 15 of the test does not start: {}\n{}\n(scripts/install installs it)\n",
             what, process.log());
  std::exit(70);
}

// '\x00ff' as bytes.
std::string bytes_of(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string out;
  for (std::size_t at = 2; at + 1 < text.size(); at += 2)
    out += static_cast<char>(digit(text[at]) * 16 + digit(text[at + 1]));
  return out;
}

// The shortest digits of a float as those of the double that is the same number.
std::string double_of(const std::string& text) {
  return fmt::format("{}", static_cast<double>(std::strtof(text.c_str(), nullptr)));
}

}  // namespace

PostgresServer::PostgresServer() : process_("postgres", "postgres") {
  const std::string data = process_.directory() / "data";
  const std::string program(kPrograms);
  if (!process_.run({program + "initdb", "-D", data, "--no-sync", "-E", "UTF8", "--locale=C.UTF-8", "-A",
                     "trust", "-U", "postgres", "--no-instructions"}))
    give_up("initdb fails", process_);
  // One socket in the directory and no port: nothing to be free, nothing for others to reach.
  process_.start({program + "postgres", "-D", data, "-k", process_.directory(), "-c", "listen_addresses=",
                  "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c",
                  "shared_buffers=64MB", "-c", "max_connections=40", "-c", "autovacuum=off"},
                 SIGQUIT);
  for (int attempt = 0; attempt < 600; ++attempt) {
    auto opened = database::postgres::Connection::open(url());
    if (opened) {
      connection_ = *std::move(opened);
      if (const auto pinned = connection_->pin_session(); !pinned)
        give_up(pinned.failure().message, process_);
      return;
    }
    if (opened.failure().recovery != Recovery::Retry) give_up(opened.failure().message, process_);
    if (!process_.alive()) break;
    std::this_thread::sleep_for(50ms);
  }
  give_up("no connection", process_);
}

std::string PostgresServer::url(const std::string& database) const {
  return fmt::format("postgresql:///{}?host={}&user=postgres", database, directory());
}

const lower_sql::Dialect& PostgresServer::dialect() const {
  return database::postgres::dialect();
}

Result<std::vector<SqlRow>> PostgresServer::query(std::string_view sql) {
  BACKFILL_ASSIGN(database::postgres::TextRows answer, connection_->query(sql));
  types_ = answer.types;
  for (std::size_t column = 0; column < answer.types.size(); ++column) {
    for (SqlRow& row : answer.rows) {
      if (!row[column]) continue;
      if (answer.types[column] == kBytea) row[column] = bytes_of(*row[column]);
      if (answer.types[column] == kFloat4) row[column] = double_of(*row[column]);
    }
  }
  return std::move(answer.rows);
}

bool PostgresServer::has_type(std::size_t column, const stdlib::Type& type) const {
  constexpr std::array kOids = {std::pair{"bool", Oid{16}},        std::pair{"bytea", kBytea},
                                std::pair{"int8", Oid{20}},        std::pair{"int2", Oid{21}},
                                std::pair{"int4", Oid{23}},        std::pair{"text", Oid{25}},
                                std::pair{"float4", kFloat4},      std::pair{"float8", Oid{701}},
                                std::pair{"date", Oid{1082}},      std::pair{"time", Oid{1083}},
                                std::pair{"timestamp", Oid{1114}}, std::pair{"timestamptz", Oid{1184}},
                                std::pair{"interval", Oid{1186}},  std::pair{"numeric", Oid{1700}},
                                std::pair{"uuid", Oid{2950}},      std::pair{"jsonb", Oid{3802}}};
  const std::string_view name = database::postgres::type_name(type.kind);
  for (const auto& [known, oid] : kOids)
    if (name == known) return types_.at(column) == oid;
  return true;
}

std::string PostgresServer::column_type(const stdlib::Type& type) const {
  if (type.kind == stdlib::Kind::Decimal) return fmt::format("numeric({}, {})", type.precision, type.scale);
  return std::string(database::postgres::type_name(type.kind));
}

namespace {

PostgresServer& server() {
  static PostgresServer instance;
  return instance;
}

}  // namespace

SqlServer& postgres() {
  return server();
}

std::string postgres_url() {
  return server().url();
}

std::string postgres_url(const std::string& database) {
  return server().url(database);
}

std::string postgres_directory() {
  return server().directory();
}

}  // namespace backfill::test
