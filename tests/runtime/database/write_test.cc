// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <map>

#include "tests/runtime/database/fixture.h"

using namespace backfill;
using namespace backfill::database;
using backfill::database::test::backfill_over;
using backfill::database::test::Database;
using backfill::database::test::done;
using backfill::database::test::is_sqlite;
using backfill::database::test::kByKey;
using backfill::database::test::kCorrectionsByKey;
using backfill::database::test::Run;
using backfill::database::test::take;
using backfill::database::test::text;

namespace {

constexpr std::string_view kTen =
    "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, status TEXT);"
    "WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 10) "
    "INSERT INTO t SELECT x * 10, x, NULL FROM i;";
}  // namespace

TEST_CASE("ranges are read in key order, after one key and up to another") {
  Database database(kTen);
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read({std::int64_t{20}}, {std::int64_t{70}}, 3);
  CHECK(run.batch.rows == 3);
  CHECK(run.batch.key(0, 1)[0].integer() == 30);
  CHECK(run.batch.key(2, 1)[0].integer() == 50);
  run.read({std::int64_t{50}}, {std::int64_t{70}}, 3);
  CHECK(run.batch.rows == 2);
  run.read({std::int64_t{100}});
  CHECK(run.batch.rows == 0);
}

TEST_CASE("a write keeps what was there, writes what is new, and touches nothing else") {
  Database database(kTen);
  database.run("UPDATE t SET status = 'old' WHERE id = 20");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text(fmt::format("s{}", row)));
  run.outputs[0].set_missing(3);
  const WriteOutcome outcome = run.write({1, 3, 9}, 7);
  CHECK(outcome.written == 3);
  CHECK(outcome.conflicts.empty());
  CHECK(outcome.failures.empty());
  CHECK(database.ask(fmt::format("SELECT group_concat(id || coalesce(status, '-'), ' ') FROM {}", kByKey)) ==
        "10- 20s1 30- 40- 50- 60- 70- 80- 90- 100s9");
  CHECK(
      database.ask(fmt::format("SELECT group_concat(key_id || ':' || batch || coalesce(prior_status, '-') || "
                               "coalesce(new_status, '-') || rolled_back, ' ') FROM {}",
                               kCorrectionsByKey)) == "20:7olds10 40:7--0 100:7-s90");
}

TEST_CASE("rows that are gone are conflicts and the others are written") {
  Database database(kTen);
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  database.run("DELETE FROM t WHERE id IN (10, 50)");
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 8);
  CHECK(outcome.conflicts == std::vector<std::int64_t>{0, 4});
  CHECK(database.ask(
            "SELECT count(*), (SELECT count(*) FROM backfill_correction_1) FROM t WHERE status = 'new'") ==
        "8|8");
}

TEST_CASE("corrections without prior values are the same rows as those with") {
  constexpr std::string_view kHundred =
      "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, status TEXT);"
      "WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 100) "
      "INSERT INTO t SELECT x * 10, x, NULL FROM i;";
  std::string kept[2];
  for (const bool prior : {false, true}) {
    Database database(kHundred);
    if (prior) database.run("UPDATE t SET status = 'old' WHERE id = 1000");
    Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
    run.read();
    for (std::int64_t row = 0; row < 100; ++row) run.set(0, row, text(fmt::format("s{}", row)));
    run.outputs[0].set_missing(50);
    CHECK(run.write({}, 7).written == 100);
    CHECK(database.ask("SELECT prior_status FROM backfill_correction_1 WHERE key_id = 1000") ==
          (prior ? "old" : "NULL"));
    kept[prior ? 1 : 0] = database.ask(
        fmt::format("SELECT group_concat(key_id || typeof(key_id) || batch || quote(prior_status) || "
                    "quote(new_status) || rolled_back) FROM {} WHERE key_id < 1000",
                    kCorrectionsByKey));
  }
  CHECK(kept[0] == kept[1]);
}

TEST_CASE(
    "of a hundred rows without prior values those that are gone are conflicts, those refused are left") {
  Database database(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, n INTEGER, status TEXT UNIQUE);"
      "WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 100) "
      "INSERT INTO t SELECT x * 10, x, NULL FROM i;");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 100; ++row) run.set(0, row, text(fmt::format("s{}", row == 7 ? 6 : row)));
  database.run("DELETE FROM t WHERE id IN (10, 500)");
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 97);
  CHECK(outcome.conflicts == std::vector<std::int64_t>{0, 49});
  REQUIRE(outcome.failures.size() == 1);
  CHECK(outcome.failures[0].row == 7);
  CHECK(database.ask("SELECT count(*) FROM backfill_correction_1") == "97");
}

TEST_CASE("a constraint leaves out the rows that break it, and no other") {
  Database database(
      fmt::format("CREATE TABLE t(id INTEGER PRIMARY KEY, code TEXT UNIQUE {}, n INTEGER CHECK (n < 100));"
                  "INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'taken', 4);",
                  is_sqlite() ? "ON CONFLICT REPLACE" : "DEFERRABLE INITIALLY DEFERRED"));
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"code", "n"}));
  run.read();
  for (std::int64_t row = 0; row < 4; ++row) {
    run.set(0, row, text(row == 1 ? "taken" : fmt::format("x{}", row)));
    run.set(1, row, std::int64_t{row == 2 ? 100 : 5});
  }
  const WriteOutcome outcome = run.write({0, 1, 2});
  CHECK(outcome.written == 1);
  REQUIRE(outcome.failures.size() == 2);
  CHECK(outcome.failures[0].row == 1);
  CHECK_THAT(outcome.failures[0].message, Catch::Contains("unique", Catch::CaseSensitive::No));
  CHECK(outcome.failures[1].row == 2);
  CHECK_THAT(outcome.failures[1].message, Catch::Contains("check", Catch::CaseSensitive::No));
  CHECK(database.ask(fmt::format("SELECT group_concat(id || code || n, ' ') FROM {}", kByKey)) ==
        "1x05 2b2 3c3 4taken4");
  CHECK(database.ask("SELECT group_concat(key_id) FROM backfill_correction_1") == "1");
}

TEST_CASE("a row that a trigger ignores is no written row") {
  Database database(kTen);
  const auto& side = database.side();
  database.add(
      {.name = "keep", .table = "t", .before = true, .when = "old.id = 30", .body = side.ignore_row()});
  database.add(
      {.name = "stop", .table = "t", .before = true, .when = "old.id = 40", .body = side.refuse_row("no")});
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 8);
  REQUIRE(outcome.failures.size() == 2);
  CHECK_THAT(outcome.failures[0].message, Catch::Contains("trigger"));
  CHECK(outcome.failures[1].message == "no");
  CHECK(database.ask("SELECT count(*) FROM backfill_correction_1") == "8");
}

TEST_CASE("what a trigger writes into another row of the same batch is not overwritten") {
  Database database(kTen);
  database.add({.name = "others",
                .table = "t",
                .column = "status",
                .body = "UPDATE t SET status = 'by the trigger' WHERE new.id = 10 AND id IN (20, 40); "
                        "DELETE FROM t WHERE new.id = 50 AND id = 60; "
                        "UPDATE t SET status = 'later' WHERE new.id = 90 AND id = 10;"});
  database.refresh();
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  // Row by row in SQLite; in PostgreSQL such triggers fire when the whole batch is written.
  CHECK(outcome.written == (is_sqlite() ? 7 : 10));
  CHECK(outcome.conflicts ==
        (is_sqlite() ? std::vector<std::int64_t>{1, 3, 5} : std::vector<std::int64_t>()));
  CHECK(outcome.failures.empty());
  CHECK(database.ask(fmt::format("SELECT group_concat(id || status, ' ') FROM {} WHERE status <> 'new'",
                                 kByKey)) == "10later 20by the trigger 40by the trigger");
  CHECK(database.ask("SELECT count(*), count(prior_status) FROM backfill_correction_1") ==
        (is_sqlite() ? "7|0" : "10|0"));
}

TEST_CASE("a table with triggers: refused rows are left out, the others are written") {
  Database database(kTen);
  database.run("CREATE TABLE log(id INTEGER)");
  const auto& side = database.side();
  database.add(
      {.name = "keep", .table = "t", .before = true, .when = "old.id = 30", .body = side.ignore_row()});
  database.add({.name = "fail",
                .table = "t",
                .when = "old.id = 40",
                .body = "INSERT INTO log VALUES (1);" + side.refuse_row("no")});
  database.refresh();
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  database.run("DELETE FROM t WHERE id = 100");
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 7);
  CHECK(outcome.conflicts == std::vector<std::int64_t>{9});
  REQUIRE(outcome.failures.size() == 2);
  CHECK_THAT(outcome.failures[0].message, Catch::Contains("trigger"));
  CHECK(outcome.failures[1].message == "no");
  CHECK(database.ask("SELECT count(*), (SELECT count(*) FROM log), (SELECT count(*) FROM t WHERE status = "
                     "'new') FROM backfill_correction_1") == "7|0|7");
}

TEST_CASE("a row that is corrected twice in one run is found") {
  Database database(kTen);
  const ir::Backfill backfill = backfill_over(database.catalog, "t", {"id"}, {}, {"status"});
  Run run(database, backfill);
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  CHECK(run.write({0}).written == 1);
  SECTION("in the batch, where its corrections have their key by then") {
    done(database.store->index_corrections(backfill, 1));
    done(database.store->index_corrections(backfill, 1));
    run.read();
    for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("newer"));
    done(database.store->begin(Access::ReadWrite));
    CHECK_FALSE(run.table->write(run.batch, run.outputs, std::vector<std::int64_t>{0, 1}, 2).ok());
    database.store->rollback();
    CHECK(database.ask("SELECT count(*) FROM t WHERE status = 'new'") == "1");
  }
  SECTION("when they get it, with both prior values kept") {
    if (!database.store->guards_rows()) return;
    run.read();
    for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("newer"));
    CHECK(run.write({0, 1}).written == 2);
    const auto made = database.store->index_corrections(backfill, 1);
    REQUIRE_FALSE(made.ok());
    CHECK_THAT(made.failure().message, Catch::Contains("corrected a row twice"));
    CHECK(database.ask("SELECT count(*), count(DISTINCT key_id) FROM backfill_correction_1") == "3|2");
  }
}

// Their versions stay what they were.
TEST_CASE("rows that were moved within their table since they were read are conflicts, not refusals") {
  if (is_sqlite()) return;
  Database database(kTen);
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"status"}));
  database.run("DELETE FROM t WHERE id = (SELECT min(id) FROM t)");
  run.read();
  for (std::int64_t row = 0; row < run.batch.rows; ++row) run.set(0, row, text("new"));
  database.run("VACUUM FULL t");
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 0);
  CHECK(outcome.failures.empty());
  CHECK(outcome.conflicts.size() == static_cast<std::size_t>(run.batch.rows));
  run.read();
  for (std::int64_t row = 0; row < run.batch.rows; ++row) run.set(0, row, text("new"));
  CHECK(run.write().written == run.batch.rows);
}

TEST_CASE("what cannot be stored exactly is refused row by row", "[sqlite]") {
  Database database(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, f REAL, d DECIMAL(38,2), s TEXT, at TIMESTAMP, day DATE);"
      "INSERT INTO t(id) VALUES (1), (2), (3), (4), (5)");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"f", "d", "s", "at", "day"}));
  run.read();
  for (std::int64_t row = 0; row < 5; ++row)
    for (std::size_t i = 0; i < 5; ++i) run.outputs[i].set_missing(row);
  run.set(0, 0, std::nan(""));
  run.set(1, 1, stdlib::Decimal{static_cast<stdlib::Int128>(12345678901234567LL) * 100 + 1, 2});
  run.set(2, 2, text(std::string("a\0b", 3)));
  run.set(0, 3, 0.1);
  run.set(1, 3, stdlib::Decimal{-1999, 2});
  run.set(3, 3, std::int64_t{1'700'000'000'500'000});
  run.set(4, 3, std::int64_t{0});
  run.set(1, 4, stdlib::Decimal{500, 2});
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 2);
  REQUIRE(outcome.failures.size() == 3);
  CHECK(outcome.failures[1].row == 1);
  CHECK(outcome.failures[1].error == stdlib::RowError::NotStorable);
  CHECK(database.ask("SELECT f, d, at, day, typeof(d) FROM t WHERE id = 4") ==
        "0.1|-19.99|2023-11-14 22:13:20.5|1970-01-01|real");
  CHECK(database.ask("SELECT d, typeof(d) FROM t WHERE id = 5") == "5|integer");
  run.read();
  CHECK(run.batch.inputs[2].value(3).decimal() == stdlib::Decimal{-1999, 2});
  CHECK(run.batch.inputs[4].value(3).integer() == 1'700'000'000'500'000);
  CHECK(run.batch.inputs[2].value(4).decimal() == stdlib::Decimal{500, 2});
}

TEST_CASE("values that are not of their column's type are told, never converted", "[sqlite]") {
  Database database(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, i INTEGER, b BOOLEAN, d NUMERIC(10,2), s TEXT, day DATE, at "
      "DATETIME, f REAL);"
      "INSERT INTO t VALUES (1, 'abc', 2, 'abc', x'41', '2024-02-30', '2024-01-31', 'x');"
      "INSERT INTO t VALUES (2, 1.5, 'true', 1.005, 'ok', '2024-2-3', '2024-01-31 24:00:00', 9e999);"
      "INSERT INTO t VALUES (3, 1, 1, 1.25, 'ok', '2024-02-29', '2024-01-31T10:00:00.25Z', 1);"
      "INSERT INTO t VALUES (4, NULL, NULL, 99999999.99, CAST(x'ff' AS TEXT), NULL, '2024-01-31 10:00:00', "
      "NULL);"
      "INSERT INTO t VALUES (5, NULL, 0, 100000000, 'a' || char(0) || 'b', NULL, NULL, NULL);");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"i", "b", "d", "s", "day", "at"}, {"f"}));
  run.read();
  std::map<std::int64_t, std::size_t> bad;
  for (const auto& each : run.batch.unreadable) ++bad[each.row];
  CHECK(bad == std::map<std::int64_t, std::size_t>{{0, 7}, {1, 6}, {3, 1}, {4, 2}});
  CHECK(run.batch.unreadable[2].what.message == "`d` holds the text 'abc', decimal(10, 2) was expected");
  CHECK(run.batch.inputs[3].value(2).decimal() == stdlib::Decimal{125, 2});
  CHECK(run.batch.inputs[6].value(2).integer() == 1'706'695'200'250'000);
  CHECK(run.batch.inputs[6].value(3).integer() == 1'706'695'200'000'000);
  CHECK(run.batch.inputs[3].value(3).decimal() == stdlib::Decimal{9'999'999'999, 2});
  CHECK(run.batch.row(3).unreadable.at(0).error == stdlib::RowError::InvalidUtf8);
  CHECK(run.batch.row(2).unreadable.empty());
}

TEST_CASE("composite, text and WITHOUT ROWID keys, odd names", "[sqlite]") {
  const std::string name = GENERATE(std::string("select"), std::string("a b"), std::string("q\"u'o`te"),
                                    std::string("\xF0\x9F\x98\x80"), std::string("batch"));
  const std::string kind = GENERATE(std::string(""), std::string(" WITHOUT ROWID"), std::string(" STRICT"));
  std::string quoted;
  for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  Database database(
      fmt::format("CREATE TABLE \"{0}\"(\"{0}\" TEXT NOT NULL, n INTEGER NOT NULL, \"x {0}\" TEXT, "
                  "PRIMARY KEY (\"{0}\", n)){1};"
                  "INSERT INTO \"{0}\" VALUES ('b', 1, 'p'), ('a', 2, NULL), ('a', 1, ''), ('', -5, 'z');",
                  quoted, kind));
  Run run(database, backfill_over(database.catalog, name, {name, "n"}, {}, {"x " + name}));
  run.read({text("a"), std::int64_t{1}}, {text("b"), std::int64_t{1}});
  REQUIRE(run.batch.rows == 2);
  run.read();
  REQUIRE(run.batch.rows == 4);
  CHECK(run.batch.key(1, 2)[0].text() == "a");
  CHECK(run.batch.key(1, 2)[1].integer() == 1);
  for (std::int64_t row = 0; row < 4; ++row) run.set(0, row, text(fmt::format("new{}", row)));
  const WriteOutcome outcome = run.write({0, 2, 3});
  CHECK(outcome.written == 3);
  CHECK(database.ask(fmt::format(
            "SELECT group_concat(\"x {0}\") FROM (SELECT * FROM \"{0}\" ORDER BY \"{0}\", n)", quoted)) ==
        "new0,,new2,new3");
  const RollbackOutcome back = run.roll_back();
  CHECK(back.restored == 3);
  CHECK(run.last == Key{text("b"), std::int64_t{1}});
  CHECK(database.ask(fmt::format(
            "SELECT group_concat(coalesce(\"x {0}\", '-')) FROM (SELECT * FROM \"{0}\" ORDER BY \"{0}\", n)",
            quoted)) == "z,,-,p");
}

TEST_CASE("keys are read by their index", "[sqlite]") {
  Database database(
      "CREATE TABLE pair(a TEXT NOT NULL, n INTEGER NOT NULL, x TEXT, PRIMARY KEY (a, n));"
      "CREATE TABLE one(id INTEGER PRIMARY KEY, x TEXT)");
  CHECK_THAT(database.ask(
                 "EXPLAIN QUERY PLAN SELECT t.a FROM pair AS t WHERE (t.a, t.n) > ('a', 1) AND (t.a, t.n) <= "
                 "('b', 2) ORDER BY t.a, t.n LIMIT 10"),
             Catch::Contains("SEARCH t USING") && Catch::Contains("INDEX sqlite_autoindex_pair_1"));
  CHECK_THAT(
      database.ask(
          "EXPLAIN QUERY PLAN UPDATE OR ABORT one AS t SET x = backfill_new(0, t.id) WHERE t.id >= 1 AND "
          "t.id <= 5 AND backfill_selected(t.id)"),
      Catch::Contains("SEARCH t USING INTEGER PRIMARY KEY"));
}

TEST_CASE("a megabyte of text comes back as it was") {
  Database database("CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT); INSERT INTO t VALUES (1, NULL)");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  std::string large;
  while (large.size() < 1'000'000) large += "é😀x";
  run.set(0, 0, text(large));
  CHECK(run.write().written == 1);
  run.read();
  CHECK(run.batch.inputs[1].value(0).text() == large);
}

TEST_CASE("verification reads rows as they were, as they are, and what the run did") {
  Database database(kTen);
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {"n"}, {"status"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  CHECK(run.write({0, 1}).written == 2);
  const std::vector<TableAccess::SetAside> aside = {{3, "quarantined", "overflow", "overflow in `n * n`"}};
  done(database.store->begin(Access::ReadWrite));
  done(run.table->set_aside(run.batch, aside, 1));
  done(run.table->set_aside(run.batch, aside, 2));
  done(database.store->commit());
  database.run("UPDATE t SET status = 'later' WHERE id = 20");
  VerifyBatch batch;
  done(run.table->read_for_verify({std::int64_t{10}}, {}, 3, batch));
  REQUIRE(batch.prior.rows == 3);
  CHECK(batch.prior.inputs[2].value(0).missing());
  CHECK(batch.stored[0].value(0).text() == "later");
  CHECK(batch.corrected == std::vector<std::uint8_t>{1, 0, 0});
  CHECK(batch.set_aside == std::vector<std::uint8_t>{0, 0, 1});
  CHECK(database.ask("SELECT * FROM backfill_quarantine_1") ==
        "40|2|quarantined|overflow|overflow in `n * n`");
}

TEST_CASE("tables whose keys cannot address every row are refused", "[sqlite]") {
  Database database(
      "CREATE TABLE nulls(a TEXT PRIMARY KEY, x TEXT); INSERT INTO nulls VALUES (NULL, 'x');"
      "CREATE TABLE bare(a TEXT NOT NULL, x TEXT); CREATE TABLE folded(a TEXT NOT NULL COLLATE NOCASE "
      "UNIQUE, x TEXT);"
      "CREATE TABLE made(id INTEGER PRIMARY KEY, x TEXT AS ('a') STORED)");
  const auto refusal = [&](std::string_view table, const std::string& key, const std::string& target) {
    const ir::Backfill backfill = backfill_over(database.catalog, table, {key}, {}, {target});
    const auto opened = database.store->table(backfill, 0);
    REQUIRE_FALSE(opened.ok());
    return opened.failure().message;
  };
  CHECK_THAT(refusal("nulls", "a", "x"), Catch::Contains("NULL in some rows"));
  CHECK_THAT(refusal("bare", "a", "x"), Catch::Contains("no unique key"));
  CHECK_THAT(refusal("folded", "a", "x"), Catch::Contains("NOCASE"));
  CHECK_THAT(refusal("made", "id", "x"), Catch::Contains("generated"));
  database.run("DELETE FROM nulls");
  const ir::Backfill empty = backfill_over(database.catalog, "nulls", {"a"}, {}, {"x"});
  CHECK(database.store->table(empty, 0).ok());
}
