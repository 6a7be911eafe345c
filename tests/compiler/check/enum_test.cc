// SPDX-License-Identifier: Apache-2.0
// Enums of the schema (SQLite has none: the catalog's column is given the type that PostgreSQL's would have).
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;

schema::Catalog with_enum() {
  schema::Catalog catalog =
      test::catalog_of("CREATE TABLE t (id INTEGER PRIMARY KEY, status TEXT, note TEXT);");
  stdlib::Type type = stdlib::make(stdlib::Kind::Enum).or_missing();
  type.name = "status_type";
  type.labels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"active", "closed"});
  for (schema::Column& column : catalog.tables.at(0).columns) {
    if (column.name == "status") column.type = type;
  }
  return catalog;
}

std::string rendered(const std::string& derivations) {
  const test::Compiled compiled(
      "enum.backfill", "backfill b {\n  table t\n  intent recompute\n" + derivations + "\n}\n", with_enum());
  return compiled.sink.has_errors() ? compiled.rendered() : "";
}

}  // namespace

TEST_CASE("labels are taken where text literals stand beside an enum") {
  CHECK(rendered("  derive note = case { status = 'active' -> 'a', status in ('closed', 'active') -> 'c', "
                 "else -> 'e' }")
            .empty());
  CHECK(rendered("  derive note = case status { 'active' | 'closed' -> 'x', else -> 'y' }").empty());
  CHECK(rendered("  derive status = 'closed'").empty());
}

TEST_CASE("what is no label is refused, with the one that is meant") {
  for (const char* wrong :
       {"  derive note = case { status = 'activ' -> 'a', else -> 'b' }",
        "  derive note = case { status in ('activ') -> 'a', else -> 'b' }",
        "  derive note = case status { 'activ' -> 'a', else -> 'b' }", "  derive status = 'activ'",
        "  derive note = case { status is distinct from 'activ' -> 'a', else -> 'b' }"}) {
    INFO(wrong);
    const std::string message = rendered(wrong);
    CHECK(message.find("BF0301") != std::string::npos);
    CHECK(message.find("did you mean `active`?") != std::string::npos);
  }
}
