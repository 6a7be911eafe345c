// SPDX-License-Identifier: Apache-2.0
// What follows a run: verification, rollback, history, dry run.
#include "tests/runtime/execute/fixture.h"

#include "runtime/execute/dry_run.h"
#include "runtime/execute/history.h"
#include "runtime/execute/rollback.h"
#include "runtime/execute/status.h"

using namespace backfill;
using namespace backfill::execute_test;

TEST_CASE("a full verification compares every candidate and finds every tampered value") {
  Database database;
  make_accounts(database, 1000, 13);
  Program program(database, spec_text({.more = "verify { sample 50 rows then 10% then all }"}));
  const auto run = program.run();
  REQUIRE(run.end == execute::RunEnd::Finished);
  for (const bool by_evaluator : {false, true}) {
    INFO((by_evaluator ? "evaluator" : "sql"));
    execute::VerifyOptions options{.run = 1};
    options.force_evaluator = by_evaluator;
    const auto clean = must(execute::verify(program.subject, options));
    CHECK(clean.by_sql == !by_evaluator);
    // By SQL the evaluator has gone over all rows as well: `amount + 1` can overflow.
    REQUIRE(clean.steps.size() == (by_evaluator ? 3U : 4U));
    if (!by_evaluator) CHECK(clean.steps[0].compared == 50);
    CHECK(clean.steps[2].compared == run.outcomes.changed + run.outcomes.unchanged);
    CHECK(clean.clean());
  }
  // One row changed by the application, one whose input changed, one candidate that came later.
  database.script(
      "UPDATE accounts SET status = 'mine' WHERE id = 3; UPDATE accounts SET name = 'New' WHERE id = 6;"
      "INSERT INTO accounts (id, name, locked, amount) VALUES (100000, 'Late', 0, 1);");
  for (const bool by_evaluator : {false, true}) {
    INFO((by_evaluator ? "evaluator" : "sql"));
    execute::VerifyOptions options{.run = 1, .extent = execute::VerifyExtent::Full};
    options.force_evaluator = by_evaluator;
    const auto report = must(execute::verify(program.subject, options));
    CHECK_FALSE(report.clean());
    CHECK(report.mismatches == 3);
    std::map<std::string, execute::Cause> causes;
    for (const auto& mismatch : report.samples) causes[mismatch.key] = mismatch.cause;
    CHECK((causes["3"] == execute::Cause::ChangedSince));
    CHECK((causes["6"] == execute::Cause::InputsChanged));
    CHECK((causes["100000"] == execute::Cause::NeverWritten));
  }
}

TEST_CASE("a row that cannot be computed any more is no clean one, though SQL gives NULL for it") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  program.run();
  database.script(
      "INSERT INTO accounts (id, name, locked, amount, status) VALUES (100000, 'Late', 0, "
      "9223372036854775807, 'x')");
  const auto report =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(report.by_sql);
  REQUIRE(report.steps.size() == 2);
  CHECK(report.steps[0].mismatches == 0);
  CHECK(report.steps[1].mismatches == 1);
  CHECK_FALSE(report.clean());
}

TEST_CASE("rows that the run wrote and that are gone are counted, and are no mismatches") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  const auto run = program.run();
  // Written are 3, 6 and 9; 15 is locked.
  database.script("DELETE FROM accounts WHERE id IN (3, 6, 9, 15)");
  for (const bool by_evaluator : {false, true}) {
    INFO((by_evaluator ? "evaluator" : "sql"));
    execute::VerifyOptions options{.run = 1, .extent = execute::VerifyExtent::Full};
    options.force_evaluator = by_evaluator;
    const auto report = must(execute::verify(program.subject, options));
    CHECK(report.clean());
    CHECK(report.gone == 3);
    CHECK(report.compared == run.outcomes.changed + run.outcomes.unchanged - 3);
    options.extent = execute::VerifyExtent::Rows;
    options.rows = 10;
    CHECK(must(execute::verify(program.subject, options)).gone == 0);
  }
}

TEST_CASE("causes are counted, exactly where all mismatches were seen") {
  Database database;
  make_accounts(database, 1000);
  Program program(database, spec_text());
  program.run();
  database.script(
      "UPDATE accounts SET status = 'mine' WHERE id IN (SELECT key_id FROM backfill_correction_1 LIMIT 50);"
      "INSERT INTO accounts (id, name, locked, amount) SELECT id + 100000, name, 0, 1 FROM accounts LIMIT "
      "30");
  for (const bool by_evaluator : {false, true}) {
    INFO((by_evaluator ? "evaluator" : "sql"));
    execute::VerifyOptions options{.run = 1, .extent = execute::VerifyExtent::Full};
    options.force_evaluator = by_evaluator;
    options.max_samples = 1000;
    const auto all = must(execute::verify(program.subject, options));
    CHECK(all.causes_are_complete);
    REQUIRE(all.causes.size() == 2);
    CHECK((all.causes[0].cause == execute::Cause::ChangedSince));
    CHECK(all.causes[0].values == 50);
    CHECK((all.causes[1].cause == execute::Cause::NeverWritten));
    CHECK(all.causes[1].values == 60);  // two columns each
    options.max_samples = 20;
    const auto some = must(execute::verify(program.subject, options));
    CHECK_FALSE(some.causes_are_complete);
    CHECK(some.causes.at(0).values == 20);
  }
}

TEST_CASE("a run that changed nothing has nothing to compare, and says so") {
  Database database;
  make_accounts(database, 50);
  database.script("UPDATE accounts SET status = 's', total = 1");
  Program program(database, spec_text());
  CHECK(program.run().outcomes.candidates == 0);
  const auto report = must(execute::verify(program.subject, {.run = 1}));
  CHECK(report.compared == 0);
  CHECK(report.nothing_to_compare == 1);
}

TEST_CASE("a rollback without its corrections says so, and leaves the run as it is") {
  Database database;
  make_accounts(database, 50);
  Program program(database, spec_text());
  REQUIRE(program.run().end == execute::RunEnd::Finished);
  database.script("DROP TABLE backfill_correction_1");
  const auto report = execute::rollback(program.subject, {.run = 1});
  REQUIRE_FALSE(report.ok());
  CHECK_THAT(report.failure().message, Catch::Contains("prior values of run 1"));
  CHECK(database.number("SELECT count(*) FROM backfill_run WHERE state = 'finished'") == 1);
}

TEST_CASE("a rollback leaves rows alone that were changed since, and names them") {
  Database database;
  make_accounts(database, 300);
  const std::string before = database.content(kTable);
  Program program(database, spec_text());
  const auto run = program.run();
  database.script("UPDATE accounts SET status = 'mine' WHERE id = 3; DELETE FROM accounts WHERE id = 6");
  const std::string after = database.content(kTable);

  const auto dry = must(execute::rollback(program.subject, {.run = 1, .dry_run = true}));
  CHECK(dry.restored == run.outcomes.changed - 2);
  CHECK(database.content(kTable) == after);

  const auto report = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(report.restored == run.outcomes.changed - 2);
  CHECK(report.changed_since == 1);
  CHECK(report.gone == 1);
  CHECK(execute::exit_code(report) == 4);
  REQUIRE(report.left.size() == 2);
  CHECK(report.left[0].key == "3");
  REQUIRE(report.left[0].changes.size() == 1);
  CHECK(report.left[0].changes[0].after == "'mine'");
  CHECK(report.left[1].gone);
  CHECK(database.number("SELECT count(*) FROM accounts WHERE status IS NOT NULL AND status <> 'kept'") == 1);
}

TEST_CASE("a rollback needs no spec: an input column may be gone") {
  Database database;
  make_accounts(database, 500);
  database.script(
      "UPDATE accounts SET total = 41 WHERE id = 6; UPDATE accounts SET status = '' WHERE id = 9");
  const char* const targets =
      "SELECT id, quote(status), quote(total), typeof(status) FROM accounts ORDER BY id";
  const std::string before = database.content(targets);
  Program program(database, spec_text({.stages = "stages { canary sample 40 rows seed 3 rest }"}));
  const auto run = program.run();
  const std::string after = database.content(targets);
  REQUIRE(before != after);
  database.script("ALTER TABLE accounts DROP COLUMN name; ALTER TABLE accounts DROP COLUMN amount");

  const execute::Subject without_spec{.url = database.url()};
  const auto dry = must(execute::rollback(without_spec, {.run = 1, .dry_run = true}));
  CHECK(dry.restored == run.outcomes.changed);
  CHECK(database.content(targets) == after);
  const auto canary = must(execute::rollback(without_spec, {.run = 1, .stage = "canary"}));
  CHECK(canary.restored == 40);
  const auto rest = must(execute::rollback(without_spec, {.run = 1}));
  CHECK(rest.restored == run.outcomes.changed - 40);
  CHECK(execute::exit_code(rest) == 0);
  CHECK(database.content(targets) == before);
}

TEST_CASE("a rollback without its target column is refused, and says where the values are") {
  Database database;
  make_accounts(database, 50);
  Program program(database, spec_text());
  program.run();
  database.script("ALTER TABLE accounts DROP COLUMN total");
  const std::string left = database.content("SELECT id, quote(status) FROM accounts");
  const execute::Subject without_spec{.url = database.url()};
  const auto report = must(execute::rollback(without_spec, {.run = 1}));
  CHECK(report.refused);
  CHECK(execute::exit_code(report) == 1);
  CHECK_THAT(report.message, Catch::Contains("`total` is no longer in the table `accounts`"));
  CHECK_THAT(report.way_out, Catch::Contains("`backfill_correction_1`, column `prior_total`"));
  CHECK(database.content("SELECT id, quote(status) FROM accounts") == left);
  CHECK(database.number("SELECT count(*) FROM backfill_run WHERE state = 'finished'") == 1);
}

TEST_CASE("one stage is rolled back, the others stay") {
  Database database;
  make_accounts(database, 500);
  Program program(database, spec_text({.stages = "stages { canary sample 40 rows seed 3 rest }"}));
  const auto run = program.run();
  CHECK(run.stages.at(0).outcomes.changed == 40);
  const auto report = must(execute::rollback(program.subject, {.run = 1, .stage = "canary"}));
  CHECK(report.restored == 40);
  CHECK(report.state == "stopped");
  CHECK(database.number("SELECT count(*) FROM backfill_correction_1 WHERE rolled_back = 0") ==
        run.stages.at(1).outcomes.changed);
  CHECK(database.number("SELECT count(*) FROM accounts a JOIN backfill_correction_1 c ON c.key_id = a.id"
                        " WHERE c.rolled_back = 1 AND a.status IS NULL AND a.total IS NULL") == 40);
}

TEST_CASE("history tells what was changed, by run and by key") {
  Database database;
  make_accounts(database, 100);
  Program program(database, spec_text());
  program.run();
  const auto one = must(execute::history(database.url(), {.table = "accounts", .key = {"3"}}));
  REQUIRE(one.entries.size() == 1);
  CHECK(one.entries[0].key == "3");
  CHECK(one.entries[0].stage == program.backfill().stages[0].name);
  REQUIRE(one.entries[0].changes.size() == 2);
  CHECK(one.entries[0].changes[0].before == "missing");
  CHECK(one.entries[0].changes[0].after == "'name 1'");
  CHECK(must(execute::history(database.url(), {.table = "ACCOUNTS", .key = {"3"}})).entries.size() == 1);
  const auto unknown = execute::history(database.url(), {.table = "account", .key = {"3"}});
  REQUIRE_FALSE(unknown.ok());
  CHECK_THAT(unknown.failure().way_out,
             Catch::StartsWith("these were written: ") && Catch::EndsWith("accounts"));
  const auto some = must(execute::history(database.url(), {.run = 1, .limit = 5}));
  CHECK(some.entries.size() == 5);
  CHECK(some.more);
}

TEST_CASE("a dry run says what the run then does, and creates nothing") {
  Database database;
  make_accounts(database, 1000, 13);
  database.script("UPDATE accounts SET total = 3 WHERE id = 3");
  const std::string before = database.content(kTable) + database.objects();
  Program program(database, spec_text());
  const auto dry = must(execute::dry_run(program.subject, {}));
  CHECK(before == database.content(kTable) + database.objects());
  const auto run = program.run();
  CHECK(dry.rows == run.rows);
  CHECK(dry.outcomes.changed == run.outcomes.changed);
  CHECK(dry.outcomes.quarantined == run.outcomes.quarantined);
  for (std::size_t i = 0; i < dry.classes.size(); ++i) CHECK(dry.classes[i].rows == run.classes[i].rows);
  REQUIRE(dry.columns.size() == 2);
  CHECK(dry.columns[0].filled == run.outcomes.changed);
  CHECK(dry.columns[1].filled == run.outcomes.changed - 1);  // id 3 has a total already
  CHECK(dry.samples.size() == 10);
  std::int64_t alone = 0;
  for (const auto& left : dry.left_alone) {
    alone += left.rows;
    CHECK(!left.samples.empty());
  }
  CHECK(alone + dry.outcomes.candidates == dry.rows);
}

TEST_CASE("status tells of runs, or of none") {
  Database database;
  make_accounts(database, 100);
  CHECK(must(execute::runs(database.url())).empty());
  CHECK_FALSE(must(execute::status(database.url(), {})).has_value());
  Program program(database, spec_text({.stages = "stages { a where id < 30 rest }"}));
  program.options.until_stage = "a";
  program.run();
  const auto status = must(execute::status(database.url(), {}));
  REQUIRE(status.has_value());
  CHECK(status->summary.state == "waiting");
  CHECK(status->stage == "rest");
  CHECK(status->spec == program.options.spec);
  CHECK(execute::total(status->classes) == 100);
}

TEST_CASE("a row that was set aside, mended and then written is verified like any other") {
  Database database;
  database.script(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, status TEXT, k TEXT);"
      "INSERT INTO t VALUES (1, NULL, '5'), (2, NULL, 'zz'), (3, NULL, '7')");
  Program program(database, R"(backfill u {
  table t
  scope { exclude big when (k as int64) > 100 }
  derive status = 'S' || k
  stages {
    first sample 1 rows then approval by "me"
    rest
  }
})");
  REQUIRE(program.run().end == execute::RunEnd::AwaitApproval);
  database.script("UPDATE t SET k = '8' WHERE id = 2");
  REQUIRE(must(execute::approve(database.url(), 1, "me")).done);
  REQUIRE(program.run().end == execute::RunEnd::Finished);
  database.script("UPDATE t SET status = 'wrong' WHERE id = 2");
  for (const bool by_evaluator : {false, true}) {
    execute::VerifyOptions options{.run = 1, .extent = execute::VerifyExtent::Full};
    options.force_evaluator = by_evaluator;
    const auto report = must(execute::verify(program.subject, options));
    CHECK(report.compared == 3);
    CHECK(report.mismatches == 1);
  }
}

TEST_CASE("a prior value that another row has by now blocks its row alone") {
  Database database;
  database.script(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE);"
      "INSERT INTO t VALUES (1, 'b'), (2, 'a'), (3, 'd')");
  const std::string before = database.content("SELECT * FROM t ORDER BY id");
  Program program(database, R"(backfill r {
  table t
  intent amend
  scope { where code in ('a', 'b', 'd') }
  derive code = case { code = 'b' -> 'x', code = 'a' -> 'y', else -> 'z' }
})");
  REQUIRE(program.run().end == execute::RunEnd::Finished);
  database.script("INSERT INTO t VALUES (9, 'b')");
  const auto blocked = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(blocked.restored == 2);
  CHECK(blocked.blocked == 1);
  CHECK(execute::exit_code(blocked) == 4);
  database.script("DELETE FROM t WHERE id = 9");
  const auto rest = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(rest.restored == 1);
  CHECK(execute::exit_code(rest) == 0);
  CHECK(database.content("SELECT * FROM t ORDER BY id") == before);
}
