// SPDX-License-Identifier: Apache-2.0
// Who works on a run, and what holds it: owners, pause and stop, signals, limits, other writers.
#include "tests/runtime/execute/fixture.h"

#include "runtime/database/sql/owner.h"
#include "runtime/execute/status.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

TEST_CASE("a run that a live process works on is busy, one whose process is gone is taken over") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text({.stages = "stages { first where id < 300 rest }"}));
  program.options.until_stage = "first";
  CHECK(program.run().end == RunEnd::StageDone);
  program.options.until_stage.clear();
  const database_sql::Owner me = database_sql::this_process();
  database.script(fmt::format(
      "UPDATE backfill_run SET owner = 'x', owner_host = '{}', owner_pid = {}, owner_started = {}", me.host,
      me.pid, me.started));
  const auto busy = program.run();
  CHECK(busy.end == RunEnd::Busy);
  CHECK(busy.message.find(std::to_string(me.pid)) != std::string::npos);
  // The same pid, but another process had it.
  database.script("UPDATE backfill_run SET owner_started = owner_started + 1");
  CHECK(program.run().end == RunEnd::Finished);
}

namespace {

// Another process takes the run over while the last batch of a stage is told of.
class Thief final : public execute::Progress {
 public:
  explicit Thief(Database& database) : database_(database) {}
  void update(const execute::ProgressUpdate& update) override {
    if (update.phase != execute::Phase::Run || update.done < update.total) return;
    database_.script("UPDATE backfill_run SET owner = 'thief', owner_pid = 1, owner_started = 1");
  }

 private:
  Database& database_;
};

}  // namespace

TEST_CASE("a process from which the run was taken writes nothing more in its books") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  Thief thief(database);
  program.subject.progress = &thief;
  CHECK(program.run().end == RunEnd::Busy);
  CHECK(database.content("SELECT state FROM backfill_stage") == "running|\n");
  CHECK(database.content("SELECT state, owner FROM backfill_run") == "running|thief|\n");
}

TEST_CASE("pause and stop are heard between batches") {
  Database database;
  make_accounts(database, 600);
  Program program(database, spec_text({.stages = "stages { first where id < 300 rest }"}));
  program.options.until_stage = "first";
  CHECK(program.run().end == RunEnd::StageDone);
  program.options.until_stage.clear();
  CHECK(must(execute::control(database.url(), {}, execute::Request::Pause)).done);
  CHECK(program.run().end == RunEnd::Paused);
  CHECK(must(execute::control(database.url(), {}, execute::Request::Resume)).done);
  // While it runs: the first batch's progress asks for the stop.
  struct Stopper : execute::Progress {
    std::string url;
    bool asked = false;
    void update(const execute::ProgressUpdate& update) override {
      if (update.phase != execute::Phase::Run || asked) return;
      asked = true;
      CHECK(must(execute::control(url, {}, execute::Request::Stop)).done);
    }
  } stopper;
  stopper.url = database.url();
  program.subject.progress = &stopper;
  const auto stopped = program.run();
  CHECK(stopped.end == RunEnd::Stopped);
  CHECK(stopped.batches == 1);
  program.subject.progress = nullptr;
  CHECK(program.run().run == 2);
}

TEST_CASE("an interrupt ends the run after a committed batch, and it goes on later") {
  Database database, control;
  make_accounts(database, 1000);
  control.copy_from(database);
  Program(control, spec_text()).run();
  Program program(database, spec_text());
  std::atomic<bool> interrupt{false};
  struct Interrupter : execute::Progress {
    std::atomic<bool>* flag;
    void update(const execute::ProgressUpdate& update) override {
      *flag = update.phase == execute::Phase::Run;
    }
  } interrupter;
  interrupter.flag = &interrupt;
  program.subject.progress = &interrupter;
  program.subject.interrupt = &interrupt;
  int runs = 0;
  while (program.run().end == RunEnd::Interrupted) {
    interrupt = false;
    REQUIRE(++runs < 100);
  }
  CHECK(runs > 3);
  CHECK(database.content(kTable) == control.content(kTable));
  CHECK(database.content(kCorrections) == control.content(kCorrections));
}

TEST_CASE("too many quarantined rows hold the run") {
  Database database;
  make_accounts(database, 1000, 9);
  Program program(database, spec_text({.pace = "pace { batch 50 to 50 rows stop when quarantined > 1% }"}));
  const auto report = program.run();
  CHECK(report.end == RunEnd::Throttled);
  CHECK(report.batches == 1);
  CHECK(execute::exit_code(report) == 3);
}

TEST_CASE("workers are refused where the database writes one at a time", "[sqlite]") {
  Database database;
  make_accounts(database, 100);
  Program program(database, spec_text());
  program.options.workers = 2;
  const auto report = program.run();
  CHECK(report.end == RunEnd::Refused);
  CHECK(execute::exit_code(report) == 1);
  CHECK(report.message.find("one at a time") != std::string::npos);
}

TEST_CASE("a writer that holds the database for a while is waited for, and that is counted", "[sqlite]") {
  Database database;
  make_accounts(database, 300);
  Program program(database, spec_text());
  struct Holder : execute::Progress {
    Database* database;
    std::unique_ptr<database::Store> store;
    std::vector<std::string> waits;
    void update(const execute::ProgressUpdate& update) override {
      if (update.phase != execute::Phase::Run) return;
      if (!update.throttle.empty()) {
        waits.push_back(update.throttle);
        store->rollback();
      } else if (!store) {
        store = database->open();
        must(store->begin(database::Access::ReadWrite));
      }
    }
  } holder;
  holder.database = &database;
  program.subject.progress = &holder;
  const auto report = program.run();
  CHECK(report.end == RunEnd::Finished);
  CHECK(report.retries == 1);
  REQUIRE(holder.waits.size() == 1);
  CHECK(holder.waits[0] == "waiting: the database is busy (try 2)");
  CHECK(database.number("SELECT count(*) FROM backfill_event WHERE kind = 'retried'") == 1);
}
