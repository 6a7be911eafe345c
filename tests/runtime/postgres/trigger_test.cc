// SPDX-License-Identifier: Apache-2.0
// What the database itself does to rows that are written: triggers, deferred constraints.
#include <algorithm>

#include <fmt/ranges.h>

#include "tests/runtime/postgres/store_fixture.h"

using namespace backfill;
using namespace backfill::database;
using backfill::database::test::backfill_over;
using backfill::database::test::done;
using backfill::database::test::Postgres;
using backfill::database::test::Run;
using backfill::database::test::take;
using backfill::database::test::text;
using stdlib::Kind;

TEST_CASE("triggers find what they name without a schema, in the path of the application") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, s text); INSERT INTO t VALUES (1, NULL), (2, NULL);"
      "CREATE TABLE audit(id bigint, s text); CREATE TABLE backfill_run(nobody text);"
      "CREATE FUNCTION own(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (new.id, "
      "own(new.s)); RETURN new; END $$;"
      "CREATE TRIGGER note AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note();"
      "CREATE FUNCTION fine(text) RETURNS boolean LANGUAGE sql AS 'SELECT own($1) IS NOT NULL OR $1 IS NULL';"
      "ALTER TABLE t ADD CHECK (fine(s))");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 2; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  for (const WriteFailure& failure : outcome.failures) FAIL_CHECK(failure.message);
  CHECK(outcome.written == 2);
  CHECK(database.ask("SELECT count(*) FROM audit WHERE s = 'NEW'") == "2");
  CHECK(run.roll_back().restored == 2);
  CHECK(database.ask("SELECT count(*) FROM audit") == "4");
}

TEST_CASE("a row that a trigger stores otherwise than it was sent is refused, the others are written") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, s text, d numeric, at timestamptz); INSERT INTO t SELECT i, "
      "NULL, 1 "
      "FROM generate_series(1, 20) AS n(i);"
      "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.at := now();"
      "IF new.id = 7 THEN new.s := upper(new.s); ELSIF new.id = 9 THEN new.s := NULL; "
      "ELSIF new.id = 11 THEN RETURN NULL; END IF; RETURN new; END $$;"
      "CREATE TRIGGER change BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION change();");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 20; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 17);
  CHECK(outcome.conflicts.empty());
  REQUIRE(outcome.failures.size() == 3);
  CHECK(outcome.failures[0].row == 6);
  CHECK_THAT(outcome.failures[0].message, Catch::Contains("trigger"));
  CHECK(database.ask("SELECT count(*) FROM t WHERE s = 'new'") == "17");
  CHECK(database.ask("SELECT count(*) FROM t WHERE id IN (7, 9, 11) AND s IS NULL AND at IS NULL") == "3");
  CHECK(database.ask("SELECT count(*) FROM backfill_correction_1") == "17");
}

TEST_CASE("a trigger before the row that writes other rows of the batch loses none of its writes") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, s text); INSERT INTO t SELECT i, NULL FROM generate_series(1, "
      "9) AS n(i);"
      "CREATE FUNCTION spread() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 3 AND new.s = 'new' "
      "THEN "
      "UPDATE t SET s = 'by the trigger' WHERE id IN (2, 8); END IF; RETURN new; END $$;"
      "CREATE TRIGGER spread BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION spread();");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 9; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written + static_cast<std::int64_t>(outcome.conflicts.size() + outcome.failures.size()) == 9);
  // Row 2 was ours when the trigger changed it, row 8 the trigger's before we came to it.
  CHECK(database.ask("SELECT s FROM t WHERE id = 8") == "by the trigger");
  CHECK(database.ask("SELECT count(*) FROM t JOIN backfill_correction_1 ON key_id = id WHERE new_s <> s") ==
        database.ask("SELECT count(*) FROM t WHERE s = 'by the trigger' AND id IN (SELECT key_id FROM "
                     "backfill_correction_1)"));
}

TEST_CASE("constraints that wait for the commit speak for the row that breaks them") {
  Postgres database(
      "CREATE TABLE parent(id bigint PRIMARY KEY); INSERT INTO parent SELECT generate_series(1, 10);"
      "CREATE TABLE t(id bigint PRIMARY KEY, p bigint REFERENCES parent DEFERRABLE INITIALLY DEFERRED, n "
      "bigint, "
      "EXCLUDE USING btree (n WITH =) DEFERRABLE INITIALLY DEFERRED);"
      "INSERT INTO t SELECT i FROM generate_series(1, 10) AS i;"
      "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 8 THEN RAISE 'not 8'; "
      "END IF; "
      "RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER stop AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION "
      "stop();");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"p", "n"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) {
    run.set(0, row, std::int64_t{row == 2 ? 99 : row + 1});
    run.set(1, row, std::int64_t{row == 5 ? 0 : row});
  }
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 7);
  std::vector<std::int64_t> rows;
  for (const WriteFailure& failure : outcome.failures) rows.push_back(failure.row);
  CHECK(rows == std::vector<std::int64_t>{2, 5, 7});
  CHECK(database.ask("SELECT count(*) FROM backfill_correction_1") == "7");
}
