// SPDX-License-Identifier: Apache-2.0
// `on conflict ... update`: what is there already is captured and becomes what the row gives, on each store.
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Votes of 20 people on each other; `wrong`: of one pair two rows say different things.
void make_votes(Database& database, int rows, int wrong = 0) {
  database.script(fmt::format(R"(
    CREATE TABLE votes (id INTEGER PRIMARY KEY, person BIGINT NOT NULL, target BIGINT NOT NULL, up INTEGER NOT NULL);
    CREATE TABLE sums (person BIGINT NOT NULL, target BIGINT NOT NULL, up INTEGER CHECK (up < 1000), note TEXT,
                       PRIMARY KEY (person, target));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO votes SELECT i, i % 20, i % 4, CASE WHEN i = {1} THEN 77 WHEN i % 20 = 19 THEN 1000 ELSE i % 20 END FROM n;
    INSERT INTO sums VALUES (1, 1, 50, 'theirs'), (2, 2, 2, 'as it will be'), (3, 3, NULL, NULL), (18, 2, 5, 'x');)",
                              rows, wrong));
}

const char* const kSums = R"(backfill sums {
  table votes key (id)
  insert into sums { person = person, target = target, up = up, note = 'new' }
    on conflict (person, target) update { up = up }
  stages { first sample 10 rows seed 3 then verified  rest then verified }
  pace { batch 10 to 30 rows }
}
)";
const char* const kContent = "SELECT person, target, up, note FROM sums ORDER BY 1, 2";

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

}  // namespace

TEST_CASE("what is there already is updated, captured, and put back") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_votes(database, 200);
    const std::string before = database.content(kContent);
    Program program(database, kSums);
    program.subject.engine = engine;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.quarantined == 10);  // 1000 breaks the check
    // Of each pair one row does it; of 2 and 2 there is nothing to do.
    CHECK(report.outcomes.changed == 18);
    CHECK(database.number("SELECT count(*) FROM sums") == 19);
    CHECK(database.number("SELECT count(*) FROM sums WHERE up = person") == 19);
    CHECK(database.content("SELECT note FROM sums WHERE person IN (1, 2, 3, 18) ORDER BY person") ==
          "theirs|\nas it will be|\n|\nx|\n");
    const auto verify = verified(program);
    CHECK(verify.mismatches == 0);
    CHECK(verify.clean());

    Program again(database, kSums);
    CHECK(again.run().outcomes.changed == 0);

    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.restored == 18);
    CHECK(database.content(kContent) == before);
  }
}

TEST_CASE(
    "two rows that give the same row other values: the second one is set aside, whichever batch it is in") {
  for (const int wrong : {28, 188}) {
    Database database;
    make_votes(database, 200, wrong);
    Program program(database, kSums);
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    // Which of them comes first is the stage's sample to say: one side of them is set aside.
    const auto up = database.number("SELECT up FROM sums WHERE person = 8");
    CHECK((up == 8 || up == 77));
    CHECK(report.outcomes.quarantined == 10 + (up == 8 ? 1 : 9));
    CHECK(verified(program).mismatches == 0);
  }
}

TEST_CASE("a row that was changed since it was updated is seen by the verification and not put back") {
  Database database;
  make_votes(database, 100);
  Program program(database, kSums);
  REQUIRE(program.run().end == RunEnd::Finished);
  database.script(
      "UPDATE sums SET up = 4 WHERE person = 1; UPDATE sums SET note = 'changed' WHERE person = 18;"
      "DELETE FROM sums WHERE person = 3;");
  const auto verify = verified(program);
  CHECK(verify.mismatches > 0);
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == 18 - 3);
  CHECK(back.changed_since == 3);
  CHECK(database.content(kContent) == "1|1|4|theirs|\n2|2|2|as it will be|\n18|2|18|changed|\n");
}

TEST_CASE("a crash leaves a batch's updates wholly done or wholly not") {
  for (const char* point : {"after_begin:2", "after_corrections:2", "before_commit:3", "after_commit:1"}) {
    Database database;
    make_votes(database, 200);
    const std::string before = database.content(kContent);
    Program program(database, kSums);
    CHECK(program.run_and_crash(point));
    const auto report = program.run();
    INFO(point << ": " << report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(database.number("SELECT count(*) FROM sums WHERE up = person") == 19);
    CHECK(verified(program).mismatches == 0);
    must(execute::rollback(program.subject, {.run = 1}));
    CHECK(database.content(kContent) == before);
  }
}

TEST_CASE("two workers that update the same rows on conflict write each of them once") {
  if (conformance::backend() == conformance::Backend::Sqlite) return;  // one writer at a time
  Database database;
  make_votes(database, 20'000);
  const std::string before = database.content(kContent);
  Program program(database, R"(backfill sums {
  table votes key (id)
  scope { where up < 1000 }
  insert into sums { person = person, target = target, up = up, note = 'new' }
    on conflict (person, target) update { up = up }
  pace { batch 500 to 1000 rows }
}
)");
  program.options.workers = 2;
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.quarantined == 0);
  CHECK(report.outcomes.changed == 18);
  CHECK(database.number("SELECT count(*) FROM sums WHERE up = person") == 19);
  CHECK(verified(program).mismatches == 0);
  CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == 18);
  CHECK(database.content(kContent) == before);
}
