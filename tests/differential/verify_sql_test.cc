// SPDX-License-Identifier: Apache-2.0
// Generated statements on the servers themselves: they are valid there, and verification finds what differs.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "compiler/compile.h"
#include "compiler/diagnostic/diagnostic.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/sqlite/ddl.h"
#include "tests/servers/server.h"

namespace {

using namespace backfill;
using stdlib::Value;

constexpr std::string_view kDdl =
    "CREATE TABLE accounts(id INTEGER PRIMARY KEY, email TEXT, is_active BOOLEAN NOT NULL, deleted_at "
    "TIMESTAMP, "
    "total DECIMAL(10, 2), status TEXT, domain TEXT);";

constexpr std::string_view kSpec = R"(backfill account_status {
  intent fill
  table accounts key (id)
  let at_domain = lower_ascii(split_part(email, '@', 2))
  scope {
    where total is missing or total < 1000.00
    exclude no_address when not contains(email, '@') unknown as false because "it's no address"
    review ambiguous when is_active and deleted_at is present
  }
  derive status = case {
    deleted_at is present -> 'deleted',
    is_active -> 'active',
    else -> 'inactive'
  }
  derive domain = case { at_domain = '' -> missing, else -> at_domain }
}
)";

// id, email, is_active, deleted_at, total; status and domain are filled.
struct Account {
  std::int64_t id;
  Value email;
  bool is_active;
  Value deleted_at;
  Value total;
};
const std::vector<Account>& accounts() {
  static const std::vector<Account> rows = {
      {1, std::string("Ann@Example.ORG"), true, {}, stdlib::Decimal{150, 2}},
      {2, std::string("bob@"), false, std::int64_t{1'700'000'000'000'000}, {}},
      {3, std::string("nobody"), true, {}, {}},                                // excluded
      {4, std::string("x@y"), true, std::int64_t{1'700'000'000'000'000}, {}},  // review
      {5, std::string("rich@z"), true, {}, stdlib::Decimal{99'999'999, 2}},    // out of scope
      {6, {}, false, {}, stdlib::Decimal{0, 2}},
  };
  return rows;
}

class Accounts {
 public:
  Accounts(test::SqlServer& server, const ir::Backfill& backfill) : server_(server), backfill_(backfill) {
    drop();
    std::string columns;
    for (const schema::Column& column : backfill.table->columns)
      columns += fmt::format("{}{} {}", columns.empty() ? "" : ", ", column.name, type(column.name));
    run(fmt::format("CREATE TABLE accounts ({}, PRIMARY KEY (id))", columns));
    run(
        fmt::format("CREATE TABLE backfill_correction_1 (key_id {0} PRIMARY KEY, batch {0}, rolled_back {0}, "
                    "prior_status {1}, new_status {1}, prior_domain {1}, new_domain {1})",
                    type("id"), type("status")));
    run(fmt::format("CREATE TABLE backfill_quarantine_1 (key_id {} PRIMARY KEY, outcome {})", type("id"),
                    type("status")));
    for (const Account& each : accounts()) insert(each);
  }
  ~Accounts() { drop(); }
  Accounts(const Accounts&) = delete;
  Accounts& operator=(const Accounts&) = delete;

  // What a run does with each row, by the evaluator. Returns how many it writes.
  int backfill_rows() {
    int written = 0;
    for (const Account& each : accounts()) {
      const evaluate::Decision decision = evaluate::decide(backfill_, row(each), {});
      if (decision.class_code != ir::kCandidate) continue;
      const std::string status = literal("status", decision.outputs.at(0));
      const std::string domain = literal("domain", decision.outputs.at(1));
      run(fmt::format("UPDATE accounts SET status = {}, domain = {} WHERE id = {}", status, domain, each.id));
      run(fmt::format("INSERT INTO backfill_correction_1 VALUES ({}, 1, 0, NULL, {}, NULL, {})", each.id,
                      status, domain));
      ++written;
    }
    return written;
  }
  void run(const std::string& sql) {
    const Result<void> done = server_.exec(sql);
    INFO(sql);
    if (!done) FAIL(done.failure().message);
  }
  std::vector<test::SqlRow> query(const std::string& sql) {
    auto rows = server_.query(sql);
    INFO(sql);
    if (!rows) FAIL(rows.failure().message);
    return *std::move(rows);
  }

 private:
  void drop() {
    for (const char* table : {"accounts", "backfill_correction_1", "backfill_quarantine_1"})
      static_cast<void>(server_.exec(fmt::format("DROP TABLE IF EXISTS {}", table)));
  }
  const schema::Column& column(std::string_view name) const {
    return backfill_.table->columns.at(static_cast<std::size_t>(backfill_.table->find(name)));
  }
  std::string type(std::string_view name) const { return server_.column_type(column(name).type.required()); }
  std::string literal(std::string_view name, const Value& value) const {
    return server_.dialect().literal(value, column(name).type);
  }
  void insert(const Account& each) {
    run(fmt::format("INSERT INTO accounts VALUES ({}, {}, {}, {}, {}, NULL, NULL)", each.id,
                    literal("email", each.email), literal("is_active", each.is_active),
                    literal("deleted_at", each.deleted_at), literal("total", each.total)));
  }
  evaluate::Row row(const Account& each) const {
    const std::vector<Value> by_column = {each.id, each.email, each.is_active, each.deleted_at, each.total,
                                          {},      {}};
    evaluate::Row out;
    for (const ir::Input& input : backfill_.row.inputs)
      out.inputs.push_back(by_column.at(static_cast<std::size_t>(input.column)));
    return out;
  }

  test::SqlServer& server_;
  const ir::Backfill& backfill_;
};

void check(test::SqlServer& server) {
  auto catalog = database::sqlite::catalog_from_sql(kDdl, "schema");
  REQUIRE(catalog.ok());
  const source::File file("accounts.backfill", std::string(kSpec));
  diagnostic::Sink sink(file);
  const std::vector<ir::Backfill> programs = compiler::compile(file, *catalog, sink);
  INFO(diagnostic::render(sink, false));
  REQUIRE_FALSE(sink.has_errors());
  const ir::Backfill& backfill = programs.at(0);
  REQUIRE(lower_sql::coverage(backfill, server.dialect()).complete());
  Accounts accounts(server, backfill);
  CHECK(accounts.query(lower_sql::candidates(backfill, server.dialect(), std::nullopt)).size() == 3);
  CHECK(accounts.query(lower_sql::watch(backfill, server.dialect(), std::nullopt)).size() == 4);
  CHECK(accounts.backfill_rows() == 3);
  const lower_sql::VerifySql verify = lower_sql::verify(backfill, server.dialect(), 1, {}, {false, false});
  CHECK(accounts.query(verify.count).at(0) == test::SqlRow{"3", "0", "3"});
  CHECK(accounts.query(verify.mismatches).empty());
  accounts.run("UPDATE accounts SET status = 'Active' WHERE id = 1");
  accounts.run("UPDATE accounts SET domain = 'kept' WHERE id = 6");
  CHECK(accounts.query(verify.count).at(0) == test::SqlRow{"3", "2", "3"});
  const auto found = accounts.query(verify.mismatches);
  REQUIRE(found.size() == 2);
  CHECK(found[0].at(0) == "1");
  CHECK(found[0].at(3) == "Active");
  CHECK(found[0].at(4) == "active");
  std::string one = verify.one;
  one.replace(one.find(server.dialect().placeholder(1)), server.dialect().placeholder(1).size(), "6");
  CHECK(accounts.query(one).at(0).back() == "1");
}

}  // namespace

TEST_CASE("generated statements run on PostgreSQL and verify what a run wrote") {
  check(test::postgres());
}
