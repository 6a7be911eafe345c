// SPDX-License-Identifier: Apache-2.0
// Values of PostgreSQL that the language sees in another way, or not at all.
#include "runtime/execute/rollback.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/postgres_fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

TEST_CASE("the padding of char(n) is no part of its value", "[postgres]") {
  const PostgresDatabase database;
  database.run(R"(
    CREATE TABLE codes (id integer PRIMARY KEY, code char(5), shown text, size integer, other char(8));
    INSERT INTO codes VALUES (1, 'a'), (2, 'b'), (3, 'a b'), (4, NULL), (5, '');)");
  Program program(database.url(), R"(backfill shown {
  intent recompute
  table codes key (id)
  scope { exclude hold when code = 'b' }
  derive shown = code || '|'
  derive size = length(code)
  derive other = code
})");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(database.number("SELECT count(*) FROM codes WHERE id = 2 AND shown IS NULL") == 1);
  CHECK(database.number(
            "SELECT count(*) FROM codes WHERE id <> 2 AND shown IS NOT DISTINCT FROM code || '|' AND "
            "size IS NOT DISTINCT FROM length(code) AND other::text IS NOT DISTINCT FROM code::text") == 4);
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  Program again(database.url(), program.options.spec);
  CHECK(again.run().outcomes.changed == 0);
  CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == 3);
}

TEST_CASE("a merge does not decide by what the language has no value for", "[postgres]") {
  const auto [condition, value] =
      GENERATE(std::pair("d > date '2023-06-01'", "d = 'infinity'"), std::pair("n > 0.00", "n = 'NaN'"),
               std::pair("f > 0.0e0", "f = 'NaN'"));
  CAPTURE(condition, value);
  const PostgresDatabase database;
  database.run(R"(
    CREATE TABLE c (id integer PRIMARY KEY, grp text NOT NULL, d date, n numeric(10, 2), f float8);
    INSERT INTO c VALUES (1, 'a', '2024-01-01', 1, 1), (2, 'a', '2024-01-01', 1, 1), (3, 'b', '2024-01-01', 1, 1);)");
  database.run(fmt::format("UPDATE c SET {} WHERE id = 2", value));
  Program program(database.url(), fmt::format(R"(backfill one {{
  intent amend
  table c key (id)
  scope {{ where {} }}
  merge partition by grp keep first order by id {{ d = first, n = first, f = first }}
}})",
                                              condition));
  CHECK(program.run().end == RunEnd::Refused);
  CHECK(database.number("SELECT count(*) FROM c") == 3);
}
