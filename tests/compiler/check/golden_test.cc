// SPDX-License-Identifier: Apache-2.0
// Every tests/golden/check/*.backfill is compiled against the schema that its first line names. What comes
// out, diagnostics as people see them or else the typed program, is what stands in the .expected file beside
// it.
#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "runtime/database/sqlite/dialect.h"
#include "runtime/file/headers.h"
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;
namespace fs = std::filesystem;

const std::string kFolder = BACKFILL_SOURCE_DIR "/tests/golden/check/";

std::vector<fs::path> specs() {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".backfill") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::string schema_named_in(const std::string& spec) {
  const std::string lead = "-- schema: ";
  REQUIRE(spec.starts_with(lead));
  const std::string line = spec.substr(lead.size(), spec.find_first_of("\r\n") - lead.size());
  return test::read(kFolder + "schemas/" + line);
}

// `-- require-sql: sqlite` on the second line.
void require_sql(test::Compiled& compiled) {
  if (compiled.file.text().find("\n-- require-sql: sqlite\n") != std::string::npos)
    compiled.require_sql(database::sqlite::dialect());
}

std::string outcome(const test::Compiled& compiled) {
  std::string text = compiled.rendered();
  if (compiled.sink.has_errors()) return text;
  for (const ir::Backfill& backfill : compiled.backfills) text += ir::dump(backfill);
  return text;
}

void compare(const fs::path& path, const std::string& seen) {
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << seen;
    return;
  }
  CHECK(seen == test::read(path.string()));
}

}  // namespace

TEST_CASE("golden specs give the diagnostics or the program that stand beside them") {
  const std::vector<fs::path> all = specs();
  REQUIRE(all.size() > 30);
  fs::current_path(kFolder);  // modules stand beside the specs
  for (const fs::path& path : all) {
    INFO(path.filename().string());
    const std::string spec = test::read(path.string());
    test::Compiled compiled(path.filename().string(), spec, test::catalog_of(schema_named_in(spec)));
    require_sql(compiled);
    file::report_headers(compiled.backfills, compiled.sink);
    compare(fs::path(path).replace_extension(".expected"), outcome(compiled));
  }
}

// Where a name says so, its spec must be refused or accepted: an update of the goldens cannot hide a change.
TEST_CASE("golden specs named ok_... compile, all others are refused") {
  fs::current_path(kFolder);
  for (const fs::path& path : specs()) {
    const std::string name = path.filename().string();
    INFO(name);
    const std::string spec = test::read(path.string());
    test::Compiled compiled(name, spec, test::catalog_of(schema_named_in(spec)));
    require_sql(compiled);
    file::report_headers(compiled.backfills, compiled.sink);
    INFO(compiled.rendered());
    CHECK(compiled.sink.has_errors() != name.starts_with("ok_"));
  }
}
