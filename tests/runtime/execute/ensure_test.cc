// SPDX-License-Identifier: Apache-2.0
// Rows that an effect makes or finds, and what is passed on from them, on each store.
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Forty authors, some of whom are there already.
void make_posts(Database& database, int rows) {
  database.script(fmt::format(R"(
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, origin TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, author TEXT, author_id BIGINT REFERENCES people (id), seen INTEGER);
    CREATE TABLE credits (id INTEGER PRIMARY KEY, post_id BIGINT NOT NULL UNIQUE, person_id BIGINT NOT NULL);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO posts SELECT i, CASE WHEN i % 11 <> 0 THEN 'Ann ' || (i % 40) END, NULL, 0 FROM n;
    INSERT INTO people (id, name, origin) VALUES (100001, 'Ann 3', 'theirs'), (100002, 'Ann 4', 'theirs');)",
                              rows));
  if (conformance::backend() == conformance::Backend::Sqlite) return;
  database.script(
      "CREATE SEQUENCE keys; ALTER TABLE people ALTER id SET DEFAULT nextval('keys');"
      "CREATE SEQUENCE more; ALTER TABLE credits ALTER id SET DEFAULT nextval('more');");
}

const char* const kSpec = R"(backfill authors {
  table posts key (id)
  scope { where author is present }
  ensure who in people by (name) { name = author, origin = 'posts' }
  insert into credits { post_id = id, person_id = who.id } on conflict (post_id) do nothing
  derive author_id = who.id
  stages { first sample 20 rows seed 3 then verified  rest then verified }
  pace { batch 20 to 50 rows }
}
)";
const char* const kPeople = "SELECT name, origin FROM people ORDER BY name";
const char* const kPosts =
    "SELECT p.id, p.author, w.name, p.seen FROM posts AS p LEFT JOIN people AS w ON w.id = p.author_id ORDER "
    "BY p.id";
const char* const kCredits =
    "SELECT post_id, w.name FROM credits AS c JOIN people AS w ON w.id = c.person_id ORDER BY 1";

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

}  // namespace

TEST_CASE("ensured rows are made once and found afterwards, and their keys are passed on") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_posts(database, 440);
    const std::string people = database.content(kPeople), posts = database.content(kPosts);
    Program program(database, kSpec);
    program.subject.engine = engine;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.changed == 400);
    CHECK(database.number("SELECT count(*) FROM people") == 40);
    CHECK(database.number("SELECT count(*) FROM people WHERE origin = 'theirs'") == 2);
    CHECK(database.number(
              "SELECT count(*) FROM posts AS p JOIN people AS w ON w.id = p.author_id WHERE w.name = "
              "p.author") == 400);
    CHECK(database.number(
              "SELECT count(*) FROM credits AS c JOIN posts AS p ON p.id = c.post_id AND p.author_id = "
              "c.person_id") == 400);
    const auto verify = verified(program);
    CHECK(verify.mismatches == 0);
    CHECK(verify.clean());

    Program again(database, kSpec);
    CHECK(again.run().outcomes.candidates == 0);

    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.restored == 400);
    CHECK(database.content(kPeople) == people);
    CHECK(database.content(kPosts) == posts);
    CHECK(database.number("SELECT count(*) FROM credits") == 0);
  }
}

TEST_CASE("a wrong key that was passed on is found by the verification") {
  Database database;
  make_posts(database, 44);
  Program program(database, kSpec);
  REQUIRE(program.run().end == RunEnd::Finished);
  database.script(
      "UPDATE posts SET author_id = 100001 WHERE id = 5; UPDATE credits SET person_id = 7 WHERE post_id = "
      "6;");
  const auto verify = verified(program);
  CHECK(verify.mismatches == 2);
}

TEST_CASE("a run that ensures rows and is killed anywhere ends as one that was not") {
  Database pristine;
  make_posts(pristine, 200);
  std::string people, posts, credits;
  {
    Database control;
    control.copy_from(pristine);
    REQUIRE(Program(control, kSpec).run().end == RunEnd::Finished);
    people = control.content(kPeople);
    posts = control.content(kPosts);
    credits = control.content(kCredits);
  }
  for (const char* point : {"after_begin:2", "after_corrections:2", "before_commit:3", "after_commit:1"}) {
    INFO(point);
    Database database;
    database.copy_from(pristine);
    Program program(database, kSpec);
    CHECK(program.run_and_crash(point));
    CHECK(program.run().end == RunEnd::Finished);
    CHECK(database.content(kPeople) == people);
    CHECK(database.content(kPosts) == posts);
    CHECK(database.content(kCredits) == credits);
  }
}

TEST_CASE("two workers that ensure the same rows get the same ones") {
  if (conformance::backend() == conformance::Backend::Sqlite) return;  // one writer at a time
  Database database;
  make_posts(database, 22'000);
  Program program(database, R"(backfill authors {
  table posts key (id)
  scope { where author is present }
  ensure who in people by (name) { name = author, origin = 'posts' }
  derive author_id = who.id
  pace { batch 500 to 2000 rows }
}
)");
  program.options.workers = 2;
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 20'000);
  CHECK(database.number("SELECT count(*) FROM people") == 40);
  CHECK(
      database.number("SELECT count(*) FROM posts AS p JOIN people AS w ON w.id = p.author_id WHERE w.name = "
                      "p.author") == 20'000);
}

namespace {

// A key of which parts may be missing: the database keeps no two of them apart.
void make_pairs(Database& database, int rows) {
  database.script(fmt::format(R"(
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, UNIQUE (name, email));
    CREATE TABLE commits (id INTEGER PRIMARY KEY, name TEXT, email TEXT, user_id BIGINT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO commits SELECT i, CASE WHEN i % 2 = 0 THEN 'Ann ' || (i % 6) END, CASE WHEN i % 3 = 0 THEN 'x@' || (i % 9) END, NULL FROM n;
    INSERT INTO users (id, name, email) VALUES (100001, 'Ann 0', NULL), (100002, NULL, NULL), (100003, NULL, 'x@3'), (100004, NULL, 'x@3');)",
                              rows));
  if (conformance::backend() == conformance::Backend::Sqlite) return;
  database.script("CREATE SEQUENCE keys; ALTER TABLE users ALTER id SET DEFAULT nextval('keys');");
}

const char* const kPairs = R"(backfill commit_users {
  table commits key (id)
  ensure who in users by (name, email) { name = name, email = email }
  derive user_id = who.id
  pace { batch 20 to 50 rows }
}
)";
const char* const kUsers = "SELECT name, email FROM users ORDER BY 1, 2";

}  // namespace

TEST_CASE("what is missing in both agrees: a row is ensured once, also where no key keeps two apart") {
  Database database;
  make_pairs(database, 360);
  const std::string before = database.content(kUsers);
  Program program(database, kPairs);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 360);
  CHECK(database.number("SELECT count(*) FROM (SELECT DISTINCT name, email FROM users) AS u") + 1 ==
        database.number("SELECT count(*) FROM users"));
  CHECK(database.number(
            "SELECT count(*) FROM commits AS c JOIN users AS u ON u.id = c.user_id AND u.name IS NOT "
            "DISTINCT FROM c.name AND u.email IS NOT DISTINCT FROM c.email") == 360);
  CHECK(database.number("SELECT count(*) FROM commits WHERE user_id = 100004") == 0);  // the first of the two
  const auto verify = verified(program);
  CHECK(verify.mismatches == 0);
  CHECK(verify.clean());
  Program again(database, kPairs);
  CHECK(again.run().outcomes.changed == 0);
  CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == 360);
  CHECK(database.content(kUsers) == before);
}

TEST_CASE("two workers that ensure rows with missing keys get the same ones") {
  if (conformance::backend() == conformance::Backend::Sqlite) return;  // one writer at a time
  Database database;
  make_pairs(database, 22'000);
  Program program(database, R"(backfill commit_users {
  table commits key (id)
  ensure who in users by (name, email) { name = name, email = email }
  derive user_id = who.id
  pace { batch 500 to 2000 rows }
}
)");
  program.options.workers = 2;
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 22'000);
  CHECK(database.number("SELECT count(*) FROM (SELECT DISTINCT name, email FROM users) AS u") + 1 ==
        database.number("SELECT count(*) FROM users"));
}

TEST_CASE("what is passed on may be asked for, and guarded") {
  Database database;
  make_posts(database, 44);
  Program program(database, R"(backfill authors {
  table posts key (id)
  intent amend
  scope { where author is present }
  ensure who in people by (name) { name = author } when id > 10
  derive author_id = who.id when who is present and id > 20
}
)");
  const std::string posts = database.content(kPosts);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(database.number("SELECT count(*) FROM posts WHERE author_id IS NOT NULL") == 21);
  CHECK(database.number("SELECT count(*) FROM posts WHERE author_id IS NOT NULL AND id <= 20") == 0);
  CHECK(verified(program).mismatches == 0);
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kPosts) == posts);
}
