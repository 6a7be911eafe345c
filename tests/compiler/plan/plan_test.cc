// SPDX-License-Identifier: Apache-2.0
// Plans of examples against tests/golden/plan. BACKFILL_UPDATE_GOLDEN=1 writes them anew.
#include "compiler/plan/plan.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
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

TEST_CASE("a merge names the index that finds a batch's groups, or the one that is missing") {
  const char* const spec =
      "backfill one { table people merge partition by {} keep first order by id { note = first present } }";
  const auto found_by = [&](const std::string& partition, const std::string& indexes) {
    const std::string path = std::string(std::getenv("TMPDIR") == nullptr ? "/tmp" : std::getenv("TMPDIR")) +
                             "/backfill_plan_" + std::to_string(getpid()) + ".sql";
    std::ofstream(path)
        << "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, town TEXT, note TEXT);\n"
        << indexes;
    auto catalog = database::catalog_from_ddl(path);
    REQUIRE(catalog.ok());
    std::string text = spec;
    const Compiled merged(*std::move(catalog),
                          source::File("spec.backfill", text.replace(text.find("{}"), 2, partition)));
    std::remove(path.c_str());
    const plan::Plan plan = merged.plan();
    REQUIRE(plan.other_rows.size() == 1);
    return (plan.other_rows[0].warning ? "! " : "") + plan.other_rows[0].found_by;
  };
  CHECK(found_by("name", "CREATE INDEX people_name ON people (name);") ==
        "one statement over the whole table, then the index people_name");
  CHECK(found_by("name", "CREATE INDEX people_town ON people (town, name);") ==
        "! one statement over the whole table, and each batch reads the whole table once more: an index of "
        "`people` on (\"name\") would find its groups");
  CHECK(found_by("name, town", "CREATE INDEX people_town ON people (town);") ==
        "one statement over the whole table, then the index people_town");
  CHECK(found_by("trim(name)", "CREATE INDEX people_name ON people (name);") ==
        "! one statement over the whole table, and each batch reads the whole table once more: an index of "
        "`people` on (trim(\"name\")) would find its groups");
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
