// SPDX-License-Identifier: Apache-2.0
// Whatever the bytes: a clean diagnostic, soon, and no crash.
#include <chrono>

#include "catch2/catch.hpp"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"

using namespace backfill;

namespace {

std::string repeat(std::string_view what, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += what;
  return out;
}

std::string_view first_code(const std::string& text) {
  const source::File file("t", text);
  diagnostic::Sink sink(file);
  const auto begin = std::chrono::steady_clock::now();
  const auto tree = syntax::parse(file, sink);
  const std::string shown = diagnostic::render(sink, false);
  CHECK(std::chrono::steady_clock::now() - begin <
        std::chrono::seconds(10));  // under a sanitizer, on a busy machine
  CHECK(shown.size() < 60'000);
  CHECK(syntax::format(*tree, file) == text);
  return sink.has_errors() ? diagnostic::text(sink.sorted().front().code) : "none";
}

const std::string head = "backfill a {\n  table t\n  derive x = ";

}  // namespace

TEST_CASE("files that are no text") {
  CHECK(first_code("") == "BF0109");
  CHECK(first_code("-- nothing\n") == "BF0109");
  CHECK(first_code(std::string("backfill a {\0}", 14)) == "BF0108");
  CHECK(first_code("backfill a { -- \xff\n}") == "BF0107");
  CHECK(first_code("backfill a { -- \xed\xa0\x80\n}") == "BF0107");
  CHECK(first_code(head + std::string(10'000'000, '1')) == "BF0911");
  CHECK(first_code(repeat("-- a line\n", 2'000'000)) == "BF0912");
}

TEST_CASE("nesting") {
  const std::string end = "\n}";
  for (const char* open :
       {"(", "[", "not ", "- ", "f(", "a[", "case { a -> ", "case a { 1 -> ", "f(x, ", "a in ("})
    CHECK(first_code(head + repeat(open, 10'000) + end) == "BF0910");
  CHECK(first_code(head + repeat("(", 10'000) + "1" + repeat(")", 10'000) + end) == "BF0910");
  CHECK(first_code("backfill a {\n  param x: " + repeat("[", 10'000)) == "BF0910");
  CHECK(first_code("backfill a {\n" + repeat("  when x = 1 as y {\n", 10'000)) == "BF0910");
}

TEST_CASE("long chains") {
  for (const char* link : {".b", "[1]", " |> f", " as text", " + 1", " or b", " || c"})
    CHECK(first_code(head + "a" + repeat(link, 20'000) + "\n}") == "BF0910");
}

TEST_CASE("everything that is not closed") {
  for (const char* open : {"'abc",
                           "\"abc",
                           "\"\"\"abc",
                           "a matches /abc",
                           "x'ab",
                           "[1",
                           "(1",
                           "case {",
                           "case x {",
                           "f(",
                           "a[",
                           "-",
                           "not",
                           "a as",
                           "a |>",
                           "a.",
                           "{",
                           "a matches /[abc",
                           "date '2024-01-01",
                           "a in (1,"}) {
    INFO(open);
    CHECK(first_code(head + open) != "none");
    CHECK(first_code(head + open + "\n  derive y = 2\n}\n") != "none");
  }
}

TEST_CASE("every prefix of a file is parsed or refused") {
  const auto file = source::read_file(BACKFILL_SOURCE_DIR "/tests/golden/syntax/account_status.backfill");
  REQUIRE(file.ok());
  for (std::size_t size = 0; size < file->text().size(); size += 7) {
    const source::File part("t", std::string(file->text().substr(0, size)));
    diagnostic::Sink sink(part);
    const auto tree = syntax::parse(part, sink);
    CHECK(tree->complete == !sink.has_errors());
  }
}
