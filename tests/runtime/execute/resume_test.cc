// SPDX-License-Identifier: Apache-2.0
// Killed at every point that there is, for the first, second, third, ... time, until nothing kills it any
// more.
#include "tests/runtime/execute/fixture.h"

#include "runtime/execute/rollback.h"

using namespace backfill;
using namespace backfill::execute_test;

namespace {

const Parts kStaged{
    .stages =
        "stages { canary sample 30 rows seed 41 then verified  low where id < 200  rest then verified }",
    .pace = "pace { batch 40 to 100 rows aim 20 ms }"};

}  // namespace

TEST_CASE("a run that is killed anywhere ends as one that was not") {
  Database control;
  make_accounts(control, 400, 17);
  Database pristine;
  pristine.copy_from(control);
  Program(control, spec_text(kStaged)).run();
  const std::string table = control.content(kTable);
  const std::string corrections = control.content(kCorrections);
  const std::string quarantine =
      "SELECT key_id, outcome, error, message FROM backfill_quarantine_1 ORDER BY key_id";
  const std::string stages =
      "SELECT stage, state, candidates, met, changed, unchanged, quarantined FROM backfill_stage ORDER BY "
      "stage";
  for (int point = 0; point < execute::kPoints; ++point) {
    const char* name = execute::name(static_cast<execute::Point>(point));
    if (std::string(name) == "in_rollback") continue;
    int kills = 0;
    // Each process is killed at its k-th passing, then the next one resumes and is killed at its own, until
    // one ends.
    for (int k = 1; k <= 3; ++k) {
      Database database;
      database.copy_from(pristine);
      Program program(database, spec_text(kStaged));
      int attempts = 0;
      // Before the plan is committed, nothing is gained by an attempt, nor at a batch's first point: killed
      // once there.
      const bool gains = point >= static_cast<int>(execute::Point::AfterCommit) || (k > 1 && point > 2);
      bool crashed = program.run_and_crash(fmt::format("{}:{}", name, k));
      kills += crashed ? 1 : 0;
      while (crashed && gains && attempts < 200) {
        crashed = program.run_and_crash(fmt::format("{}:{}", name, k));
        kills += crashed ? 1 : 0;
        ++attempts;
        if (k == 1 && point >= static_cast<int>(execute::Point::BeforeGate))
          break;  // never gets past its first gate
      }
      REQUIRE(attempts < 200);
      if (crashed) CHECK((program.run().end == execute::RunEnd::Finished));
      INFO(name << ":" << k);
      CHECK(database.number("SELECT count(*) FROM backfill_run WHERE state = 'finished'") == 1);
      CHECK(database.content(kTable) == table);
      CHECK(database.content(kCorrections) == corrections);
      CHECK(database.content(quarantine) == control.content(quarantine));
      CHECK(database.content(stages) == control.content(stages));
      CHECK(database.number("SELECT count(*) FROM backfill_run") == 1);
    }
    INFO(name);
    CHECK(kills > 0);
  }
}

TEST_CASE("a rollback that is killed anywhere goes on, and leaves the table as it was, byte for byte") {
  Database pristine;
  make_accounts(pristine, 400, 17);
  const std::string before = pristine.content(kTable);
  for (int k = 1; k <= 4; ++k) {
    Database database;
    database.copy_from(pristine);
    Program program(database, spec_text(kStaged));
    const auto run = program.run();
    CHECK(program.rollback_and_crash(fmt::format("in_rollback:{}", k)));
    const auto report = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(report.restored + report.restored_before == run.outcomes.changed);
    CHECK(report.changed_since == 0);
    CHECK(report.state == "rolled back");
    CHECK(database.content(kTable) == before);
    CHECK(execute::exit_code(report) == 0);
    // Again: nothing left to do.
    CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == 0);
  }
}
