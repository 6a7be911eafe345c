// SPDX-License-Identifier: Apache-2.0
// `merge` and `repoint`: one row of each group stays, on each store.
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

// Names come three times, in other cases; every 10th name once; one name is missing, one artist is locked.
void make_artists(Database& database, int artists) {
  database.script(fmt::format(R"(
    CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT UNIQUE, plays INTEGER NOT NULL, bio TEXT, rank INTEGER,
                          locked INTEGER);
    CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists (id), title TEXT);
    CREATE TABLE fans (person INTEGER NOT NULL, artist_id INTEGER NOT NULL REFERENCES artists (id), since INTEGER,
                       PRIMARY KEY (person, artist_id));
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO artists SELECT i, CASE WHEN i = 7 THEN NULL
        WHEN i % 3 = 0 THEN 'ARTIST ' || (i % {1}) WHEN i % 3 = 1 THEN 'artist ' || (i % {1}) ELSE 'Artist ' || (i % {1}) END,
      i, CASE WHEN i % 3 = 0 THEN 'bio ' || i END, CASE WHEN i % 5 = 0 THEN i END, CASE WHEN i = 11 THEN 1 ELSE 0 END FROM n;
    INSERT INTO albums SELECT id * 10 + 1, id, 'First of ' || id FROM artists;
    INSERT INTO albums SELECT id * 10 + 2, id, NULL FROM artists WHERE id % 2 = 0;
    INSERT INTO fans SELECT p.id, a.id, a.id FROM artists AS a JOIN artists AS p ON p.id <= 4 WHERE (a.id + p.id) % 3 <> 0 AND a.id % 20 <> 13;)",
                              artists, artists / 3));
}

const char* const kSpec = R"(backfill one_artist {
  table artists key (id)
  scope {
    where name is present
    exclude locked when locked = 1
  }
  merge partition by lower_ascii(name) keep first order by plays desc, id {
    plays = first, bio = first present, rank = max
  }
  repoint albums.artist_id
  repoint fans.artist_id on conflict drop
  pace { batch 5 to 10 rows }
}
)";

std::string all(Database& database) {
  return database.content(
             "SELECT id, quote(name), plays, quote(bio), quote(rank), quote(locked) FROM artists ORDER BY "
             "id") +
         database.content("SELECT id, artist_id, quote(title) FROM albums ORDER BY id") +
         database.content("SELECT person, artist_id, since FROM fans ORDER BY person, artist_id");
}

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

// Without indexes that cannot be told from the names: 60 artists, 20 names; 11 is locked, so its group stays.
constexpr int kArtists = 60, kNames = 20;

}  // namespace

TEST_CASE("one row of each group stays, with what the rules give it and all that pointed to the others") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_artists(database, kArtists);
    const std::string before = all(database);
    const std::string best = database.content(
        "SELECT lower(name), max(plays), max(rank) FROM artists WHERE name IS NOT NULL AND id % 20 <> 11 "
        "GROUP BY "
        "lower(name) ORDER BY 1");
    Program program(database, kSpec);
    program.subject.engine = engine;
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.changed == kNames - 1);
    std::int64_t gone = 0, left = 0;
    for (const auto& one : report.classes) {
      if (one.name == "excluded merged_into_another") gone = one.rows;
      if (one.name == "review group_left_alone") left = one.rows;
    }
    CHECK(left == 2);  // the third is locked itself
    CHECK(gone == kArtists - 1 - 3 - (kNames - 1));
    CHECK(database.number("SELECT count(*) FROM artists") == kArtists - gone);
    CHECK(database.number("SELECT count(*) FROM artists WHERE id % 20 = 11") == 3);
    CHECK(database.content(
              "SELECT lower(name), plays, rank FROM artists WHERE name IS NOT NULL AND id % 20 <> 11 ORDER "
              "BY 1") == best);
    CHECK(database.number(
              "SELECT count(*) FROM artists WHERE bio IS NULL AND name IS NOT NULL AND id % 20 <> 11") == 0);
    CHECK(database.number("SELECT count(*) FROM albums") == kArtists + kArtists / 2);
    CHECK(database.number(
              "SELECT count(*) FROM albums AS b JOIN artists AS a ON a.id = b.artist_id WHERE b.id / 10 % 20 "
              "<> a.id % 20") == 0);
    CHECK(database.number("SELECT count(*) FROM fans WHERE artist_id NOT IN (SELECT id FROM artists)") == 0);
    CHECK(database.number("SELECT count(*) FROM fans WHERE artist_id % 20 NOT IN (7, 11)") ==
          4 * (kNames - 3));
    const auto verify = verified(program);
    for (const auto& sample : verify.samples)
      UNSCOPED_INFO(sample.key << " " << sample.column << " " << sample.stored << " " << sample.expected);
    CHECK(verify.clean());
    CHECK(verify.compared > 0);

    Program again(database, kSpec);
    const auto second = again.run();
    CHECK(second.outcomes.changed == 0);
    CHECK(second.outcomes.add_up());
    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.restored == kNames - 1);
    CHECK(back.gone + back.changed_since + back.blocked == 0);
    CHECK(all(database) == before);
  }
}

TEST_CASE("a conflict that is to be set aside keeps the whole group as it is") {
  Database database;
  make_artists(database, kArtists);
  std::string spec = kSpec;
  spec.replace(spec.find("on conflict drop"), 16, "on conflict quarantine");
  const std::string before = all(database);
  Program program(database, spec);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.quarantined > 0);
  CHECK(report.outcomes.add_up());
  CHECK(report.outcomes.changed + report.outcomes.quarantined == kNames - 1);
  CHECK(verified(program).clean());
  CHECK(must(execute::rollback(program.subject, {.run = 1})).restored == report.outcomes.changed);
  CHECK(all(database) == before);
}

TEST_CASE("a group that is no longer what was decided on is left alone and counted") {
  Database database;
  make_artists(database, kArtists);
  Program program(database, kSpec);
  CHECK(program.run_and_crash("after_plan_commit:1"));
  database.script(
      "UPDATE artists SET name = 'someone else' WHERE id = 1;"  // has left the group of 41
      "UPDATE artists SET rank = 999 WHERE id = 5;"             // a value that counts, in that of 45
      "INSERT INTO artists VALUES (1000, 'aRTIST 8', 1, NULL, NULL, 0);"  // has come to that of 48
      "DELETE FROM albums WHERE artist_id = 9; DELETE FROM fans WHERE artist_id = 9;"
      "DELETE FROM artists WHERE id = 9;"                 // of that of 49
      "UPDATE artists SET locked = 1 WHERE id = 12;"      // of that of 52
      "UPDATE artists SET bio = 'other' WHERE id = 4;");  // says nothing to that of 44
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.conflicts == 5);
  CHECK(report.outcomes.changed == kNames - 1 - 5);
  CHECK(report.outcomes.add_up());
  CHECK(database.number(
            "SELECT count(*) FROM artists WHERE id IN (1, 21, 41, 5, 25, 45, 8, 28, 48, 29, 49, 12, 32, "
            "52)") == 14);
  CHECK(database.number("SELECT count(*) FROM artists WHERE id IN (4, 24, 44)") == 1);
  CHECK(verified(program).clean());
}

TEST_CASE(
    "what the application did to merged groups is seen by the verification and left alone by the rollback") {
  Database database;
  make_artists(database, kArtists);
  Program program(database, kSpec);
  REQUIRE(program.run().end == RunEnd::Finished);
  database.script(
      "UPDATE albums SET artist_id = 42 WHERE id = 11; INSERT INTO artists VALUES (3, 'back', 1, NULL, NULL, "
      "NULL);"
      "UPDATE artists SET bio = 'theirs' WHERE id = 45;");
  CHECK(verified(program).mismatches == 3);
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == kNames - 1 - 3);
  CHECK(back.changed_since + back.blocked == 3);
  CHECK(database.number("SELECT artist_id FROM albums WHERE id = 11") == 42);
  CHECK(database.number("SELECT count(*) FROM artists WHERE id IN (1, 21)") == 0);
  CHECK(database.number("SELECT count(*) FROM artists WHERE id IN (2, 22, 42)") == 3);
}

TEST_CASE("a run that merges and is killed anywhere ends as one that was not") {
  Database pristine;
  make_artists(pristine, kArtists);
  const std::string before = all(pristine);
  std::string tables;
  {
    Database control;
    control.copy_from(pristine);
    REQUIRE(Program(control, kSpec).run().end == RunEnd::Finished);
    tables = all(control);
  }
  for (const char* point : {"before_plan_commit:1", "after_begin:1", "after_begin:2", "after_corrections:2",
                            "before_commit:1", "before_commit:3", "after_commit:1"}) {
    INFO(point);
    Database database;
    database.copy_from(pristine);
    Program program(database, kSpec);
    CHECK(program.run_and_crash(point));
    const auto report = program.run();
    CHECK(report.end == RunEnd::Finished);
    CHECK(all(database) == tables);
    CHECK(database.number("SELECT count(*) FROM backfill_correction_1") == kNames - 1);
    CHECK(program.rollback_and_crash("in_rollback:1"));
    CHECK(must(execute::rollback(program.subject, {.run = 1})).state == "rolled back");
    CHECK(all(database) == before);
  }
}

TEST_CASE("a rule takes documents that PostgreSQL cannot compare") {
  if (conformance::backend() == conformance::Backend::Sqlite) return;  // json is a text there
  Database database;
  database.script(R"(
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, settings JSON);
    INSERT INTO people VALUES (1, 'ann', NULL), (2, 'ANN', '{"b": 1, "a": [2]}'), (3, 'Ann', '{"c":3}'),
      (4, 'bob', '{"x": 1}'), (5, 'BOB', NULL), (6, 'eve', NULL);)");
  const char* const rows = "SELECT id, name, settings FROM people ORDER BY id";
  const std::string before = database.content(rows);
  Program program(database, R"(backfill one_person {
    table people
    merge partition by lower_ascii(name) keep first order by id { settings = first present }
  })");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 2);
  CHECK(database.number("SELECT count(*) FROM people") == 3);
  CHECK(database.number(
            "SELECT count(*) FROM people WHERE id = 1 AND settings::jsonb = '{\"a\": [2], \"b\": 1}'") == 1);
  CHECK(verified(program).clean());
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(rows) == before);
}

TEST_CASE("two columns of one table point to the row that stays") {
  Database database;
  make_artists(database, kArtists);
  database.script(R"(
    CREATE TABLE duets (id INTEGER PRIMARY KEY, one INTEGER REFERENCES artists (id), other INTEGER REFERENCES artists (id));
    INSERT INTO duets SELECT id, id, CASE WHEN id % 4 > 0 THEN 61 - id END FROM artists;)");
  const char* const duets = "SELECT id, quote(one), quote(other) FROM duets ORDER BY id";
  const std::string before = all(database) + database.content(duets);
  std::string spec = kSpec;
  spec.insert(spec.find("  pace"), "  repoint duets.other\n  repoint duets.one\n");
  Program program(database, spec);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == kNames - 1);
  CHECK(database.number("SELECT count(*) FROM duets WHERE one NOT IN (SELECT id FROM artists) OR other NOT "
                        "IN (SELECT id FROM artists)") == 0);
  CHECK(database.number("SELECT count(*) FROM duets AS d JOIN artists AS a ON a.id = d.one JOIN artists AS b "
                        "ON b.id = d.other WHERE a.id % 20 <> d.id % 20 OR b.id % 20 <> (61 - d.id) % 20") ==
        0);
  CHECK(database.number("SELECT count(*) FROM duets WHERE other IS NULL") == kArtists / 4);
  CHECK(verified(program).clean());
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.gone + back.changed_since + back.blocked == 0);
  CHECK(all(database) + database.content(duets) == before);
}
