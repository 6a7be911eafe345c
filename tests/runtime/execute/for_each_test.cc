// SPDX-License-Identifier: Apache-2.0
// `for x in list insert`: a row for each element, on each store.
#include "runtime/execute/dry_run.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Lists with an element twice, with what is no text, without elements, none at all, and what is no list.
void make_documents(Database& database, int rows) {
  database.script(fmt::format(R"(
    CREATE TABLE documents (id INTEGER PRIMARY KEY, body TEXT, owner TEXT NOT NULL, words JSON);
    CREATE TABLE labels (document_id BIGINT NOT NULL, label TEXT NOT NULL, size INTEGER, owner TEXT NOT NULL,
                         PRIMARY KEY (document_id, label));
    CREATE TABLE log (id INTEGER PRIMARY KEY, document_id BIGINT NOT NULL, label TEXT NOT NULL CHECK (label <> 'bad'));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO documents SELECT i, CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN '["a", "b", "a"]'
      WHEN 2 THEN '[1, null, "' || i || '"]' WHEN 3 THEN '[]' WHEN 4 THEN '["Ann''s é", "c", "d"]'
      WHEN 5 THEN '{{"no": "list"}}' ELSE '["bad", "b"]' END, 'Owner ' || (i % 3),
      CAST(CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN '["a", "b", "", "a"]' WHEN 2 THEN '["Ann''s é", "bad"]'
        ELSE '[""]' END AS {1}) FROM n;
    INSERT INTO labels VALUES (1, 'b', 100, 'theirs'), (4, 'c', 100, 'theirs');)",
                              rows,
                              conformance::backend() == conformance::Backend::Sqlite ? "TEXT" : "JSON"));
  if (conformance::backend() == conformance::Backend::Sqlite) return;
  database.script("CREATE SEQUENCE keys; ALTER TABLE log ALTER id SET DEFAULT nextval('keys');");
}

const char* const kLabels = R"(backfill labels {
  table documents key (id)
  let elements = [l as text or missing for l in (body as json or missing) if json_type(l) = 'string']
  for l in elements insert into labels { document_id = id, label = l, size = length(l), owner = owner }
    on conflict (document_id, label) do nothing
    when l is present and l != 'bad'
  stages { first sample 20 rows seed 3 then verified  rest then verified }
  pace { batch 10 to 40 rows }
}
)";
// Of an element twice, the whole row goes to quarantine.
const char* const kStrict = R"(backfill strict {
  table documents key (id)
  let elements = body as json or missing
  scope { where json_type(elements) = 'array' }
  for l in elements insert into labels { document_id = id, label = l as text ?? '', owner = owner }
    on conflict (document_id, label) quarantine
    when json_type(l) = 'string'
  pace { batch 10 to 40 rows }
}
)";
// A row is deleted when all its elements have arrived.
const char* const kMoved = R"(backfill moved {
  table documents key (id)
  intent amend
  let elements = body as json or missing
  scope { where json_type(elements) = 'array' }
  for l in elements insert into labels { document_id = id, label = l as text ?? 'none', owner = owner }
    on conflict (document_id, label) do nothing
  delete
  pace { batch 10 to 40 rows }
}
)";
const char* const kLog = R"(backfill logged {
  table documents key (id)
  scope { where words is present }
  for l in words insert into log { document_id = id, label = l as text ?? 'none' } always when l as text != ''
  pace { batch 10 to 40 rows }
}
)";
const char* const kMade = "SELECT document_id, label, size, owner FROM labels ORDER BY 1, 2";
const char* const kDocuments = "SELECT id, body, owner FROM documents ORDER BY 1";

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

}  // namespace

TEST_CASE("a row is inserted for each element, once") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_documents(database, 210);
    const std::string before = database.content(kMade);
    Program program(database, kLabels);
    program.subject.engine = engine;
    const auto dry = must(execute::dry_run(program.subject, {}));
    REQUIRE(dry.effects.size() == 1);
    CHECK(dry.effects[0].rows == 120);  // those with an element
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.candidates == 210);
    CHECK(report.outcomes.quarantined == 30);  // no list
    CHECK(report.outcomes.changed == 120);
    CHECK(report.outcomes.unchanged == 60);
    // Of 1, 8, ...: a and b; 2, 9, ...: one; 4, 11, ...: three; 6, 13, ...: b.
    CHECK(database.number("SELECT count(*) FROM labels") == 60 + 30 + 90 + 30);
    CHECK(database.number("SELECT count(*) FROM labels WHERE owner = 'theirs'") == 2);
    CHECK(database.content("SELECT label, size, owner FROM labels WHERE document_id = 11 ORDER BY 1") ==
          "Ann's é|7|Owner 2|\nc|1|Owner 2|\nd|1|Owner 2|\n");
    const auto verify = verified(program);
    CHECK(verify.mismatches == 0);
    CHECK(verify.clean());

    Program again(database, kLabels);
    const auto second = again.run();
    CHECK(second.outcomes.changed == 0);

    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.restored == 120);
    CHECK(database.content(kMade) == before);
  }
}

TEST_CASE("an element twice breaks the key: that row alone is set aside, with all of its elements") {
  Database database;
  make_documents(database, 210);
  const std::string before = database.content(kMade);
  Program program(database, kStrict);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.quarantined == 30 + 1);  // 1, 8, ... and 4, whose c is there
  CHECK(report.outcomes.changed == 30 + 29 + 30);
  CHECK(database.number("SELECT count(*) FROM labels WHERE document_id = 8") == 0);
  CHECK(database.number("SELECT count(*) FROM labels WHERE document_id = 4") == 1);
  CHECK(database.content("SELECT label, size FROM labels WHERE document_id = 6 ORDER BY 1") ==
        "b||\nbad||\n");
  CHECK(verified(program).mismatches == 0);
  CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == 89);
  CHECK(database.content(kMade) == before);
}

TEST_CASE("what is moved element by element is deleted only if all of them have arrived") {
  Database database;
  make_documents(database, 70);
  const std::string made = database.content(kMade), documents = database.content(kDocuments);
  Program program(database, kMoved);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  // An empty list has nothing that must arrive; an element twice, or one that is there, has not arrived.
  CHECK(database.number("SELECT count(*) FROM documents WHERE id % 7 = 3") == 0);
  CHECK(database.number("SELECT count(*) FROM documents WHERE id % 7 = 1") == 10);
  CHECK(database.number("SELECT count(*) FROM documents WHERE id % 7 = 2") == 0);
  CHECK(database.content("SELECT id FROM documents WHERE id % 7 = 4") == "4|\n");
  const auto verify = verified(program);
  CHECK(verify.mismatches == 0);
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == report.outcomes.changed);
  CHECK(database.content(kMade) == made);
  CHECK(database.content(kDocuments) == documents);
}

TEST_CASE("one element that the database refuses sets its row aside, and nothing of it is written") {
  Database database;
  make_documents(database, 70);
  Program program(database, kLog);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.quarantined == 18);  // 2, 6, ...: bad
  CHECK(report.outcomes.changed == 18);
  CHECK(report.outcomes.unchanged == 17);
  CHECK(database.number("SELECT count(*) FROM log") == 3 * 18);
  const auto clean = verified(program);
  CHECK(clean.mismatches == 0);
  if (clean.by_sql) CHECK(clean.steps.back().compared == 3 * 18);
  database.script("UPDATE log SET label = 'other' WHERE document_id = 1 AND label = 'b'");
  if (clean.by_sql) CHECK(verified(program).mismatches == 1);
  // One of its three is no longer as it was inserted: none of them is taken back.
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == 17);
  CHECK(back.changed_since == 1);
  CHECK(database.number("SELECT count(*) FROM log") == 3);
}

TEST_CASE("a crash in the middle leaves every element or none, and the run goes on") {
  for (const char* point : {"after_begin:2", "after_corrections:2", "before_commit:3", "after_commit:1"}) {
    Database database;
    make_documents(database, 210);
    const std::string before = database.content(kMade);
    Program program(database, kLabels);
    CHECK(program.run_and_crash(point));
    const auto report = program.run();
    INFO(point << ": " << report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(database.number("SELECT count(*) FROM labels") == 60 + 30 + 90 + 30);
    CHECK(verified(program).mismatches == 0);
    must(execute::rollback(program.subject, {.run = 1}));
    CHECK(database.content(kMade) == before);
  }
}
