// SPDX-License-Identifier: Apache-2.0
// Columns that are arrays in PostgreSQL, from read to rollback.
#include "tests/runtime/execute/postgres_fixture.h"

#include "runtime/execute/rollback.h"
#include "runtime/execute/verify.h"

using namespace backfill;
using namespace backfill::execute_test;

namespace {

const char* const kSpec = R"(backfill labels {
  table tickets key (id)
  intent amend
  scope { where old is present }
  derive tags = (more ?? string_to_array('', ',')) || string_to_array(old, ',')
  derive points = [x as int32 for x in string_to_array(old, ',') if x as int32 or 0 > 0]
  rollback { capture prior values keep 30 days  restore rows unchanged since }
}
)";
const char* const kTickets = "SELECT id, tags::text, points::text FROM tickets ORDER BY id";

}  // namespace

TEST_CASE("lists are inserted into arrays, and taken back", "[postgres]") {
  const PostgresDatabase database;
  database.run(R"(
    CREATE TABLE tickets (id INT PRIMARY KEY, old TEXT NOT NULL);
    CREATE TABLE labels (ticket_id INT PRIMARY KEY, tags TEXT[] NOT NULL, spare INTEGER[]);
    INSERT INTO tickets VALUES (1, '7,x'), (2, ''), (3, 'a"b,NULL,{}');)");
  Program program(database.url(), R"(backfill labels {
    table tickets key (id)
    insert into labels { ticket_id = id, tags = string_to_array(old, ',') } on conflict (ticket_id) quarantine
  })");
  REQUIRE(program.run().end == execute::RunEnd::Finished);
  CHECK(database.content("SELECT * FROM labels ORDER BY 1") ==
        "1|{7,x}||\n2|{}||\n3|{\"a\\\"b\",\"NULL\",\"{}\"}||\n");
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
  CHECK(must(execute::rollback(program.subject, {.run = 1})).state == "rolled back");
  CHECK(database.number("SELECT count(*) FROM labels") == 0);
}

TEST_CASE("lists are derived into arrays, verified by SQL, and put back as they were", "[postgres]") {
  const PostgresDatabase database;
  database.run(R"(
    CREATE TABLE tickets (id INT PRIMARY KEY, old TEXT, more TEXT[], points INTEGER[] NOT NULL, tags TEXT[]);
    INSERT INTO tickets VALUES (1, '7,x', NULL, '{}'), (2, '', '{}', '{1}'), (3, 'a"b,\,NULL,{},日本', '{old}', '{2}'),
      (4, '8', '{"it''s",NULL,"NULL"}', '{3,NULL}'), (5, '9', '[2:3]={a,b}', '{4}'), (6, '10', '{{a,b},{c,d}}', '{5}'),
      (7, NULL, '{{untouched}}', '{6}');
    UPDATE tickets SET tags = CASE id WHEN 4 THEN '[5:6]={x,NULL}' WHEN 5 THEN '{{p},{q}}' WHEN 7 THEN '{z}' END::text[];)");
  const std::string before = database.content(kTickets);
  Program program(database.url(), kSpec);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == execute::RunEnd::Finished);
  CHECK(report.outcomes.quarantined == 2);  // 5: what stands in `tags`, 6: what is read
  CHECK(database.content(kTickets) ==
        "1|{7,x}|{7}|\n2|{}|{}|\n3|{old,\"a\\\"b\",\"\\\\\",\"NULL\",\"{}\",日本}|{}|\n"
        "4|{it's,NULL,\"NULL\",8}|{8}|\n5|{{p},{q}}|{4}|\n6||{5}|\n7|{z}|{6}|\n");
  CHECK(database.content(kAside).find("an array of several dimensions") != std::string::npos);
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  CHECK(must(execute::rollback(program.subject, {.run = 1})).state == "rolled back");
  CHECK(database.content(kTickets) == before);
}
