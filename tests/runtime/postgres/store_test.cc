// SPDX-License-Identifier: Apache-2.0
// What PostgreSQL has and SQLite has not: its types, keys, names, partitions, triggers, roles.
#include <algorithm>

#include <fmt/ranges.h>

#include "tests/runtime/database/fixture.h"

using namespace backfill;
using namespace backfill::database;
using backfill::database::test::backfill_over;
using backfill::database::test::done;
using backfill::database::test::Run;
using backfill::database::test::take;
using stdlib::Kind;

namespace {

class Postgres : public test::Database {
 public:
  explicit Postgres(std::string_view sql) : Database(sql, conformance::Backend::Postgres) {}
};

stdlib::Value text(std::string value) {
  return stdlib::Value(std::move(value));
}

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

TEST_CASE("triggers find what they name without a schema, in the path of the application") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, s text); INSERT INTO t VALUES (1, NULL), (2, NULL);"
      "CREATE TABLE audit(id bigint, s text); CREATE TABLE backfill_run(nobody text);"
      "CREATE FUNCTION own(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';"
      "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (new.id, "
      "own(new.s)); RETURN new; END $$;"
      "CREATE TRIGGER note AFTER UPDATE ON t FOR EACH ROW EXECUTE FUNCTION note();"
      "CREATE FUNCTION fine(text) RETURNS boolean LANGUAGE sql AS 'SELECT own($1) IS NOT NULL OR $1 IS NULL';"
      "ALTER TABLE t ADD CHECK (fine(s))");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 2; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  for (const WriteFailure& failure : outcome.failures) FAIL_CHECK(failure.message);
  CHECK(outcome.written == 2);
  CHECK(database.ask("SELECT count(*) FROM audit WHERE s = 'NEW'") == "2");
  CHECK(run.roll_back().restored == 2);
  CHECK(database.ask("SELECT count(*) FROM audit") == "4");
}

TEST_CASE("a row that a trigger stores otherwise than it was sent is refused, the others are written") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, s text, d numeric, at timestamptz); INSERT INTO t SELECT i, "
      "NULL, 1 "
      "FROM generate_series(1, 20) AS n(i);"
      "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN new.at := now();"
      "IF new.id = 7 THEN new.s := upper(new.s); ELSIF new.id = 9 THEN new.s := NULL; "
      "ELSIF new.id = 11 THEN RETURN NULL; END IF; RETURN new; END $$;"
      "CREATE TRIGGER change BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION change();");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 20; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 17);
  CHECK(outcome.conflicts.empty());
  REQUIRE(outcome.failures.size() == 3);
  CHECK(outcome.failures[0].row == 6);
  CHECK_THAT(outcome.failures[0].message, Catch::Contains("trigger"));
  CHECK(database.ask("SELECT count(*) FROM t WHERE s = 'new'") == "17");
  CHECK(database.ask("SELECT count(*) FROM t WHERE id IN (7, 9, 11) AND s IS NULL AND at IS NULL") == "3");
  CHECK(database.ask("SELECT count(*) FROM backfill_correction_1") == "17");
}

TEST_CASE("a trigger before the row that writes other rows of the batch loses none of its writes") {
  Postgres database(
      "CREATE TABLE t(id bigint PRIMARY KEY, s text); INSERT INTO t SELECT i, NULL FROM generate_series(1, "
      "9) AS n(i);"
      "CREATE FUNCTION spread() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 3 AND new.s = 'new' "
      "THEN "
      "UPDATE t SET s = 'by the trigger' WHERE id IN (2, 8); END IF; RETURN new; END $$;"
      "CREATE TRIGGER spread BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION spread();");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"s"}));
  run.read();
  for (std::int64_t row = 0; row < 9; ++row) run.set(0, row, text("new"));
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written + static_cast<std::int64_t>(outcome.conflicts.size() + outcome.failures.size()) == 9);
  // Row 2 was ours when the trigger changed it, row 8 the trigger's before we came to it.
  CHECK(database.ask("SELECT s FROM t WHERE id = 8") == "by the trigger");
  CHECK(database.ask("SELECT count(*) FROM t JOIN backfill_correction_1 ON key_id = id WHERE new_s <> s") ==
        database.ask("SELECT count(*) FROM t WHERE s = 'by the trigger' AND id IN (SELECT key_id FROM "
                     "backfill_correction_1)"));
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

TEST_CASE("constraints that wait for the commit speak for the row that breaks them") {
  Postgres database(
      "CREATE TABLE parent(id bigint PRIMARY KEY); INSERT INTO parent SELECT generate_series(1, 10);"
      "CREATE TABLE t(id bigint PRIMARY KEY, p bigint REFERENCES parent DEFERRABLE INITIALLY DEFERRED, n "
      "bigint, "
      "EXCLUDE USING btree (n WITH =) DEFERRABLE INITIALLY DEFERRED);"
      "INSERT INTO t SELECT i FROM generate_series(1, 10) AS i;"
      "CREATE FUNCTION stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF new.id = 8 THEN RAISE 'not 8'; "
      "END IF; "
      "RETURN NULL; END $$;"
      "CREATE CONSTRAINT TRIGGER stop AFTER UPDATE ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE "
      "FUNCTION "
      "stop();");
  Run run(database, backfill_over(database.catalog, "t", {"id"}, {}, {"p", "n"}));
  run.read();
  for (std::int64_t row = 0; row < 10; ++row) {
    run.set(0, row, std::int64_t{row == 2 ? 99 : row + 1});
    run.set(1, row, std::int64_t{row == 5 ? 0 : row});
  }
  const WriteOutcome outcome = run.write();
  CHECK(outcome.written == 7);
  std::vector<std::int64_t> rows;
  for (const WriteFailure& failure : outcome.failures) rows.push_back(failure.row);
  CHECK(rows == std::vector<std::int64_t>{2, 5, 7});
  CHECK(database.ask("SELECT count(*) FROM backfill_correction_1") == "7");
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

TEST_CASE("what cannot be addressed or written is refused with the reason") {
  Postgres database(
      "CREATE TABLE bare(a text NOT NULL, x text); CREATE TABLE partial(a text NOT NULL, x text); CREATE "
      "UNIQUE INDEX "
      "ON partial(a) WHERE a > 'm'; CREATE TABLE expression(a text NOT NULL, x text); CREATE UNIQUE INDEX ON "
      "expression(lower(a)); CREATE TABLE made(id bigint PRIMARY KEY, x text GENERATED ALWAYS AS ('a') "
      "STORED, "
      "n bigint GENERATED ALWAYS AS IDENTITY);"
      "CREATE TABLE nulls(a text UNIQUE, x text); INSERT INTO nulls VALUES (NULL, 'x');"
      "CREATE TABLE together(a text UNIQUE NULLS NOT DISTINCT, x text); INSERT INTO together VALUES (NULL, "
      "'x');"
      "CREATE TABLE parent(id bigint PRIMARY KEY, x text); CREATE TABLE child() INHERITS (parent);"
      "INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1)");
  const auto refusal = [&](std::string_view table, const std::string& key, const std::string& target) {
    const ir::Backfill backfill = backfill_over(database.catalog, table, {key}, {}, {target});
    const auto opened = database.store->table(backfill, 0);
    INFO(table);
    CHECK_FALSE(opened.ok());
    return opened.ok() ? std::string() : opened.failure().message;
  };
  CHECK_THAT(refusal("bare", "a", "x"), Catch::Contains("no unique key"));
  CHECK_THAT(refusal("partial", "a", "x"), Catch::Contains("no unique key"));
  CHECK_THAT(refusal("expression", "a", "x"), Catch::Contains("no unique key"));
  CHECK_THAT(refusal("made", "id", "x"), Catch::Contains("generated"));
  CHECK_THAT(refusal("made", "id", "n"), Catch::Contains("identity"));
  CHECK_THAT(refusal("nulls", "a", "x"), Catch::Contains("NULL in some rows"));
  CHECK_THAT(refusal("together", "a", "x"), Catch::Contains("NULL in some rows"));
  CHECK_THAT(refusal("parent", "id", "x"), Catch::Contains("inherit"));
}

namespace {

// The same database, as another role.
std::unique_ptr<Store> open_as(const Postgres& database, const std::string& role) {
  std::string url = database.url();
  url.replace(url.find("user=postgres"), 13, "user=" + role);
  return take(database::open(url, {}));
}

}  // namespace

TEST_CASE("what a role lacks is named before anything is written, and what is named is enough") {
  Postgres database(
      "DROP ROLE IF EXISTS \"a \"\"role\"; CREATE ROLE \"a \"\"role\" LOGIN; CREATE SCHEMA \"S\";"
      "CREATE TABLE \"S\".\"T\"(id bigint PRIMARY KEY, \"a,\"\"b\" text, unread text, s text); "
      "INSERT INTO \"S\".\"T\" VALUES (1, 'x', 'y', NULL)");
  const auto store = open_as(database, "a%20%22role");
  const ir::Backfill backfill = backfill_over(database.catalog, "\"S\".\"T\"", {"id"}, {"a,\"b"}, {"s"});
  const auto missing = [&] {
    return fmt::format("{}", fmt::join(take(store->assess(backfill, 1)).missing, "; "));
  };
  CHECK_THAT(missing(),
             Catch::Contains("USAGE on schema \"S\"") && Catch::Contains("CREATE SCHEMA backfill"));
  CHECK(database.ask("SELECT to_regnamespace('backfill') IS NULL") == "1");
  database.run(
      "GRANT USAGE ON SCHEMA \"S\" TO \"a \"\"role\"; CREATE SCHEMA backfill AUTHORIZATION \"a \"\"role\"");
  CHECK(missing() ==
        "SELECT (\"xmin\", \"id\", \"a,\"\"b\", \"s\") on \"S\".\"T\"; UPDATE (\"s\") on \"S\".\"T\"");
  database.run("GRANT SELECT (xmin, id, \"a,\"\"b\", s), UPDATE (s) ON \"S\".\"T\" TO \"a \"\"role\"");
  CHECK(missing().empty());
  done(store->begin(Access::ReadWrite));
  done(store->create_corrections(backfill, 1));
  const auto table = take(store->table(backfill, 1));
  RowBatch batch;
  done(table->read({}, {}, 10, batch));
  std::vector<stdlib::ColumnBuffer> outputs;
  outputs.emplace_back(backfill.table->columns[3].type);
  outputs[0].reserve(1);
  stdlib::Arena arena;
  outputs[0].set(0, text("new"), arena);
  const std::vector<std::int64_t> rows = {0};
  CHECK(take(table->write(batch, outputs, rows, 1)).written == 1);
  done(store->commit());
  database.run("DROP OWNED BY \"a \"\"role\"; DROP ROLE \"a \"\"role\"");
}

TEST_CASE("a policy that would hide rows is an error, not a smaller table") {
  Postgres database(
      "DROP ROLE IF EXISTS seer; CREATE ROLE seer LOGIN; CREATE TABLE t(id bigint PRIMARY KEY, s text);"
      "INSERT INTO t VALUES (1, 'a'), (2, 'b'); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY one ON t USING (id = 1); GRANT ALL ON t TO seer; CREATE SCHEMA backfill AUTHORIZATION "
      "seer");
  const auto store = open_as(database, "seer");
  const ir::Backfill backfill = backfill_over(database.catalog, "t", {"id"}, {}, {"s"});
  auto table = store->table(backfill, 0);
  Result<void> read;
  RowBatch batch;
  if (table) read = (*table)->read({}, {}, 10, batch);
  REQUIRE_FALSE((table.ok() && read.ok()));
  CHECK_THAT(table ? read.failure().message : table.failure().message, Catch::Contains("row-level security"));
  database.run("DROP OWNED BY seer; DROP ROLE seer");
}

TEST_CASE("limits and defaults of the role do not change a run") {
  Postgres database(
      "DROP ROLE IF EXISTS odd; CREATE ROLE odd LOGIN; CREATE TABLE t(id bigint PRIMARY KEY, s text, at "
      "timestamptz);"
      "INSERT INTO t VALUES (1, NULL, '2024-01-31 23:30:00+00'); GRANT ALL ON t TO odd; CREATE SCHEMA "
      "backfill "
      "AUTHORIZATION odd; ALTER ROLE odd SET statement_timeout = '20ms'; ALTER ROLE odd SET "
      "default_transaction_read_only "
      "= on; ALTER ROLE odd SET TimeZone = 'Asia/Tokyo'; ALTER ROLE odd SET DateStyle = 'German';"
      "ALTER ROLE odd SET search_path = nowhere; ALTER ROLE odd SET default_transaction_isolation = "
      "serializable;"
      "ALTER ROLE odd SET idle_in_transaction_session_timeout = '50ms'; ALTER ROLE odd SET "
      "extra_float_digits = -5;"
      "ALTER ROLE odd SET bytea_output = 'escape'; ALTER ROLE odd SET standard_conforming_strings = off");
  const auto store = open_as(database, "odd");
  const ir::Backfill backfill = backfill_over(database.catalog, "t", {"id"}, {"at"}, {"s"});
  done(store->begin(Access::ReadWrite));
  done(store->create_corrections(backfill, 1));
  done(store->commit());
  const auto table = take(store->table(backfill, 1));
  RowBatch batch;
  done(table->read({}, {}, 10, batch));
  CHECK(batch.inputs[1].value(0).integer() == 1'706'743'800'000'000);
  std::vector<stdlib::ColumnBuffer> outputs;
  outputs.emplace_back(backfill.table->columns[1].type);
  outputs[0].reserve(1);
  stdlib::Arena arena;
  outputs[0].set(0, text("it's \\n"), arena);
  const std::vector<std::int64_t> rows = {0};
  done(store->begin(Access::ReadWrite));
  CHECK(take(table->write(batch, outputs, rows, 1)).written == 1);
  done(store->commit());
  CHECK(take(store->query("SELECT at::text, 0.1::float8, '\\x00'::bytea FROM public.t")).rows[0][0].text() ==
        "2024-01-31 23:30:00+00");
  CHECK(database.ask("SELECT s FROM t") == "it's \\n");
  database.run("DROP OWNED BY odd; DROP ROLE odd");
}
