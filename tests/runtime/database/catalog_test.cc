// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <fstream>

#include <fmt/format.h>

#include "runtime/database/sqlite/ddl.h"
#include "tests/runtime/database/fixture.h"

using namespace backfill;
using backfill::database::sqlite::catalog_from_sql;
using backfill::database::test::Database;
using backfill::database::test::take;

namespace {

schema::Catalog catalog_of(std::string_view sql) {
  return take(catalog_from_sql(sql, "schema.sql"));
}

std::string type_of(std::string_view sql_type) {
  const auto catalog = catalog_of(fmt::format("CREATE TABLE t(id INTEGER PRIMARY KEY, x {});", sql_type));
  return stdlib::to_string(catalog.tables.at(0).columns.at(1).type);
}

}  // namespace

TEST_CASE("declared types are mapped", "[sqlite]") {
  const std::vector<std::pair<std::string, std::string>> cases = {{"INTEGER", "int64?"},
                                                                  {"BIGINT NOT NULL", "int64"},
                                                                  {"CHARINT", "int64?"},
                                                                  {"FLOATING POINT", "int64?"},
                                                                  {"BOOLEAN", "bool?"},
                                                                  {"bool", "bool?"},
                                                                  {"NVARCHAR(40)", "text(40)?"},
                                                                  {"TEXT", "text?"},
                                                                  {"CLOB", "text?"},
                                                                  {"BLOB", "bytes?"},
                                                                  {"DOUBLE PRECISION", "float64?"},
                                                                  {"REAL", "float64?"},
                                                                  {"NUMERIC(10,2)", "decimal(10, 2)?"},
                                                                  {"DECIMAL(38, 4)", "decimal(38, 4)?"},
                                                                  {"DECIMAL(9)", "decimal(9, 0)?"},
                                                                  {"DATE", "date?"},
                                                                  {"DATETIME", "timestamp?"},
                                                                  {"TIMESTAMP(3)", "timestamp?"},
                                                                  {"JSON", "json?"},
                                                                  {"jsonb", "json?"}};
  for (const auto& [sql, expected] : cases) {
    INFO(sql);
    const std::string type = type_of(sql);
    // how text shows its length is the types' own affair
    if (expected.starts_with("text("))
      CHECK(type.starts_with("text"));
    else
      CHECK(type == expected);
  }
  for (const std::string sql : {"", "NUMERIC", "DECIMAL(39, 2)", "UUID", "GEOMETRY", "NUMERIC(2,3)"}) {
    INFO(sql);
    const auto catalog = catalog_of(fmt::format("CREATE TABLE t(x {});", sql));
    CHECK(catalog.tables[0].columns[0].type.kind == stdlib::Kind::Opaque);
  }
}

TEST_CASE("keys are what they prove", "[sqlite]") {
  const auto catalog = catalog_of(R"(
    CREATE TABLE alias(id INTEGER PRIMARY KEY, a);
    CREATE TABLE named([CustomerId] INTEGER NOT NULL, b TEXT, CONSTRAINT [PK] PRIMARY KEY ([CustomerId]));
    CREATE TABLE not_alias(id INT PRIMARY KEY);
    CREATE TABLE descending(id INTEGER PRIMARY KEY DESC);
    CREATE TABLE pair(a TEXT, b TEXT NOT NULL, PRIMARY KEY (a, b));
    CREATE TABLE bare(a TEXT PRIMARY KEY, b INTEGER) WITHOUT ROWID;
    CREATE TABLE strict_one(id INTEGER PRIMARY KEY, x ANY, email TEXT NOT NULL COLLATE NOCASE UNIQUE) STRICT;
    CREATE UNIQUE INDEX part ON alias(a) WHERE a > 0;
    CREATE TABLE e(a TEXT NOT NULL);
    CREATE UNIQUE INDEX over_expression ON e(lower(a));
  )");
  const auto& alias = *catalog.find("ALIAS");
  CHECK(alias.columns[0].identity);
  CHECK_FALSE(alias.columns[0].type.optional);
  CHECK(alias.unique({0}));
  CHECK(alias.unique({1, 0}));
  CHECK_FALSE(alias.unique({1}));
  const auto& named = *catalog.find("named");
  CHECK(named.columns[0].identity);
  CHECK(named.find("customerid") == 0);
  for (const char* name : {"not_alias", "descending"}) {
    INFO(name);
    const auto& table = *catalog.find(name);
    CHECK_FALSE(table.columns[0].identity);
    CHECK(table.columns[0].type.optional);
    CHECK(table.primary_key() != nullptr);
    CHECK_FALSE(table.unique({0}));
  }
  const auto& pair = *catalog.find("pair");
  CHECK(pair.primary_key()->columns == std::vector<int>{0, 1});
  CHECK_FALSE(pair.unique({0, 1}));
  const auto& bare = *catalog.find("bare");
  CHECK(bare.without_rowid);
  CHECK_FALSE(bare.columns[0].type.optional);
  CHECK(bare.unique({0}));
  const auto& strict = *catalog.find("strict_one");
  CHECK(strict.strict);
  CHECK(strict.columns[2].collation == "NOCASE");
  CHECK(strict.unique({2}));
  CHECK_FALSE(catalog.find("e")->unique({0}));
}

TEST_CASE("triggers and foreign keys belong to their table in whatever case they spell it", "[sqlite]") {
  const Database database(R"(
    CREATE TABLE Accounts (id INTEGER PRIMARY KEY, parent INTEGER REFERENCES ACCOUNTS (ID) ON UPDATE CASCADE);
    CREATE TRIGGER others AFTER UPDATE ON aCCOUNTS BEGIN SELECT 1; END;)");
  const schema::Table& table = database.catalog.tables[0];
  REQUIRE(table.triggers.size() == 1);
  CHECK(table.triggers[0].name == "others");
  REQUIRE(table.foreign_keys.size() == 1);
  CHECK(table.foreign_keys[0].table == "Accounts");
  CHECK(table.foreign_keys[0].columns == std::vector<int>{1});
  CHECK(table.cascading == std::vector<int>{0});
}

TEST_CASE("one table alone is read as among all", "[sqlite]") {
  const Database database(R"(
    CREATE TABLE a (id INTEGER PRIMARY KEY, code TEXT COLLATE NOCASE UNIQUE, n INT CHECK (n > 0)) STRICT;
    CREATE TABLE b (x, y, PRIMARY KEY (x, y)) WITHOUT ROWID;
    CREATE TRIGGER t AFTER UPDATE ON b BEGIN SELECT 1; END;)");
  for (const schema::Table& among : database.catalog.tables) {
    const auto alone = take(database.store->table_schema(among.name));
    REQUIRE(alone);
    CHECK(schema::fingerprint(*alone) == schema::fingerprint(among));
    CHECK(alone->triggers == among.triggers);
  }
  CHECK_FALSE(take(database.store->table_schema("c")));
}

TEST_CASE("constraints, triggers, generated columns and foreign keys are read", "[sqlite]") {
  const auto catalog = catalog_of(R"(
    /* a ; comment */ CREATE TABLE a(id INTEGER PRIMARY KEY, x INTEGER DEFAULT (1 + 1) CHECK (x > (0) -- ) not this
      AND x < 10), "odd ; name" TEXT, y INTEGER GENERATED ALWAYS AS (x + 1) VIRTUAL, CHECK ("odd ; name" <> ')'));
    INSERT INTO nothing VALUES ('; CREATE TABLE trap(x);');
    CREATE TABLE b(a_id INTEGER REFERENCES a ON DELETE CASCADE, x INTEGER, FOREIGN KEY (x) REFERENCES a(id));
    CREATE TRIGGER after_a AFTER UPDATE ON a BEGIN UPDATE b SET x = CASE WHEN 1 THEN 2 END; DELETE FROM b; END;
    CREATE VIEW v AS SELECT * FROM a;
    PRAGMA foreign_keys = OFF;
  )");
  REQUIRE(catalog.tables.size() == 2);
  const auto& a = *catalog.find("a");
  CHECK(a.columns.size() == 4);
  CHECK(a.columns[3].generated);
  CHECK(a.columns[1].default_sql == "1 + 1");
  CHECK(a.checks.size() == 2);
  CHECK_THAT(a.checks[0].sql, Catch::StartsWith("x > (0)") && Catch::EndsWith("x < 10"));
  REQUIRE(a.triggers.size() == 1);
  CHECK(a.triggers[0].name == "after_a");
  const auto& b = *catalog.find("b");
  REQUIRE(b.foreign_keys.size() == 2);
  CHECK(b.foreign_keys[1].on_delete == "CASCADE");
  CHECK(b.foreign_keys[1].referenced.empty());
  CHECK(b.foreign_keys[0].referenced == std::vector<std::string>{"id"});
  CHECK(a.cascading.empty());
  const auto cascade = catalog_of(
      "CREATE TABLE Codes(id INTEGER PRIMARY KEY, code TEXT UNIQUE);"
      "CREATE TABLE uses(id INTEGER PRIMARY KEY, code TEXT REFERENCES codes(CODE) ON UPDATE CASCADE);");
  CHECK(cascade.find("Codes")->cascading == std::vector<int>{1});
}

TEST_CASE("a statement that SQLite refuses is named with its line", "[sqlite]") {
  const auto catalog = catalog_from_sql("CREATE TABLE a(x);\n\nCREATE TABLE b(x SERIAL,, y);\n", "dump.sql");
  REQUIRE_FALSE(catalog.ok());
  CHECK_THAT(catalog.failure().message,
             Catch::StartsWith("dump.sql:3:") && Catch::Contains("CREATE TABLE b"));
  CHECK_THAT(catalog.failure().way_out, Catch::Contains("SQLite"));
}

TEST_CASE("DDL text and the live database give the same catalog", "[sqlite]") {
  const std::string ddl =
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT NOT NULL UNIQUE, b DECIMAL(10,2) CHECK (b > 0));"
      "CREATE INDEX i ON t(b, a);";
  const Database live(ddl);
  const auto text = catalog_of(ddl);
  REQUIRE(live.catalog.tables.size() == 1);
  CHECK(fingerprint(live.catalog.tables[0]) == fingerprint(text.tables[0]));
  CHECK(live.catalog.tables[0].indexes.size() == text.tables[0].indexes.size());
}

TEST_CASE("Chinook is read", "[sqlite]") {
  std::ifstream file("/work/shared/data/chinook.sqlite.sql");
  if (!file) return;
  const std::string sql((std::istreambuf_iterator<char>(file)), {});
  const auto catalog = catalog_of(sql);
  CHECK(catalog.tables.size() == 11);
  const auto& invoice = *catalog.find("Invoice");
  CHECK(stdlib::to_string(invoice.columns[static_cast<std::size_t>(invoice.find("Total"))].type) ==
        "decimal(10, 2)");
  CHECK(invoice.columns[0].identity);
  CHECK(catalog.find("PlaylistTrack")->unique({0, 1}));
}

TEST_CASE("a thousand tables are read quickly", "[sqlite]") {
  std::string ddl;
  for (int i = 0; i < 1000; ++i)
    ddl += fmt::format(
        "CREATE TABLE t{}(id INTEGER PRIMARY KEY, a TEXT, b TEXT, c TEXT, d TEXT, e TEXT, f TEXT, g TEXT, "
        "h TEXT, i TEXT);\n",
        i);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(catalog_of(ddl).tables.size() == 1000);
  // The goal is 100 ms; only a change of its order of growth should fail here.
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(2));
}
