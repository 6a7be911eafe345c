// SPDX-License-Identifier: Apache-2.0
// The catalog of a text, of a server that has run it, of pg_dump's text and of our own: all the same.
#include <catch2/catch.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "runtime/database/postgres/connection.h"
#include "runtime/database/postgres/ddl.h"
#include "runtime/database/postgres/ddl_writer.h"
#include "runtime/database/postgres/schema_reader.h"
#include "tests/runtime/postgres/catalog_text.h"
#include "tests/servers/server.h"

using namespace backfill;
using database::postgres::catalog_from_sql;
using database::postgres::Connection;
using test::catalog_text;
using test::Expressions;

namespace {

std::string file_text(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// A new database in which `sql` has run.
std::unique_ptr<Connection> database_of(const std::string& name, const std::string& sql) {
  REQUIRE(test::postgres().exec("DROP DATABASE IF EXISTS " + name).ok());
  REQUIRE(test::postgres().exec("CREATE DATABASE " + name).ok());
  auto connection = Connection::open(test::postgres_url(name));
  REQUIRE(connection.ok());
  const auto ran = (*connection)->run(sql);
  if (!ran) FAIL(ran.failure().message);
  return *std::move(connection);
}

std::string dump_of(const std::string& name) {
  const std::string command = "/usr/lib/postgresql/15/bin/pg_dump -s -d '" + test::postgres_url(name) + "'";
  std::string text;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  char buffer[4096];
  for (std::size_t got = 0; (got = fread(buffer, 1, sizeof buffer, pipe)) > 0;) text.append(buffer, got);
  REQUIRE(pclose(pipe) == 0);
  return text;
}

schema::Catalog parsed(const std::string& sql) {
  auto catalog = catalog_from_sql(sql, "schema.sql");
  if (!catalog) FAIL(catalog.failure().message);
  return *std::move(catalog);
}

schema::Catalog live(const Connection& connection) {
  auto catalog = database::postgres::read_schema(connection);
  if (!catalog) FAIL(catalog.failure().message);
  return *std::move(catalog);
}

// The lines of a catalog, each with its table before it.
std::vector<std::string> lines_of(const schema::Catalog& catalog, Expressions expressions) {
  std::istringstream text(catalog_text(catalog, expressions));
  std::vector<std::string> lines;
  std::string owner;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with(' ')) owner = line.substr(0, line.find(' ', line.find(' ') + 1));
    lines.push_back(line.starts_with(' ') ? owner + line : line);
  }
  return lines;
}

std::string missing_from(const std::vector<std::string>& lines, const std::vector<std::string>& others) {
  std::string missing;
  for (const std::string& line : lines)
    if (std::find(others.begin(), others.end(), line) == others.end()) missing += line + "\n";
  return missing;
}

void check_same(const schema::Catalog& left, const schema::Catalog& right, Expressions expressions) {
  const auto ours = lines_of(left, expressions), theirs = lines_of(right, expressions);
  CHECK(missing_from(ours, theirs) == "");
  CHECK(missing_from(theirs, ours) == "");
  CHECK(ours == theirs);
}

void check_four_ways(const std::string& name, const std::string& sql) {
  const auto connection = database_of(name, sql);
  const schema::Catalog server = live(*connection);
  INFO("text and server");
  check_same(parsed(sql), server, Expressions::LeftOut);
  INFO("pg_dump and server");
  check_same(parsed(dump_of(name)), server, Expressions::AsWritten);
  INFO("our own text and server");
  check_same(parsed(database::postgres::ddl_text(server)), server, Expressions::AsWritten);
  for (const schema::Table& table : server.tables) {
    const auto alone = database::postgres::read_table(*connection, table.qualified_name());
    REQUIRE(alone.ok());
    REQUIRE(alone->has_value());
    CHECK(fingerprint(**alone) == fingerprint(table));
  }
}

}  // namespace

TEST_CASE("a rich schema is the same as text, on the server, dumped and written") {
  check_four_ways("rich", file_text(std::string(BACKFILL_SOURCE_DIR) + "/tests/runtime/postgres/rich.sql"));
}

// tests/catalog_of_others fetches them.
TEST_CASE("schemas of others are the same four ways", "[.][others]") {
  const char* directory = std::getenv("BACKFILL_OTHERS");
  REQUIRE(directory != nullptr);
  int number = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    if (entry.path().extension() != ".sql") continue;
    CAPTURE(entry.path().filename());
    const std::string sql = file_text(entry.path());
    const std::string name = "others_" + std::to_string(number++);
    static_cast<void>(database_of(name, ""));
    const auto trial = Connection::open(test::postgres_url(name));
    if (const auto loaded = (*trial)->run(sql); !loaded) {
      WARN(entry.path().filename() << " does not load: " << loaded.failure().message.substr(0, 120));
      continue;
    }
    check_four_ways(name + "_again", sql);
  }
}

TEST_CASE("a transaction that is open stays open, with its search_path") {
  const auto connection = database_of("stays_open", "CREATE TABLE t (id int PRIMARY KEY)");
  REQUIRE(connection->run("BEGIN; SET LOCAL search_path = 'x''y', public").ok());
  CHECK(live(*connection).tables.size() == 1);
  CHECK(*connection->query("SHOW search_path")->rows[0][0] == "\"x'y\", public");
  CHECK(database::postgres::PQtransactionStatus(connection->handle()) == PQTRANS_INTRANS);
}

TEST_CASE("a bare name of two tables finds none on the server either") {
  const auto connection =
      database_of("two_of_a_name",
                  "CREATE TABLE t (id int); CREATE SCHEMA s; CREATE TABLE s.t (id int); CREATE TABLE s.u ()");
  CHECK(!database::postgres::read_table(*connection, "t")->has_value());
  CHECK(database::postgres::read_table(*connection, "s.t")->has_value());
  CHECK(database::postgres::read_table(*connection, "u")->has_value());
  CHECK(!database::postgres::read_table(*connection, "U")->has_value());
  CHECK(!database::postgres::read_table(*connection, "' OR true --")->has_value());
}

TEST_CASE("data and psql's commands in a dump are passed over") {
  const schema::Catalog catalog = parsed(
      "\\restrict abc\nCREATE TABLE a (id int);\nCOPY a (id) FROM stdin;\nCREATE TABLE b (id "
      "int);\n'\n\\.\n\n"
      "CREATE TABLE c (id int);\nCREATE FUNCTION f() RETURNS int AS $$ ; CREATE TABLE d (id int); $$;\n"
      "SELECT 'unknown to us' ~@~ 2;\n");
  REQUIRE(catalog.tables.size() == 2);
  CHECK(catalog.tables[1].name == "c");
}

TEST_CASE("a statement that shapes a table and cannot be read is named with its line") {
  const auto catalog =
      catalog_from_sql("CREATE TABLE a (id int);\n\nCREATE TABLE b (id int,);\n", "schema.sql");
  REQUIRE(!catalog.ok());
  CHECK(catalog.failure().message ==
        "schema.sql:3: cannot read the statement `CREATE TABLE b (id int,)`: syntax error at or near \")\"");
}
