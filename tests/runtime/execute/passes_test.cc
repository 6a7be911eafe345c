// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/passes.h"

#include <atomic>
#include <thread>

#include "tests/runtime/execute/postgres_fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::Pass;

namespace {

constexpr const char* kSecondIndex = "CREATE INDEX ON accounts (name)";  // it is worth sparing then

database::RowBatch rows_with_keys(std::int64_t rows) {
  database::RowBatch batch;
  batch.rows = rows;
  batch.inputs.emplace_back(stdlib::Type{stdlib::Kind::Int64});
  batch.inputs[0].reserve(rows);
  for (std::int64_t row = 0; row < rows; ++row) batch.inputs[0].set(row, stdlib::Value(7 * row), batch.arena);
  return batch;
}

}  // namespace

TEST_CASE("passes take every row of a window once, about as many as asked for") {
  const database::RowBatch window = rows_with_keys(10'000);
  execute::Passes passes;
  passes.load(window, 1);
  std::vector<int> taken(10'000);
  std::uint64_t from = 0;
  int count = 0;
  for (bool more = true; more; ++count) {
    const Pass pass = passes.next(from, 2'500);
    CHECK(passes.rows(pass) > 2'000);
    CHECK(passes.rows(pass) < 3'000);
    for (std::int64_t row = 0; row < window.rows; ++row)
      taken[static_cast<std::size_t>(row)] += passes.takes(pass, row) ? 1 : 0;
    more = !pass.last();
    from = pass.to + 1;
  }
  CHECK(count == 4);
  CHECK(std::ranges::all_of(taken, [](int times) { return times == 1; }));
}

TEST_CASE("a pass begins where the books say") {
  for (const std::uint64_t from : {std::uint64_t{0}, std::uint64_t{1}, UINT64_MAX - 1, UINT64_MAX})
    CHECK(execute::pass_of_text(execute::pass_text(from)) == from);
  CHECK(execute::pass_of_text("") == 0);
}

TEST_CASE("a single row is one pass, and so is an empty window") {
  execute::Passes passes;
  passes.load(rows_with_keys(1), 1);
  CHECK(passes.next(0, 1).last());
  passes.load(rows_with_keys(0), 1);
  CHECK(passes.next(0, 1000).last());
}

TEST_CASE("a window goes on behind the last pass that was committed", "[postgres]") {
  const PostgresDatabase pristine;
  make_accounts(pristine, 12'000, 997);
  pristine.run(kSecondIndex);
  const std::string spec = spec_text({.pace = "pace { batch 1000 to 1000 rows }"});
  const PostgresDatabase control(pristine);
  REQUIRE((Program(control.url(), spec).run().end == execute::RunEnd::Finished));
  const PostgresDatabase database(pristine);
  Program program(database.url(), spec);
  REQUIRE(program.run_and_crash("after_commit:2"));
  CHECK(
      database.number("SELECT count(*) FROM backfill.backfill_chunk WHERE pass IS NOT NULL AND window_end <> "
                      "watermark") == 1);
  // Rows of the first passes lie among those that are still to come.
  CHECK(
      database.number("SELECT count(*) FROM accounts WHERE status IS NULL AND id < (SELECT max(key_id) FROM "
                      "backfill.backfill_correction_1)") > 1000);
  // What was in the window is gone, what is new there came after its place was passed or is met: never both.
  database.run("DELETE FROM accounts WHERE id % 1000 = 3");
  const auto report = program.run();
  REQUIRE(report.end == execute::RunEnd::Finished);
  CHECK(report.outcomes.add_up());
  CHECK(database.number(
            "SELECT count(*) FROM accounts AS a WHERE locked = 0 AND status IS NULL AND NOT EXISTS (SELECT "
            "1 FROM backfill.backfill_quarantine_1 AS q WHERE q.key_id = a.id)") == 0);
  CHECK(database.content("SELECT * FROM accounts WHERE id % 1000 <> 3 ORDER BY id") ==
        control.content("SELECT * FROM accounts WHERE id % 1000 <> 3 ORDER BY id"));
}

// The window is read again while the one behind it may still be decided: by turns, or rows get each other's
// values.
TEST_CASE("a window whose passes fail is read again beside the reader ahead", "[postgres]") {
  const PostgresDatabase pristine;
  make_accounts(pristine, 24'000, 997);
  pristine.run(kSecondIndex);
  const std::string spec = spec_text({.pace = "pace { batch 1000 to 1000 rows }"});
  const PostgresDatabase control(pristine);
  REQUIRE((Program(control.url(), spec).run().end == execute::RunEnd::Finished));
  const PostgresDatabase database(pristine);
  Program program(database.url(), spec);
  program.subject.engine = execute::EngineChoice::Evaluator;
  std::atomic<bool> over{false};
  std::thread killer([&] {
    Application admin(test::postgres_url());
    for (int ended = 0; !over && ended < 6;) {
      ended += static_cast<int>(admin.number(
          fmt::format("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name ="
                      " 'backfill' AND datname = '{}' AND state = 'active' AND query LIKE '%UPDATE%accounts%'"
                      " AND query NOT LIKE '%CREATE%'",
                      database.name())));
      std::this_thread::sleep_for(std::chrono::milliseconds(3));
    }
  });
  const auto report = program.try_run();
  over = true;
  killer.join();
  INFO((report ? report->message : report.failure().message));
  REQUIRE(report);
  REQUIRE(report->end == execute::RunEnd::Finished);
  CHECK(report->retries >= 2);
  CHECK(database.content(kAccounts) == control.content(kAccounts));
  CHECK(database.content(kKept) == control.content(kKept));
  CHECK(database.content(kStages) == control.content(kStages));
}
