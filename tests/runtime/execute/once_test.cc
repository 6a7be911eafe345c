// SPDX-License-Identifier: Apache-2.0
// `once`: what an earlier run has changed is left alone, by its corrections, on every store.
#include <algorithm>

#include "runtime/execute/dry_run.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

const char* const kSpec = R"(backfill sizes {
  intent amend
  table disks key (rack, id)
  scope { exclude broken when size < 0 }
  derive size = size * 1000 once
})";
const char* const kDisks = "SELECT rack, id, size FROM disks ORDER BY rack, id";

void make_disks(Database& database) {
  database.script(R"(
    CREATE TABLE disks (rack INTEGER NOT NULL, id INTEGER NOT NULL, size BIGINT, PRIMARY KEY (rack, id));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
    INSERT INTO disks SELECT i % 3, i, CASE WHEN i % 10 = 0 THEN -1 WHEN i % 7 > 0 THEN i END FROM n;)");
}

template <typename Classes>
std::int64_t done_before(const Classes& classes) {
  const auto found =
      std::ranges::find_if(classes, [](const auto& count) { return count.name == "excluded done_before"; });
  REQUIRE(found != classes.end());
  return found->rows;
}

bool is_clean(Program& program, std::int64_t run) {
  const auto verified =
      must(execute::verify(program.subject, {.run = run, .extent = execute::VerifyExtent::Full}));
  return verified.mismatches == 0;
}

}  // namespace

TEST_CASE("a row that was done is done once, whatever comes after it") {
  Database database;
  make_disks(database);
  const std::int64_t due = database.number("SELECT count(*) FROM disks WHERE size > 0");
  const std::int64_t total = database.number("SELECT CAST(sum(size) AS BIGINT) FROM disks WHERE size > 0");
  Program program(database, kSpec);
  REQUIRE(ir::is_once(program.backfill()));
  const auto first = program.run();
  INFO(first.message);
  REQUIRE(first.end == RunEnd::Finished);
  CHECK(first.outcomes.changed == due);
  CHECK(done_before(first.classes) == 0);
  CHECK(is_clean(program, 1));

  const std::string after = database.content(kDisks);
  const auto second = program.run();
  REQUIRE(second.end == RunEnd::Finished);
  CHECK(second.outcomes.changed == 0);
  CHECK(done_before(second.classes) == due);
  CHECK(database.content(kDisks) == after);
  CHECK(is_clean(program, 1));

  // One that came later is not done yet.
  database.script("INSERT INTO disks VALUES (9, 1, 5)");
  const auto dry = must(execute::dry_run(program.subject, {}));
  CHECK(done_before(dry.classes) == due);
  CHECK(dry.outcomes.changed == 1);
  const auto third = program.run();
  CHECK(third.outcomes.changed == 1);
  CHECK(is_clean(program, 3));
  CHECK(database.number("SELECT CAST(sum(size) AS BIGINT) FROM disks WHERE size > 0") == (total + 5) * 1000);

  // What is rolled back is not done.
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.number("SELECT CAST(sum(size) AS BIGINT) FROM disks WHERE size > 0") == total + 5000);
  const auto fourth = program.run();
  CHECK(fourth.outcomes.changed == due);
  CHECK(done_before(fourth.classes) == 1);
  CHECK(is_clean(program, 4));
  CHECK(database.number("SELECT CAST(sum(size) AS BIGINT) FROM disks WHERE size > 0") == (total + 5) * 1000);
}

TEST_CASE("a run that goes on does not take what it did itself for done before") {
  Database database;
  make_disks(database);
  const std::int64_t due = database.number("SELECT count(*) FROM disks WHERE size > 0");
  const std::int64_t total = database.number("SELECT CAST(sum(size) AS BIGINT) FROM disks WHERE size > 0");
  Program program(database, R"(backfill sizes {
    intent amend
    table disks key (rack, id)
    scope { exclude broken when size < 0 }
    derive size = size * 1000 once
    stages {
      few sample 5 rows seed 1 then approval by "ann"
      rest
    }
  })");
  REQUIRE(program.run().end == RunEnd::AwaitApproval);
  CHECK(database.number("SELECT CAST(sum(size) AS BIGINT) FROM disks WHERE size > 0") > total);
  CHECK(is_clean(program, 1));
  // Another backfill's rows are not this one's.
  Program other(database, R"(backfill other_sizes {
    intent amend
    table disks key (rack, id)
    scope { exclude broken when size < 0 }
    derive size = size * 1 once
  })");
  REQUIRE(other.run().end == RunEnd::Finished);
  const auto again = program.run();
  CHECK(again.resumed);
  CHECK(again.end == RunEnd::AwaitApproval);
  CHECK(done_before(must(execute::survey(program.subject)).classes) == 5);
  CHECK(due > 5);
}

TEST_CASE("without the corrections of an earlier run nobody knows what was done") {
  Database database;
  make_disks(database);
  Program program(database, kSpec);
  REQUIRE(program.run().end == RunEnd::Finished);
  const std::string after = database.content(kDisks);
  const bool postgres = conformance::backend() != conformance::Backend::Sqlite;
  database.script(postgres ? "DROP TABLE backfill.backfill_correction_1"
                           : "DROP TABLE backfill_correction_1");
  const auto again = program.try_run();
  REQUIRE_FALSE(again.ok());
  CHECK(again.failure().message.find("backfill_correction_1") != std::string::npos);
  CHECK(database.content(kDisks) == after);
}
