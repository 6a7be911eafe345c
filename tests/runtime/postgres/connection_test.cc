// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/connection.h"

#include <catch2/catch.hpp>

#include "runtime/database/store.h"
#include "tests/servers/server.h"

using namespace backfill;
using database::postgres::Connection;

TEST_CASE("a password is in no message") {
  for (const char* url : {"postgres://ann:secret@@nowhere:x/db", "postgres://ann:secret@127.0.0.1:1/db",
                          "postgres://ann:secret@[::1/db", "postgres://ann:secret@127.0.0.1:1/db?no=thing"}) {
    const auto opened = database::open(url, {});
    REQUIRE(!opened.ok());
    INFO(opened.failure().message);
    CHECK(opened.failure().message.find("secret") == std::string::npos);
    CHECK(opened.failure().way_out.find("secret") == std::string::npos);
  }
}

TEST_CASE("a transaction has the settings that SQL rests on, and leaves none behind") {
  const auto connection = Connection::open(test::postgres_url() + "&options=-cTimeZone%3DAsia/Tokyo");
  REQUIRE(connection.ok());
  const auto zone = [&] { return *(*connection)->query("SHOW TimeZone")->rows[0][0]; };
  CHECK(zone() == "Asia/Tokyo");
  REQUIRE((*connection)->begin(false, "").ok());
  CHECK(zone() == "UTC");
  CHECK(*(*connection)->query("SHOW search_path")->rows[0][0] == "pg_catalog, backfill, pg_temp");
  REQUIRE((*connection)->commit().ok());
  CHECK(zone() == "Asia/Tokyo");
}

TEST_CASE("a commit of a transaction that had failed is a failure") {
  const auto connection = Connection::open(test::postgres_url());
  REQUIRE((*connection)->begin(false, "").ok());
  CHECK(!(*connection)->run("SELECT 1/0").ok());
  const auto committed = (*connection)->commit();
  REQUIRE(!committed.ok());
  CHECK(committed.failure().recovery == Recovery::Fatal);
}

TEST_CASE("a lost connection is told as such, and made anew by the next transaction") {
  const auto connection = Connection::open(test::postgres_url());
  const auto killer = Connection::open(test::postgres_url());
  REQUIRE((*connection)->begin(false, "").ok());
  const auto pid = *(*connection)->query("SELECT pg_backend_pid()")->rows[0][0];
  REQUIRE((*killer)->run("SELECT pg_terminate_backend(" + pid + ")").ok());
  const auto lost = (*connection)->commit();
  REQUIRE(!lost.ok());
  CHECK(lost.failure().recovery == Recovery::Ambiguous);
  REQUIRE((*connection)->begin(false, "").ok());
  CHECK((*connection)->commit().ok());
}
