// SPDX-License-Identifier: Apache-2.0
// Killed at every point that there is, on PostgreSQL, with one worker and with two: what it leaves and what a
// process after it makes of that.
#include "tests/runtime/execute/postgres_fixture.h"

#include "runtime/execute/rollback.h"

using namespace backfill;
using namespace backfill::execute_test;

namespace {

const Parts kStaged{.stages =
                        "stages { canary sample 30 rows seed 41 then verified  low where id < 9000"
                        "  rest then verified }",
                    .pace = "pace { batch 1000 to 1200 rows }"};

// Two workers need two chunks, of 10,000 rows each at the least.
constexpr int kRows = 10'800;

}  // namespace

TEST_CASE("a run on PostgreSQL that is killed anywhere ends as one that was not") {
  const PostgresDatabase pristine;
  make_accounts(pristine, kRows, 1009);
  const PostgresDatabase control(pristine);
  REQUIRE((Program(control.url(), spec_text(kStaged)).run().end == execute::RunEnd::Finished));
  const std::string table = control.content(kAccounts), corrections = control.content(kKept);
  const std::string stages = control.content(kStages), aside = control.content(kAside);
  for (const int workers : {1, 2}) {
    for (int point = 0; point < execute::kPoints; ++point) {
      const char* name = execute::name(static_cast<execute::Point>(point));
      if (std::string(name) == "in_rollback") continue;
      int kills = 0;
      for (const int k : {1, 4}) {
        INFO(name << ":" << k << ", workers: " << workers);
        const PostgresDatabase database(pristine);
        Program program(database.url(), spec_text(kStaged));
        program.options.workers = workers;
        program.subject.engine = execute::EngineChoice::Auto;
        // The second one is killed where it comes to the same.
        for (int i = 0; i < 2; ++i) kills += program.run_and_crash(fmt::format("{}:{}", name, k)) ? 1 : 0;
        if (database.number("SELECT count(*) FROM pg_class WHERE relname = 'backfill_run'") == 0 ||
            database.number("SELECT count(*) FROM backfill.backfill_run WHERE state = 'finished'") == 0)
          CHECK((program.run().end == execute::RunEnd::Finished));
        CHECK(database.content(kAccounts) == table);
        CHECK(database.content(kKept) == corrections);
        CHECK(database.content(kAside) == aside);
        CHECK(database.content(kStages) == stages);
      }
      INFO(name);
      CHECK(kills > 0);
    }
  }
}

TEST_CASE("a rollback on PostgreSQL that is killed anywhere goes on, and leaves the table as it was") {
  const PostgresDatabase pristine;
  make_accounts(pristine, 3000, 97);
  const std::string before = pristine.content(kAccounts);
  for (int k = 1; k <= 3; ++k) {
    const PostgresDatabase database(pristine);
    Program program(database.url(), spec_text({.pace = "pace { batch 100 to 300 rows }"}));
    const auto run = program.run();
    CHECK(program.rollback_and_crash(fmt::format("in_rollback:{}", k)));
    const auto report = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(report.restored + report.restored_before == run.outcomes.changed);
    CHECK(report.state == "rolled back");
    CHECK(database.content(kAccounts) == before);
  }
}
