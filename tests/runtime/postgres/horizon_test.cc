// SPDX-License-Identifier: Apache-2.0
// Which rows somebody else has written since a snapshot: told without looking at the others.
#include <fmt/ranges.h>

#include "runtime/database/postgres/connection.h"
#include "tests/runtime/postgres/store_fixture.h"

using namespace backfill;
using namespace backfill::database;
using backfill::database::test::backfill_over;
using backfill::database::test::done;
using backfill::database::test::Postgres;
using backfill::database::test::Run;
using backfill::database::test::take;
using backfill::database::test::text;

namespace {

constexpr std::string_view kTable =
    "CREATE TABLE t(id bigint PRIMARY KEY, x text); INSERT INTO t SELECT i, NULL FROM generate_series(1, "
    "100) AS i";

// A transaction of somebody's own, open for as long as the test wants.
class Other {
 public:
  explicit Other(const Postgres& database) : connection_(take(postgres::Connection::open(database.url()))) {}
  void run(const std::string& sql) { done(connection_->run(sql)); }

 private:
  std::unique_ptr<postgres::Connection> connection_;
};

std::string horizon_of(Store& store) {
  done(store.begin(Access::ReadOnly));
  std::string horizon = take(store.horizon());
  store.rollback();
  return horizon;
}

std::vector<std::int64_t> written_since(Store& store, const std::string& horizon,
                                        const ir::Backfill& backfill) {
  done(store.begin(Access::ReadOnly));
  const auto since = take(store.written_since(horizon, backfill, 1));
  REQUIRE(since);
  const auto table = take(store.table_since(*since, backfill));
  RowBatch batch;
  done(table->read({}, {}, 1000, batch));
  store.rollback();
  CHECK(since->any == (batch.rows > 0));
  std::vector<std::int64_t> keys;
  for (std::int64_t row = 0; row < batch.rows; ++row) keys.push_back(batch.key(row, 1).at(0).integer());
  return keys;
}

}  // namespace

TEST_CASE("what others wrote since a horizon is told from what a run wrote, and from what nobody did") {
  Postgres database(kTable);
  Other early(database), nested(database);
  early.run("BEGIN; UPDATE t SET x = 'early' WHERE id = 20");
  nested.run("BEGIN; SAVEPOINT a; UPDATE t SET x = 'nested' WHERE id = 30; RELEASE SAVEPOINT a");
  database.run("UPDATE t SET x = 'before' WHERE id = 40");
  const std::string horizon = horizon_of(*database.store);
  REQUIRE_FALSE(horizon.empty());

  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"x"}));
  run.read({}, {std::int64_t{10}});
  for (std::int64_t row = 0; row < run.batch.rows; ++row) run.set(0, row, text("new"));
  CHECK(run.write().written == 10);
  // Of a moment when `early` was under way: who ended since then is looked at once more.
  const auto before = written_since(*database.store, horizon, run.backfill);
  CHECK_THAT(before, Catch::Matchers::Equals(std::vector<std::int64_t>{40}));
  CHECK(written_since(*database.store, horizon_of(*database.store), run.backfill).size() == 1);

  early.run("COMMIT");
  nested.run("COMMIT");
  database.run("INSERT INTO t VALUES (1000, NULL); UPDATE t SET x = 'theirs' WHERE id = 5");
  Other refused(database);
  refused.run("BEGIN; UPDATE t SET x = 'no' WHERE id = 50; ROLLBACK");
  const auto others = written_since(*database.store, horizon, run.backfill);
  CHECK_THAT(others, Catch::Matchers::Equals(std::vector<std::int64_t>{5, 20, 30, 40, 1000}));
}

TEST_CASE("rows that a run wrote in halves, or beside conflicts, may be looked at again and are not lost") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, x text CHECK (x <> 'bad')); INSERT INTO t SELECT "
      "i, NULL FROM generate_series(1, 8) AS i");
  const std::string horizon = horizon_of(*database.store);
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"x"}));
  run.read();
  for (std::int64_t row = 0; row < run.batch.rows; ++row) run.set(0, row, text(row == 3 ? "bad" : "new"));
  database.run("UPDATE t SET x = 'theirs' WHERE id = 7");
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 6);
  CHECK(outcome.failures.size() == 1);
  CHECK(outcome.conflicts.size() == 1);
  CHECK(database.ask("SELECT count(*) FROM backfill.backfill_correction_1") == "6");
  const auto others = written_since(*database.store, horizon, run.backfill);
  CHECK(std::ranges::find(others, 7) != others.end());
  CHECK(std::ranges::find(others, 1) == others.end());
}

TEST_CASE("a horizon of another server, or none, tells nothing") {
  Postgres database(kTable);
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"x"}));
  const std::string horizon = horizon_of(*database.store);
  const std::string number = horizon.substr(horizon.find('/'));
  for (const std::string& text : {std::string(), std::string("x"), "1" + number, horizon + "0000000000",
                                  horizon.substr(0, horizon.find('/')) + "/-5"}) {
    INFO(text);
    done(database.store->begin(Access::ReadOnly));
    CHECK_FALSE(take(database.store->written_since(text, run.backfill, 1)));
    database.store->rollback();
  }
}
