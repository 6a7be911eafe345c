// SPDX-License-Identifier: Apache-2.0
// Runs on PostgreSQL, where the application writes while a batch is under way.
#include "tests/runtime/execute/postgres_fixture.h"

#include <future>

#include "runtime/execute/clock.h"
#include "runtime/execute/rollback.h"
#include "runtime/execute/status.h"
#include "runtime/execute/verify.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;
using namespace std::chrono_literals;

namespace {

// Does something once: when the first batch of the run is committed.
class AfterFirstBatch final : public execute::Progress {
 public:
  explicit AfterFirstBatch(std::function<void()> what) : what_(std::move(what)) {}
  void update(const execute::ProgressUpdate& update) override {
    if (update.phase != execute::Phase::Run || done_) return;
    done_ = true;
    what_();
  }

 private:
  std::function<void()> what_;
  bool done_ = false;
};

}  // namespace

TEST_CASE("one worker and two write the same, and every row once", "[postgres]") {
  const PostgresDatabase one;
  make_accounts(one, 12'000, 997);
  const PostgresDatabase two(one);
  for (const auto& [database, workers] : {std::pair{&one, 1}, {&two, 2}}) {
    Program program(database->url(),
                    spec_text({.stages = "stages { canary sample 50 rows seed 7 then verified  rest }"}));
    program.options.workers = workers;
    program.subject.engine = execute::EngineChoice::Auto;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.changed == database->number("SELECT count(*) FROM backfill.backfill_correction_1"));
    CHECK(report.outcomes.quarantined > 0);
    CHECK(report.late == 0);
    CHECK(report.drift.empty());
    CHECK(report.verifications.size() == 1);
    CHECK(database->number("SELECT count(*) - count(DISTINCT batch) FROM backfill.backfill_batch") == 0);
    const auto clean =
        must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
    CHECK(clean.clean());
  }
  CHECK(one.content(kAccounts) == two.content(kAccounts));
  CHECK(one.content(kKept) == two.content(kKept));
  CHECK(one.content(kStages) == two.content(kStages));
  CHECK(one.content(kAside) == two.content(kAside));
}

TEST_CASE("rows that somebody changes between read and write are decided anew, never overwritten",
          "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 300);
  Application application(database.url()), watcher(database.url());
  // Nobody sees it yet: the batch reads the rows as they were, and comes to wait when it writes.
  application.run(R"(BEGIN;
    UPDATE accounts SET name = 'FRESH' WHERE id = 3;
    UPDATE accounts SET status = 'theirs', total = 5 WHERE id = 6;
    DELETE FROM accounts WHERE id = 9;
    UPDATE accounts SET locked = 1 WHERE id = 12;
    UPDATE accounts SET amount = 9223372036854775807 WHERE id = 18;
    UPDATE accounts SET status = 'half' WHERE id = 24;)");
  Program program(database.url(), spec_text());
  auto running = std::async(std::launch::async, [&] { return program.try_run(); });
  wait_until_blocked(watcher);
  application.run("COMMIT");
  const auto report = must(running.get());
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.decided_anew == 6);
  CHECK(report.outcomes.add_up());
  CHECK(report.outcomes.conflicts == 0);
  CHECK(report.outcomes.quarantined == 1);
  CHECK(report.late == 0);
  // Six is full, nine gone, twelve locked: they were not met. One chunk tells so.
  REQUIRE(report.drift.size() == 1);
  CHECK(report.drift[0].expected - 3 == report.drift[0].met);
  CHECK(database.content("SELECT id, status, total, locked FROM accounts WHERE id IN (3, 6, 9, 12, 18, 24)"
                         " ORDER BY id") == "3|fresh|2|0|\n6|theirs|5|0|\n12|||1|\n18|||0|\n24|half|9|0|\n");
  CHECK(database.content("SELECT key_id, prior_status, new_status FROM backfill.backfill_correction_1 WHERE "
                         "key_id IN (3, 6, 9, 12, 18, 24) ORDER BY key_id") == "3||fresh|\n24|half|half|\n");
  CHECK(database.content(kAside).starts_with("18|quarantined|overflow|"));
}

TEST_CASE("a row that somebody keeps locked is waited for with smaller and smaller batches", "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 300);
  Application application(database.url());
  application.run("BEGIN; UPDATE accounts SET amount = amount + 1 WHERE id = 453");
  Program program(database.url(), spec_text({.pace = "pace { batch 8 to 8 rows }"}));
  struct Waits : execute::Progress {
    Application* application;
    std::vector<std::string> told;
    std::int64_t done_at_the_end = 0;
    void update(const execute::ProgressUpdate& update) override {
      if (update.throttle.empty()) return;
      told.push_back(update.throttle);
      done_at_the_end = update.done;
      if (told.size() == 5) application->run("COMMIT");
    }
  } waits;
  waits.application = &application;
  program.subject.progress = &waits;
  const auto report = program.run();
  REQUIRE(report.end == RunEnd::Finished);
  REQUIRE(waits.told.size() == 5);
  CHECK(report.retries == 5);
  CHECK(waits.told.front() == "waiting: lock timeout (try 2)");
  // 453 is the 151st row: its neighbours were written before it, down to the last one.
  CHECK(waits.done_at_the_end == database.number("SELECT count(*) FROM backfill.backfill_correction_1 WHERE"
                                                 " key_id < 453"));
  CHECK(database.number("SELECT total FROM accounts WHERE id = 453") == 153);
  CHECK(database.number("SELECT count(*) FROM backfill.backfill_event WHERE kind = 'retried'") > 0);
}

TEST_CASE("a process from which the run was taken can commit nothing more", "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 300);
  Application application(database.url()), watcher(database.url());
  application.run("BEGIN; UPDATE accounts SET amount = amount WHERE id = 3");
  Program program(database.url(), spec_text());
  auto running = std::async(std::launch::async, [&] { return program.try_run(); });
  wait_until_blocked(watcher);
  // The batch has asked already whose run it is.
  watcher.run("UPDATE backfill.backfill_run SET owner = 'thief', owner_pid = 1, owner_started = 1");
  application.run("ROLLBACK");
  const auto report = must(running.get());
  CHECK(report.end == RunEnd::Busy);
  CHECK(database.number("SELECT count(*) FROM backfill.backfill_correction_1") == 0);
  CHECK(database.number("SELECT count(*) FROM accounts WHERE status <> 'kept'") == 0);
  CHECK(database.content("SELECT state, owner FROM backfill.backfill_run") == "running|thief|\n");
}

TEST_CASE("connections that are lost at any moment change nothing in the end", "[postgres]") {
  const PostgresDatabase pristine;
  make_accounts(pristine, 4000, 97);
  const PostgresDatabase control(pristine);
  const Parts parts{.stages = "stages { first where id < 3000  rest }",
                    .pace = "pace { batch 20 to 60 rows }"};
  REQUIRE(Program(control.url(), spec_text(parts)).run().end == RunEnd::Finished);
  std::int64_t retries = 0;
  for (const int workers : {1, 2}) {
    const PostgresDatabase database(pristine);
    Program program(database.url(), spec_text(parts));
    program.options.workers = workers;
    std::atomic<bool> over{false};
    std::thread killer;
    AfterFirstBatch begin([&] {
      killer = std::thread([&] {
        Application admin(test::postgres_url());
        for (int i = 1; !over && i <= 20; ++i) {
          admin.try_run(
              fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE"
                          " application_name = 'backfill' AND datname = '{}'",
                          database.name()));
          std::this_thread::sleep_for(std::chrono::milliseconds(90 + 47 * (i % 5)));
        }
      });
    });
    program.subject.progress = &begin;
    const auto report = program.try_run();
    over = true;
    if (killer.joinable()) killer.join();
    INFO((report ? report->message : report.failure().message));
    REQUIRE(report);
    CHECK(report->end == RunEnd::Finished);
    retries += report->retries;
    CHECK(database.content(kAccounts) == control.content(kAccounts));
    CHECK(database.content(kKept) == control.content(kKept));
    CHECK(database.content(kStages) == control.content(kStages));
    CHECK(database.content(kAside) == control.content(kAside));
  }
  CHECK(retries > 0);
}

// A commit that waits for a standby which does not exist has taken place; whoever ends the connection then
// takes the answer away. Batches do not wait: it is the one that ends the stage. (Batches: crash/proxy.py.)
TEST_CASE("a commit that took place though its answer was lost is found in the books, and counted once",
          "[postgres]") {
  const PostgresDatabase control;
  make_accounts(control, 1000, 97);
  const PostgresDatabase database(control);
  const Parts parts{.pace = "pace { batch 100 to 100 rows }"};
  const auto expected = Program(control.url(), spec_text(parts)).run();
  database.run(fmt::format("ALTER DATABASE {} SET synchronous_commit = on", database.name()));
  Application admin(test::postgres_url());
  std::thread taker;
  std::atomic<int> taken{0};
  AfterFirstBatch begin([&] {
    admin.run("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    admin.run("SELECT pg_reload_conf()");
    taker = std::thread([&] {
      for (int i = 0; i < 1000 && taken == 0; ++i) {
        taken += static_cast<int>(
            admin.number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE"
                         " wait_event = 'SyncRep'"));
        std::this_thread::sleep_for(5ms);
      }
      // Before anybody else waits.
      admin.run("ALTER SYSTEM RESET synchronous_standby_names");
      admin.run("SELECT pg_reload_conf()");
    });
  });
  Program program(database.url(), spec_text(parts));
  program.subject.progress = &begin;
  const auto report = program.run();
  taker.join();
  CHECK(taken == 1);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.batches == expected.batches);
  CHECK(report.batches == database.number("SELECT count(*) FROM backfill.backfill_batch"));
  CHECK(report.outcomes.changed == expected.outcomes.changed);
  CHECK(database.content(kAccounts) == control.content(kAccounts));
  CHECK(database.content(kKept) == control.content(kKept));
  CHECK(database.content(kStages) == control.content(kStages));
}

TEST_CASE("candidates that came after their place was passed are reported, or taken by a catch-up",
          "[postgres]") {
  constexpr const char* kLate =
      "INSERT INTO accounts (id, name, locked, amount) VALUES (1, 'Early', 0, 1), (2, 'Earlier', 0, 2);"
      "UPDATE accounts SET locked = 0 WHERE id = 15;"
      "UPDATE accounts SET status = NULL, total = NULL WHERE id = 3";
  for (const bool catch_up : {false, true}) {
    const PostgresDatabase database;
    make_accounts(database, 300);
    Program program(database.url(), spec_text({.stages = "stages { first where id < 300  rest }"}));
    AfterFirstBatch late([&] { database.run(kLate); });
    program.subject.progress = &late;
    program.options.catch_up = catch_up;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.late == (catch_up ? 0 : 3));
    CHECK(report.late_keys ==
          (catch_up ? std::vector<std::string>{} : std::vector<std::string>{"1", "2", "15"}));
    CHECK(execute::exit_code(report) == 4);
    CHECK(database.number("SELECT count(*) FROM accounts WHERE id IN (1, 2, 15) AND status = lower(name)") ==
          (catch_up ? 3 : 0));
    CHECK(database.number("SELECT count(*) FROM accounts WHERE id = 3 AND status IS NULL") == 1);
    if (catch_up) CHECK(report.stages.back().outcomes.changed == 3);
  }
}

TEST_CASE("workers share pace, pause and the limit of quarantined rows", "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 6'000, 9);
  const PostgresDatabase other(database);
  Program held(other.url(), spec_text({.pace = "pace { batch 50 to 50 rows stop when quarantined > 1% }"}));
  held.options.workers = 2;
  CHECK(held.run().end == RunEnd::Throttled);

  Program program(database.url(),
                  spec_text({.pace = "pace { batch 100 to 100 rows at most 4000 rows per second }"}));
  program.options.workers = 2;
  AfterFirstBatch pause(
      [&] { CHECK(must(execute::control(database.url(), {}, execute::Request::Pause)).done); });
  program.subject.progress = &pause;
  const auto paused = program.run();
  CHECK(paused.end == RunEnd::Paused);
  CHECK(paused.batches <= 4);
  CHECK(must(execute::control(database.url(), {}, execute::Request::Resume)).done);
  program.subject.progress = nullptr;
  const execute::Stopwatch watch;
  const auto report = program.run();
  CHECK(report.end == RunEnd::Finished);
  CHECK(watch.seconds() > 0.9 * static_cast<double>(report.outcomes.changed - 400) / 4'000);
  CHECK(report.throttled_seconds > 0);
}

TEST_CASE("a worker that cannot go on ends the others, and what is committed stands in the books",
          "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 12'000);
  Program program(database.url(), spec_text({.pace = "pace { batch 50 to 50 rows }"}));
  program.options.workers = 2;
  AfterFirstBatch drop([&] { database.run("ALTER TABLE accounts RENAME COLUMN total TO total_2"); });
  program.subject.progress = &drop;
  const auto failed = program.try_run();
  REQUIRE_FALSE(failed);
  CHECK(failed.failure().message.find("total") != std::string::npos);
  CHECK(database.content("SELECT state, owner FROM backfill.backfill_run") == "interrupted||\n");
  const std::int64_t changed = database.number("SELECT changed FROM backfill.backfill_stage");
  CHECK(changed > 0);
  CHECK(changed < 200);
  CHECK(changed == database.number("SELECT count(*) FROM backfill.backfill_correction_1"));
  database.run("ALTER TABLE accounts RENAME COLUMN total_2 TO total");
  program.subject.progress = nullptr;
  CHECK(program.run().end == RunEnd::Finished);
}

TEST_CASE("of two processes that begin at once, one works", "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 2000);
  const auto one = [&] {
    Program program(database.url(), spec_text());
    return program.try_run();
  };
  auto first = std::async(std::launch::async, one), second = std::async(std::launch::async, one);
  const auto a = must(first.get()), b = must(second.get());
  const bool apart = a.end == RunEnd::Finished && b.end == RunEnd::Finished;  // one came when all was over
  CHECK((apart || a.end == RunEnd::Busy || b.end == RunEnd::Busy));
  CHECK((a.end == RunEnd::Finished || b.end == RunEnd::Finished));
  CHECK(database.number("SELECT count(*) FROM accounts WHERE status = lower(name)") ==
        database.number("SELECT count(*) FROM backfill.backfill_correction_1"));
  CHECK((apart || database.number("SELECT count(*) FROM backfill.backfill_run") == 1));
}

TEST_CASE(
    "an application that writes at full speed loses nothing to two workers, and nothing is computed"
    " from what was no longer so",
    "[postgres]") {
  const PostgresDatabase database;
  make_accounts(database, 6000);
  // Whoever writes leaves the row as it was: the application never touches what the run wrote.
  database.run(R"(
    CREATE TABLE audit (id BIGINT, who TEXT, old_status TEXT, old_name TEXT, new_status TEXT, n SERIAL);
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      INSERT INTO public.audit (id, who, old_status, old_name, new_status)
      VALUES (old.id, current_setting('application_name'), old.status, old.name, new.status);
      RETURN NULL; END $$;
    CREATE TRIGGER noted AFTER UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION note();)");
  Program program(database.url(), spec_text({.pace = "pace { batch 100 to 400 rows }"}));
  program.options.workers = 2;
  std::atomic<bool> over{false};
  std::atomic<std::int64_t> written{0};
  std::thread writer([&] {
    Application application(database.url());
    application.run("SET application_name = 'shop'");
    for (std::int64_t i = 0; !over; ++i) {
      const std::int64_t id = 3 * (1 + (i * 7919) % 6000);
      if (application.try_run(i % 3 == 0
                                  ? fmt::format("UPDATE accounts SET status = 'shop {}' WHERE id = {}", i, id)
                                  : fmt::format("UPDATE accounts SET name = 'Shop {}' WHERE id = {}", i, id)))
        ++written;
    }
  });
  const auto report = program.try_run();
  over = true;
  writer.join();
  REQUIRE(report);
  INFO(report->message);
  REQUIRE(report->end == RunEnd::Finished);
  CHECK(report->outcomes.add_up());
  CHECK(report->outcomes.conflicts == 0);
  CHECK(written == database.number("SELECT count(*) FROM audit WHERE who = 'shop'"));
  // The run wrote each row at most once, only where the status was missing or stays, and from the name it had
  // in that very moment.
  const std::string ours = "SELECT count(*) FROM audit WHERE who = 'backfill'";
  CHECK(database.number(ours) == report->outcomes.changed);
  CHECK(database.number(ours + " AND old_status IS NULL AND new_status <> lower(old_name)") == 0);
  CHECK(database.number(ours + " AND old_status IS NOT NULL AND new_status <> old_status") == 0);
  CHECK(database.number("SELECT count(*) FROM backfill.backfill_correction_1 AS c JOIN audit AS a ON a.id ="
                        " c.key_id AND a.who = 'backfill' WHERE c.prior_status IS DISTINCT FROM"
                        " a.old_status") == 0);
}
