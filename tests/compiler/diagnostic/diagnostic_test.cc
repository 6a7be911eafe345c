// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>
#include <set>

#include "catch2/catch.hpp"
#include "compiler/diagnostic/diagnostic.h"

using namespace backfill;
using namespace backfill::diagnostic;

namespace {

Diagnostic example(source::Span span) {
  Diagnostic d;
  d.code = Code::SyntaxError;
  d.span = span;
  d.message = "expected a name";
  return d;
}

}  // namespace

TEST_CASE("codes are registered once, in order") {
  std::set<std::string_view> seen;
  for (const CodeRow& row : codes()) {
    CHECK(seen.insert(text(row.code)).second);
    CHECK(seen.insert(row.name).second);
    CHECK(text(row.code).size() == 6);
  }
}

TEST_CASE("a diagnostic is shown with its line, marks, notes and help") {
  const source::File file("a.backfill", "one\n\tt\xC3\xA9wo x\n");
  Sink sink(file);
  Diagnostic d = example({10, 11});
  d.label = "here";
  d.labels.push_back({{0, 3}, "first"});
  d.notes.push_back("a fact");
  d.help = "a way out";
  sink.report(d);
  CHECK(render(sink, false) ==
        "error[BF0101]: expected a name\n"
        " --> a.backfill:2:6\n"
        "  |\n"
        "1 | one\n"
        "  | --- first\n"
        "2 |  t\xC3\xA9wo x\n"
        "  |      ^ here\n"
        "  |\n"
        "  = note: a fact\n"
        "  = help: a way out\n\n");
  CHECK(render(sink, true).find("\x1b[") != std::string::npos);
  CHECK(sink.has_errors());
}

TEST_CASE("a long line is clipped around the span") {
  const source::File file("a", std::string(10'000'000, 'x'));
  Sink sink(file);
  sink.report(example({5'000'000, 9'000'000}));
  CHECK(render(sink, false).size() < 1000);
}

TEST_CASE("diagnostics come in order of their place") {
  const source::File file("a", "abc");
  Sink sink(file);
  sink.report(example({2, 3}));
  sink.report(example({0, 1}));
  CHECK(sink.sorted().front().span.begin == 0);
}

TEST_CASE("JSON has lines, columns and UTF-16 columns") {
  const source::File file("a", "\xF0\x9F\x98\x80 x");
  Sink sink(file);
  sink.report(example({5, 6}));
  const auto json = nlohmann::json::parse(render_json(sink));
  CHECK(json[0]["code"] == "BF0101");
  CHECK(json[0]["start"]["column"] == 3);
  CHECK(json[0]["start"]["utf16_column"] == 3);
}

TEST_CASE("the nearest name") {
  CHECK(nearest("stauts", {"status", "state"}) == "status");  // neighbours that changed places
  CHECK(nearest("emial", {"email", "id"}) == "email");
  CHECK(nearest("zebra", {"status"}).empty());
  CHECK(nearest("", {"status"}).empty());
}
