// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "compiler/compile.h"
#include "runtime/database/store.h"
#include "runtime/harness/run_tests.h"

namespace {

using namespace backfill;

struct Spec {
  schema::Catalog catalog;
  source::File file;
  diagnostic::Sink sink;
  std::vector<ir::Backfill> backfills;

  Spec(schema::Catalog known, const std::string& tests)
      : catalog(std::move(known)),
        file("spec.backfill", R"(backfill b {
  table accounts key (id)
  scope {
    where status is missing
    exclude locked when locked_by is present
    exclude internals when plan_code = 'internal'
    review ambiguous when is_active and deleted_at is present
  }
  derive status = case { deleted_at is present -> 'deleted', is_active -> 'active', else -> 'inactive' }
  derive seats = seats_text as int32
)" + tests + "}\n"),
        sink(file) {
    backfills = compiler::compile(file, catalog, sink);
    INFO(diagnostic::render(sink, false));
    REQUIRE(!sink.has_errors());
  }
};

harness::TestReport run(const std::string& tests, bool native = false) {
  auto catalog = database::catalog_from_ddl(BACKFILL_SOURCE_DIR "/tests/golden/cli/schema.sql");
  REQUIRE(catalog.ok());
  const Spec spec(*std::move(catalog), tests);
  return harness::run_tests(spec.backfills[0], {.native = native});
}

harness::TestResult one(const std::string& given, const std::string& expect) {
  return run("  test \"t\" {\n given { id: 1, " + given + " }\n expect " + expect + "\n }\n").results.at(0);
}

}  // namespace

TEST_CASE("each kind of expectation holds where it should") {
  const std::string plain = "is_active: true, plan_code: 'pro'";
  CHECK(one(plain, "{ status: 'active' }").passed());
  CHECK(one(plain + ", seats_text: '7'", "{ seats: 7 }").passed());
  CHECK(one(plain + ", seats_text: 'x'", "quarantined").passed());
  CHECK(one(plain + ", locked_by: 'ann'", "excluded locked").passed());
  CHECK(one("is_active: true", "uncertain internals").passed());
  CHECK(one("is_active: true", "uncertain").passed());
  CHECK(one(plain + ", status: 'active'", "out of scope").passed());
  CHECK(one(plain + ", deleted_at: timestamp '2024-01-01T00:00:00Z'", "review ambiguous").passed());
}

TEST_CASE("each kind of expectation fails where it should") {
  const std::string plain = "is_active: true, plan_code: 'pro'";
  for (const char* expect : {"{ status: 'inactive' }", "quarantined", "excluded locked", "uncertain",
                             "out of scope", "review ambiguous", "unchanged", "{ seats: 1 }"}) {
    INFO(expect);
    CHECK_FALSE(one(plain, expect).passed());
  }
}

TEST_CASE("a failing test says expected, actual, and which rule decided") {
  const auto value = one("is_active: false, plan_code: 'pro'", "{ status: 'active' }");
  REQUIRE(value.differences.size() == 1);
  CHECK(value.differences[0].what == "`status`");
  CHECK(value.differences[0].expected == "'active'");
  CHECK(value.differences[0].actual == "'inactive'");
  const auto rule = one("is_active: false, locked_by: 'ann'", "{ status: 'active' }");
  REQUIRE(rule.differences.size() == 1);
  CHECK(rule.differences[0].actual == "excluded locked");
  CHECK(rule.decided_by == "`locked` holds");
  CHECK(rule.decided_span.end > rule.decided_span.begin);
}

TEST_CASE("coverage names the rules and arms that no test reached") {
  const auto nothing = run("").coverage;
  CHECK(nothing.reached == 0);
  CHECK(nothing.total == nothing.gaps.size());
  const auto some =
      run("  test \"t\" {\n given { id: 1, is_active: true, plan_code: 'pro' }\n expect { status: 'active' "
          "}\n }\n");
  CHECK(some.coverage.total == nothing.total);
  CHECK(some.coverage.reached > 1);
  bool deleted = false;
  bool locked = false;
  for (const auto& gap : some.coverage.gaps) {
    deleted = deleted || gap.what.find("`status`") != std::string::npos;
    locked = locked || gap.what.find("exclusion") != std::string::npos;
  }
  CHECK(deleted);
  CHECK(locked);
}

TEST_CASE("native code decides the rows of tests as the evaluator does") {
  const auto report = run(R"(
  test "a" { given { id: 1, is_active: true, plan_code: 'pro', seats_text: '7' } expect { seats: 7 } }
  test "b" { given { id: 2, is_active: true, plan_code: 'pro', seats_text: 'x' } expect quarantined }
  test "c" { given { id: 3, is_active: true, locked_by: 'x' } expect excluded locked }
)",
                          true);
  INFO(report.native_unavailable);
  CHECK(report.native);
  for (const auto& result : report.results) {
    INFO(result.name);
    CHECK(result.passed());
  }
}
