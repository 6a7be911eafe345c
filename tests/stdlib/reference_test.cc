// SPDX-License-Identifier: Apache-2.0
// docs/functions.md is what the table says. Its examples are computed by expression_test.cc.
#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "stdlib/reference.h"

namespace backfill::stdlib {
namespace {

const char* const kPage = BACKFILL_SOURCE_DIR "/docs/functions.md";

std::string read_page() {
  std::ifstream in(kPage, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST_CASE("docs/functions.md is what the function table says") {
  const std::string seen = reference_page();
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) std::ofstream(kPage, std::ios::binary) << seen;
  if (seen == read_page()) return;
  FAIL(
      "the table has changed: `backfill functions --markdown > docs/functions.md` (or this test with "
      "BACKFILL_UPDATE_GOLDEN=1) writes the page anew");
}

TEST_CASE("the page names every function, and counts what each database computes itself") {
  const std::string page = reference_page();
  for (const Function& row : functions()) {
    INFO(row.name);
    if (!row.is_operator && row.name != "as")
      CHECK(page.find("`" + std::string(row.name) + "(") != std::string::npos);
    for (const Example& one : row.examples)
      CHECK(page.find("- `" + std::string(one.expression) + "` is `") != std::string::npos);
  }
  for (const DialectName& dialect : kDialectNames) {
    const Coverage all = coverage(dialect.dialect);
    CHECK(all.independent() <= all.forms);
    std::size_t sum = 0;
    for (const std::size_t forms : all.by_availability) sum += forms;
    CHECK(sum == all.forms);
  }
}

TEST_CASE("what has no form of the database's own says why") {
  for (const Function& row : functions()) {
    for (const DialectName& dialect : kDialectNames) {
      INFO(signature(row) << " on " << dialect.title);
      CHECK(
          (is_independent(row.in(dialect.dialect).availability) || !row.in(dialect.dialect).reason.empty()));
    }
  }
}

}  // namespace
}  // namespace backfill::stdlib
