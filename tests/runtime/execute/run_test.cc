// SPDX-License-Identifier: Apache-2.0
// Whole runs: counts, resumption, refusal, gates.
#include "stdlib/zone.h"
#include "tests/runtime/execute/fixture.h"

#include "runtime/database/sql/owner.h"
#include "runtime/execute/rollback.h"
#include "runtime/execute/status.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

TEST_CASE("a run writes every candidate, counts every row once and captures prior values") {
  Database database;
  make_accounts(database, 1000, 13);
  const std::string before = database.content(kTable);
  Program program(database, spec_text());
  const execute::RunReport report = program.run();

  CHECK(report.end == RunEnd::Finished);
  CHECK(report.rows == 1000);
  CHECK(execute::total(report.classes) == 1000);
  const auto& outcomes = report.outcomes;
  CHECK(outcomes.candidates == report.classes[ir::kCandidate].rows);
  CHECK(outcomes.add_up());
  CHECK(outcomes.quarantined > 0);
  CHECK(outcomes.changed == database.number("SELECT count(*) FROM backfill_correction_1"));
  CHECK(outcomes.quarantined ==
        database.number("SELECT count(*) FROM backfill_quarantine_1 WHERE outcome = 'quarantined'"));
  // By SQL of our own: what must have been written, and nothing else.
  CHECK(outcomes.changed ==
        database.number(
            "SELECT count(*) FROM accounts WHERE locked = 0 AND id % 33 <> 0 AND amount < 9223372036854775807"
            " AND status = lower(name) AND total = amount + 1"));
  CHECK(database.number("SELECT count(*) FROM accounts WHERE (locked IS NULL OR locked = 1) AND id % 33 <> 0"
                        " AND (status IS NOT NULL OR total IS NOT NULL)") == 0);
  CHECK(database.number(
            "SELECT count(*) FROM accounts WHERE id % 33 = 0 AND (status <> 'kept' OR total <> 0)") == 0);
  CHECK(execute::exit_code(report) == 4);  // some are quarantined
  REQUIRE(!report.set_aside.empty());
  CHECK(report.set_aside[0].error == "overflow");
  CHECK(before != database.content(kTable));
}

TEST_CASE("a second run of a finished fill begins anew and finds nothing but what was set aside") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  CHECK(program.run().end == RunEnd::Finished);
  const execute::RunReport again = program.run();
  CHECK(again.end == RunEnd::Finished);
  CHECK(again.first_again);
  CHECK(again.run == 2);
  CHECK(again.outcomes.changed == 0);
  CHECK(again.classes[ir::kCandidate].rows == 0);
}

TEST_CASE("native code, both engines and the evaluator write the same") {
  Database evaluator;
  make_accounts(evaluator, 6000, 97);
  Database both, native;
  both.copy_from(evaluator);
  native.copy_from(evaluator);
  for (auto [database, engine] : {std::pair{&evaluator, execute::EngineChoice::Evaluator},
                                  {&both, execute::EngineChoice::Both},
                                  {&native, execute::EngineChoice::Auto}}) {
    Program program(*database, spec_text());
    program.subject.engine = engine;
    const execute::RunReport report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    if (engine == execute::EngineChoice::Both) CHECK(report.engine.compared_rows >= 6000);
  }
  CHECK(evaluator.content(kTable) == both.content(kTable));
  CHECK(evaluator.content(kTable) == native.content(kTable));
  CHECK(evaluator.content(kCorrections) == both.content(kCorrections));
}

TEST_CASE("nothing is written when the plan is declined") {
  Database database;
  make_accounts(database, 100);
  const std::string before = database.objects();
  Program program(database, spec_text());
  std::int64_t seen = 0;
  program.options.confirm = [&](const execute::Manifest& manifest) {
    seen = manifest.rows;
    return false;
  };
  CHECK(program.run().end == RunEnd::Declined);
  CHECK(seen == 100);
  CHECK(before == database.objects());
}

TEST_CASE("an approval is waited for, must come from who the spec says, and is bound to the plan") {
  Database database;
  make_accounts(database, 400);
  const Parts parts{
      .stages = "stages { canary sample 20 rows seed 7 then approval by \"ann\" rest then verified }"};
  Program program(database, spec_text(parts));
  execute::RunReport report = program.run();
  CHECK(report.end == RunEnd::AwaitApproval);
  CHECK(execute::exit_code(report) == 3);
  CHECK(report.stages.at(0).outcomes.changed == 20);
  CHECK(report.outcomes.changed == 20);
  CHECK(program.run().end == RunEnd::AwaitApproval);
  CHECK_FALSE(must(execute::approve(database.url(), 1, "bob")).done);
  CHECK(must(execute::approve(database.url(), 1, "ann")).done);

  // The prose changes: it resumes, but what was approved was another text.
  Parts other = parts;
  other.about = "changed";
  Program changed(database, spec_text(other));
  CHECK(changed.run().end == RunEnd::AwaitApproval);
  CHECK(must(execute::approve(database.url(), 1, "ann")).done);
  report = changed.run();
  CHECK(report.end == RunEnd::Finished);
  CHECK(report.resumed);
  REQUIRE(report.verifications.size() == 1);
  CHECK(report.verifications[0].compared == report.stages.at(1).outcomes.changed);
  CHECK(report.verifications[0].mismatches == 0);
}

TEST_CASE("a gate `verified` does not hold where the application has changed what the stage wrote") {
  Database database;
  make_accounts(database, 300);
  database.add({.name = "meddle",
                .table = "accounts",
                .column = "status",
                .when = "NEW.id = 30 AND NEW.status <> 'other'",
                .body = "UPDATE accounts SET total = 5 WHERE id = 33;"});
  const Parts parts{.stages = "stages { first where id < 300 then verified rest }"};
  Program program(database, spec_text(parts));
  program.options.until_stage = "first";
  const execute::RunReport clean = program.run();
  CHECK(clean.end == RunEnd::StageDone);
  CHECK(clean.stages.at(1).outcomes.changed == 0);
  database.script(
      "UPDATE accounts SET status = 'other' WHERE id = (SELECT min(key_id) FROM backfill_correction_1);"
      "UPDATE backfill_stage SET state = 'done' WHERE stage = 1");
  const execute::RunReport report = program.run();
  CHECK(report.end == RunEnd::GateFailed);
  CHECK(execute::exit_code(report) == 4);
  REQUIRE(report.verifications.size() == 1);
  CHECK(report.verifications[0].mismatches == 1);
  REQUIRE(report.verifications[0].samples.size() == 1);
  CHECK(report.verifications[0].samples[0].cause == execute::Cause::ChangedSince);
  CHECK(report.verifications[0].samples[0].stored == "'other'");
}

TEST_CASE("a run that was begun with another derivation, other stages or another schema is refused") {
  Database database;
  make_accounts(database, 300);
  const Parts parts{.stages = "stages { first where id < 300 rest }"};
  Program program(database, spec_text(parts));
  program.options.until_stage = "first";
  CHECK(program.run().end == RunEnd::StageDone);

  Parts derivation = parts;
  derivation.status = "upper_ascii(name)";
  const auto refused = Program(database, spec_text(derivation)).run();
  CHECK(refused.end == RunEnd::Refused);
  CHECK(execute::exit_code(refused) == 1);
  CHECK(refused.message.find("other derivations") != std::string::npos);

  Parts stages = parts;
  stages.stages = "stages { first where id < 30 rest }";
  CHECK(Program(database, spec_text(stages)).run().message.find("stages") != std::string::npos);

  database.script("ALTER TABLE accounts ADD COLUMN extra TEXT");
  const auto schema = Program(database, spec_text(parts)).run();
  CHECK(schema.end == RunEnd::Refused);
  CHECK(schema.message.find("extra") != std::string::npos);
}

TEST_CASE("a run after a rollback says so") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  CHECK(program.run().end == RunEnd::Finished);
  must(execute::rollback(program.subject, {.run = 1}));
  const auto again = program.run();
  CHECK(again.first_again);
  CHECK(again.earlier_rolled_back);
  CHECK(again.outcomes.changed > 0);
}

TEST_CASE("the end says that the table has grown since the plan") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text({.stages = "stages { first where id < 300 rest }"}));
  program.options.until_stage = "first";
  CHECK(program.run().rows_now == 300);
  program.options.until_stage.clear();
  database.script("INSERT INTO accounts (id, name, locked, amount) VALUES (100000, 'Late', 0, 1)");
  const auto report = program.run();
  CHECK(report.rows == 300);
  CHECK(report.rows_now == 301);
}

TEST_CASE("a correction that is gone ends the run before anything more is written") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text({.stages = "stages { first where id < 300 rest }"}));
  program.options.until_stage = "first";
  CHECK(program.run().end == RunEnd::StageDone);
  program.options.until_stage.clear();
  database.script("DELETE FROM backfill_correction_1 WHERE key_id = 3");
  const std::string before = database.content(kTable);
  const auto report = program.run();
  CHECK(report.end == RunEnd::Bug);
  CHECK(report.message.find("corrections are kept") != std::string::npos);
  CHECK(database.content(kTable) == before);
}

TEST_CASE("a row that another process changes between two batches is read again") {
  for (const char* journal : {"WAL", "DELETE"}) {
    Database database(journal);
    make_accounts(database, 1000);
    Program program(database, spec_text({.pace = "pace { batch 50 to 50 rows }"}));
    struct Writer : execute::Progress {
      Database* database;
      int batches = 0;
      void update(const execute::ProgressUpdate& update) override {
        if (update.phase != execute::Phase::Run) return;
        // Just behind the batch that was committed: the next one may be read already.
        const std::int64_t done = database->number("SELECT max(key_id) FROM backfill_correction_1");
        database->script(
            fmt::format("UPDATE accounts SET name = 'FRESH' WHERE id > {} AND id < {}", done, done + 30));
        ++batches;
      }
    } writer;
    writer.database = &database;
    program.subject.progress = &writer;
    CHECK(program.run().end == RunEnd::Finished);
    CHECK(writer.batches > 5);
    CHECK(database.number("SELECT count(*) FROM accounts WHERE name = 'FRESH' AND status = 'fresh'") > 20);
    CHECK(database.number("SELECT count(*) FROM accounts WHERE status IS NOT NULL AND status <> 'kept'"
                          " AND status <> lower(name)") == 0);
  }
}

TEST_CASE("rows that come after the plan are met and reported") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  program.options.confirm = [&](const execute::Manifest&) {
    database.script(
        "INSERT INTO accounts (id, name, locked, amount) VALUES (100000, 'Late', 0, 1);"
        "DELETE FROM accounts WHERE id IN (3, 6)");
    return true;
  };
  const auto report = program.run();
  CHECK(report.end == RunEnd::Finished);
  REQUIRE(report.drift.size() == 1);
  CHECK(report.drift[0].expected - 1 == report.drift[0].met);
  CHECK(database.number("SELECT count(*) FROM accounts WHERE status = 'late'") == 1);
}

TEST_CASE("a row that a stage wrote is not met again by a later one") {
  Database database;
  database.script(
      "CREATE TABLE t (id INTEGER PRIMARY KEY, status TEXT, k TEXT);"
      "INSERT INTO t VALUES (1, 'a', 'x'), (2, 'b', 'x'), (3, 'a', 'y')");
  Program program(database, R"(backfill s {
  table t
  intent amend
  derive status = case { k = 'x' -> 'X', else -> 'Y' }
  stages {
    first where status = 'a' then verified
    rest
  }
})");
  const auto report = program.run();
  CHECK(report.end == RunEnd::Finished);
  CHECK(report.outcomes.candidates == 3);
  CHECK(report.outcomes.changed == 3);
  CHECK(report.drift.empty());
}

TEST_CASE("a run keeps the version of the time zone data that it reads, and only then") {
  for (const bool reads : {true, false}) {
    Database database;
    make_accounts(database, 20);
    Program program(
        database,
        spec_text(
            {.status =
                 reads ? "local_date(timestamp '2024-01-31T23:30:00Z' + 0 s, 'Europe/Zurich') as text || name"
                       : "lower_ascii(name)"}));
    CHECK(program.run().end == execute::RunEnd::Finished);
    const std::string begun = database.content("SELECT detail FROM backfill_event WHERE kind = 'begun'");
    INFO(begun);
    CHECK((begun.find("\"tzdata\":\"" + stdlib::zone_data_version() + "\"") != std::string::npos) == reads);
  }
}
