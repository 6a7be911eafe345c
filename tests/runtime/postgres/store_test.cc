// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL has and SQLite has not: its types, keys, names, partitions.
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

namespace {

// A value of each kind, in the language's own form.
stdlib::Value some_value(const stdlib::Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return true;
    case Kind::Float32:
    case Kind::Float64:
      return 2.5;
    case Kind::Decimal:
      return stdlib::Decimal{400, type.scale};
    case Kind::Text:
      return text("ab");
    case Kind::Enum:
      return text("sad");
    case Kind::Bytes:
      return text(std::string("\0\xff", 2));
    case Kind::Uuid:
      return text("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    case Kind::Json:
      return text(R"({"a": [1, null]})");
    case Kind::Date:
      return std::int64_t{19'000};
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return std::int64_t{1'700'000'000'000'000};
    default:
      return std::int64_t{42};
  }
}

constexpr std::string_view kTypes =
    "CREATE TYPE mood AS ENUM ('sad', 'it''s \"ok\"', 'happy');"
    "CREATE DOMAIN short AS varchar(5) CHECK (value <> 'bad'); CREATE DOMAIN feeling AS mood;"
    "CREATE DOMAIN small AS numeric(6, 2) CHECK (value < 1000);";

}  // namespace

TEST_CASE("rollback gives back every value of every type, byte for byte") {
  struct Column {
    std::string type, values;
  };
  const std::vector<Column> columns = {
      {"boolean", "(true), (false), (NULL)"},
      {"smallint", "(-32768), (32767), (NULL)"},
      {"integer", "(-2147483648), (0), (NULL)"},
      {"bigint", "(-9223372036854775808), (9223372036854775807), (NULL)"},
      {"real", "(1e-30), ('NaN'), ('-Infinity'), (0.1), ('-0'), (NULL)"},
      {"double precision", "(1e300), ('NaN'), ('Infinity'), (0.1), ('-0'), (NULL)"},
      {"numeric(10,2)", "(99999999.99), (-0.01), ('NaN'), (NULL)"},
      {"numeric(38,10)", "(1234567890123456789012345678.0123456789), (NULL)"},
      {"small", "(999.99), (NULL)"},
      {"text", "(''), ('é😀'), (E'a\\n\\\\\"'''), (repeat('x', 100000)), (NULL)"},
      {"varchar(5)", "('abcde'), ('ab   '), (NULL)"},
      {"char(5)", "('ab'), (''), (NULL)"},
      {"short", "('abc'), (NULL)"},
      {"mood", "('happy'), ('it''s \"ok\"'), (NULL)"},
      {"feeling", "('happy'), (NULL)"},
      {"bytea", "(''), ('\\x00ff'), (NULL)"},
      {"date", "('0001-01-01'), ('infinity'), ('4713-01-01 BC'), (NULL)"},
      {"timestamp", "('2024-02-29 10:00:00.123456'), ('-infinity'), (NULL)"},
      {"timestamptz",
       "('2024-02-29 10:00:00.123456+05'), ('infinity'), ('294276-12-31 23:59:59.999999+00'), (NULL)"},
      {"timestamptz(0)", "('2024-02-29 10:00:00+05'), (NULL)"},
      {"uuid", "('a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a12'), (NULL)"},
      {"json", "('{ \"b\" : 1,  \"a\":2, \"a\":3 }'), ('null'), (NULL)"},
      {"jsonb", "('{\"b\": 1, \"a\": 1e2}'), ('\"x\"'), (NULL)"}};
  for (const Column& column : columns) {
    INFO(column.type);
    Postgres database(
        fmt::format("{} CREATE TABLE t(id bigserial PRIMARY KEY, x {} ); INSERT INTO t(x) VALUES {}", kTypes,
                    column.type, column.values));
    const auto content = [&] { return database.ask("SELECT id, x::text FROM t ORDER BY id"); };
    const std::string before = content();
    ir::Backfill backfill = backfill_over(database.catalog, "t", {"id"}, {}, {"x"});
    Run run(database, std::move(backfill));
    run.read();
    REQUIRE(run.batch.rows > 1);
    // The first row becomes missing, the others have a value.
    run.outputs[0].set_missing(0);
    for (std::int64_t row = 1; row < run.batch.rows; ++row)
      run.set(0, row, some_value(run.outputs[0].type()));
    const WriteOutcome outcome = run.write();
    for (const WriteFailure& failure : outcome.failures) FAIL_CHECK(failure.message);
    CHECK(outcome.written == run.batch.rows);
    CHECK(content() != before);
    CHECK(database.ask("SELECT key_id, prior_x::text FROM backfill_correction_1 ORDER BY 1") == before);
    CHECK(database.ask("SELECT key_id, new_x::text FROM backfill_correction_1 ORDER BY 1") == content());
    run.read();
    // Padded; in the document's canonical form.
    if (column.type != "char(5)" && !column.type.starts_with("json"))
      CHECK(run.batch.inputs[1].value(1) == some_value(run.outputs[0].type()));
    CHECK(run.roll_back().restored == run.batch.rows);
    CHECK(content() == before);
    CHECK(run.roll_back().restored == 0);
  }
}

TEST_CASE("by keys of every type every row is met once, written and restored") {
  struct Key {
    std::string columns, values;
    std::vector<std::string> names;
  };
  const std::vector<Key> keys = {
      {"k smallint", "SELECT i - 30 FROM n", {"k"}},
      {"k bigint", "SELECT (i - 30) * 300000000000000000 FROM n", {"k"}},
      {"k uuid", "SELECT md5(i::text)::uuid FROM n", {"k"}},
      {"k text", "SELECT chr(i + 40) || repeat('z', i % 3) FROM n", {"k"}},
      {"k text COLLATE german",
       "SELECT x || i FROM n, (VALUES ('a'), ('B'), ('ä'), ('Z')) AS v(x) WHERE i < 10",
       {"k"}},
      {"k text COLLATE folded", "SELECT CASE WHEN i % 2 = 0 THEN 'Key' ELSE 'kEy' END || i FROM n", {"k"}},
      {"k varchar(20)", "SELECT 'v' || i FROM n", {"k"}},
      {"k char(6)", "SELECT 'c' || i FROM n", {"k"}},
      {"k bytea", "SELECT decode(lpad(to_hex(i * 5), 4, '0'), 'hex') FROM n", {"k"}},
      {"k numeric(20,3)", "SELECT i / 8.0 FROM n", {"k"}},
      {"k date", "SELECT date '2024-01-31' - i FROM n", {"k"}},
      {"k timestamptz",
       "SELECT timestamptz '2024-01-31 10:00:00.5+00' + i * interval '0.000001 s' FROM n",
       {"k"}},
      {"k timestamp", "SELECT timestamp '2024-01-31 10:00:00.5' + i * interval '1 year' FROM n", {"k"}},
      {"k boolean", "SELECT i = 1 FROM n WHERE i < 3", {"k"}},
      {"k mood", "SELECT x::mood FROM (VALUES ('happy'), ('sad'), ('it''s \"ok\"')) AS v(x)", {"k"}},
      {"k short", "SELECT 'd' || i FROM n", {"k"}},
      {"k feeling", "SELECT x::mood FROM (VALUES ('happy'), ('sad')) AS v(x)", {"k"}},
      {"k text, m integer", "SELECT repeat('x', i / 7), i FROM n", {"k", "m"}},
      {"k uuid, m text COLLATE folded, o timestamptz",
       "SELECT md5((i / 5)::text)::uuid, 'M' || i / 2, timestamptz '2024-01-01' + i * interval '1 h' FROM n",
       {"k", "m", "o"}},
      {"k char(3), m mood, o bytea",
       "SELECT i / 9, CASE WHEN i % 2 = 0 THEN 'sad' ELSE 'happy' END::mood, int4send(i) FROM n",
       {"k", "m", "o"}}};
  for (const Key& key : keys) {
    INFO(key.columns);
    std::string listed;
    for (const std::string& name : key.names) listed += (listed.empty() ? "" : ", ") + name;
    Postgres database(fmt::format(
        "{0} CREATE COLLATION german (provider = icu, locale = 'de');"
        "CREATE COLLATION folded (provider = icu, locale = 'und-u-ks-level2', deterministic = false);"
        "CREATE TABLE t({1}, x text, PRIMARY KEY ({2}));"
        "INSERT INTO t WITH n(i) AS (SELECT generate_series(1, 60)) SELECT v.*, 'p' FROM ({3}) AS v",
        kTypes, key.columns, listed, key.values));
    const std::string all = database.ask("SELECT count(*) FROM t");
    ir::Backfill backfill = backfill_over(database.catalog, "t", key.names, {}, {"x"});
    if (key.columns == "k feeling") {
      const auto opened = database.store->table(backfill, 0);
      REQUIRE_FALSE(opened.ok());
      CHECK_THAT(opened.failure().message, Catch::Contains("no order"));
      continue;
    }
    Run run(database, std::move(backfill));
    database::Key after;
    std::int64_t met = 0;
    for (std::int64_t number = 1;; ++number) {
      run.read(after, {}, 7);
      if (run.batch.rows == 0) break;
      for (std::int64_t row = 0; row < run.batch.rows; ++row) run.set(0, row, text("new"));
      const WriteOutcome outcome = run.write({}, number);
      CHECK(outcome.written == run.batch.rows);
      met += run.batch.rows;
      after = run.batch.key(run.batch.rows - 1, key.names.size());
      REQUIRE(met < 1000);
    }
    CHECK(std::to_string(met) == all);
    CHECK(database.ask("SELECT count(*) FROM t WHERE x = 'new'") == all);
    run.read({}, after, 1000);
    CHECK(run.batch.rows == met);
    std::int64_t restored = 0;
    after.clear();
    while (true) {
      restored += run.roll_back(after, {}, 7).restored;
      if (run.last.empty()) break;
      after = run.last;
    }
    CHECK(restored == met);
    CHECK(database.ask("SELECT count(*) FROM t WHERE x = 'p'") == all);
  }
}

TEST_CASE("names of every kind are only names") {
  const std::string long_name(63, 'n');
  const std::string name =
      GENERATE_COPY(std::string("we\"ird; DROP TABLE canary; --"), std::string("$1"), std::string("select"),
                    std::string("a'b"), std::string("\xF0\x9F\x98\x80 \xC3\xA9"), std::string("{0}%s"),
                    std::string("x\ny"), std::string("back\\slash"), long_name, std::string("backfill"),
                    std::string("t"), std::string("v"), std::string("c"));
  std::string quoted;
  for (const char c : name) quoted += c == '"' ? "\"\"" : std::string(1, c);
  const std::string one = quoted, other = name == long_name ? quoted.substr(0, 62) + "m" : "x " + quoted;
  const std::string other_name = name == long_name ? name.substr(0, 62) + "m" : "x " + name;
  INFO(name);
  Postgres database(fmt::format(
      "CREATE TABLE canary(id bigint PRIMARY KEY, v text); INSERT INTO canary VALUES (1, 'sings');"
      "CREATE SCHEMA \"s {0}\"; CREATE TABLE \"s {0}\".\"{0}\"(\"k {1}\" text, n bigint, \"{1}\" text, "
      "\"{2}\" "
      "text, PRIMARY KEY (\"k {1}\", n));"
      "INSERT INTO \"s {0}\".\"{0}\" VALUES ('b', 1, 'p', 'q'), ('a', 2, NULL, ''), ('$2''\"', 1, '', NULL)",
      name.size() > 60 ? quoted.substr(0, 60) : quoted, name.size() > 60 ? quoted.substr(0, 61) : one,
      name.size() > 60 ? quoted.substr(0, 60) + "m" : other));
  const std::string table = database.ask(
      "SELECT relname FROM pg_class WHERE relnamespace = (SELECT oid FROM "
      "pg_namespace WHERE nspname LIKE 's %') AND relkind = 'r'");
  const schema::Table* found = nullptr;
  for (const schema::Table& each : database.catalog.tables)
    if (each.name == table) found = &each;
  REQUIRE(found != nullptr);
  const std::string key = found->columns[0].name, first = found->columns[2].name,
                    second = found->columns[3].name;
  Run run(database,
          backfill_over(database.catalog, found->qualified_name(), {key, "n"}, {}, {first, second}));
  run.read();
  REQUIRE(run.batch.rows == 3);
  for (std::int64_t row = 0; row < 3; ++row) {
    run.set(0, row, text("'); DROP TABLE canary; --"));
    run.set(1, row, text("\\'; DROP TABLE canary"));
  }
  CHECK(run.write().written == 3);
  run.read();
  CHECK(run.batch.inputs[2].value(2).text() == "'); DROP TABLE canary; --");
  const std::vector<TableAccess::SetAside> aside = {
      {2, "quarantined", "overflow", "'); DROP TABLE canary; --"}};
  done(database.store->begin(Access::ReadWrite));
  done(run.table->set_aside(run.batch, aside, 1));
  done(database.store->commit());
  VerifyBatch verified;
  done(run.table->read_for_verify({}, {}, 10, verified));
  CHECK(verified.prior.rows == 3);
  CHECK(run.roll_back().restored == 3);
  CHECK(database.ask("SELECT id, v FROM canary") == "1|sings");
}

TEST_CASE("partitions are one table: a row each, keys over all of them") {
  std::string sql =
      "CREATE TABLE t(id bigint, part integer, s text, PRIMARY KEY (id, part)) PARTITION BY LIST (part);"
      "CREATE TABLE t_rest PARTITION OF t DEFAULT;";
  for (int i = 0; i < 12; ++i)
    sql += fmt::format("CREATE TABLE t_{0} PARTITION OF t FOR VALUES IN ({0});", i);
  sql += "INSERT INTO t SELECT 100 - i, i, NULL FROM generate_series(0, 15) AS n(i)";
  Postgres database(sql);
  Run run(database, backfill_over(database.catalog, "t", {"id", "part"}, {}, {"s"}));
  run.read({}, {}, 10);
  REQUIRE(run.batch.rows == 10);
  for (std::int64_t row = 0; row < 10; ++row) run.set(0, row, text("new"));
  // One row moves to another partition, one is replaced by its like.
  database.run(
      "UPDATE t SET part = 200 WHERE id = 88; DELETE FROM t WHERE id = 90; INSERT INTO t VALUES (90, 10, "
      "'x')");
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 8);
  CHECK(outcome.conflicts == std::vector<std::int64_t>{3, 5});
  CHECK(database.ask("SELECT count(*) FROM t WHERE s = 'new'") == "8");
  CHECK(run.roll_back().restored == 8);
}

TEST_CASE("empty tables, rows of NULLs and a megabyte of text") {
  Postgres database(
      "CREATE TABLE empty(id bigint PRIMARY KEY, s text); CREATE TABLE nulls(id bigint PRIMARY KEY, a text, "
      "b numeric"
      "(10,2), c timestamptz, d uuid, s text); INSERT INTO nulls(id) SELECT generate_series(1, 3)");
  {
    Run run(database, backfill_over(database.catalog, "empty", {"id"}, {}, {"s"}));
    run.read();
    CHECK(run.batch.rows == 0);
    CHECK_FALSE(take(run.table->key_span()).has_value());
    CHECK(run.roll_back().restored == 0);
  }
  database.run("DROP TABLE backfill.backfill_correction_1, backfill.backfill_quarantine_1");
  Run run(database, backfill_over(database.catalog, "nulls", {"id"}, {"a", "b", "c", "d"}, {"s"}));
  run.read();
  for (std::size_t i = 1; i < 6; ++i) CHECK(run.batch.inputs[i].value(2).missing());
  std::string large;
  while (large.size() < 1'000'000) large += "\xC3\xA9\xF0\x9F\x98\x80x";
  for (std::int64_t row = 0; row < 3; ++row) run.set(0, row, text(large));
  CHECK(run.write().written == 3);
  run.read();
  CHECK(run.batch.inputs[5].value(1).text() == large);
}
