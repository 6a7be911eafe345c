// SPDX-License-Identifier: Apache-2.0
// `requires` and `after`: nothing is written before what must hold holds, on each store.
#include "runtime/execute/status.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

void make_items(Database& database) {
  database.script(R"(
    CREATE TABLE items (id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT);
    CREATE TABLE codes (code TEXT NOT NULL PRIMARY KEY, ready INTEGER NOT NULL);
    INSERT INTO codes VALUES ('a', 1), ('b', 1);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
    INSERT INTO items SELECT i, CASE i % 2 WHEN 0 THEN 'a' ELSE 'b' END, NULL FROM n;)");
}

const char* const kSpec = R"(backfill names {
  param least: int32 = 2
  table items key (id)
  requires not exists(c in codes where c.ready = 0)
  requires count(c in codes) >= least
  derive name = code
  stages { first sample 10 rows seed 1 then verified  rest then verified }
}
)";
const char* const kLater = R"(backfill later {
  after names
  intent amend
  table codes key (code)
  derive ready = 2
}
)";
constexpr std::string_view kWritten = "SELECT count(*) FROM items WHERE name IS NOT NULL";

}  // namespace

TEST_CASE("what is required is asked before the first write") {
  Database database;
  make_items(database);
  database.script("UPDATE codes SET ready = 0 WHERE code = 'a'");
  Program program(database, kSpec);
  const auto refused = program.run();
  CHECK(refused.end == RunEnd::Refused);
  CHECK(refused.message.find("not exists(c in codes where c.ready = 0)") != std::string::npos);
  CHECK(refused.run == 0);
  CHECK(database.number(std::string(kWritten)) == 0);
  database.script("UPDATE codes SET ready = 1; DELETE FROM codes WHERE code = 'b'");
  CHECK(program.run().end == RunEnd::Refused);  // there are less than `least`
  database.script("INSERT INTO codes VALUES ('b', 1)");
  CHECK(program.run().end == RunEnd::Finished);
  CHECK(database.number(std::string(kWritten)) == 100);
}

TEST_CASE("what is required is asked again before each stage, and the run goes on once it holds") {
  Database database;
  make_items(database);
  Program program(database, kSpec);
  program.options.until_stage = "first";
  REQUIRE(program.run().end == RunEnd::StageDone);
  program.options.until_stage.clear();
  database.script("UPDATE codes SET ready = 0");
  const auto held = program.run();
  CHECK(held.end == RunEnd::GateFailed);
  CHECK(held.message.find("stage `rest` does not begin") != std::string::npos);
  CHECK(execute::exit_code(held) == 4);
  CHECK(database.number(std::string(kWritten)) == 10);
  database.script("UPDATE codes SET ready = 1");
  CHECK(program.run().end == RunEnd::Finished);
  CHECK(database.number(std::string(kWritten)) == 100);
}

TEST_CASE("a backfill waits until the one before it has finished and is verified") {
  Database database;
  make_items(database);
  Program names(database, kSpec), later(database, kLater);
  const auto first = later.run();
  CHECK(first.end == RunEnd::Refused);
  CHECK(first.message == "`names` has not run yet");
  names.options.until_stage = "first";
  REQUIRE(names.run().end == RunEnd::StageDone);
  CHECK(later.run().end == RunEnd::Refused);
  names.options.until_stage.clear();
  REQUIRE(names.run().end == RunEnd::Finished);
  REQUIRE(later.run().end == RunEnd::Finished);
  CHECK(database.number("SELECT count(*) FROM codes WHERE ready = 2") == 2);
}

TEST_CASE("one that was never verified is not enough, nor one that was rolled back") {
  Database database;
  make_items(database);
  Program names(database, "backfill names { table items key (id) derive name = code }"),
      later(database, kLater);
  REQUIRE(names.run().end == RunEnd::Finished);
  const auto unverified = later.run();
  CHECK(unverified.end == RunEnd::Refused);
  CHECK(unverified.message == "stage `rest` of run 1 of `names` is not verified");
  must(execute::rollback(names.subject, {.run = 1}));
  CHECK(later.run().end == RunEnd::Refused);
}
