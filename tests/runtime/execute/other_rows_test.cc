// SPDX-License-Identifier: Apache-2.0
// Lookups and aggregates over other tables, on every store: run, verify, run again, roll back.
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

void make_shop(Database& database) {
  database.script(R"(
    CREATE TABLE regions (code TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT);
    CREATE TABLE plans (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, seats INTEGER NOT NULL, region TEXT);
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, plan_code TEXT, plan_id INTEGER NOT NULL REFERENCES plans (id),
                           seats INTEGER, region TEXT, orders BIGINT, spent DECIMAL(10, 2),
                           last_order INTEGER, first_note TEXT, big BOOLEAN, mean DECIMAL(20, 6));
    CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, total DECIMAL(10, 2) NOT NULL,
                         note TEXT, placed INTEGER);
    CREATE INDEX orders_account ON orders (account_id);
    INSERT INTO regions VALUES ('eu', 'Europe', NULL), ('us', 'America', 'x');
    INSERT INTO plans VALUES (1, 'solo', 1, 'eu'), (2, 'team', 5, 'us'), (3, 'lost', 9, 'zz'), (4, 'none', 7, NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO accounts (id, plan_code, plan_id)
      SELECT i, CASE i % 5 WHEN 0 THEN 'solo' WHEN 1 THEN 'team' WHEN 2 THEN 'lost' WHEN 3 THEN 'unknown' END,
        i % 4 + 1 FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
    INSERT INTO orders SELECT i, i % 200 + 1, i * 1.25, CASE WHEN i % 3 = 0 THEN 'note ' || i END,
      CASE WHEN i % 7 > 0 THEN i % 90 END FROM n;)");
}

const char* const kAccounts =
    "SELECT id, seats, region, orders, spent, last_order, first_note, big, mean FROM accounts ORDER BY id";

}  // namespace

TEST_CASE("a lookup by a unique key, one behind it, and what a row without them gets") {
  Database database;
  make_shop(database);
  const std::string before = database.content(kAccounts);
  Program program(database, R"(backfill plans_of {
    intent recompute
    table accounts
    lookup plan   = p in plans where p.code = row.plan_code
    lookup area   = r in regions where r.code = plan.region when plan.seats < 100
    scope { exclude no_plan when plan is missing because "nobody knows its plan" }
    derive seats  = plan.seats
    derive region = area.name ?? case { plan.region is missing -> 'no region', else -> 'no such region' }
  })");
  CHECK(program.backfill().row.queries.size() == 2);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 180);
  CHECK(
      database.content("SELECT seats, region, count(*) FROM accounts GROUP BY seats, region ORDER BY 1, 2") ==
      database.content(
          "SELECT p.seats, CASE WHEN p.code IS NOT NULL THEN coalesce(r.name, CASE WHEN p.region "
          "IS NULL THEN 'no region' ELSE 'no such region' END) END, count(*) FROM accounts a LEFT "
          "JOIN plans p ON p.code = a.plan_code LEFT JOIN regions r ON r.code = p.region GROUP BY "
          "1, 2 ORDER BY 1, 2"));
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  CHECK(verified.compared == 180);
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kAccounts) == before);
}

TEST_CASE("counts, sums, means, the greatest, the first and whether there is one") {
  Database database;
  make_shop(database);
  const std::string before = database.content(kAccounts);
  Program program(database, R"(backfill totals {
    intent recompute
    table accounts
    lookup early = first o in orders where o.account_id = row.id and o.note is present order by o.placed desc, o.id
    derive orders     = count(o in orders where o.account_id = row.id)
    derive spent      = sum(o.total for o in orders where o.account_id = row.id) as decimal(10, 2)
    derive last_order = max(o.placed for o in orders where o.account_id = row.id)
    derive first_note = early.note ?? first(o.note for o in orders where o.account_id = row.id order by o.id)
    derive big        = exists(o in orders where o.account_id = row.id and o.total > 1800)
    derive mean       = avg(o.total for o in orders where o.account_id = row.id) as decimal(20, 6)
  })");
  program.subject.engine = execute::EngineChoice::Auto;
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 300);
  CHECK(database.number(
            "SELECT count(*) FROM accounts a WHERE orders <> (SELECT count(*) FROM orders o WHERE "
            "o.account_id = a.id) OR spent <> (SELECT coalesce(sum(o.total), 0) FROM orders o WHERE "
            "o.account_id = a.id)") == 0);
  CHECK(database.number(
            "SELECT count(*) FROM accounts WHERE orders = 0 AND spent = 0 AND last_order IS NULL AND "
            "mean IS NULL") == 100);
  CHECK(
      database.number("SELECT count(*) FROM accounts a WHERE last_order <> (SELECT max(placed) FROM orders o "
                      "WHERE o.account_id = a.id)") == 0);
  CHECK(database.number(
            "SELECT count(*) FROM accounts a JOIN orders o ON o.id = (SELECT x.id FROM orders x WHERE "
            "x.account_id = a.id AND x.note IS NOT NULL ORDER BY CASE WHEN x.placed IS NULL THEN 1 "
            "ELSE 0 END, x.placed DESC, x.id LIMIT 1) WHERE a.first_note <> o.note") == 0);
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  CHECK(verified.compared == 300);
  CHECK(Program(database, program.options.spec).run().outcomes.changed == 0);
  // Somebody adds an order: the row's own values are no longer what they would be.
  database.script("INSERT INTO orders VALUES (5000, 7, 1, NULL, 1)");
  const auto late = must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(late.mismatches == 1);
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kAccounts) == before);
}

TEST_CASE("a foreign key makes a looked-up row certain; where it lies, the row is set aside") {
  Database database;
  make_shop(database);
  Program program(database, R"(backfill certain {
    table accounts
    lookup plan = p in plans where p.id = row.plan_id
    derive seats = plan.seats
  })");
  REQUIRE(program.backfill().row.queries[0].certain);
  if (conformance::backend() == conformance::Backend::Sqlite)
    database.script("PRAGMA foreign_keys = OFF; UPDATE accounts SET plan_id = 99 WHERE id = 5");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  const bool lies = conformance::backend() == conformance::Backend::Sqlite;
  CHECK(report.outcomes.quarantined == (lies ? 1 : 0));
  CHECK(report.outcomes.changed == (lies ? 299 : 300));
}

TEST_CASE("of two rows none is the only one: the row is set aside") {
  Database database;
  make_shop(database);
  Program program(database, R"(backfill only_ones {
    table accounts
    lookup one = only o in orders where o.account_id = row.id and o.placed < 20
    derive first_note = case { one is missing -> 'none', else -> one.total as text }
  })");
  const auto report = program.run();
  REQUIRE(report.end == RunEnd::Finished);
  const auto with = [&](const std::string& count) {
    return database.number(
        "SELECT count(*) FROM accounts a WHERE (SELECT count(*) FROM orders o WHERE "
        "o.account_id = a.id AND o.placed < 20) " +
        count);
  };
  CHECK(with("> 1") > 0);
  CHECK(report.outcomes.quarantined == with("> 1"));
  CHECK(database.number("SELECT count(*) FROM accounts WHERE first_note = 'none'") == with("= 0"));
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
}

TEST_CASE("a query that reads the run's moment reads the same one in each batch and in its verification") {
  Database database;
  const bool sqlite = conformance::backend() == conformance::Backend::Sqlite;
  database.script(fmt::format(R"(
    CREATE TABLE parents (id INTEGER PRIMARY KEY, fresh BIGINT);
    CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL, at {} NOT NULL);
    INSERT INTO parents VALUES (1, NULL), (2, NULL);
    INSERT INTO children VALUES (1, 1, '2000-01-01 00:00:00'), (2, 1, '2999-01-01 00:00:00');)",
                              sqlite ? "TIMESTAMP" : "TIMESTAMPTZ"));
  Program program(database, R"(backfill fresh_ones {
    table parents
    derive fresh = count(c in children where c.parent_id = row.id and c.at > now() - 1 day)
  })");
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(database.content("SELECT fresh FROM parents ORDER BY id") == "1|\n0|\n");
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
}

TEST_CASE("a looked-up row that changes between read and write is a conflict, and its row is decided anew") {
  Database database;
  make_shop(database);
  const auto store = database.open();
  if (!store->guards_rows()) return;  // whoever writes excludes the others
  const Program program(database, R"(backfill guarded {
    intent recompute
    table accounts
    lookup plan = p in plans where p.code = row.plan_code
    derive seats  = plan.seats
    derive orders = count(o in orders where o.account_id = row.id)
  })");
  const ir::Backfill& backfill = program.backfill();
  must(store->begin(database::Access::ReadWrite));
  must(store->create_corrections(backfill, 1));
  must(store->commit());
  const auto table = must(store->table(backfill, 1));
  database::RowBatch batch, again;
  must(table->read({}, {}, 10, batch));
  REQUIRE(batch.rows == 10);
  // Of plan `team` are the accounts 1 and 6; account 4 gets an order more. Account 3 has no plan as yet.
  database.script(
      "UPDATE plans SET seats = 50 WHERE code = 'team'; INSERT INTO orders VALUES (5000, 4, 1, NULL, 1);"
      "INSERT INTO plans VALUES (9, 'unknown', 2, NULL); UPDATE plans SET region = 'eu' WHERE code = 'solo'");
  std::vector<stdlib::ColumnBuffer> outputs;
  for (const ir::Output& output : backfill.row.outputs)
    outputs.emplace_back(backfill.table->columns[static_cast<std::size_t>(output.column)].type);
  std::vector<std::int64_t> all;
  stdlib::Arena arena;
  for (auto& output : outputs) output.reserve(batch.rows);
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    all.push_back(row);
    for (auto& output : outputs) output.set(row, std::int64_t{77}, arena);
  }
  must(store->begin(database::Access::ReadWrite));
  const auto written = must(table->write(batch, outputs, all, 1));
  CHECK(written.conflicts == std::vector<std::int64_t>{0, 2, 3, 5, 7});
  CHECK(written.written == 5);
  CHECK(written.failures.empty());
  CHECK(must(table->read_again(batch, written.conflicts, again)));
  must(store->commit());
  REQUIRE(again.rows == 5);
  CHECK(database.number("SELECT count(*) FROM accounts WHERE seats = 77") == 5);
}
