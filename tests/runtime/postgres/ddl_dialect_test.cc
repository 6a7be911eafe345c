// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/ddl_dialect.h"

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>

using namespace backfill;
using database::ddl_dialect;

TEST_CASE("a text says whose DDL it is") {
  CHECK(ddl_dialect(
            "-- a schema\n-- dialect: postgres\nCREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT);") ==
        "postgres");
  CHECK(ddl_dialect("CREATE TABLE t (x int);\n-- dialect: postgres\n") == "sqlite");
}

TEST_CASE("without a word, what only one database has decides") {
  CHECK(ddl_dialect("CREATE TABLE public.t (id bigint, at timestamp with time zone DEFAULT now());") ==
        "postgres");
  CHECK(ddl_dialect("CREATE TABLE t (id serial PRIMARY KEY);") == "postgres");
  CHECK(ddl_dialect("\\connect shop\nCREATE TABLE t (id int);") == "postgres");
  CHECK(ddl_dialect("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, at DATETIME);") == "sqlite");
  CHECK(ddl_dialect("CREATE TABLE t (id INTEGER PRIMARY KEY, at DATE);") == "sqlite");
  CHECK(ddl_dialect("CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;") == "mariadb");
  CHECK(ddl_dialect("-- serial jsonb\nCREATE TABLE t (\"serial\" TEXT DEFAULT 'bytea');") == "sqlite");
}

TEST_CASE("MariaDB's DDL is named, and not half read") {
  const auto catalog =
      database::catalog_from_text("CREATE TABLE `t` (id int AUTO_INCREMENT) ENGINE=InnoDB;", "s.sql");
  REQUIRE(!catalog.ok());
  CHECK_THAT(catalog.failure().message, Catch::Contains("MariaDB"));
}

TEST_CASE("Chinook's own file for SQLite stays SQLite's") {
  std::ifstream file(BACKFILL_SOURCE_DIR "/examples/chinook/chinook.sql");
  std::stringstream text;
  text << file.rdbuf();
  CHECK(ddl_dialect(text.str()) == "sqlite");
}
