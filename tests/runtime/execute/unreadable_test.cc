// SPDX-License-Identifier: Apache-2.0
// SQLite stores anything in any column. Queries see rows that no batch reads, so what they would compare or
// compute with is looked at before anything is written.
#include "runtime/execute/dry_run.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

void make_lines(Database& database) {
  database.script(R"(
    CREATE TABLE r (id INTEGER PRIMARY KEY, x INTEGER);
    CREATE TABLE l (id INTEGER PRIMARY KEY, r_id INTEGER, a INTEGER, b BOOLEAN, f REAL, t TEXT, z BLOB,
                    p DECIMAL(8, 2), d DATE, m TIMESTAMP, done INTEGER);
    INSERT INTO r (id) VALUES (1), (2);
    INSERT INTO l VALUES (1, 1, 7, 1, 1.5, 'x', x'00', 1.25, '2024-01-31', '2024-01-31 10:00:00.5', 0),
                         (2, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0),
                         (3, 2, -7, 0, -0.0, '', x'', 3, '1999-12-31', '2024-01-31T10:00:00Z', 0);)");
}

std::string counting(std::string_view condition) {
  return fmt::format(R"(backfill counted {{
  intent recompute
  table r
  derive x = count(o in l where o.r_id = row.id and {})
}})",
                     condition);
}

}  // namespace

TEST_CASE("a value that its type does not allow is no row's neighbour: the run does not begin", "[sqlite]") {
  const auto [condition, assignment] = GENERATE(
      std::pair("o.a > 5", "a = '12abc'"), std::pair("o.a > 5", "a = 2.5"), std::pair("o.a > 5", "a = x'31'"),
      std::pair("o.b", "b = 2"), std::pair("not o.b", "b = 'false'"), std::pair("o.f > 1.0e0", "f = 'abc'"),
      std::pair("o.t > 'a'", "t = x'62'"), std::pair("length(o.z) > 0", "z = 'text'"),
      std::pair("o.f > 1.0e0", "f = 9e999"), std::pair("o.t > 'a'", "t = 'b' || char(0) || 'c'"),
      std::pair("o.p > 1.00", "p = 1000000"), std::pair("o.p > 1.00", "p = '1,5'"),
      std::pair("o.p > 1.00", "p = 1.255"), std::pair("o.d > date '2000-01-01'", "d = '2024-02-30'"),
      std::pair("o.d > date '2000-01-01'", "d = 20240131"),
      std::pair("o.m > timestamp '2000-01-01T00:00:00Z'", "m = '2024-01-31T10:00:00+02:00'"),
      std::pair("o.m > timestamp '2000-01-01T00:00:00Z'", "m = 1706695200"));
  CAPTURE(condition, assignment);
  Database database;
  make_lines(database);
  Program program(database, counting(condition));
  REQUIRE(program.run().end == RunEnd::Finished);
  database.script(fmt::format("UPDATE r SET x = NULL; UPDATE l SET {} WHERE id = 3", assignment));
  const auto refused = program.run();
  CHECK(refused.end == RunEnd::Refused);
  CHECK(refused.message.find(fmt::format("`l.{}` holds a value that is no ", assignment[0])) !=
        std::string::npos);
  CHECK(refused.way_out.find("SELECT * FROM \"l\" WHERE") != std::string::npos);
  CHECK(database.number("SELECT count(*) FROM r WHERE x IS NOT NULL") == 0);
  const auto dry = execute::dry_run(program.subject, {});
  REQUIRE_FALSE(dry);
  CHECK(dry.failure().message.find("`l.") != std::string::npos);
}

TEST_CASE("neither form of a query lets such a value count", "[sqlite]") {
  const auto [derivation, assignment] = GENERATE(
      std::pair("sum(o.f for o in l where o.r_id = row.id) as decimal(9, 2) as int32", "f = '12abc'"),
      std::pair("sum(o.a for o in l where o.r_id = row.id)", "a = '12abc'"),
      std::pair("min(o.a for o in l where o.r_id = row.id)", "a = 'abc'"),
      std::pair("sum(length(o.t) for o in l where o.r_id = row.id)", "t = x'62'"),
      std::pair("count(o in l where o.r_id = row.id and not (o.a = 5))", "a = 'abc'"),
      std::pair("sum(case { o.a = 5 -> 1, else -> 10 } for o in l where o.r_id = row.id)", "a = 'abc'"),
      std::pair("count(o in l where o.r_id = row.id and sum(p.a for p in l where p.id = o.id) = 12)",
                "a = '12abc'"));
  CAPTURE(derivation, assignment);
  Database database;
  make_lines(database);
  const std::string spec =
      fmt::format("backfill forms {{ intent recompute\n table r\n derive x = {} }}", derivation);
  Program program(database, spec);
  const auto fine = program.run();
  INFO(fine.message);
  REQUIRE(fine.end == RunEnd::Finished);
  database.script(fmt::format("UPDATE r SET x = NULL; UPDATE l SET {} WHERE id = 3", assignment));
  CHECK(program.run().end == RunEnd::Refused);
  CHECK(database.number("SELECT count(*) FROM r WHERE x IS NOT NULL") == 0);
}

TEST_CASE("this row's own columns, where queries look at them, are looked at too", "[sqlite]") {
  Database database;
  make_lines(database);
  Program program(database, R"(backfill own {
  intent recompute
  table l
  lookup top = first p in r where p.id = row.r_id order by p.id
  derive done = count(o in r where o.id < row.a) + count(o in l where o.r_id = row.r_id and o.id < top.x)
})");
  REQUIRE(program.run().end == RunEnd::Finished);
  database.script("UPDATE l SET done = 7, a = '2abc' WHERE id = 3");
  CHECK(program.run().end == RunEnd::Refused);
  database.script("UPDATE l SET a = 2 WHERE id = 3; UPDATE r SET x = 'many' WHERE id = 2");
  CHECK(program.run().end == RunEnd::Refused);
  CHECK(database.number("SELECT done FROM l WHERE id = 3") == 7);
}

TEST_CASE("a window and a merge do not order, group or add what their columns cannot hold", "[sqlite]") {
  const auto [spec, assignment] = GENERATE(
      std::pair("derive done = row_number(order by a desc, id)", "a = 'abc'"),
      std::pair("derive done = lead(a + 1 order by id desc)", "a = '12abc'"),
      std::pair("merge partition by r_id keep first order by id { a = sum, b = first, f = first, t = first, "
                "z = first, p = first, d = first, m = first, done = first }",
                "a = '12abc'"),
      std::pair("scope { where a is missing or a > 0 } merge partition by r_id keep first order by id { a = "
                "first, b = "
                "first, f = first, t = first, z = first, p = first, d = first, m = first, done = first }",
                "a = 'abc'"));
  CAPTURE(spec, assignment);
  Database database;
  make_lines(database);
  const std::string text = fmt::format("backfill whole {{ intent recompute\n table l\n {} }}", spec);
  Program program(database, text);
  database.script(fmt::format("UPDATE l SET {} WHERE id = 2", assignment));
  const auto report = program.run();
  INFO(report.message);
  CHECK(report.end == RunEnd::Refused);
  CHECK(database.number("SELECT count(*) FROM l WHERE done = 0") == 3);
}

TEST_CASE("what queries compare by = alone, or do not read, may be anything", "[sqlite]") {
  Database database;
  make_lines(database);
  database.script("UPDATE l SET a = '12abc', r_id = 'none' WHERE id = 3");
  Program program(database, counting("o.b"));
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(database.number("SELECT sum(x * id) FROM r") == 1);
}

TEST_CASE("rows of others are not updated by what cannot be compared", "[sqlite]") {
  Database database;
  make_lines(database);
  Program program(database, R"(backfill marked {
  intent amend
  table r
  update o in l where o.r_id = row.id and o.a > 5 { done = 1 }
})");
  database.script("UPDATE l SET a = 'abc' WHERE id = 3");
  CHECK(program.run().end == RunEnd::Refused);
  CHECK(database.number("SELECT sum(done) FROM l") == 0);
  database.script("UPDATE l SET a = 4 WHERE id = 3");
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(database.number("SELECT sum(id * done) FROM l") == 1);
}

TEST_CASE("a value that becomes unreadable while a run waits is met before the next stage", "[sqlite]") {
  Database database;
  make_lines(database);
  std::string spec = counting("o.a > 5");
  spec.insert(spec.rfind('}'), "  stages { first sample 1 rows seed 1  rest }\n");
  Program program(database, spec);
  program.options.until_stage = "first";
  REQUIRE(program.run().end == RunEnd::StageDone);
  program.options.until_stage.clear();
  database.script("UPDATE l SET a = 'abc' WHERE id = 3");
  CHECK(program.run().end == RunEnd::GateFailed);
  CHECK(database.number("SELECT count(*) FROM r WHERE x IS NOT NULL") == 1);
}
