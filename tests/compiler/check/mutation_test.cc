// SPDX-License-Identifier: Apache-2.0
// Golden specs with one word changed, by the thousand: whatever comes of it, the compiler gives diagnostics
// or a whole program, never a crash and never a program from which something was dropped.
#include <algorithm>
#include <filesystem>
#include <random>

#include "compiler/syntax/parse.h"
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;
namespace fs = std::filesystem;

const std::string kFolder = BACKFILL_SOURCE_DIR "/tests/golden/check/";

// Words, numbers, single signs and the blanks between them.
std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> found;
  const auto kind = [](char c) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_') return 1;
    return c == ' ' || c == '\n' ? 2 : 0;
  };
  for (const char c : text) {
    const bool joins = !found.empty() && kind(c) != 0 && kind(found.back().back()) == kind(c);
    joins ? (void)found.back().push_back(c) : found.push_back({c});
  }
  return found;
}

std::string mutant(std::vector<std::string> text, std::mt19937& random) {
  const auto any = [&] { return random() % text.size(); };
  const std::size_t at = any();
  switch (random() % 4) {
    case 0:
      text.erase(text.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      text[at] = text[any()];
      break;
    case 2:
      std::swap(text[at], text[any()]);
      break;
    default:
      text.insert(text.begin() + static_cast<std::ptrdiff_t>(at), text[any()]);
  }
  std::string joined;
  for (const std::string& word : text) joined += word;
  return joined;
}

stdlib::Value some_value(const stdlib::Type& type, bool missing) {
  if (missing && type.optional) return {};
  switch (type.kind) {
    case stdlib::Kind::Bool:
      return true;
    case stdlib::Kind::Float32:
    case stdlib::Kind::Float64:
      return 1.5;
    case stdlib::Kind::Decimal:
      return stdlib::Decimal{100, type.scale};
    case stdlib::Kind::Text:
    case stdlib::Kind::Bytes:
      return std::string("a");
    default:
      return std::int64_t{3};
  }
}

void check_program(const ir::Backfill& program, const syntax::Backfill& spec) {
  const auto derives = std::ranges::count(spec.effects, syntax::EffectKind::Derive, &syntax::Effect::kind);
  CHECK(static_cast<std::ptrdiff_t>(program.row.outputs.size()) == derives);
  CHECK(program.tests.size() == spec.tests.size());
  CHECK(ir::dump(program).find("error") == std::string::npos);
  for (const bool missing : {false, true}) {
    evaluate::Row row;
    for (const ir::Input& input : program.row.inputs) row.inputs.push_back(some_value(input.type, missing));
    const evaluate::Decision decision = evaluate::decide(program, row, {});
    const evaluate::Outcome code = evaluate::evaluate(*program.row.class_code, row, {});
    if (!code.failure) CHECK(code.value == stdlib::Value(std::int64_t{decision.class_code}));
    for (std::size_t k = 0; k < decision.outputs.size(); ++k) {
      const ir::Output& output = program.row.outputs[k];
      const schema::Column& column = program.table->columns[static_cast<std::size_t>(output.column)];
      INFO(column.name);
      CHECK_FALSE((column.not_null && decision.outputs[k].missing()));
    }
  }
}

void check_mutant(const std::string& text, const schema::Catalog& catalog) {
  INFO(text);
  const test::Compiled compiled("mutant", text, catalog);
  (void)compiled.rendered();
  if (compiled.sink.has_errors()) return;
  diagnostic::Sink again(compiled.file);
  const auto tree = syntax::parse(compiled.file, again);
  REQUIRE(compiled.backfills.size() == tree->backfills.size());
  for (std::size_t k = 0; k < compiled.backfills.size(); ++k)
    check_program(compiled.backfills[k], tree->backfills[k]);
}

}  // namespace

TEST_CASE("a spec with one word changed is refused or compiled whole") {
  std::mt19937 random(20260101);
  for (const fs::directory_entry& entry : fs::directory_iterator(kFolder)) {
    if (entry.path().extension() != ".backfill" || entry.file_size() > 6000) continue;
    const std::string spec = test::read(entry.path().string());
    const std::string schema = spec.find("chinook") == std::string::npos ? "accounts.sql" : "chinook.sql";
    const schema::Catalog catalog = test::catalog_of(test::read(kFolder + "schemas/" + schema));
    const std::vector<std::string> text = words(spec);
    const int mutants = entry.path().filename().string().starts_with("ok_") ? 250 : 20;
    for (int k = 0; k < mutants; ++k) check_mutant(mutant(text, random), catalog);
  }
}
