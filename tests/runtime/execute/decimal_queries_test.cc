// SPDX-License-Identifier: Apache-2.0
// Decimals that queries compute with, on every store: to the last digit, or no value.
#include <random>

#include "runtime/execute/verify.h"
#include "stdlib/decimal.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

struct Line {
  int invoice = 0;
  std::optional<std::int64_t> cents, quantity;
  std::int64_t rate = 0;  // of 10 000
};

std::string cents(std::int64_t unscaled, int scale) {
  return stdlib::to_string(stdlib::Decimal{unscaled, scale});
}

std::vector<Line> make_invoices(Database& database) {
  std::mt19937_64 random(41);
  std::vector<Line> lines;
  std::string rows;
  for (int i = 0; i < 400; ++i) {
    Line line{.invoice = i % 50 + 1};
    if (i % 9 > 0) line.cents = static_cast<std::int64_t>(random() % 200'000'000) - 100'000'000;
    if (i % 11 > 0) line.quantity = static_cast<std::int64_t>(random() % 20'000) - 10'000;
    line.rate = static_cast<std::int64_t>(random() % 10'000);
    rows += fmt::format("{}({}, {}, {}, {}, {})", rows.empty() ? "" : ", ", i, line.invoice,
                        line.cents ? cents(*line.cents, 2) : "NULL",
                        line.quantity ? std::to_string(*line.quantity) : "NULL", cents(line.rate, 4));
    lines.push_back(line);
  }
  database.script(R"(
    CREATE TABLE invoices (id INTEGER PRIMARY KEY, total DECIMAL(14, 2), due DECIMAL(14, 6), big BIGINT);
    CREATE TABLE lines (id INTEGER PRIMARY KEY, invoice_id INTEGER NOT NULL, price DECIMAL(10, 2),
                        quantity INTEGER, rate DECIMAL(4, 4) NOT NULL);
    CREATE INDEX lines_invoice ON lines (invoice_id);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 51)
    INSERT INTO invoices (id) SELECT i FROM n;
    INSERT INTO lines VALUES )" +
                  rows + ";");
  return lines;
}

const char* const kTotals = R"(backfill totals {
  intent recompute
  table invoices
  derive total = sum(l.price * l.quantity for l in lines where l.invoice_id = row.id) as decimal(14, 2)
  derive due   = sum(l.price * (1.0000 - l.rate) for l in lines where l.invoice_id = row.id) as decimal(14, 6)
  derive big   = count(l in lines where l.invoice_id = row.id and l.price * l.rate + 0.05 > 100000)
})";

struct Totals {
  std::int64_t total = 0, due = 0, big = 0;
};

Totals expected(const std::vector<Line>& lines, std::int64_t invoice) {
  Totals all;
  for (const Line& line : lines) {
    if (line.invoice != invoice || !line.cents) continue;
    if (line.quantity) all.total += *line.cents * *line.quantity;
    all.due += *line.cents * (10'000 - line.rate);
    all.big += *line.cents * line.rate + 50'000 > 100'000'000'000 ? 1 : 0;
  }
  return all;
}

}  // namespace

TEST_CASE("products, sums and differences of decimals in queries are exact") {
  Database database;
  const std::vector<Line> lines = make_invoices(database);
  Program program(database, kTotals);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 51);
  std::int64_t big = 0;
  for (std::int64_t id = 1; id <= 51; ++id) {
    INFO("invoice " << id);
    const Totals all = expected(lines, id);
    big += all.big;
    CHECK(
        database.number(fmt::format("SELECT count(*) FROM invoices WHERE id = {} AND total = {} AND due = {} "
                                    "AND big = {}",
                                    id, cents(all.total, 2), cents(all.due, 6), all.big)) == 1);
  }
  CHECK(big > 10);
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  CHECK(verified.compared == 51);
}

TEST_CASE("a sum that the database cannot compute exactly is none: its row is set aside") {
  if (conformance::backend() != conformance::Backend::Sqlite) return;  // others have exact decimals
  Database database;
  make_invoices(database);
  // More digits than a double has; what is no decimal of two digits; no number at all; two that overflow.
  database.script(R"(
    UPDATE lines SET price = 99999999.99, quantity = 100000000000 WHERE id = 1;
    UPDATE lines SET price = 1.005 WHERE id = 2;
    UPDATE lines SET price = 'a lot' WHERE id = 3;
    UPDATE lines SET quantity = 2.5, price = 1.00 WHERE id = 4;
    UPDATE lines SET price = 1e300, quantity = 9223372036854775807 WHERE id % 50 = 5;)");
  Program program(database, R"(backfill totals {
    intent recompute
    table invoices
    derive total = sum(l.price * l.quantity for l in lines where l.invoice_id = row.id) as decimal(14, 2)
  })");
  const auto report = program.run();
  INFO(report.message);
  CHECK(report.outcomes.quarantined == 5);
  CHECK(report.outcomes.changed == 46);
  CHECK(database.number("SELECT count(*) FROM invoices WHERE total IS NULL AND id BETWEEN 2 AND 6") == 5);
}

TEST_CASE("a plain sum of stored values that are none is none as well") {
  if (conformance::backend() != conformance::Backend::Sqlite) return;
  Database database;
  make_invoices(database);
  database.script(
      "UPDATE lines SET price = 1.005 WHERE id = 2; UPDATE lines SET price = 1e300 WHERE id = 3;");
  Program program(database, R"(backfill totals {
    intent recompute
    table invoices
    derive total = sum(l.price for l in lines where l.invoice_id = row.id) as decimal(14, 2)
  })");
  const auto report = program.run();
  INFO(report.message);
  CHECK(report.outcomes.quarantined == 2);
  CHECK(report.outcomes.changed == 49);
}
