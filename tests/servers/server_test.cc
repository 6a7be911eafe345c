// SPDX-License-Identifier: Apache-2.0
#include "tests/servers/server.h"

#include <catch2/catch.hpp>

#include "runtime/database/postgres/connection.h"
#include "tests/servers/mariadb.h"

using namespace backfill;

TEST_CASE("PostgreSQL of the test answers, in its own C.UTF-8 database") {
  const auto rows = test::postgres().query(
      "SELECT current_setting('server_version_num')::int / 10000, NULL, '\\x0041'::bytea, datcollate FROM "
      "pg_database WHERE datname = current_database()");
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  CHECK(rows->at(0) == test::SqlRow{"15", std::nullopt, std::string("\0A", 2), "C.UTF-8"});
}

TEST_CASE("an error of PostgreSQL is a failure with its SQLSTATE") {
  const auto rows = test::postgres().query("SELECT 1/0");
  REQUIRE(!rows.ok());
  CHECK(rows.failure().message == "PostgreSQL: division by zero (SQLSTATE 22012) in: SELECT 1/0");
  CHECK(rows.failure().recovery == Recovery::Fatal);
}

TEST_CASE("a connection pins what it finds otherwise") {
  const std::string url = test::postgres_url() +
                          "&options=-cTimeZone%3DAsia/Tokyo%20-cDateStyle%3DGerman%20-cbytea_output%3Descape";
  const auto opened = database::postgres::Connection::open(url);
  REQUIRE(opened.ok());
  REQUIRE((*opened)->pin_session().ok());
  const auto rows = (*opened)->query("SELECT '2024-01-31 10:00:00+00'::timestamptz, '\\x00'::bytea");
  REQUIRE(rows.ok());
  CHECK(rows->rows.at(0).at(0) == "2024-01-31 10:00:00+00");
  CHECK(rows->rows.at(0).at(1) == "\\x00");
}

TEST_CASE("SQLite of the test keeps every digit of a float") {
  const auto rows = test::sqlite().query("SELECT 0.1 + 0.2, NULL, x'0041'");
  REQUIRE(rows.ok());
  CHECK(rows->at(0) == test::SqlRow{"0.30000000000000004", std::nullopt, std::string("\0A", 2)});
}

TEST_CASE("MariaDB of the test answers, its session pinned") {
  const auto rows =
      test::mariadb().query("SELECT substr(version(), 1, 5), NULL, x'0041', 'a' = 'A', 0.1e0 + 0.2e0");
  REQUIRE(rows.ok());
  CHECK(rows->at(0) ==
        test::SqlRow{"10.11", std::nullopt, std::string("\0A", 2), "0", "0.30000000000000004"});
}

TEST_CASE("an error of MariaDB is a failure with its number, also of a later statement") {
  const auto rows = test::mariadb().query("SELECT 9223372036854775807 + 1");
  REQUIRE(!rows.ok());
  CHECK(rows.failure().message.find("(error 1690)") != std::string::npos);
  CHECK(rows.failure().recovery == Recovery::Fatal);
  CHECK(!test::mariadb().exec("SELECT 1; SELECT nothing; SELECT 2").ok());
  CHECK(test::mariadb().query("SELECT 3").ok());
}

TEST_CASE("a MariaDB session that was changed is noticed") {
  const auto opened = database::mariadb::Connection::open(test::mariadb_address());
  REQUIRE(opened.ok());
  CHECK((*opened)->check_settings().ok());
  REQUIRE((*opened)->run("SET SESSION sql_mode = ''").ok());
  const Result<void> checked = (*opened)->check_settings();
  REQUIRE(!checked.ok());
  CHECK(checked.failure().message.find("sql_mode") != std::string::npos);
}
