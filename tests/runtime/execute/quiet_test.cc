// SPDX-License-Identifier: Apache-2.0
// What was found in other rows is looked for again by the write, unless nobody can have changed it. Whether
// the write looks is seen by a lock: it would have to wait.
#include "runtime/database/postgres/quiet.h"

#include <future>

#include "runtime/execute/verify.h"
#include "tests/runtime/execute/postgres_fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using database::postgres::OwnTransactions;
using database::postgres::parse_snapshot;
using database::postgres::Seen;
using execute::RunEnd;

namespace {

constexpr const char* kSpec = R"(backfill guarded {
  table accounts
  lookup plan = p in plans where p.code = row.plan_code
  scope { where seats is missing }
  derive seats = plan.seats
})";

void make_plans(const PostgresDatabase& database, const std::string& more = "") {
  database.run(R"(
    CREATE TABLE plans (code TEXT PRIMARY KEY, seats INT NOT NULL);
    INSERT INTO plans SELECT 'p' || i, i * 10 FROM generate_series(0, 9) AS i;
    CREATE TABLE accounts (id BIGINT PRIMARY KEY, plan_code TEXT NOT NULL, seats INT);
    INSERT INTO accounts SELECT i, 'p' || i % 10, NULL FROM generate_series(1, 100) AS i;)" +
               more);
}

// One worker of a run: what it has read is written when the test wants it.
class Worker {
 public:
  explicit Worker(const Program& program)
      : backfill_(program.backfill()),
        store_(must(database::open(program.subject.url, {database::Access::ReadWrite}))) {}

  void create() {
    must(store_->begin(database::Access::ReadWrite));
    must(store_->create_corrections(backfill_, 1));
    must(store_->commit());
  }
  void works_beside(Worker& other) { store_->works_beside(*other.store_); }
  void read(std::int64_t first, std::int64_t last) {
    table_ = must(store_->table(backfill_, 1));
    must(table_->read({first - 1}, {last}, 100, batch_));
    REQUIRE(batch_.rows == last - first + 1);
  }
  // Rows that were written; nothing: it had to wait for too long.
  std::optional<std::int64_t> write(const char* patience = "100ms") {
    std::vector<stdlib::ColumnBuffer> outputs;
    outputs.emplace_back(stdlib::Type{stdlib::Kind::Int32});
    outputs[0].reserve(batch_.rows);
    std::vector<std::int64_t> all;
    stdlib::Arena arena;
    for (std::int64_t row = 0; row < batch_.rows; ++row) {
      all.push_back(row);
      outputs[0].set(row, std::int64_t{77}, arena);
    }
    must(store_->begin(database::Access::ReadWrite));
    must(store_->execute(fmt::format("SET LOCAL lock_timeout = '{}'", patience), {}));
    const auto written = table_->write(batch_, outputs, all, ++batches_);
    if (written) {
      must(store_->commit());
      return written->written;
    }
    store_->rollback();
    CHECK(written.failure().message.find("lock timeout") != std::string::npos);
    return std::nullopt;
  }

 private:
  const ir::Backfill& backfill_;
  std::unique_ptr<database::Store> store_;
  std::unique_ptr<database::TableAccess> table_;
  database::RowBatch batch_;
  std::int64_t batches_ = 0;
};

bool alone(const std::string& then, const std::string& now, std::vector<std::uint32_t> own,
           std::uint64_t current = 0) {
  OwnTransactions transactions;
  transactions.add(own);
  const Seen seen{transactions.era(), *parse_snapshot(then)};
  return transactions.alone_since(seen, *parse_snapshot(now), current);
}

}  // namespace

TEST_CASE("snapshots are compared by who has ended between them", "[postgres]") {
  CHECK_FALSE(parse_snapshot(""));
  CHECK_FALSE(parse_snapshot("10:"));
  CHECK_FALSE(parse_snapshot("10:9:"));
  CHECK_FALSE(parse_snapshot("10:20:x"));
  CHECK(parse_snapshot("10:20:15,12")->running == std::vector<std::uint64_t>{12, 15});
  CHECK(alone("10:10:", "10:10:", {}));
  CHECK_FALSE(alone("10:10:", "11:11:", {}));
  CHECK(alone("10:10:", "11:11:", {10}));
  CHECK(alone("10:10:", "10:12:10,11", {}));     // both are under way
  CHECK_FALSE(alone("10:11:10", "11:11:", {}));  // it was under way, and has ended
  CHECK(alone("10:11:10", "11:11:", {10}));
  CHECK(alone("10:11:10", "10:11:10", {}));
  CHECK(alone("10:10:", "10:11:", {}, 10));      // who asks
  CHECK_FALSE(alone("10:10:", "10:12:10", {}));  // 11 has ended, or is part of what is under way
  CHECK_FALSE(alone("20:20:", "10:10:", {}));    // another server
  CHECK_FALSE(alone("10:10:", "9000:9000:", {}));
  CHECK(alone("4294967296:4294967296:", "4294967297:4294967297:", {0}));
}

TEST_CASE("after a lost connection nothing is known of what came before", "[postgres]") {
  OwnTransactions transactions;
  const Seen seen{transactions.era(), *parse_snapshot("10:10:")};
  CHECK(transactions.alone_since(seen, *parse_snapshot("10:10:"), 0));
  transactions.forget();
  CHECK_FALSE(transactions.alone_since(seen, *parse_snapshot("10:10:"), 0));
}

TEST_CASE("where nobody has committed since the read, the write does not look at other rows", "[postgres]") {
  const PostgresDatabase database;
  make_plans(database);
  const Program program(database.url(), kSpec);
  Worker worker(program);
  worker.create();
  Application before(database.url()), lock(database.url());
  before.run("BEGIN; CREATE TABLE anything (id INT)");
  worker.read(1, 50);
  lock.run("BEGIN; LOCK TABLE plans IN ACCESS EXCLUSIVE MODE");
  CHECK(worker.write() == 50);  // both are under way, as they were
  lock.run("COMMIT");
  worker.read(51, 100);
  before.run("COMMIT");
  lock.run("BEGIN; LOCK TABLE plans IN ACCESS EXCLUSIVE MODE");
  CHECK_FALSE(worker.write());
}

TEST_CASE("own commits, of each worker, are no reason to look again; others are", "[postgres]") {
  const PostgresDatabase database;
  make_plans(database);
  const Program program(database.url(), kSpec);
  Worker one(program), two(program), stranger(program);
  one.create();
  two.works_beside(one);
  one.read(1, 20);
  two.read(21, 40);
  Application lock(database.url());
  lock.run("BEGIN; LOCK TABLE plans IN ACCESS EXCLUSIVE MODE");
  CHECK(one.write() == 20);
  CHECK(two.write() == 20);
  lock.run("COMMIT");
  one.read(41, 60);
  two.read(61, 80);
  stranger.read(81, 100);
  CHECK(stranger.write() == 20);
  lock.run("BEGIN; LOCK TABLE plans IN ACCESS EXCLUSIVE MODE");
  CHECK_FALSE(one.write());
  lock.run("COMMIT");
  CHECK(one.write() == 20);
  CHECK(two.write() == 20);
  CHECK(database.number("SELECT count(*) FROM accounts WHERE seats = 77") == 100);
}

TEST_CASE("the write looks again where anybody has committed, or writing reaches further", "[postgres]") {
  struct Reason {
    std::string before, meanwhile;
  };
  const auto reason = GENERATE(
      Reason{"", "CREATE TABLE anything (id INT)"}, Reason{"", "UPDATE plans SET seats = seats"},
      Reason{"", "BEGIN; SAVEPOINT a; UPDATE plans SET seats = seats; RELEASE a; COMMIT"},
      Reason{"", "BEGIN; CREATE TABLE anything (id INT); ROLLBACK"},  // who it was is not known
      Reason{"CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
             "CREATE TRIGGER t AFTER UPDATE ON accounts EXECUTE FUNCTION f();",
             ""},
      Reason{
          "CREATE TABLE seen (n INT); CREATE RULE r AS ON UPDATE TO accounts DO ALSO UPDATE seen SET n = 1;",
          ""},
      Reason{"CREATE TABLE more () INHERITS (plans);", ""},
      Reason{"ALTER TABLE accounts ADD UNIQUE (seats); CREATE TABLE follows (id INT PRIMARY KEY,"
             " seats INT REFERENCES accounts (seats) ON UPDATE CASCADE);",
             ""});
  const PostgresDatabase database;
  make_plans(database, reason.before);
  INFO(reason.before << reason.meanwhile);
  const Program program(database.url(), kSpec);
  Worker worker(program);
  worker.create();
  worker.read(1, 1);
  Application other(database.url());
  if (!reason.meanwhile.empty()) other.run(reason.meanwhile);
  other.run("BEGIN; LOCK TABLE plans IN ACCESS EXCLUSIVE MODE");
  CHECK_FALSE(worker.write());
  other.run("COMMIT");
  CHECK(worker.write() == 1);
}

TEST_CASE("who commits between the write's question and its statement makes it look again", "[postgres]") {
  const PostgresDatabase database;
  make_plans(database);
  const Program program(database.url(), kSpec);
  Worker worker(program);
  worker.create();
  worker.read(1, 100);
  Application other(database.url()), watcher(database.url());
  other.run("BEGIN; LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE");
  auto writing = std::async(std::launch::async, [&] { return worker.write("10s"); });
  wait_until_blocked(watcher);
  other.run("UPDATE plans SET seats = 5 WHERE code = 'p1'; COMMIT");
  CHECK(writing.get() == 90);
  CHECK(database.number("SELECT count(*) FROM accounts WHERE seats = 77 AND plan_code = 'p1'") == 0);
}

TEST_CASE("rows that the database refuses are set aside where nobody else is at work, too", "[postgres]") {
  const PostgresDatabase database;
  make_plans(database, "ALTER TABLE accounts ADD CHECK (seats <> 30)");
  std::string spec = kSpec;
  spec.insert(spec.rfind('}'), "  pace { batch 5 to 5 rows }\n");
  Program program(database.url(), spec);
  const auto report = program.run();
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 90);
  CHECK(report.outcomes.quarantined == 10);
  CHECK(report.batches > 20);
  CHECK(report.retries == 1);  // from then on with savepoints
  CHECK(database.number("SELECT count(*) FROM accounts WHERE seats = right(plan_code, 1)::int * 10") == 90);
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
}
