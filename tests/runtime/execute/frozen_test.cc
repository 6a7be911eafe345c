// SPDX-License-Identifier: Apache-2.0
// Other rows of the table that is written, and rows beside this one: decided once, whatever the run writes.
#include "runtime/execute/dry_run.h"
#include "runtime/execute/status.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

void make_people(Database& database) {
  database.script(R"(
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, team TEXT, score INTEGER, status TEXT,
                         place BIGINT, before INTEGER, behind INTEGER, total BIGINT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
    INSERT INTO people (id, name, team, score)
      SELECT i * 2, CASE i % 4 WHEN 0 THEN 'Ann' WHEN 1 THEN 'ann' WHEN 2 THEN 'Bob' ELSE 'Name ' || i END,
        CASE WHEN i % 9 > 0 THEN 'team ' || (i % 9) END, CASE WHEN i % 11 > 0 THEN i % 50 END FROM n;)");
}

const char* const kPeople = "SELECT id, status, place, before, behind, total FROM people ORDER BY id";

}  // namespace

TEST_CASE("ranks, neighbours and running sums are those of the table as the run found it") {
  Database database;
  make_people(database);
  const std::string before = database.content(kPeople);
  Program program(database, R"(backfill places {
    intent recompute
    table people
    let place_of = row_number(partition by lower(name) order by score desc, id)
    derive place  = place_of
    derive before = lag(score partition by team order by id)
    derive behind = lead(score, 2 partition by team order by id)
    derive total  = running_sum(score partition by team order by id)
    derive status = case { place_of > 1 -> name || '_' || (place_of as text), else -> name }
    pace { batch 50 to 100 rows aim 50 ms }
  })");
  const auto dry = must(execute::dry_run(program.subject, {}));
  CHECK(dry.outcomes.changed == 600);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 600);
  CHECK(database.number(
            "SELECT count(*) FROM people AS p JOIN (SELECT id, row_number() OVER (PARTITION BY "
            "lower(name) ORDER BY CASE WHEN score IS NULL THEN 1 ELSE 0 END, score DESC, id) AS n, "
            "lag(score) OVER (PARTITION BY team ORDER BY id) AS b, lead(score, 2) OVER (PARTITION BY "
            "team ORDER BY id) AS a, coalesce(sum(score) OVER (PARTITION BY team ORDER BY id ROWS "
            "UNBOUNDED PRECEDING), 0) AS s FROM people) AS w ON w.id = p.id WHERE p.place = w.n AND "
            "p.before IS NOT DISTINCT FROM w.b AND p.behind IS NOT DISTINCT FROM w.a AND p.total = w.s "
            "AND p.status = p.name || CASE WHEN w.n > 1 THEN '_' || w.n ELSE '' END") == 600);
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  CHECK(verified.compared == 600);
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kPeople) == before);
}

TEST_CASE("what the run writes does not change what it asks of other rows of its table") {
  Database database;
  make_people(database);
  Program program(database, R"(backfill firsts {
    table people
    scope { where team is present }
    derive status = case {
      exists(p in people where p.team = row.team and p.status is missing and p.id < row.id) -> 'later',
      else -> 'first'
    }
    pace { batch 50 to 100 rows aim 50 ms }
  })");
  REQUIRE(program.backfill().row.queries[0].frozen);
  CHECK(program.run().end == RunEnd::Finished);
  CHECK(database.content(
            "SELECT status, count(*) FROM people WHERE team IS NOT NULL GROUP BY status ORDER BY 1") ==
        "first|8|\nlater|526|\n");
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
  // A row that comes now was not there when it was decided: nobody guesses.
  database.script("INSERT INTO people (id, name, team) VALUES (5001, 'Late', 'team 1')");
  const auto after =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(after.clean());
  CHECK(after.compared == 534);
}

TEST_CASE(
    "a row that comes during the run has no rank that was decided: it is left alone and reported, also by a "
    "catch-up") {
  Database database;
  make_people(database);
  Program program(database, R"(backfill places {
    intent recompute
    table people
    derive before = lag(score partition by team order by id)
    stages { first sample 20 rows seed 3 then approval by "ann"  rest }
    pace { batch 50 to 100 rows aim 50 ms }
  })");
  REQUIRE(program.run().end == RunEnd::AwaitApproval);
  database.script(
      "INSERT INTO people (id, name, team, score, before) VALUES (5001, 'Late', 'team 1', 7, 99)");
  REQUIRE(must(execute::approve(database.url(), 1, "ann")).done);
  program.options.catch_up = true;
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.add_up());
  CHECK(report.late == 1);
  CHECK(database.number("SELECT before FROM people WHERE id = 5001") == 99);
}
