// SPDX-License-Identifier: Apache-2.0
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

TEST_CASE("rollback gives back every storage class in every affinity, byte for byte", "[sqlite]") {
  const std::vector<std::string> types = {"INTEGER", "TEXT",    "REAL",    "NUMERIC(10,2)",
                                          "BLOB",    "BOOLEAN", "DATETIME"};
  for (const std::string& type : types) {
    INFO(type);
    Database database(
        fmt::format("CREATE TABLE t(id INTEGER PRIMARY KEY, x {});"
                    "INSERT INTO t VALUES (1, 7), (2, 2.5), (3, 'abc'), (4, '12'), (5, x'00ff'), (6, NULL), "
                    "(7, 3.0), (8, ''), "
                    "(9, 9223372036854775807), (10, 1e300), (11, '007'), (12, 0.1)",
                    type));
    const std::string before = database.ask("SELECT group_concat(id || typeof(x) || quote(x)) FROM t");
    Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"x"}));
    run.read();
    for (std::int64_t row = 0; row < run.batch.rows; ++row) run.outputs[0].set_missing(row);
    stdlib::Value value;
    switch (run.outputs[0].type().kind) {
      case stdlib::Kind::Int64:
        value = std::int64_t{42};
        break;
      case stdlib::Kind::Text:
        value = text("new");
        break;
      case stdlib::Kind::Bytes:
        value = text("new");
        break;
      case stdlib::Kind::Float64:
        value = 4.0;
        break;
      case stdlib::Kind::Decimal:
        value = stdlib::Decimal{400, 2};
        break;
      case stdlib::Kind::Bool:
        value = true;
        break;
      default:
        value = std::int64_t{1'700'000'000'000'000};
        break;
    }
    for (std::int64_t row = 0; row < run.batch.rows; row += 2) run.set(0, row, value);
    CHECK(run.write().written == 12);
    CHECK(database.ask("SELECT group_concat(id || typeof(x) || quote(x)) FROM t") != before);
    CHECK(run.roll_back().restored == 12);
    CHECK(database.ask("SELECT group_concat(id || typeof(x) || quote(x)) FROM t") == before);
    CHECK(run.roll_back().restored == 0);
  }
}

TEST_CASE("rollback leaves what changed since, by bytes, and counts what is gone") {
  Database database(
      fmt::format("{};CREATE TABLE t(id INTEGER PRIMARY KEY, s TEXT COLLATE {});"
                  "INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, NULL)",
                  is_sqlite() ? ""
                              : "CREATE COLLATION nocase (provider = icu, locale = 'und-u-ks-level2', "
                                "deterministic = false)",
                  is_sqlite() ? "NOCASE" : "nocase"));
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 4; ++row) run.set(0, row, text("new"));
  CHECK(run.write().written == 4);
  database.run("UPDATE t SET s = 'NEW' WHERE id = 1; DELETE FROM t WHERE id = 3");
  RollbackOutcome outcome = run.roll_back({}, {}, 2);
  CHECK(outcome.restored == 1);
  CHECK(outcome.changed_since == 1);
  CHECK(run.last == Key{std::int64_t{2}});
  outcome = run.roll_back(run.last);
  CHECK(outcome.restored == 1);
  CHECK(outcome.gone == 1);
  CHECK(database.ask(fmt::format("SELECT group_concat(id || coalesce(s, '-')) FROM {}", kByKey)) ==
        "1NEW,2b,4-");
  CHECK(database.ask(fmt::format("SELECT group_concat(key_id || '' || rolled_back) FROM {}",
                                 kCorrectionsByKey)) == "10,21,30,41");
}
