// SPDX-License-Identifier: Apache-2.0
// Reading a table on two connections at once: every row once, in key order, of one moment.
#include "runtime/execute/scan.h"

#include <atomic>
#include <limits>
#include <thread>

#include "runtime/execute/segments.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;

namespace {

constexpr std::int64_t kLeast = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kGreatest = std::numeric_limits<std::int64_t>::max();

// The keys as a scan meets them.
std::vector<std::int64_t> scanned(Database& database, std::size_t connections = 2) {
  Program program(database, spec_text({}));
  auto store = must(database::open(program.subject.url, {database::Access::ReadOnly}));
  const auto snapshot = must(execute::Snapshot::begin(*store));
  const auto tables = must(snapshot.tables(*program.subject.backfill));
  CHECK(tables.size() == connections);
  execute::RowDecider decider(program.subject, {0});
  std::vector<std::int64_t> keys;
  const auto visit = [&](database::RowBatch& batch, const execute::Decisions&) {
    for (std::int64_t row = 0; row < batch.rows; ++row) keys.push_back(batch.key(row, 1)[0].integer());
    return true;
  };
  must(execute::scan(program.subject, tables, decider, visit));
  return keys;
}

std::vector<std::int64_t> stored(Database& database) {
  std::vector<std::int64_t> keys;
  for (const auto& row : database.query("SELECT id FROM accounts ORDER BY id").rows)
    keys.push_back(row[0].integer());
  return keys;
}

}  // namespace

TEST_CASE("segments follow one another without a gap, to both ends of the key") {
  for (const database::KeySpan span :
       {database::KeySpan{1, 100'000}, database::KeySpan{kLeast, kGreatest}, database::KeySpan{5, 5},
        database::KeySpan{kGreatest - 1, kGreatest}}) {
    execute::Segments segments(span, 4096);
    database::Key last;
    int count = 0;
    while (const auto segment = segments.next()) {
      CHECK(segment->after == last);
      last = segment->until;
      segments.observe(1);
      REQUIRE(++count < 200);
    }
    CHECK(last.empty());
    CHECK(count > 0);
  }
}

TEST_CASE("segments widen over gaps and narrow again") {
  execute::Segments segments(database::KeySpan{0, 1'000'000'000}, 1000);
  const auto width = [&] {
    const auto segment = segments.next();
    return segment->until[0].integer() - (segment->after.empty() ? 0 : segment->after[0].integer());
  };
  CHECK(width() == 1000);
  segments.observe(0);
  CHECK(width() == 2000);
  segments.observe(1000);
  CHECK(width() == 1000);
  segments.observe(1000);
  CHECK(width() == 1000);
}

TEST_CASE("two connections meet every row once, in order") {
  Database database;
  make_accounts(database, 20'000);
  SECTION("dense keys") {}
  SECTION("gaps, and crowds behind them") {
    database.script("UPDATE accounts SET id = id + 1000000000000 WHERE id > 5000");
    database.script("UPDATE accounts SET id = -id WHERE id < 3000");
  }
  SECTION("the ends of the type") {
    database.script("UPDATE accounts SET id = -9223372036854775807 - 1 WHERE id = 3");
    database.script("UPDATE accounts SET id = 9223372036854775807 WHERE id = 6");
  }
  SECTION("an empty table") {
    database.script("DELETE FROM accounts");
  }
  CHECK(scanned(database) == stored(database));
}

TEST_CASE("a twin sees the same moment, though others commit all the time") {
  Database database;
  make_accounts(database, 10);
  // The store's own connections do not follow the application's search_path.
  const std::string accounts =
      conformance::backend() == conformance::Backend::Sqlite ? "accounts" : "public.accounts";
  std::atomic<bool> enough{false};
  std::thread writer([&] {
    auto store = must(database::open(database.url(), {}));
    while (!enough)
      static_cast<void>(must(store->execute("UPDATE " + accounts + " SET name = name || 'x' WHERE id = 3")));
  });
  int twins = 0;
  for (int i = 0; i < 200; ++i) {
    auto store = must(database::open(database.url(), {database::Access::ReadOnly}));
    const auto twin = must(store->begin_with_twin());
    if (!twin) continue;
    ++twins;
    const std::string sql = "SELECT name FROM " + accounts + " WHERE id = 3";
    CHECK(must(store->query(sql)).rows[0][0] == must(twin->query(sql)).rows[0][0]);
  }
  enough = true;
  writer.join();
  CHECK(twins > 0);
}
