// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/runtime/cli/sandbox.h"

using backfill::test::check_golden;
using backfill::test::Ran;
using backfill::test::Sandbox;

namespace {

const char* const kVerbs[] = {"init",   "check",   "fmt",      "test",      "schema",  "lsp",
                              "plan",   "sql",     "dry-run",  "run",       "runs",    "status",
                              "watch",  "pause",   "resume",   "stop",      "approve", "verify",
                              "triage", "history", "rollback", "functions", "explain"};

void golden(const Sandbox& sandbox, const std::string& name, const std::string& arguments) {
  check_golden(sandbox, name, arguments, sandbox.run(arguments));
}

}  // namespace

TEST_CASE("every verb has a help that teaches, and the overview names it") {
  const Sandbox sandbox;
  const std::string overview = sandbox.run("").out;
  for (const char* verb : kVerbs) {
    INFO(verb);
    const Ran ran = sandbox.run(std::string(verb) + " --help");
    CHECK(ran.exit == 0);
    CHECK(ran.err.empty());
    CHECK(ran.out.find("usage: backfill " + std::string(verb)) != std::string::npos);
    CHECK(ran.out.find("\nexamples\n") != std::string::npos);
    CHECK(overview.find("\n  " + std::string(verb) + " ") != std::string::npos);
  }
}

TEST_CASE("overview, help and version") {
  const Sandbox sandbox;
  golden(sandbox, "overview", "");
  golden(sandbox, "help_run", "run --help");
  golden(sandbox, "help_check", "help check");
  golden(sandbox, "version", "--version");
}

TEST_CASE("a wrong verb or flag is told the nearest one") {
  const Sandbox sandbox;
  golden(sandbox, "unknown_verb", "chekc");
  golden(sandbox, "unknown_verb_far", "frobnicate");
  golden(sandbox, "unknown_flag", "check accounts.backfill --shema schema.sql");
  golden(sandbox, "missing_argument", "check");
  golden(sandbox, "wrong_choice", "run accounts.backfill --engine fast");
  golden(sandbox, "wrong_number", "status three --db sqlite:shop.db");
  golden(sandbox, "lsp", "lsp");
}
