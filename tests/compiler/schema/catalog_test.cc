// SPDX-License-Identifier: Apache-2.0
#include "compiler/schema/catalog.h"

#include <catch2/catch.hpp>

using namespace backfill;
using namespace backfill::schema;

namespace {

Table accounts() {
  Table table;
  table.name = "accounts";
  for (const char* name : {"id", "Email", "plan"}) {
    Column column;
    column.name = name;
    column.type = stdlib::text();
    table.columns.push_back(column);
  }
  table.keys.push_back({"", {0}, true, false});
  table.keys.push_back({"", {1, 2}, false, false});
  return table;
}

}  // namespace

TEST_CASE("columns are found by ASCII letters without case") {
  Table table = accounts();
  CHECK(table.find("EMAIL") == 1);
  CHECK(table.find("mail") == -1);
  table.columns[2].name = "\xC3\x89";
  CHECK(table.find("\xC3\xA9") == -1);
}

TEST_CASE("a unique key proves itself and what holds it") {
  Table table = accounts();
  CHECK(table.unique({0}));
  CHECK(table.unique({2, 1}));
  CHECK_FALSE(table.unique({1}));
  table.columns[1].type.optional = true;
  CHECK_FALSE(table.unique({1, 2}));
  table.keys[0].partial = true;
  CHECK_FALSE(table.unique({0}));
}

TEST_CASE("the fingerprint follows what a spec rests on") {
  const std::string before = fingerprint(accounts());
  CHECK(before.size() == 16);
  Table table = accounts();
  table.indexes.push_back({"i", {1}, false});
  table.checks.emplace_back("1");
  std::swap(table.keys[0], table.keys[1]);
  CHECK(fingerprint(table) == before);
  table.columns[1].type.optional = true;
  CHECK(fingerprint(table) != before);
  table = accounts();
  table.columns[0].name = "ID";
  CHECK(fingerprint(table) != before);
}
