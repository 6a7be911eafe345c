// SPDX-License-Identifier: Apache-2.0
// Plans of examples against tests/golden/plan. BACKFILL_UPDATE_GOLDEN=1 writes them anew.
#include "compiler/plan/plan.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>
#include <sstream>

#include "compiler/compile.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/store.h"

namespace {

using namespace backfill;

const std::string kCli = BACKFILL_SOURCE_DIR "/tests/golden/cli/";
const std::string kPlan = BACKFILL_SOURCE_DIR "/tests/golden/plan/";

struct Compiled {
  schema::Catalog catalog;
  source::File file;
  diagnostic::Sink sink;
  std::vector<ir::Backfill> backfills;

  Compiled(schema::Catalog known, source::File text)
      : catalog(std::move(known)), file(std::move(text)), sink(file) {
    backfills = compiler::compile(file, catalog, sink);
    INFO(diagnostic::render(sink, false));
    REQUIRE(!sink.has_errors());
    REQUIRE(backfills.size() == 1);
  }
  [[nodiscard]] plan::Plan plan() const {
    return plan::make_plan(file, backfills[0], catalog, database::sqlite::dialect());
  }
};

std::unique_ptr<Compiled> compiled(const std::string& spec) {
  auto catalog = database::catalog_from_ddl(kCli + "schema.sql");
  REQUIRE(catalog.ok());
  return std::make_unique<Compiled>(*std::move(catalog), source::File("spec.backfill", spec));
}

std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

void golden(const std::string& name, std::string got) {
  got = std::regex_replace(got, std::regex(R"((?:[0-9a-f]{16}){1,2})"), "HASH");
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) std::ofstream(kPlan + name, std::ios::binary) << got;
  INFO(kPlan + name);
  CHECK(got == contents(kPlan + name));
}

}  // namespace

TEST_CASE("a whole plan in Markdown and JSON") {
  const auto spec = compiled(contents(kCli + "accounts.backfill"));
  golden("accounts.md", plan::render_markdown(spec->plan()));
  golden("accounts.json", plan::render_json(spec->plan()) + "\n");
}

TEST_CASE("the smallest spec has a plan, and it warns") {
  const auto spec =
      compiled("backfill small {\n  intent amend\n  table tags key (name)\n  derive weight = 1\n}\n");
  golden("small.md", plan::render_markdown(spec->plan()));
}

TEST_CASE("counts stand where they belong") {
  const auto spec = compiled(contents(kCli + "accounts.backfill"));
  plan::Plan plan = spec->plan();
  plan.survey = plan::Survey{.rows = 1'234'567, .candidates = 1'000'000, .chunks = 124, .chunk_rows = 10'000};
  for (plan::LeftAlone& left : plan.left_alone) left.rows = left.code;
  for (plan::Stage& stage : plan.stages) stage.candidates = 500'000;
  plan.hash = "0123456789abcdef";
  golden("accounts_counted.md", plan::render_markdown(plan));
}

TEST_CASE("the same plan gives the same bytes") {
  const auto spec = compiled(contents(kCli + "accounts.backfill"));
  CHECK(plan::render_markdown(spec->plan()) == plan::render_markdown(spec->plan()));
  CHECK(plan::render_json(spec->plan()) == plan::render_json(spec->plan()));
}

TEST_CASE("a changed derivation changes the fingerprint, a changed comment does not") {
  std::string text = contents(kCli + "accounts.backfill");
  const std::string first = compiled(text)->plan().fingerprint;
  CHECK(compiled("-- another comment\n" + text)->plan().fingerprint == first);
  text.replace(text.find("'inactive'"), 10, "'asleep'  ");
  CHECK(compiled(text)->plan().fingerprint != first);
}
