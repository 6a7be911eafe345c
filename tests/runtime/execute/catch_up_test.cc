// SPDX-License-Identifier: Apache-2.0
// Candidates that came after the plan.
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Does something once, between the first batch of the run and the next one.
class Once final : public execute::Progress {
 public:
  Once(Database& database, std::string sql) : database_(database), sql_(std::move(sql)) {}
  void update(const execute::ProgressUpdate& update) override {
    if (update.phase != execute::Phase::Run || done_) return;
    done_ = true;
    database_.script(sql_);
  }

 private:
  Database& database_;
  std::string sql_;
  bool done_ = false;
};

// Behind the first batch: two that come, one that is unlocked, one that the run has written and the
// application has taken back.
constexpr const char* kLate =
    "INSERT INTO accounts (id, name, locked, amount) VALUES (1, 'Early', 0, 1), (2, 'Earlier', 0, 2);"
    "UPDATE accounts SET locked = 0 WHERE id = 15;"
    "UPDATE accounts SET status = NULL, total = NULL WHERE id = 3";

}  // namespace

TEST_CASE("a catch-up takes candidates that came after their place was passed, and none a second time") {
  Database database;
  make_accounts(database, 600);
  Program program(database, spec_text({.stages = "stages { first where id < 300 then verified rest }"}));
  program.options.until_stage = "first";
  CHECK(program.run().end == RunEnd::StageDone);
  program.options.until_stage.clear();
  Once late(database, kLate);
  program.subject.progress = &late;
  program.options.catch_up = true;
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  REQUIRE(report.stages.size() == 3);
  CHECK(report.stages[2].name == "catch-up");
  CHECK(report.stages[2].expected == 3);
  CHECK(report.stages[2].outcomes.changed == 3);
  CHECK(report.stages[2].outcomes.add_up());
  CHECK(report.late == 0);
  CHECK(report.without_stage == 0);
  CHECK(report.drift.empty());
  CHECK(report.outcomes.changed == database.number("SELECT count(*) FROM backfill_correction_1"));
  CHECK(database.content(
            "SELECT id FROM accounts WHERE status = lower(name) AND id IN (1, 2, 3, 15) ORDER BY id") ==
        "1|\n2|\n15|\n");
  CHECK(database.number("SELECT count(*) FROM backfill_correction_1 WHERE key_id = 3") == 1);
  // Only the stage `first` could be verified: what the application took back is for a person.
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.number("SELECT count(*) FROM accounts WHERE status IS NOT NULL AND status <> 'kept'") == 0);
}

TEST_CASE("a catch-up that is killed anywhere goes on without being asked again") {
  Database pristine;
  make_accounts(pristine, 300);
  for (const char* where : {"after_begin:8", "before_commit:8", "after_commit:8", "before_gate:2"}) {
    Database database;
    database.copy_from(pristine);
    Program program(database, spec_text());
    Once late(database, kLate);
    program.subject.progress = &late;
    program.options.catch_up = true;
    INFO(where);
    // 300 rows in batches of at least 50: fewer than eight batches before the catch-up.
    const bool crashed = program.run_and_crash(where);
    program.subject.progress = nullptr;
    program.options.catch_up = false;
    if (crashed) CHECK(program.run().end == RunEnd::Finished);
    CHECK(database.number("SELECT count(*) FROM accounts WHERE id IN (1, 2, 15) AND status = lower(name)") ==
          3);
    CHECK(database.number("SELECT count(*) FROM backfill_run") == 1);
  }
}
