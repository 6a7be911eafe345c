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
  table.checks.push_back({"", "1"});
  std::swap(table.keys[0], table.keys[1]);
  CHECK(fingerprint(table) == before);
  table.columns[1].type.optional = true;
  CHECK(fingerprint(table) != before);
  table = accounts();
  table.columns[0].name = "ID";
  CHECK(fingerprint(table) != before);
}

namespace {

Catalog two_schemas() {
  Catalog catalog;
  for (const auto& [schema, name] : {std::pair{"billing", "invoices"}, std::pair{"public", "invoices"},
                                     std::pair{"public", "Accounts"}, std::pair{"a.b", "we\"ird"}}) {
    Table& table = catalog.tables.emplace_back();
    table.schema = schema;
    table.name = name;
    table.exact_names = true;
  }
  return catalog;
}

}  // namespace

TEST_CASE("a bare name must be the only one in all schemas") {
  const Catalog catalog = two_schemas();
  CHECK(catalog.find("invoices") == nullptr);
  CHECK(catalog.named("", "invoices").size() == 2);
  CHECK(catalog.find("billing.invoices") == &catalog.tables[0]);
  CHECK(catalog.find("public.invoices") == &catalog.tables[1]);
  CHECK(catalog.find("Accounts") == &catalog.tables[2]);
}

TEST_CASE("capitals count in exact names, and every qualified name is found again") {
  const Catalog catalog = two_schemas();
  CHECK(catalog.find("accounts") == nullptr);
  CHECK(catalog.tables[3].qualified_name() == R"("a.b"."we""ird")");
  for (const Table& table : catalog.tables) CHECK(catalog.find(table.qualified_name()) == &table);
  for (const char* broken : {"", ".", "billing.", ".invoices", "billing.invoices.x", "\"billing", "\"a\"b"})
    CHECK(catalog.find(broken) == nullptr);
}

TEST_CASE("a table without schema is found by its name as it is") {
  Catalog catalog;
  catalog.tables.emplace_back().name = "odd.name \"x";
  CHECK(catalog.find("odd.name \"X") == &catalog.tables[0]);
  CHECK(catalog.tables[0].qualified_name() == "odd.name \"x");
}
