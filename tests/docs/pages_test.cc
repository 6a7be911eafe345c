// SPDX-License-Identifier: Apache-2.0
// docs/diagnostics/BFnnnn.md: each registered code has a page, its bad example gives exactly that code, its
// good one compiles, both against the schema of the page; and each code appears in a golden file.
#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>

#include "compiler/diagnostic/codes.h"
#include "runtime/database/sqlite/dialect.h"
#include "tests/compiler/check/compiled.h"
#include "tests/docs/page.h"

namespace {

using namespace backfill;
namespace fs = std::filesystem;

const std::string kPages = BACKFILL_SOURCE_DIR "/docs/diagnostics/";

// Codes that no page of readable size can show. They are tested in tests/compiler/check/generated_test.cc.
// This list may only shrink.
const std::set<std::string> kGenerated = {"BF0911", "BF0912"};
// Codes whose bad example holds bytes that a page cannot, or takes files of its own: shown by a golden file
// only. May only shrink.
const std::set<std::string> kShownByGoldenOnly = {"BF0107", "BF0108", "BF0806", "BF0807", "BF0913", "BF1011"};

std::vector<std::string> registered() {
  std::vector<std::string> all;
  for (const diagnostic::CodeRow& row : diagnostic::codes()) all.emplace_back(diagnostic::text(row.code));
  return all;
}

void check_page(const std::string& code, const std::string& page) {
  const std::vector<std::string> schemas = test::blocks(page, "sql schema");
  REQUIRE(schemas.size() <= 1);
  const std::string schema = schemas.empty() ? "" : schemas[0];
  const std::vector<std::string> bad = test::blocks(page, "backfill bad"),
                                 good = test::blocks(page, "backfill good");
  REQUIRE_FALSE(bad.empty());
  REQUIRE_FALSE(good.empty());
  const bool asks_for_sql = page.find("--require-sql sqlite") != std::string::npos;
  for (const std::string& spec : bad) {
    test::Compiled compiled("bad", spec, test::catalog_of(schema));
    if (asks_for_sql) compiled.require_sql(database::sqlite::dialect());
    INFO(compiled.rendered());
    const std::vector<std::string> codes = compiled.codes();
    CHECK_FALSE(codes.empty());
    CHECK(std::ranges::all_of(codes, [&](const std::string& seen) { return seen == code; }));
  }
  for (const std::string& spec : good) {
    test::Compiled compiled("good", spec, test::catalog_of(schema));
    if (asks_for_sql) compiled.require_sql(database::sqlite::dialect());
    INFO(compiled.rendered());
    CHECK(compiled.codes().empty());
  }
}

bool is_exempt(const std::string& code) {
  return kGenerated.contains(code) || kShownByGoldenOnly.contains(code);
}

}  // namespace

TEST_CASE("every registered code has a page that begins with its code") {
  for (const std::string& code : registered()) {
    INFO(code);
    CHECK(test::read(kPages + code + ".md").starts_with("# " + code + ": "));
  }
}

TEST_CASE("no page is of a code that is not registered") {
  const std::vector<std::string> codes = registered();
  for (const fs::directory_entry& entry : fs::directory_iterator(kPages)) {
    const std::string name = entry.path().stem().string();
    INFO(name);
    CHECK((name == "README" || std::ranges::find(codes, name) != codes.end()));
  }
}

TEST_CASE("bad examples of the pages give their code and no other, good ones compile") {
  for (const std::string& code : registered()) {
    if (is_exempt(code)) continue;
    INFO(code);
    check_page(code, test::read(kPages + code + ".md"));
  }
}

TEST_CASE("every registered code appears in a golden file, or is on the list of generated ones") {
  std::set<std::string> shown;
  for (const fs::directory_entry& entry :
       fs::recursive_directory_iterator(BACKFILL_SOURCE_DIR "/tests/golden")) {
    if (entry.path().extension() != ".expected") continue;
    const std::string text = test::read(entry.path().string());
    const std::regex code(R"((?:error|warning)\[(BF\d{4})\])");
    for (auto at = std::sregex_iterator(text.begin(), text.end(), code); at != std::sregex_iterator(); ++at)
      shown.insert((*at)[1].str());
  }
  for (const std::string& code : registered()) {
    INFO(code);
    CHECK(shown.contains(code) != kGenerated.contains(code));
  }
}

TEST_CASE("what is exempt is registered, and its page says why it has no example") {
  const std::vector<std::string> codes = registered();
  for (const std::set<std::string>* list : {&kGenerated, &kShownByGoldenOnly}) {
    for (const std::string& code : *list) {
      INFO(code);
      CHECK(std::ranges::find(codes, code) != codes.end());
      const std::string page = test::read(kPages + code + ".md");
      CHECK(test::blocks(page, "backfill bad").empty());
      CHECK(page.find("No example stands here") != std::string::npos);
    }
  }
}
