// SPDX-License-Identifier: Apache-2.0
// `update ... in`, `delete ... in`: rows of other tables that belong to this one, on each store.
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Every 3rd owner is closed; an owner has 0 to 4 orders and as many notes. Order 21 is still referred to.
void make_owners(Database& database, int owners) {
  database.script(fmt::format(R"(
    CREATE TABLE owners (id INTEGER PRIMARY KEY, state TEXT, rate INTEGER, orders BIGINT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, owner_id INTEGER, total INTEGER CHECK (total < 1000000),
                         note VARCHAR(8), state TEXT);
    CREATE TABLE notes (owner_id INTEGER NOT NULL, place INTEGER NOT NULL, body TEXT, PRIMARY KEY (owner_id, place));
    CREATE TABLE payments (id INTEGER PRIMARY KEY, note_owner INTEGER, note_place INTEGER,
                           FOREIGN KEY (note_owner, note_place) REFERENCES notes (owner_id, place));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO owners SELECT i, CASE WHEN i % 3 = 0 THEN 'closed' WHEN i % 10 = 7 THEN NULL ELSE 'open' END, i % 7,
      NULL FROM n;
    INSERT INTO orders SELECT o.id * 10 + k.id, o.id, CASE WHEN k.id = 2 THEN NULL ELSE o.id END, 'n' || k.id,
      CASE WHEN k.id = 3 THEN 'kept' ELSE 'due' END FROM owners AS o JOIN owners AS k ON k.id <= o.id % 5;
    INSERT INTO notes SELECT owner_id, id % 10, 'it''s ' || id FROM orders;
    INSERT INTO payments SELECT 1, 42, 1 FROM owners WHERE id = 42;)",
                              owners));
}

const char* const kSpec = R"(backfill closed_owners {
  table owners key (id)
  intent amend
  lookup last = first o in orders where o.owner_id = row.id order by o.id desc
  scope { where state = 'closed' }
  derive orders = count(o in orders where o.owner_id = row.id)
  update o in orders where o.owner_id = row.id and o.state != 'kept' { total = rate * 2, note = 'closed', state = last.id as text }
  delete n in notes where n.owner_id = row.id
  pace { batch 20 to 50 rows }
}
)";
const char* const kOwners = "SELECT id, quote(state), rate, orders FROM owners ORDER BY id";
const char* const kOrders =
    "SELECT id, owner_id, quote(total), quote(note), quote(state) FROM orders ORDER BY id";
const char* const kNotes = "SELECT owner_id, place, quote(body) FROM notes ORDER BY owner_id, place";

std::string all(Database& database) {
  return database.content(kOwners) + database.content(kOrders) + database.content(kNotes);
}

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

}  // namespace

TEST_CASE("rows of other tables are updated and deleted with their own, verified, and put back exactly") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_owners(database, 300);
    const std::string before = all(database);
    Program program(database, kSpec);
    program.subject.engine = engine;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.quarantined == 1);  // a note of 42 is still referred to
    CHECK(database.number(
              "SELECT count(*) FROM orders AS o JOIN owners AS w ON w.id = o.owner_id WHERE w.id % 3 = 0 AND "
              "w.id <> 42 AND o.id % 10 <> 3 AND (o.total <> (w.id % 7) * 2 OR o.total IS NULL OR o.note <> "
              "'closed')") == 0);
    CHECK(database.number(
              "SELECT count(*) FROM orders WHERE note = 'closed' AND (owner_id % 3 <> 0 OR owner_id = 42 OR "
              "id % 10 = 3)") == 0);
    CHECK(database.number("SELECT count(*) FROM orders WHERE note = 'closed' AND CAST(state AS INTEGER) = "
                          "owner_id * 10 + owner_id % 5") ==
          database.number("SELECT count(*) FROM orders WHERE note = 'closed'"));
    CHECK(database.number("SELECT count(*) FROM notes WHERE owner_id % 3 = 0") == 2);
    const auto verify = verified(program);
    for (const auto& sample : verify.samples)
      UNSCOPED_INFO(sample.key << " " << sample.column << " " << sample.stored << " " << sample.expected);
    CHECK(verify.clean());
    CHECK(verify.compared > 0);

    Program again(database, kSpec);
    const auto second = again.run();
    CHECK(second.outcomes.changed == 0);
    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.gone + back.changed_since + back.blocked == 0);
    CHECK(back.restored == report.outcomes.changed);
    CHECK(all(database) == before);
  }
}

TEST_CASE(
    "what the application did to the other rows is seen by the verification and left alone by the rollback") {
  Database database;
  make_owners(database, 60);
  Program program(database, kSpec);
  const auto report = program.run();
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(verified(program).mismatches == 0);
  database.script(
      "UPDATE orders SET note = 'theirs' WHERE id = 91; DELETE FROM orders WHERE id = 121;"
      "INSERT INTO notes VALUES (24, 1, 'theirs'); INSERT INTO orders VALUES (999, 27, 5, 'new', 'due');");
  const auto verify = verified(program);
  CHECK(verify.mismatches == 5);  // the fifth: orders of 27 are counted
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == report.outcomes.changed - 3);
  CHECK(back.changed_since + back.blocked == 3);  // 9, 12, 24: all of each is left alone
  CHECK(database.content("SELECT note, total FROM orders WHERE owner_id = 9 AND id % 10 <> 3 ORDER BY id") ==
        "theirs|4|\nclosed|4|\nclosed|4|\n");
  CHECK(database.number("SELECT count(*) FROM notes WHERE owner_id = 24") == 1);
}

TEST_CASE("a value that the other table refuses sets the row aside, with all that belongs to it") {
  Database database;
  make_owners(database, 60);
  database.script("UPDATE owners SET rate = 700000 WHERE id = 9");
  const std::string orders = database.content("SELECT * FROM orders WHERE owner_id = 9 ORDER BY id");
  Program program(database, kSpec);
  const auto report = program.run();
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.quarantined == 2);
  CHECK(database.content("SELECT * FROM orders WHERE owner_id = 9 ORDER BY id") == orders);
  CHECK(database.number("SELECT count(*) FROM notes WHERE owner_id = 9") == 4);
  CHECK(verified(program).clean());
}

TEST_CASE("one row with many others") {
  Database database;
  make_owners(database, 3);
  database.script(R"(
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO orders SELECT 1000 + i, 3, i % 1000, 'many', 'due' FROM n;)");
  Program program(database, kSpec);
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(database.number("SELECT count(*) FROM orders WHERE note = 'closed'") == 100002);
  CHECK(verified(program).clean());
  CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == 1);
  CHECK(database.number("SELECT sum(total) FROM orders WHERE note = 'many'") == 49950000);
}

TEST_CASE("a run that writes other rows and is killed anywhere ends as one that was not") {
  Database pristine;
  make_owners(pristine, 300);
  const std::string before = all(pristine);
  std::string tables, kept;
  const char* const effects =
      "SELECT key_id, row_id, quote(row_total), quote(new_total), rolled_back FROM "
      "backfill_effect_1_1 ORDER BY row_id";
  {
    Database control;
    control.copy_from(pristine);
    REQUIRE(Program(control, kSpec).run().end == RunEnd::Finished);
    tables = all(control);
    kept = control.content(effects);
  }
  for (const char* point : {"before_plan_commit:1", "after_begin:2", "after_corrections:2", "before_commit:3",
                            "after_commit:1"}) {
    INFO(point);
    Database database;
    database.copy_from(pristine);
    Program program(database, kSpec);
    CHECK(program.run_and_crash(point));
    CHECK(program.run().end == RunEnd::Finished);
    CHECK(all(database) == tables);
    CHECK(database.content(effects) == kept);
    CHECK(program.rollback_and_crash("in_rollback:2"));
    CHECK(must(execute::rollback(program.subject, {.run = 1})).state == "rolled back");
    CHECK(all(database) == before);
  }
}

// Owners that come later ask for orders that the run has written for earlier ones.
TEST_CASE("queries inside of queries see rows that the run writes as they were before") {
  Database database;
  make_owners(database, 200);
  database.script(
      "CREATE TABLE marks (id INTEGER PRIMARY KEY, owner_id INTEGER, order_id INTEGER);"
      "INSERT INTO marks SELECT o.id, 200 - o.owner_id + 1, o.id FROM orders AS o;");
  const std::string expected = database.content(
      "SELECT w.id, (SELECT count(*) FROM marks AS m WHERE m.owner_id = w.id AND EXISTS (SELECT 1 FROM "
      "orders AS o "
      "WHERE o.id = m.order_id AND o.state = 'due')) FROM owners AS w ORDER BY w.id");
  Program program(database, R"(backfill all_owners {
  table owners key (id)
  intent amend
  derive orders = count(m in marks where m.owner_id = row.id and exists(o in orders where o.id = m.order_id and o.state = 'due')) once
  update o in orders where o.owner_id = row.id { state = 'done' }
  pace { batch 10 to 10 rows }
}
)");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(database.content("SELECT id, orders FROM owners ORDER BY id") == expected);
  CHECK(verified(program).clean());
}

namespace {

// Owner 30's third item overflows, owner 40's has a price that is missing.
void make_items(Database& database) {
  database.script(R"(
    CREATE TABLE owners (id INTEGER PRIMARY KEY, name TEXT NOT NULL, factor BIGINT NOT NULL, state TEXT);
    CREATE TABLE items (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL, name TEXT, net DECIMAL(10, 2),
                        tax DECIMAL(10, 2) NOT NULL, total DECIMAL(12, 2), width BIGINT NOT NULL, area BIGINT,
                        made TIMESTAMP, seen TIMESTAMP, label TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
    INSERT INTO owners SELECT i, 'o' || i, i % 4, CASE WHEN i % 2 = 0 THEN 'due' END FROM n;
    INSERT INTO items SELECT o.id * 10 + k.id, o.id, CASE WHEN k.id <> 2 THEN 'i' || k.id END,
      CASE WHEN o.id <> 40 THEN o.id * 1.25 END, k.id * 0.25, CASE WHEN k.id = 2 THEN o.id * 1.25 + k.id * 0.25 END,
      CASE WHEN o.id = 30 AND k.id = 3 THEN 9223372036854775807 ELSE k.id END, 7,
      NULL, NULL, 'before' FROM owners AS o JOIN owners AS k ON k.id <= 1 + o.id % 4;
    UPDATE items SET made = '2024-01-02 03:04:05.25' WHERE id % 10 = 1;)");
}

}  // namespace

TEST_CASE("values of the rows that are written are their own columns'") {
  Database database;
  make_items(database);
  const char* const rows = "SELECT id, owner_id, name, seen, label FROM items ORDER BY id";
  const std::string before = database.content(rows);
  Program program(database, R"(backfill copies {
    intent recompute
    table owners
    scope { where state = 'due' }
    update i in items where i.owner_id = row.id and i.width > 0 { seen = i.made, label = i.name }
    pace { batch 5 to 9 rows }
  })");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  const std::string of_them =
      " FROM items AS i JOIN owners AS o ON o.id = i.owner_id WHERE o.state = 'due' AND ";
  CHECK(database.number("SELECT count(*)" + of_them + "i.label IS DISTINCT FROM i.name") == 0);
  CHECK(database.number("SELECT count(*)" + of_them + "i.seen IS DISTINCT FROM i.made") == 0);
  CHECK(verified(program).clean());
  Program again(database, program.options.spec);
  CHECK(again.run().outcomes.changed == 0);
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.gone + back.changed_since + back.blocked == 0);
  CHECK(database.content(rows) == before);
}
