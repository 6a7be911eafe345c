// SPDX-License-Identifier: Apache-2.0
// SEMANTICS 106 and 119 to 123: JSON. PostgreSQL's jsonb says it; SQLite and MariaDB read the first of
// duplicate keys, numbers as doubles and null as several things, so that no SQL of theirs stands in for it.
#include <catch2/catch.hpp>

#include "tests/semantics/row.h"
#include "tests/servers/server.h"

namespace backfill::test::semantics {
namespace {

const std::vector<Agreement> kAgree = {
    {106,
     "two documents are equal by what they say, not by their text",
     "a json, b json",
     "a = b",
     "bool",
     {R"('{"b":1,"a":[1,"é"]}' | '{ "a" : [1, "\u00e9"], "b" : 1 }' -> true)",
      R"('[1,2]' | '[2,1]' -> false)", R"('1.0' | '1' -> true)", R"('null' | 'null' -> true)",
      R"('"1"' | '1' -> false)", R"(missing | 'null' -> missing)"},
     "P",
     "SM"},
    {106,
     "so does what is distinct",
     "a json, b json",
     "a is distinct from b",
     "bool",
     {R"('{"a":1}' | '{"a":1.0}' -> false)", R"(missing | 'null' -> true)", R"(missing | missing -> false)"},
     "P",
     "SM"},
    {119,
     "a member that is null is there, but it is no value",
     "a json",
     "a['x'] as text",
     "text",
     {R"('{"x":null}' -> missing)", R"('{}' -> missing)", R"('{"x":"null"}' -> 'null')",
      R"(missing -> missing)"},
     "P",
     "SM"},
    {119,
     "null has a type, what is absent has none",
     "a json",
     "json_type(a['x'])",
     "text",
     {R"('{"x":null}' -> 'null')", R"('{}' -> missing)", R"('{"x":[]}' -> 'array')"},
     "P",
     "SM"},
    {120,
     "true is true",
     "a json",
     "a['x'] as bool",
     "bool",
     {R"('{"x":true}' -> true)", R"('{"x":false}' -> false)", R"('{"x":1}' -> error: conversion failed)",
      R"('{"x":"true"}' -> error: conversion failed)"},
     "P",
     "SM"},
    {120,
     "and no number",
     "a json",
     "a['x'] as int64",
     "int64",
     {R"('{"x":true}' -> error: conversion failed)", R"('{"x":1}' -> 1)"},
     "P",
     "SM"},
    {121,
     "of two members of one name the last one counts",
     "s text",
     "(s as json)['a'] as int64",
     "int64",
     {R"('{"a":1,"a":2}' -> 2)", R"('{"a":1,"\u0061":3}' -> 3)"},
     "",
     "SM"},
    {121,
     "also where a document is merged",
     "a json, b json",
     "json_merge(a, b)['a'] as int64",
     "int64",
     {R"('{"a":1}' | '{"a":2}' -> 2)", R"('{"a":1}' | '{}' -> 1)"},
     "P",
     "SM"},
    {122,
     "numbers keep every digit",
     "a json",
     "a['n'] as decimal(38, 2)",
     "decimal(38, 2)",
     {R"('{"n":12345678901234567890}' -> 12345678901234567890.00)", R"('{"n":1e2}' -> 100.00)",
      R"('{"n":0.10}' -> 0.10)"},
     "P",
     "SM"},
    {122,
     "and are equal as numbers",
     "a json",
     "a = json_object(n: 1.0)",
     "bool",
     {R"('{"n":1}' -> true)", R"('{"n":10e-1}' -> true)", R"('{"n":1.0000000000000000000001}' -> false)"},
     "P",
     "SM"},
};

const Covers kAgreed(kAgree), kHere{123};

}  // namespace

TEST_CASE("3.7 JSON: all agree") {
  check(kAgree);
}

TEST_CASE("semantics 123: a JSON column of MariaDB is a text that is checked, and no SQL reads into it") {
  SqlServer& server = mariadb();
  REQUIRE(
      server.exec("DROP TABLE IF EXISTS j; CREATE TABLE j (v JSON); INSERT INTO j VALUES ('{ \"a\" :  1 }')")
          .ok());
  const auto rows = server.query("SELECT v, v = '{\"a\":1}', collation(v) FROM j");
  REQUIRE(rows);
  CHECK(rows->at(0).at(0) == "{ \"a\" :  1 }");
  CHECK(rows->at(0).at(1) == "0");
  CHECK(rows->at(0).at(2) == "utf8mb4_bin");
  CHECK_FALSE(server.exec("INSERT INTO j VALUES ('{bad')").ok());
  CHECK_FALSE(server.query("SELECT v -> '$.a' FROM j").ok());
  schema::Column column;
  column.type = stdlib::make(stdlib::Kind::Json);
  CHECK(server.dialect().read("v", column).empty());
  CHECK(sqlite().dialect().read("v", column).empty());
}

}  // namespace backfill::test::semantics
