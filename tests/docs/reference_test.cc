// SPDX-License-Identifier: Apache-2.0
// The examples that people copy: those of the language reference and the Chinook specs compile, without a
// warning.
#include <filesystem>

#include "tests/compiler/check/compiled.h"
#include "tests/docs/page.h"

namespace {

using namespace backfill;
namespace fs = std::filesystem;

const std::string kRoot = BACKFILL_SOURCE_DIR "/";

void check_compiles(const std::string& name, const std::string& spec, const std::string& schema) {
  const test::Compiled compiled(name, spec, test::catalog_of(schema));
  INFO(compiled.rendered());
  CHECK(compiled.codes().empty());
  CHECK_FALSE(compiled.backfills.empty());
}

}  // namespace

TEST_CASE("every example of the language reference compiles") {
  const std::string page = test::read(kRoot + "docs/language.md");
  std::string schema;
  for (const std::string& block : test::blocks(page, "sql schema")) schema += block;
  const std::vector<std::string> good = test::blocks(page, "backfill good");
  REQUIRE_FALSE(good.empty());
  for (const std::string& spec : good) check_compiles("language.md", spec, schema);
  for (const std::string& spec : test::blocks(page, "backfill bad")) {
    INFO(spec);
    CHECK(test::Compiled("language.md", spec, test::catalog_of(schema)).sink.has_errors());
  }
}

TEST_CASE("every Chinook example compiles against its own schema") {
  const std::string folder = kRoot + "examples/chinook/";
  const std::string schema = test::read(folder + "chinook.sql") + test::read(folder + "migration.sql");
  std::size_t specs = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".backfill") continue;
    check_compiles(entry.path().filename().string(), test::read(entry.path().string()), schema);
    ++specs;
  }
  CHECK(specs >= 5);
}
