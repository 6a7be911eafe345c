// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <fstream>

#include "tests/runtime/database/fixture.h"

using namespace backfill;
using namespace backfill::database;
using backfill::database::test::Database;
using backfill::database::test::done;
using backfill::database::test::take;

namespace {

Failure refused(const std::string& url, OpenOptions options = {}) {
  auto store = database::open(url, options);
  REQUIRE_FALSE(store.ok());
  CHECK_FALSE(store.failure().way_out.empty());
  return store.failure();
}

}  // namespace

TEST_CASE("a missing file is not created", "[sqlite]") {
  const Database database;
  const std::string path = database.directory() + "/none.db";
  CHECK_THAT(refused("sqlite:" + path).message, Catch::Contains("no such file"));
  CHECK_FALSE(std::filesystem::exists(path));
  CHECK_THAT(refused(path).message, Catch::Contains("no such file"));
  CHECK_THAT(refused("sqlite:file:" + path + "?mode=rwc").message, Catch::Contains("no such file"));
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("what is no database is named", "[sqlite]") {
  const Database database;
  CHECK_THAT(refused("sqlite:" + database.directory()).message, Catch::Contains("is a directory"));
  const std::string path = database.directory() + "/text.db";
  std::ofstream(path) << std::string(5000, 'x');
  const Failure failure = refused("sqlite:" + path);
  CHECK_THAT(failure.message, Catch::Contains("not a database"));
  CHECK(failure.recovery == Recovery::Fatal);
}

TEST_CASE("a damaged database is named", "[sqlite]") {
  Database database("CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT)");
  database.store.reset();
  std::fstream file(database.path(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);
  file << std::string(1000, '\x7f');
  file.close();
  CHECK_THAT(refused(database.url()).message, Catch::Contains("malformed"));
}

TEST_CASE("an unknown scheme is refused without repeating what may hold a password", "[sqlite]") {
  const Failure failure = refused("oracle://ann:secret@host/db");
  CHECK_THAT(failure.message, Catch::Contains("oracle"));
  CHECK_THAT(failure.message, !Catch::Contains("secret"));
  CHECK_THAT(refused("secret").message, !Catch::Contains("secret"));
}

TEST_CASE("a locked database says retry after the busy timeout", "[sqlite]") {
  const Database database("CREATE TABLE t(id INTEGER PRIMARY KEY)");
  done(database.store->begin(Access::ReadWrite));
  auto other = take(database::open(database.url(), {Access::ReadWrite, 20}));
  const auto second = other->begin(Access::ReadWrite);
  REQUIRE_FALSE(second.ok());
  CHECK(second.failure().recovery == Recovery::Retry);
  CHECK_THAT(second.failure().message, Catch::Contains("locked"));
  CHECK_THAT(second.failure().way_out, Catch::Contains("lock"));
}

TEST_CASE("what a killed writer left in the file does not keep a reader out", "[sqlite]") {
  Database database(
      "CREATE TABLE t(id INTEGER PRIMARY KEY, a TEXT);"
      "WITH RECURSIVE i(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM i WHERE x < 2000) "
      "INSERT INTO t SELECT x, printf('%0200d', x) FROM i;");
  // A small cache, so that pages reach the file before the commit. The copy is what a kill would leave.
  done(database.store->begin(Access::ReadWrite));
  done(database.store->script("PRAGMA cache_size = 2; UPDATE t SET a = 'not committed'"));
  const std::string copy = database.directory() + "/copy.db";
  std::filesystem::copy_file(database.path(), copy);
  std::filesystem::copy_file(database.path() + "-journal", copy + "-journal");
  database.store->rollback();
  const auto reader = take(database::open("sqlite:" + copy, {Access::ReadOnly, 100}));
  const Rows rows = take(reader->query("SELECT count(*) FROM t WHERE a = 'not committed'"));
  CHECK(rows.rows[0][0].integer() == 0);
  CHECK_FALSE(reader->script("DELETE FROM t").ok());
}

TEST_CASE("read-only files and connections refuse writes", "[sqlite]") {
  Database database("CREATE TABLE t(id INTEGER PRIMARY KEY)");
  auto reader = take(database::open(database.url(), {Access::ReadOnly, 100}));
  CHECK_FALSE(reader->script("INSERT INTO t VALUES (1)").ok());
  CHECK_FALSE(reader->script("CREATE TEMP TABLE x(a); CREATE TABLE y(a)").ok());
  if (geteuid() != 0) {
    std::filesystem::permissions(database.path(), std::filesystem::perms::owner_read);
    CHECK_THAT(refused(database.url()).message, Catch::Contains("read-only"));
  }
}

TEST_CASE("settings are pinned and the journal mode is the user's", "[sqlite]") {
  const Database database;
  CHECK(database.ask("PRAGMA foreign_keys") == "1");
  CHECK(database.ask("PRAGMA journal_mode") == "delete");
  CHECK_FALSE(database.store->reads_beside_writes());
  done(database.store->script("PRAGMA journal_mode=WAL"));
  auto again = take(database::open(database.url(), {}));
  CHECK(again->reads_beside_writes());
}

TEST_CASE("commits of others are seen, our own are not", "[sqlite]") {
  const Database database("CREATE TABLE t(id INTEGER PRIMARY KEY)");
  const auto answer = [&] {
    done(database.store->begin(Access::ReadWrite));
    const auto value = take(database.store->foreign_commits());
    done(database.store->commit());
    return value;
  };
  const auto before = answer();
  done(database.store->script("INSERT INTO t VALUES (1)"));
  CHECK(answer() == before);
  auto other = take(database::open(database.url(), {}));
  done(other->script("INSERT INTO t VALUES (2)"));
  CHECK(answer() != before);
}

TEST_CASE("plain statements bind and answer values", "[sqlite]") {
  const Database database("CREATE TABLE t(a, b, c)");
  const std::vector<stdlib::Value> values = {std::int64_t{7}, std::string("it's"), stdlib::Value()};
  CHECK(take(database.store->execute("INSERT INTO t VALUES (?1, ?2, ?3)", values)) == 1);
  CHECK(take(database.store->execute("UPDATE t SET a = 8 WHERE a = 9")) == 0);
  CHECK(database.ask("SELECT a, b, c, typeof(b) FROM t") == "7|it's|NULL|text");
  CHECK_FALSE(database.store->query("SELECT nothing FROM t").ok());
  const std::int64_t now = take(database.store->now());
  CHECK(now > 1'700'000'000'000'000);
  CHECK(now % 1000 == 0);
}
