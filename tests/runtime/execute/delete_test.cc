// SPDX-License-Identifier: Apache-2.0
// `delete`: the row itself, on each store: captured whole, verified, put back exactly.
#include "runtime/execute/dry_run.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Every 3rd note is void, every 10th of those is kept; note 33 is still referred to.
void make_notes(Database& database, int rows) {
  database.script(fmt::format(R"(
    CREATE TABLE notes (id INTEGER PRIMARY KEY, body TEXT, amount DECIMAL(10, 2), state TEXT, kept INTEGER NOT NULL);
    CREATE TABLE answers (id INTEGER PRIMARY KEY, note_id INTEGER REFERENCES notes (id));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO notes SELECT i, CASE WHEN i % 4 = 0 THEN NULL ELSE 'Body ''of'' ' || i END, i * 1.25,
      CASE WHEN i % 3 = 0 THEN 'void' ELSE 'open' END, CASE WHEN i % 30 = 0 THEN 1 ELSE 0 END FROM n;
    INSERT INTO answers VALUES (1, 33);)",
                              rows));
}

const char* const kSpec = R"(backfill void_notes {
  table notes key (id)
  scope {
    where state = 'void'
    exclude kept when kept = 1
  }
  delete
  pace { batch 20 to 50 rows }
}
)";
const char* const kMixed = R"(backfill void_notes {
  table notes key (id)
  intent amend
  scope { exclude kept when kept = 1 }
  derive body = 'seen'
  delete when state = 'void'
  stages { first sample 20 rows seed 3 then verified  rest then verified }
  pace { batch 20 to 50 rows }
}
)";
const char* const kNotes = "SELECT id, quote(body), quote(amount), quote(state), kept FROM notes ORDER BY id";

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

}  // namespace

TEST_CASE("a spec of a delete alone deletes its candidates and nothing else, and a rollback puts them back") {
  Database database;
  make_notes(database, 600);
  const std::string before = database.content(kNotes);
  Program program(database, kSpec);
  const auto dry = must(execute::dry_run(program.subject, {}));
  REQUIRE(dry.effects.size() == 1);
  CHECK(dry.effects[0].name == "delete");
  CHECK(dry.effects[0].rows == 180);
  CHECK(database.content(kNotes) == before);

  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.add_up());
  CHECK(report.outcomes.changed == 179);
  CHECK(report.outcomes.quarantined == 1);  // 33 is still referred to
  CHECK(database.number("SELECT count(*) FROM notes") == 421);
  CHECK(database.number("SELECT count(*) FROM notes WHERE state = 'void' AND kept = 0") == 1);
  CHECK(database.number("SELECT count(*) FROM notes WHERE state = 'void' AND kept = 1") == 20);
  const auto verify = verified(program);
  CHECK(verify.clean());
  CHECK(verify.compared == 179);
  CHECK(verify.gone == 0);

  Program again(database, kSpec);
  const auto second = again.run();
  CHECK(second.outcomes.changed == 0);
  CHECK(second.outcomes.quarantined == 1);

  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == 179);
  CHECK(back.gone + back.changed_since + back.blocked == 0);
  CHECK(database.content(kNotes) == before);
}

TEST_CASE("rows are deleted or derived, stage by stage, by the evaluator and by native code") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_notes(database, 600);
    const std::string before = database.content(kNotes);
    Program program(database, kMixed);
    program.subject.engine = engine;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.changed == 579);
    CHECK(report.outcomes.quarantined == 1);
    CHECK(database.number("SELECT count(*) FROM notes WHERE body = 'seen'") == 400);
    CHECK(verified(program).clean());
    CHECK(verified(program).compared == 579);
    const auto by_evaluator = must(execute::verify(
        program.subject, {.run = 1, .extent = execute::VerifyExtent::Full, .force_evaluator = true}));
    CHECK(by_evaluator.clean());
    CHECK(by_evaluator.compared == 579);
    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.restored == 579);
    CHECK(database.content(kNotes) == before);
  }
}

TEST_CASE("what the application did since is seen by the verification and left alone by the rollback") {
  Database database;
  make_notes(database, 60);
  Program program(database, kMixed);
  REQUIRE(program.run().end == RunEnd::Finished);
  database.script(
      "INSERT INTO notes (id, body, amount, state, kept) VALUES (3, 'theirs', 0, 'void', 0);"
      "UPDATE notes SET body = 'theirs too' WHERE id = 4; DELETE FROM notes WHERE id = 5;");
  for (const bool by_evaluator : {false, true}) {
    const auto verify = must(execute::verify(
        program.subject, {.run = 1, .extent = execute::VerifyExtent::Full, .force_evaluator = by_evaluator}));
    CHECK(verify.mismatches == 2);
    CHECK(verify.gone == 1);
  }
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.blocked == 1);
  CHECK(back.changed_since == 1);
  CHECK(back.gone == 1);
  CHECK(database.number("SELECT count(*) FROM notes") == 59);
  CHECK(database.content("SELECT body FROM notes WHERE id IN (3, 4) ORDER BY id") ==
        "theirs|\ntheirs too|\n");
}

TEST_CASE("a run that deletes and is killed anywhere ends as one that was not") {
  Database pristine;
  make_notes(pristine, 300);
  std::string table, kept;
  const char* const corrections =
      "SELECT key_id, rolled_back, quote(prior_body), quote(new_body) FROM "
      "backfill_correction_1 ORDER BY key_id";
  {
    Database control;
    control.copy_from(pristine);
    REQUIRE(Program(control, kMixed).run().end == RunEnd::Finished);
    table = control.content(kNotes);
    kept = control.content(corrections);
  }
  for (const char* point : {"before_plan_commit:1", "after_begin:2", "after_corrections:2", "before_commit:3",
                            "after_commit:1", "before_gate:1", "after_gate:1"}) {
    INFO(point);
    Database database;
    database.copy_from(pristine);
    Program program(database, kMixed);
    CHECK(program.run_and_crash(point));
    CHECK(program.run().end == RunEnd::Finished);
    CHECK(database.content(kNotes) == table);
    CHECK(database.content(corrections) == kept);
  }
}

TEST_CASE("a run that was killed before its first batch is not clean, though it has written nothing wrong") {
  Database database;
  make_notes(database, 300);
  Program program(database, kSpec);
  CHECK(program.run_and_crash("after_begin:1"));
  CHECK_FALSE(verified(program).clean());
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(verified(program).clean());
}

TEST_CASE("what a rollback of deletes would leave alone is none of what it would put back") {
  Database database;
  make_notes(database, 300);
  Program program(database, kSpec);
  REQUIRE(program.run().end == RunEnd::Finished);
  const auto dry = must(execute::rollback(program.subject, {.run = 1, .dry_run = true}));
  CHECK(dry.restored > 0);
  CHECK(dry.left.empty());
}

TEST_CASE("a rollback of deletes that is killed goes on, and leaves the table as it was") {
  Database database;
  make_notes(database, 300);
  const std::string before = database.content(kNotes);
  Program program(database, kMixed);
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(program.rollback_and_crash("in_rollback:2"));
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.state == "rolled back");
  CHECK(database.content(kNotes) == before);
}
