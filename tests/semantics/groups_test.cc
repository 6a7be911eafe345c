// SPDX-License-Identifier: Apache-2.0
// SEMANTICS 20, 77, 107 and 117: sums, groups and orders. Of lists they are tried here, of other rows by runs
// (tests/runtime/execute/other_rows_test.cc); what generated SQL rests on, the form in which a column is
// read, is asked of the real servers.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include "tests/semantics/row.h"
#include "tests/servers/server.h"

namespace backfill::test::semantics {
namespace {

const std::vector<Agreement> kAgree = {
    {20,
     "a sum is exact, and past its type a row error",
     "a int64, b int64",
     "sum([a, b]) as int64",
     "int64",
     {"1 | 2 -> 3", "9223372036854775807 | -1 -> 9223372036854775806",
      "9223372036854775807 | 1 -> error: overflow"},
     ""},
    {117,
     "of nothing the sum is 0, and there is no greatest",
     "a json",
     "sum(a as [int64]) as int64",
     "int64",
     {"'[]' -> 0", "'[1,2]' -> 3", "missing -> missing"},
     ""},
    {117,
     "and no greatest",
     "a json",
     "max(a as [int64]) as int64",
     "int64",
     {"'[]' -> missing", "'[1,2]' -> 2"},
     ""},
};

const Covers kAgreed(kAgree), kHere{77, 107};

std::string answer(SqlServer& server, const std::string& sql) {
  const auto rows = server.query(sql);
  INFO(sql);
  if (!rows) FAIL(rows.failure().message);
  std::string out;
  for (const SqlRow& row : *rows) out += (out.empty() ? "" : ", ") + row.at(0).value_or("NULL");
  return out;
}

void make(SqlServer& server, const std::string& sql) {
  INFO(sql);
  const Result<void> made = server.exec("DROP TABLE IF EXISTS g; " + sql);
  if (!made) FAIL(made.failure().message);
}

}  // namespace

TEST_CASE("3.6 groups: lists") {
  check(kAgree);
}

TEST_CASE("semantics 77: what is read is told apart by bytes, also in groups") {
  for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
    INFO(server->dialect().name());
    make(*server, "CREATE TABLE g (a VARCHAR(9)); INSERT INTO g VALUES ('a'), ('A'), ('á'), ('a ')");
    schema::Column column;
    column.type = stdlib::text();
    const std::string read = server->dialect().read("a", column);
    CHECK(answer(*server, fmt::format("SELECT count(DISTINCT {}) FROM g", read)) == "4");
    CHECK(answer(*server,
                 fmt::format("SELECT count(*) FROM (SELECT 1 AS o FROM g GROUP BY {}) AS k", read)) == "4");
  }
}

TEST_CASE("semantics 107: missing comes last where it is asked for first") {
  for (SqlServer* server : {&sqlite(), &postgres(), &mariadb()}) {
    INFO(server->dialect().name());
    make(*server, "CREATE TABLE g (x INT); INSERT INTO g VALUES (2), (NULL), (1)");
    CHECK(answer(*server, "SELECT x FROM g ORDER BY x IS NULL, x") == "1, 2, NULL");
    CHECK(answer(*server, "SELECT x FROM g ORDER BY x IS NULL, x DESC") == "2, 1, NULL");
  }
}

}  // namespace backfill::test::semantics
