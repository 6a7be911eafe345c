// SPDX-License-Identifier: Apache-2.0
// The SQL of backfills that are built by hand: as text (golden) and as what it answers on a real database.
#include "compiler/lower/sql/statements.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "compiler/lower/sql/expression.h"
#include "runtime/database/sqlite/ddl.h"
#include "runtime/database/sqlite/dialect.h"
#include "tests/runtime/database/fixture.h"

using namespace backfill;
using database::test::Database;
using database::test::done;
using database::test::take;
using stdlib::Kind;
using stdlib::Value;

namespace {

constexpr evaluate::Moment kMoment{1'714'557'600'000'000};  // 2024-05-01T10:00:00Z

constexpr std::string_view kDdl =
    "CREATE TABLE accounts(id INTEGER PRIMARY KEY, is_active BOOLEAN NOT NULL, deleted_at TIMESTAMP, "
    "created_at TIMESTAMP "
    "NOT NULL, locked_by TEXT COLLATE NOCASE, status TEXT, total NUMERIC(10,2));";

// Builds expressions into a backfill's arena, typed as the checker would.
class Builder {
 public:
  explicit Builder(const schema::Catalog& catalog) {
    backfill.name = "account_status";
    backfill.table = catalog.find("accounts");
    for (int column = 0; column < 7; ++column)
      backfill.row.inputs.push_back({column, backfill.table->columns[static_cast<std::size_t>(column)].type});
    backfill.key = {0};
  }
  const ir::Expr* add(ir::Expr expr) { return &backfill.arena->emplace_back(std::move(expr)); }
  const ir::Expr* input(int index) {
    ir::Expr expr;
    expr.op = ir::Op::Input;
    expr.input = index;
    expr.type = backfill.row.inputs[static_cast<std::size_t>(index)].type;
    return add(expr);
  }
  const ir::Expr* literal(Value value, stdlib::Type type) {
    ir::Expr expr;
    expr.value = std::move(value);
    expr.type = std::move(type);
    return add(expr);
  }
  const ir::Expr* text(std::string value) { return literal(Value(std::move(value)), stdlib::text()); }
  const ir::Expr* code(std::int64_t value) { return literal(value, stdlib::make(Kind::Int32)); }
  const ir::Expr* op(ir::Op op, std::vector<const ir::Expr*> arguments, Kind kind = Kind::Bool) {
    ir::Expr expr;
    expr.op = op;
    expr.type = stdlib::make(kind);
    expr.arguments = std::move(arguments);
    return add(expr);
  }
  const ir::Expr* call(std::string_view name, std::vector<const ir::Expr*> arguments) {
    std::vector<stdlib::Type> types;
    for (const ir::Expr* argument : arguments) types.push_back(argument->type);
    const stdlib::Resolution resolution = stdlib::resolve(name, types);
    REQUIRE(resolution.function != nullptr);
    ir::Expr expr;
    expr.op = ir::Op::Call;
    expr.function = resolution.function;
    expr.type = resolution.result;
    expr.arguments = std::move(arguments);
    return add(expr);
  }
  const ir::Expr* missing(const ir::Expr* of) { return op(ir::Op::IsMissing, {of}); }

  ir::Backfill backfill;
};

// status = case { deleted_at is present -> 'deleted', is_active -> 'active', else -> 'inactive' }
ir::Backfill account_status(const schema::Catalog& catalog) {
  Builder b(catalog);
  const ir::Expr* present = b.op(ir::Op::Not, {b.missing(b.input(2))});
  const ir::Expr* too_new = b.call(">=", {b.input(3), b.op(ir::Op::Now, {}, Kind::Timestamp)});
  const ir::Expr* locked = b.call("=", {b.input(4), b.text("it's\nann")});
  const ir::Expr* both = b.op(ir::Op::And, {b.input(1), present});
  auto& row = b.backfill.row;
  row.guard = b.missing(b.input(5));
  row.rules.push_back(
      {ir::RuleKind::Exclude, "too_new", too_new, ir::UnknownAs::Uncertain, "not settled yet", {}});
  row.rules.push_back({ir::RuleKind::Exclude, "locked", locked, ir::UnknownAs::False, "", {}});
  row.rules.push_back({ir::RuleKind::Review, "ambiguous", both, ir::UnknownAs::Uncertain, "", {}});
  row.class_code = b.op(ir::Op::Case,
                        {b.op(ir::Op::Not, {row.guard}), b.code(0), too_new, b.code(3), locked, b.code(5),
                         both, b.code(7), b.code(1)},
                        Kind::Int32);
  const ir::Expr* status =
      b.op(ir::Op::Case, {present, b.text("deleted"), b.input(1), b.text("active"), b.text("inactive")},
           Kind::Text);
  row.outputs.push_back({5, 5, status, {}});
  return std::move(b.backfill);
}

void golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(BACKFILL_SOURCE_DIR) + "/tests/golden/sql/" + name;
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  const std::string expected((std::istreambuf_iterator<char>(file)), {});
  INFO(path << " (BACKFILL_UPDATE_GOLDEN=1 writes it)");
  CHECK(actual == expected);
}

std::string sql_of(const ir::Expr& expr, stdlib::Availability* availability = nullptr) {
  lower_sql::Emitter emitter(
      database::sqlite::dialect(),
      [](int input, lower_sql::Emitter::Read) { return fmt::format("t.c{}", input); }, kMoment);
  std::string text = emitter.emit(expr).text;
  if (availability != nullptr) *availability = emitter.availability();
  return text;
}

}  // namespace

TEST_CASE("generated SQL is readable and stays as it is") {
  const auto catalog = take(database::sqlite::catalog_from_sql(kDdl, "schema"));
  const ir::Backfill backfill = account_status(catalog);
  const auto& dialect = database::sqlite::dialect();
  CHECK(lower_sql::coverage(backfill, dialect).complete());
  const auto verify = lower_sql::verify(backfill, dialect, 7, kMoment, {});
  golden("verify_count.sql", verify.count);
  golden("verify_mismatches.sql", verify.mismatches);
  golden("verify_one.sql", verify.one);
  golden("candidates.sql", lower_sql::candidates(backfill, dialect, std::nullopt));
  golden("candidates_of_a_run.sql", lower_sql::candidates(backfill, dialect, kMoment));
  golden("watch.sql", lower_sql::watch(backfill, dialect, kMoment));
}

TEST_CASE("verification finds what differs, by the row as it was") {
  Database database(kDdl);
  done(database.store->script(
      "INSERT INTO accounts VALUES (1, 1, NULL, '2024-01-01 00:00:00', NULL, NULL, NULL),"
      "(2, 0, '2024-01-01T00:00:00Z', '2024-01-01 00:00:00', NULL, NULL, NULL),"
      "(3, 1, '2024-01-01 00:00:00', '2024-01-01 00:00:00', NULL, NULL, NULL),"         // review
      "(4, 1, NULL, '2024-05-01T10:00:00.0Z', NULL, NULL, NULL),"                       // too new
      "(5, 1, NULL, '2024-01-01 00:00:00', 'it''s' || char(10) || 'ANN', NULL, NULL),"  // not locked: bytes
                                                                                        // differ
      "(6, 1, NULL, '2024-01-01 00:00:00', NULL, 'kept', NULL),"                        // out of scope
      "(7, 0, NULL, '2024-01-01 00:00:00', NULL, NULL, NULL);"));
  const ir::Backfill backfill = account_status(database.catalog);
  database::test::Run run(database, backfill);
  run.read();
  const auto set = [&](std::int64_t row, const char* value) { run.set(0, row, Value(std::string(value))); };
  set(0, "active");
  set(1, "deleted");
  set(4, "active");
  CHECK(run.write({0, 1, 4}).written == 3);
  const std::vector<database::TableAccess::SetAside> aside = {{6, "quarantined", "overflow", ""}};
  done(database.store->begin(database::Access::ReadWrite));
  done(run.table->set_aside(run.batch, aside, 1));
  done(database.store->commit());
  const auto verify = lower_sql::verify(run.backfill, database.store->dialect(), 1, kMoment, {false, false});
  CHECK(database.ask(verify.count) == "3|0|3");
  CHECK(database.ask(verify.mismatches).empty());
  done(database.store->script(
      "UPDATE accounts SET status = 'Active' WHERE id = 1; UPDATE accounts SET created_at = "
      "'2025-01-01 00:00:00' WHERE id = 2"));
  CHECK(database.ask(verify.count) == "2|2|3");
  const auto rows = take(database.store->query(verify.mismatches));
  REQUIRE(rows.rows.size() == 2);
  CHECK(rows.rows[0][3].text() == "Active");
  CHECK(rows.rows[0][4].text() == "active");
  CHECK(rows.rows[1][1].integer() == 3);
  CHECK(rows.rows[1][4].missing());
  const std::vector<Value> key = {std::int64_t{5}};
  CHECK(take(database.store->query(verify.one, key)).rows.at(0).back().integer() == 0);
  const auto ranged = lower_sql::verify(run.backfill, database.store->dialect(), 1, kMoment, {});
  const std::vector<Value> range = {std::int64_t{1}, std::int64_t{5}};
  CHECK(take(database.store->query(ranged.count, range)).rows.at(0).at(1).integer() == 1);
}

TEST_CASE("what the candidates statement selects is what the spec says") {
  Database database(kDdl);
  done(database.store->script(
      "INSERT INTO accounts VALUES (1, 1, NULL, '2024-01-01 00:00:00', NULL, NULL, NULL),"
      "(2, 1, '2024-01-01 00:00:00', '2024-01-01 00:00:00', NULL, NULL, NULL),"
      "(3, 0, NULL, '2024-01-01 00:00:00', 'it''s' || char(10) || 'ann', NULL, NULL),"
      "(4, 0, NULL, '2024-05-02 00:00:00', NULL, NULL, NULL), (5, 0, NULL, '2023-01-01 00:00:00', NULL, 'x', "
      "NULL)"));
  const ir::Backfill backfill = account_status(database.catalog);
  const std::string sql = lower_sql::candidates(backfill, database.store->dialect(), kMoment);
  const auto rows = take(database.store->query(sql));
  REQUIRE(rows.rows.size() == 1);
  CHECK(rows.rows[0].back().text() == "active");
  const auto classes =
      take(database.store->query(lower_sql::watch(backfill, database.store->dialect(), kMoment)));
  CHECK(classes.rows.size() == 5);
}

TEST_CASE("literals are exact") {
  Database database;
  const auto& dialect = database.store->dialect();
  for (const double number : {0.1, 41090.236492, 1e15, 3.0, -2.5, 1.0 / 3, 123456789.123456789, 5e-10,
                              0.30000000000000004, 4503599627370497.5, 2147483648.25}) {
    INFO(number);
    const std::string literal = dialect.literal(number, stdlib::make(Kind::Float64));
    REQUIRE_FALSE(literal.empty());
    const std::vector<Value> bound = {number};
    CHECK(take(database.store->query("SELECT ?1 = " + literal + ", typeof(" + literal + ")", bound))
              .rows[0][0]
              .integer() == 1);
    CHECK(database.ask("SELECT typeof(" + literal + ")") == "real");
  }
  CHECK(dialect.literal(1e300, stdlib::make(Kind::Float64)).empty());
  CHECK(database.ask("SELECT " + dialect.literal(std::int64_t{INT64_MIN}, stdlib::make(Kind::Int64))) ==
        "-9223372036854775808");
  const std::string odd = "it's\n\x01\"--";
  CHECK(database.ask("SELECT " + dialect.literal(odd, stdlib::text())) == odd);
  CHECK(dialect.literal(std::string("a\0b", 3), stdlib::text()).empty());
  CHECK(dialect.literal(stdlib::Decimal{1999, 2}, stdlib::decimal(10, 2)) == "(1999 / 100.0)");
  CHECK(dialect.literal(kMoment.now, stdlib::make(Kind::Timestamp)) == "'2024-05-01 10:00:00.000000'");
}

TEST_CASE("operators keep their order, constants are folded, what has no form says so") {
  const auto catalog = take(database::sqlite::catalog_from_sql(kDdl, "schema"));
  Builder b(catalog);
  const ir::Expr* one = b.literal(std::int64_t{1}, stdlib::make(Kind::Int64));
  const ir::Expr* id = b.input(0);
  CHECK(sql_of(*b.call("+", {one, one})) == "2");
  const ir::Expr* either = b.op(ir::Op::Or, {b.input(1), b.missing(b.input(2))});
  CHECK(sql_of(*b.op(ir::Op::And, {either, b.input(1)})) == "(t.c1\n  OR t.c2 IS NULL)\nAND t.c1");
  CHECK(sql_of(*b.op(ir::Op::Not, {either})) == "NOT (t.c1\nOR t.c2 IS NULL)");
  CHECK(sql_of(*b.missing(b.op(ir::Op::Not, {b.input(1)}))) == "(NOT t.c1) IS NULL");
  CHECK(sql_of(*b.op(ir::Op::In, {id, one, b.literal(Value(), stdlib::make(Kind::Int64))})) ==
        "t.c0 = 1 OR NULL");
  stdlib::Availability availability{};
  sql_of(*b.call("after_last", {b.input(5), b.input(5)}), &availability);
  CHECK(availability == stdlib::Availability::Unavailable);
}

TEST_CASE("an unavailable part is marked and no SQL stands in for it") {
  const auto catalog = take(database::sqlite::catalog_from_sql(kDdl, "schema"));
  Builder b(catalog);
  auto& row = b.backfill.row;
  const ir::Expr* equal = b.call("=", {b.call("after_last", {b.input(4), b.input(5)}), b.text("x")});
  row.where = equal;
  row.class_code = b.op(ir::Op::Case, {equal, b.code(1), b.code(0)}, Kind::Int32);
  row.outputs.push_back({5, 5, b.text("x"), {}});
  const auto coverage = lower_sql::coverage(b.backfill, database::sqlite::dialect());
  CHECK_FALSE(coverage.complete());
  CHECK(coverage.scope.availability == stdlib::Availability::Unavailable);
  CHECK_THAT(coverage.scope.reason, Catch::Contains("after_last"));
  CHECK(coverage.outputs[0].availability != stdlib::Availability::Unavailable);
  CHECK_THAT(lower_sql::candidates(b.backfill, database::sqlite::dialect(), kMoment),
             !Catch::Contains("SELECT"));
  CHECK_THAT(lower_sql::watch(b.backfill, database::sqlite::dialect(), kMoment), !Catch::Contains("SELECT"));
}
