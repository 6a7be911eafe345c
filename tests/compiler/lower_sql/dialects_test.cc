// SPDX-License-Identifier: Apache-2.0
// The statements of a whole spec in every dialect, as text. None needs a server.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "compiler/compile.h"
#include "compiler/diagnostic/diagnostic.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/dialects.h"
#include "runtime/database/sqlite/ddl.h"

namespace {

using namespace backfill;

constexpr std::string_view kDdl =
    "CREATE TABLE invoices(id INTEGER PRIMARY KEY, customer TEXT NOT NULL, country TEXT, issued DATE NOT "
    "NULL, "
    "paid_at TIMESTAMP, net DECIMAL(10, 2) NOT NULL, tax DECIMAL(10, 2), items BIGINT NOT NULL, lines "
    "BIGINT, due DATE, "
    "note TEXT);";

constexpr std::string_view kSpec = R"(backfill invoice_due {
  intent recompute
  table invoices key (id)
  let gross = net + (tax ?? 0.00)
  let code = upper_ascii(trim(country))
  scope {
    where issued >= date '2024-01-01'
    exclude settled when paid_at is present and paid_at < now() because "the books are closed"
    review  unusual when gross > 10000.00 or items = 0 unknown as false
  }
  derive due = case code {
    'DE' | 'AT' -> add_days(issued, 30),
    missing -> add_months(issued, 1),
    else -> last_day(issued)
  }
  derive note = concat_ws(' ', code, customer, (net * 2) as text)
  derive lines = items + 1
}
)";

void golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(BACKFILL_SOURCE_DIR) + "/tests/golden/sql/" + name;
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << actual;
  std::ifstream file(path);
  const std::string expected((std::istreambuf_iterator<char>(file)), {});
  INFO(path << " (BACKFILL_UPDATE_GOLDEN=1 writes it)");
  CHECK(actual == expected);
}

}  // namespace

TEST_CASE("a spec's statements in every dialect stay as they are") {
  auto catalog = database::sqlite::catalog_from_sql(kDdl, "schema");
  REQUIRE(catalog.ok());
  const source::File file("invoices.backfill", std::string(kSpec));
  diagnostic::Sink sink(file);
  const std::vector<ir::Backfill> programs = compiler::compile(file, *catalog, sink);
  INFO(diagnostic::render(sink, false));
  REQUIRE_FALSE(sink.has_errors());
  for (const lower_sql::Dialect* dialect : database::dialects()) {
    const std::string prefix = fmt::format("invoices_{}_", dialect->name());
    golden(prefix + "candidates.sql", lower_sql::candidates(programs[0], *dialect, std::nullopt));
    golden(prefix + "watch.sql", lower_sql::watch(programs[0], *dialect, std::nullopt));
    if (lower_sql::coverage(programs[0], *dialect).complete())
      golden(prefix + "verify.sql",
             lower_sql::verify(programs[0], *dialect, 1, {ir::kTestNow}, {}).mismatches);
  }
  CHECK(lower_sql::coverage(programs[0], *database::dialect("postgres")).complete());
}
