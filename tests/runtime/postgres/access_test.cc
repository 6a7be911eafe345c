// SPDX-License-Identifier: Apache-2.0
// Who may write what: tables and columns that cannot be written, roles, policies, limits of the role.
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
        "SELECT (\"ctid\", \"xmin\", \"id\", \"a,\"\"b\", \"s\") on \"S\".\"T\"; UPDATE (\"s\") on "
        "\"S\".\"T\"");
  database.run("GRANT SELECT (ctid, xmin, id, \"a,\"\"b\", s), UPDATE (s) ON \"S\".\"T\" TO \"a \"\"role\"");
  CHECK(missing().empty());
  // What derives nothing locks its rows all the same.
  const ir::Backfill beside = backfill_over(database.catalog, "\"S\".\"T\"", {"id"}, {}, {});
  CHECK(take(store->assess(beside, 1)).missing.empty());
  database.run("REVOKE UPDATE (s) ON \"S\".\"T\" FROM \"a \"\"role\"");
  CHECK(take(store->assess(beside, 1)).missing == std::vector<std::string>{"UPDATE (\"id\") on \"S\".\"T\""});
  database.run("GRANT UPDATE (s) ON \"S\".\"T\" TO \"a \"\"role\"");
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

TEST_CASE("another role finishes a run whose tables are not its own") {
  Postgres database(
      "DROP ROLE IF EXISTS relief; CREATE ROLE relief LOGIN; CREATE TABLE t(id bigint PRIMARY KEY, s text)");
  const ir::Backfill backfill = backfill_over(database.catalog, "t", {"id"}, {}, {"s"});
  Run run(database, backfill);
  database.run(
      "GRANT SELECT ON t TO relief; GRANT USAGE ON SCHEMA backfill TO relief;"
      "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA backfill TO relief");
  const auto store = open_as(database, "relief");
  done(store->index_corrections(backfill, 1));
  database.run("INSERT INTO backfill.backfill_correction_1 (key_id, batch) VALUES (1, 1), (1, 2)");
  const auto made = store->index_corrections(backfill, 1);
  REQUIRE_FALSE(made.ok());
  CHECK_THAT(made.failure().message, Catch::Contains("corrected a row twice"));
  database.run("DROP OWNED BY relief; DROP ROLE relief");
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
      "ALTER ROLE odd SET idle_in_transaction_session_timeout = '500ms'; ALTER ROLE odd SET "
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
