// SPDX-License-Identifier: Apache-2.0
// Each NAME.backfill of tests/golden/syntax has a NAME.formatted or, where it does not parse, a
// NAME.diagnostics. BACKFILL_UPDATE_GOLDEN=1 writes them anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "catch2/catch.hpp"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "compiler/syntax/scan.h"

using namespace backfill;
namespace fs = std::filesystem;

namespace {

std::string read(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<fs::path> cases() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::path(BACKFILL_SOURCE_DIR) / "tests/golden/syntax"))
    if (entry.path().extension() == ".backfill") found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (const syntax::Token& token : syntax::scan(text)) {
    std::string word(text.substr(token.span.begin, token.span.end - token.span.begin));
    if (token.kind == syntax::TokenKind::Comment) word.erase(word.find_last_not_of(" \t\r") + 1);
    result.push_back(std::move(word));
  }
  return result;
}

void compare(fs::path path, const std::string& got) {
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << got;
  CHECK(read(path) == got);
}

}  // namespace

TEST_CASE("golden files") {
  for (const fs::path& path : cases()) {
    INFO(path.filename().string());
    const source::File file(path.filename().string(), read(path));
    diagnostic::Sink sink(file);
    const auto tree = syntax::parse(file, sink);
    CHECK(tree->complete == !sink.has_errors());
    const std::string formatted = syntax::format(*tree, file);
    if (sink.has_errors()) {
      CHECK(formatted == file.text());
      compare(fs::path(path).replace_extension(".diagnostics"), diagnostic::render(sink, false));
    } else {
      compare(fs::path(path).replace_extension(".formatted"), formatted);
    }
  }
}

TEST_CASE("formatting keeps every token and comment, parses again, and is done once") {
  for (const fs::path& path : cases()) {
    INFO(path.filename().string());
    const source::File before("before", read(path));
    diagnostic::Sink sink(before);
    const auto tree = syntax::parse(before, sink);
    if (sink.has_errors()) continue;
    const source::File after("after", syntax::format(*tree, before));
    CHECK(words(before.text()) == words(after.text()));
    diagnostic::Sink again(after);
    const auto second = syntax::parse(after, again);
    CHECK(diagnostic::render(again, false).empty());
    CHECK(second->comments.size() == tree->comments.size());
    CHECK(syntax::format(*second, after) == after.text());
  }
}
