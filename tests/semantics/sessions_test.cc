// SPDX-License-Identifier: Apache-2.0
// Rows that are a property of a session or of how generated SQL reads a column: asserted on the real
// connections.
#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "tests/semantics/row.h"
#include "tests/servers/mariadb.h"
#include "tests/servers/server.h"

namespace backfill::test::semantics {
namespace {

const Covers kHere{52, 53, 69, 70, 72, 74, 75, 87, 129, 130, 131, 132, 137, 140};

std::string answer(SqlServer& server, const std::string& sql) {
  const auto rows = server.query(sql);
  INFO(sql);
  if (!rows) FAIL(rows.failure().message);
  REQUIRE(rows->size() == 1);
  return rows->at(0).at(0).value_or("NULL");
}

void make(SqlServer& server, const std::string& sql) {
  INFO(sql);
  const Result<void> made = server.exec("DROP TABLE IF EXISTS s; " + sql);
  if (!made) FAIL(made.failure().message);
}

std::string read(SqlServer& server, const std::string& column) {
  schema::Column text;
  text.type = stdlib::text();
  text.collation = "NOCASE";
  return server.dialect().read(column, text);
}

bool yes(const std::string& text) {
  return text == "1" || text == "t";
}

}  // namespace

TEST_CASE("semantics 52: a column of a collation that ignores case is read by bytes") {
  make(postgres(),
       "CREATE COLLATION IF NOT EXISTS anycase (provider = icu, locale = 'und-u-ks-level2', deterministic = "
       "false); "
       "CREATE TABLE s (a text COLLATE anycase, b text COLLATE anycase); INSERT INTO s VALUES ('a', 'A')");
  CHECK(yes(answer(postgres(), "SELECT a = b FROM s")));
  CHECK_FALSE(yes(answer(
      postgres(), fmt::format("SELECT {} = {} FROM s", read(postgres(), "a"), read(postgres(), "b")))));
  CHECK(answer(postgres(), fmt::format("SELECT strpos({}, 'A') FROM s", read(postgres(), "a"))) == "0");
  make(mariadb(),
       "CREATE TABLE s (a VARCHAR(9) COLLATE utf8mb4_unicode_ci, b VARCHAR(9) COLLATE utf8mb4_unicode_ci); "
       "INSERT INTO s VALUES ('a', 'Á ')");
  CHECK(yes(answer(mariadb(), "SELECT a = b FROM s")));
  CHECK_FALSE(yes(
      answer(mariadb(), fmt::format("SELECT {} = {} FROM s", read(mariadb(), "a"), read(mariadb(), "b")))));
  make(sqlite(),
       "CREATE TABLE s (a TEXT COLLATE NOCASE, b TEXT COLLATE NOCASE); INSERT INTO s VALUES ('a', 'A')");
  CHECK(yes(answer(sqlite(), "SELECT a = b FROM s")));
  CHECK_FALSE(
      yes(answer(sqlite(), fmt::format("SELECT {} = {} FROM s", read(sqlite(), "a"), read(sqlite(), "b")))));
}

TEST_CASE("semantics 53: columns of two collations compare by bytes") {
  make(mariadb(),
       "CREATE TABLE s (a VARCHAR(9) COLLATE utf8mb4_unicode_ci, b VARCHAR(9) CHARACTER SET latin1); INSERT "
       "INTO s VALUES ('é', 'é')");
  CHECK(yes(
      answer(mariadb(), fmt::format("SELECT {} = {} FROM s", read(mariadb(), "a"), read(mariadb(), "b")))));
  make(postgres(),
       "CREATE TABLE s (a text COLLATE \"C\", b text COLLATE \"POSIX\"); INSERT INTO s VALUES ('a', 'b')");
  CHECK_FALSE(postgres().query("SELECT a < b FROM s").ok());
  CHECK(yes(answer(postgres(),
                   fmt::format("SELECT {} < {} FROM s", read(postgres(), "a"), read(postgres(), "b")))));
}

TEST_CASE("semantics 69: no session takes '' for NULL") {
  CHECK(answer(mariadb(), "SELECT @@sql_mode").find("EMPTY_STRING_IS_NULL") == std::string::npos);
  for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()})
    CHECK_FALSE(yes(answer(*server, "SELECT '' IS NULL")));
}

TEST_CASE("semantics 70: char(n) is read without its padding") {
  make(postgres(), "CREATE TABLE s (a char(5)); INSERT INTO s VALUES ('ab')");
  make(mariadb(), "CREATE TABLE s (a CHAR(5)); INSERT INTO s VALUES ('ab')");
  for (SqlServer* server : {&postgres(), &mariadb()})
    CHECK(answer(*server, fmt::format("SELECT char_length({}) FROM s", read(*server, "a"))) == "2");
}

TEST_CASE("semantics 72: what a column's character set has not is refused, not replaced") {
  make(mariadb(), "CREATE TABLE s (a VARCHAR(9) CHARACTER SET utf8mb3, b VARCHAR(9) CHARACTER SET latin1)");
  CHECK_FALSE(mariadb().exec("INSERT INTO s (a) VALUES ('😀')").ok());
  CHECK_FALSE(mariadb().exec("INSERT INTO s (b) VALUES ('漢')").ok());
}

TEST_CASE("semantics 74: every text literal comes back as it was") {
  for (const std::string text :
       {"\\", "a\\'b", "it's", "\"q\"", "`", "%_!", "a\nb\t", "\\n", "é😀", "''", "--", "/*"})
    for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
      INFO(server->dialect().name() << " " << text);
      CHECK(answer(*server, "SELECT " + server->dialect().literal(stdlib::Value(text), stdlib::text())) ==
            text);
    }
}

TEST_CASE("semantics 75: every name can be quoted") {
  for (const std::string name : {"select", "a b", "it\"s", "x`y", "Ä", "%s"})
    for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
      const std::string quoted = server->dialect().quote(name);
      INFO(server->dialect().name() << " " << quoted);
      make(*server, fmt::format("CREATE TABLE s (id INT, {0} INT); INSERT INTO s ({0}) VALUES (7)", quoted));
      CHECK(answer(*server, fmt::format("SELECT s.{} FROM s", quoted)) == "7");
    }
}

TEST_CASE("semantics 87: columns of instants keep six digits") {
  const stdlib::Type type = stdlib::make(stdlib::Kind::Timestamp);
  const stdlib::Value instant(std::int64_t{1'700'000'000'123'456});
  for (SqlServer* server : {&postgres(), &mariadb()}) {
    make(*server, fmt::format("CREATE TABLE s (a {}); INSERT INTO s VALUES ({})", server->column_type(type),
                              server->dialect().literal(instant, type)));
    CHECK(
        yes(answer(*server, fmt::format("SELECT a = {} FROM s", server->dialect().literal(instant, type)))));
  }
}

TEST_CASE("semantics 129: an assignment reads the row as it was (MariaDB: pinned)") {
  for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
    make(*server, "CREATE TABLE s (x INT, y INT); INSERT INTO s VALUES (1, 2); UPDATE s SET x = y, y = x");
    CHECK(answer(*server, "SELECT x * 10 + y FROM s") == "21");
  }
}

TEST_CASE("semantics 130: affected rows are those that were found, also if nothing changes in them") {
  make(mariadb(), "CREATE TABLE s (x INT); INSERT INTO s VALUES (1), (2)");
  REQUIRE(mariadb().exec("UPDATE s SET x = 1").ok());
  REQUIRE(mariadb().exec("UPDATE s SET x = 1").ok());
  CHECK(answer(mariadb(), "SELECT ROW_COUNT()") == "2");
}

TEST_CASE("semantics 131: a unique column that is shifted row by row is an error, nothing silent") {
  for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
    INFO(server->dialect().name());
    make(*server, "CREATE TABLE s (x INT UNIQUE); INSERT INTO s VALUES (1), (2), (3)");
    CHECK_FALSE(server->exec("UPDATE s SET x = x + 1").ok());
    CHECK(answer(*server, "SELECT sum(x) FROM s") == "6");
  }
}

TEST_CASE("semantics 132: NULL into a NOT NULL column is an error, no 0 and no ''") {
  for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
    INFO(server->dialect().name());
    make(*server,
         "CREATE TABLE s (x INT NOT NULL, y VARCHAR(9) NOT NULL); INSERT INTO s VALUES (1, 'a'), (2, 'b')");
    CHECK_FALSE(server->exec("UPDATE s SET x = NULL").ok());
    CHECK_FALSE(server->exec("UPDATE s SET y = NULL WHERE x = 1").ok());
    CHECK(answer(*server, "SELECT sum(x) FROM s WHERE y <> ''") == "3");
  }
}

TEST_CASE("semantics 137: a written 0 is a 0 (MariaDB: pinned)") {
  make(mariadb(), "CREATE TABLE s (id INT AUTO_INCREMENT PRIMARY KEY); INSERT INTO s VALUES (0)");
  CHECK(answer(mariadb(), "SELECT id FROM s") == "0");
}

TEST_CASE("semantics 140: no column is taken from any row of a group (MariaDB: pinned)") {
  for (SqlServer* server : {&postgres(), &mariadb()}) {
    make(*server, "CREATE TABLE s (x INT, y INT); INSERT INTO s VALUES (1, 2), (1, 3)");
    CHECK_FALSE(server->query("SELECT x, y FROM s GROUP BY x").ok());
  }
}

}  // namespace backfill::test::semantics
