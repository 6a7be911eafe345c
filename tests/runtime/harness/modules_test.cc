// SPDX-License-Identifier: Apache-2.0
// Modules: the standard ones by their tests in the language; files, what is wrong with them, and what a run
// keeps.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "compiler/compile.h"
#include "compiler/modules/modules.h"
#include "runtime/database/sqlite/ddl.h"
#include "runtime/harness/run_tests.h"
#include "stdlib/module.h"

namespace {

using namespace backfill;
namespace fs = std::filesystem;

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

schema::Catalog people() {
  auto catalog = database::sqlite::catalog_from_sql(
      "CREATE TABLE people (id INTEGER PRIMARY KEY, given_name TEXT, family_name TEXT, mail TEXT, born DATE, "
      "blank TEXT,"
      " is_blank BOOLEAN, before TEXT, short TEXT, full TEXT, sorted TEXT, initials TEXT, normal TEXT, "
      "domain TEXT,"
      " account TEXT, looks BOOLEAN, weekend BOOLEAN, week DATE, month DATE, month_end DATE, quarter INTEGER,"
      " years INTEGER);",
      "schema.sql");
  REQUIRE(catalog.ok());
  return *std::move(catalog);
}

struct Compiled {
  Compiled(const std::string& name, std::string text)
      : catalog(people()), file(name, std::move(text)), sink(file) {
    backfills = compiler::compile(file, catalog, sink);
  }
  [[nodiscard]] std::string rendered() const { return diagnostic::render(sink, false); }

  schema::Catalog catalog;
  source::File file;
  diagnostic::Sink sink;
  std::vector<ir::Backfill> backfills;
};

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("backfill_modules_" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directories(path_ / "shared");
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string spec(const std::string& uses, const std::string& value) {
  return uses + "\nbackfill b {\n  table people\n  intent amend\n  derive full = " + value + "\n}\n";
}

std::string codes(const Compiled& compiled) {
  std::string all;
  for (const diagnostic::Diagnostic& one : compiled.sink.sorted())
    all += (all.empty() ? "" : " ") + std::string(diagnostic::text(one.code));
  return all;
}

}  // namespace

TEST_CASE("the standard modules do what their tests in the language say, and every function has one") {
  const std::string text = read(BACKFILL_SOURCE_DIR "/tests/golden/modules/std.backfill");
  const Compiled compiled("std.backfill", text);
  INFO(compiled.rendered());
  REQUIRE(compiled.sink.sorted().empty());
  const harness::TestReport report = harness::run_tests(compiled.backfills.at(0), {.native = true});
  CHECK(report.results.size() >= 6);
  for (const harness::TestResult& result : report.results) {
    INFO(result.name);
    CHECK(result.passed());
  }
  for (const stdlib::Module& module : stdlib::modules()) {
    CHECK(text.find("use " + std::string(module.name) + "\n") != std::string::npos);
    for (std::size_t at = module.text.find("fn "); at != std::string_view::npos;
         at = module.text.find("\nfn ", at + 1)) {
      const std::size_t begin = module.text.find("fn ", at) + 3;
      const std::string name(module.text.substr(begin, module.text.find('(', begin) - begin));
      INFO(name);
      const bool used = text.find(" = " + name + "(") != std::string::npos ||
                        text.find("-> " + name + "(") != std::string::npos;
      CHECK(used);
    }
  }
}

TEST_CASE("a file beside the spec is used, by way of another one too") {
  const Folder folder;
  folder.write("shared/a.backfill", "use \"b.backfill\"\nfn twice(x: text) -> text = joined(x, x)\n");
  folder.write("shared/b.backfill", "use std.text\nfn joined(x: text, y: text) -> text = x || y\n");
  const Compiled compiled(folder.at("spec.backfill"),
                          spec("use \"shared/a.backfill\"", "twice('ab' || (mail ?? ''))"));
  INFO(compiled.rendered());
  CHECK(codes(compiled).empty());
}

TEST_CASE("what is wrong with a module is said with its own name and line") {
  const Folder folder;
  folder.write("syntax.backfill", "-- first\nfn x(a: text) -> = a\n");
  folder.write("types.backfill", "-- first\nfn x(a: text) -> int32 = a\n");
  folder.write("more.backfill", "backfill m { table people derive full = 'x' }\n");
  folder.write("one.backfill", "use \"two.backfill\"\nfn ours(a: text) -> text = a\n");
  folder.write("two.backfill", "use \"one.backfill\"\nfn two_of(a: text) -> text = a\n");
  folder.write("clash.backfill", "fn ours(a: text) -> text = a\n");
  folder.write("library.backfill", "fn trim(a: text) -> text = a\n");
  const auto of = [&](const std::string& uses, const std::string& value = "'x'") {
    const Compiled compiled(folder.at("spec.backfill"), spec(uses, value));
    return codes(compiled) + "\n" + compiled.rendered();
  };
  CHECK_THAT(of("use \"syntax.backfill\""),
             Catch::StartsWith("BF0807\n") && Catch::Contains("syntax.backfill:2:"));
  CHECK_THAT(of("use \"types.backfill\""),
             Catch::StartsWith("BF0301\n") && Catch::Contains("(in types.backfill:2)"));
  CHECK_THAT(of("use \"more.backfill\""),
             Catch::StartsWith("BF0807\n") && Catch::Contains("more.backfill:1"));
  CHECK_THAT(of("use \"one.backfill\""), Catch::StartsWith("BF0806\n"));
  CHECK_THAT(of("use \"clash.backfill\"\nfn ours(a: text) -> text = a"), Catch::StartsWith("BF0205\n"));
  CHECK_THAT(of("use \"library.backfill\""),
             Catch::StartsWith("BF0205\n") && Catch::Contains("(in library.backfill:1)"));
  CHECK_THAT(of("use \"nowhere.backfill\""), Catch::StartsWith("BF0805\n"));
  CHECK_THAT(of("use \"../up.backfill\""), Catch::StartsWith("BF0805\n") && Catch::Contains("outside"));
  CHECK_THAT(of("use \"/etc/passwd\""), Catch::StartsWith("BF0805\n") && Catch::Contains("outside"));
  CHECK_THAT(of("use std.tex"), Catch::StartsWith("BF0805\n") && Catch::Contains("did you mean `std.text`?"));
  fs::create_symlink("/etc/hostname", folder.at("link.backfill"));
  CHECK_THAT(of("use \"link.backfill\""), Catch::StartsWith("BF0805\n") && Catch::Contains("link"));
}

TEST_CASE(
    "a kept text means the same when the files are gone or changed, and the fingerprint covers what is "
    "used") {
  const Folder folder;
  folder.write(
      "shared/a.backfill",
      "use \"b.backfill\"\n\nfn mark(x: text) -> text = joined(x, '!')\nfn idle(x: text) -> text = x\n");
  folder.write("shared/b.backfill", "fn joined(x: text, y: text) -> text = x || y\n");
  const std::string text = spec("use \"shared/a.backfill\"", "mark(mail ?? '')");
  const auto fingerprint = [](const Compiled& compiled) {
    INFO(compiled.rendered());
    REQUIRE(codes(compiled).empty());
    return ir::fingerprint(compiled.backfills.at(0));
  };
  const Compiled first(folder.at("spec.backfill"), text);
  const std::string before = fingerprint(first);
  const std::string kept = modules::kept_text(first.file);
  CHECK(kept != text);
  CHECK(modules::kept_text(source::File("(run 1)", kept)) == kept);
  folder.write(
      "shared/a.backfill",
      "use \"b.backfill\"\nfn mark(x: text) -> text = joined(x, '!')\nfn idle(x: text) -> text = x || x\n");
  CHECK(fingerprint(Compiled(folder.at("spec.backfill"), text)) == before);
  folder.write("shared/b.backfill", "fn joined(x: text, y: text) -> text = y || x\n");
  CHECK(fingerprint(Compiled(folder.at("spec.backfill"), text)) != before);
  CHECK(fingerprint(Compiled("(the spec of run 1)", kept)) == before);
  fs::remove_all(folder.at("shared"));
  CHECK(fingerprint(Compiled("(the spec of run 1)", kept)) == before);
  const std::string plain = spec("use std.text", "present_or(mail, '')");
  CHECK(modules::kept_text(source::File("spec.backfill", plain)) == plain);
}
