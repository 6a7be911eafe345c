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

TEST_CASE("text becomes an enum where each row is asked") {
  const auto given = [](const std::string& derivation) { return rendered("  derive " + derivation); };
  CHECK(given("status = note").empty());
  CHECK(given("status = lower(note)").empty());
  CHECK(given("status = lower(note) as status_type").empty());
  CHECK(given("status = lower(note) as status_type or missing").empty());
  CHECK(given("status = note as status_type or 'closed'").empty());
  CHECK(given("status = case { note = 'x' -> 'active', else -> note }").empty());
  CHECK(given("status = note ?? 'closed'").empty());
  CHECK(given("note = case { (note as status_type) = 'closed' -> 'c', else -> 'd' }").find("BF0602") !=
        std::string::npos);
}

TEST_CASE("a literal that is no label is refused wherever it would become one") {
  for (const char* wrong : {"  derive status = case { note = 'x' -> 'activ', else -> 'closed' }",
                            "  derive status = note ?? 'activ'", "  derive status = 'activ' as status_type",
                            "  derive status = note as status_type or 'activ'"}) {
    INFO(wrong);
    const std::string message = rendered(wrong);
    CHECK(message.find("BF0301") != std::string::npos);
    CHECK(message.find("did you mean `active`?") != std::string::npos);
  }
  CHECK(rendered("  derive status = note as state_type").find("BF0204") != std::string::npos);
}

TEST_CASE("what is no label is a row error, missing or the fallback") {
  const auto outcome = [](const std::string& derivation, stdlib::Value note) {
    const test::Compiled compiled(
        "enum.backfill",
        "backfill b {\n  table t\n  intent recompute\n  derive status = " + derivation + "\n}\n",
        with_enum());
    const ir::Backfill& program = compiled.program();
    evaluate::Row row{.inputs = std::vector<stdlib::Value>(program.row.inputs.size(), std::move(note))};
    return evaluate::evaluate(*program.row.outputs.at(0).final, row, {});
  };
  const stdlib::Value good = std::string("closed"), bad = std::string("Closed");
  CHECK(outcome("note", good).value == good);
  CHECK(outcome("note", bad).failure.has_value());
  CHECK(outcome("note", {}).value.missing());
  CHECK(outcome("note as status_type or missing", bad).value.missing());
  CHECK(outcome("note as status_type or 'active'", bad).value == stdlib::Value(std::string("active")));
  CHECK(outcome("note as status_type or 'active'", {}).value.missing());
}
