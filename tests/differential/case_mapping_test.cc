// SPDX-License-Identifier: Apache-2.0
// lower and upper over every code point: what the pinned check of PostgreSQL's collation stands for.
#include <catch2/catch.hpp>

#include "runtime/database/postgres/case_mapping.h"
#include "stdlib/function.h"
#include "tests/servers/server.h"

namespace {

using namespace backfill;

std::string mapped(std::string_view name, const std::string& text) {
  const std::vector<stdlib::Type> types = {stdlib::text()};
  const stdlib::Function& function = *stdlib::resolve(name, types).function;
  const std::vector<stdlib::Value> arguments = {text};
  stdlib::EvaluateContext context;
  return function.evaluate(function, arguments, types, stdlib::text(), context).text();
}

}  // namespace

TEST_CASE("PostgreSQL's C.utf8 maps the case of every code point as we do") {
  const auto rows = test::postgres().query(
      "SELECT chr(p), lower(chr(p) COLLATE \"C.utf8\"), upper(chr(p) COLLATE \"C.utf8\") FROM "
      "generate_series(1, 1114111) AS p WHERE p NOT BETWEEN 55296 AND 57343");
  REQUIRE(rows.ok());
  CHECK(rows->size() == 1'112'063);
  std::size_t different = 0;
  for (const test::SqlRow& row : *rows)
    different += mapped("lower", *row[0]) != *row[1] || mapped("upper", *row[0]) != *row[2] ? 1 : 0;
  CHECK(different == 0);
}

TEST_CASE("the pinned check knows that mapping") {
  auto connection = database::postgres::Connection::open(test::postgres_url());
  REQUIRE(connection.ok());
  const auto same = database::postgres::maps_case_as_we_do(**connection);
  REQUIRE(same.ok());
  CHECK(*same);
}
