// SPDX-License-Identifier: Apache-2.0
// What a run says afterwards of what it wrote, other tables' rows included, on each store.
#include "runtime/execute/history.h"

#include "runtime/execute/rollback.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

std::string line(const execute::HistoryEntry& entry) {
  std::string text = fmt::format("{} {} {}[{}]", entry.key, entry.effect, entry.table, entry.row_key);
  for (const execute::Change& change : entry.changes)
    text += fmt::format(" {}: {} -> {}", change.column, change.before, change.after);
  return text + (entry.rolled_back ? " rolled back" : "");
}

std::vector<std::string> lines(const Program& program, std::int64_t limit, std::int64_t skip, bool& more) {
  const auto found = must(execute::history(program.subject.url, {.run = 1, .limit = limit, .skip = skip}));
  more = found.more;
  std::vector<std::string> all;
  for (const execute::HistoryEntry& entry : found.entries) all.push_back(line(entry));
  return all;
}

}  // namespace

TEST_CASE("history tells what effects wrote: the rows, as they were and as they are") {
  Database database;
  database.script(R"(
    CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL, albums INTEGER NOT NULL);
    CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL REFERENCES artists (id), title TEXT);
    CREATE INDEX albums_artist ON albums (artist_id);
    INSERT INTO artists VALUES (1, 'AC/DC', 2), (2, 'ac/dc', 1), (3, 'Accept', 1);
    INSERT INTO albums VALUES (1, 1, 'A'), (2, 2, 'B'), (3, 3, 'C');)");
  Program program(database, R"(backfill one_artist {
  intent amend
  table artists
  merge partition by lower(name) keep first order by id { albums = sum }
  repoint albums.artist_id on conflict quarantine
})");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  REQUIRE(report.effects.size() == 2);
  CHECK(report.effects[0].rows == 1);
  CHECK(report.effects[1].kind == "delete");
  CHECK(report.effects[1].rows == 1);
  const bool schema = conformance::backend() != conformance::Backend::Sqlite;
  const std::string of = schema ? "public." : "";
  const std::vector<std::string> expected = {
      "1  [] albums: 2 -> 3", fmt::format("1 {0} {1}albums[2] artist_id: 2 -> 1", report.effects[0].name, of),
      fmt::format("1 merge {}artists[2] : id: 2, name: 'ac/dc', albums: 1 -> deleted", of)};
  bool more = true;
  CHECK(lines(program, 100, 0, more) == expected);
  CHECK_FALSE(more);
  CHECK(lines(program, 1, 1, more) == std::vector<std::string>{expected[1]});
  CHECK(more);
  CHECK(lines(program, 5, 2, more) == std::vector<std::string>{expected[2]});
  CHECK_FALSE(more);
  must(execute::rollback(program.subject, {.run = 1}));
  for (const std::string& one : lines(program, 100, 0, more)) CHECK(one.ends_with("rolled back"));
}

TEST_CASE("history tells inserted rows, and those that a conflict updated") {
  Database database;
  database.script(R"(
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
    CREATE TABLE cards (id INTEGER PRIMARY KEY, holder TEXT, color TEXT);
    INSERT INTO people VALUES (1, 'Ann'), (2, 'Bob'), (3, 'Cid');
    INSERT INTO cards VALUES (2, 'Rob', 'red'), (3, 'Cid', 'red');)");
  Program program(database, R"(backfill cards {
  intent amend
  table people
  insert into cards { id = id, holder = name } on conflict (id) update { holder = name }
})");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  bool more = true;
  const std::vector<std::string> all = lines(program, 100, 0, more);
  REQUIRE(all.size() == 2);
  CHECK(all[0].ends_with("cards[1] : not there -> id: 1, holder: 'Ann', color: missing"));
  CHECK(all[1].ends_with("cards[2] holder: 'Rob' -> 'Bob'"));
}
