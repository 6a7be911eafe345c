// SPDX-License-Identifier: Apache-2.0
// SEMANTICS 3.7: JSON, bytes, special types.
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/compiler/check/compiled.h"
#include "tests/semantics/row.h"
#include "tests/servers/server.h"

namespace backfill::test::semantics {
namespace {

const std::vector<Agreement> kAgree = {
    {124,
     "bytes are compared byte by byte, without padding",
     "a bytes, b bytes",
     "a = b",
     "bool",
     {"'A' | 'a' -> false", "'A' | 'A ' -> false", "'A' | 'A' -> true"}},
    {127,
     "a uuid is written in lower case, however it was spelled",
     "s text",
     "(s as uuid) as text",
     "text",
     {"'AAAAAAAA-0000-4000-8000-00000000000F' -> 'aaaaaaaa-0000-4000-8000-00000000000f'",
      "'x' -> error: conversion failed"},
     "M"},
    {127,
     "so two spellings are one",
     "a uuid, s text",
     "a = (s as uuid)",
     "bool",
     {"'aaaaaaaa-0000-4000-8000-00000000000f' | 'AAAAAAAA-0000-4000-8000-00000000000F' -> true"},
     "M"},
};

const std::vector<Refusal> kRefused = {
    {124, "bytes and text do not compare", "a bytes", "a = 'A'", "bool", "BF0302"},
};

const Covers kAgreed(kAgree), kNotTaken(kRefused), kHere{125, 126, 128};

}  // namespace

TEST_CASE("3.7 values: all agree") {
  check(kAgree);
}

TEST_CASE("3.7 values: refused") {
  check(kRefused);
}

TEST_CASE("semantics 125: an enum is its label, not its index") {
  SqlServer& server = mariadb();
  REQUIRE(server
              .exec("DROP TABLE IF EXISTS e; CREATE TABLE e (v ENUM('a', 'b', '3', '1')); INSERT INTO e "
                    "VALUES ('3'), ('a')")
              .ok());
  schema::Column column;
  column.type = stdlib::make(stdlib::Kind::Enum);
  const std::string read = server.dialect().read("v", column);
  const std::string label = server.dialect().literal(stdlib::Value(std::string("3")), column.type);
  const auto rows = server.query("SELECT " + read + " FROM e WHERE " + read + " = " + label);
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  CHECK(rows->at(0).at(0) == "3");
  CHECK_FALSE(server.exec("INSERT INTO e VALUES ('c')").ok());  // strict: no silent ''
}

TEST_CASE("semantics 126: a type without a mapping is carried, not computed with") {
  for (const std::string type : {"POLYGON", "BIT(8)", "MONEY", "TSVECTOR"}) {
    const Compiled compiled("t.backfill", "backfill b { table t intent recompute derive out = a || 'x' }",
                            catalog_of("CREATE TABLE t (id INTEGER PRIMARY KEY, a " + type + ", out TEXT)"));
    INFO(type << "\n" << compiled.rendered());
    CHECK(compiled.sink.has_errors());
  }
}

TEST_CASE("semantics 128: SQLite would bind NaN as NULL, so no NaN is written for it") {
  const stdlib::Type type = stdlib::make(stdlib::Kind::Float64);
  CHECK(sqlite().dialect().literal(stdlib::Value(std::nan("")), type).empty());
  CHECK(mariadb().dialect().literal(stdlib::Value(std::nan("")), type).empty());
}

}  // namespace backfill::test::semantics
