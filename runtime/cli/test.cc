// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/print_test.h"
#include "runtime/cli/program.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

int worse(int exit, const harness::TestReport& report) {
  for (const harness::TestResult& result : report.results) {
    if (!result.native_difference.empty()) return kBug;
    if (!result.passed()) exit = std::max<int>(exit, kWrong);
  }
  return exit;
}

}  // namespace

int test(Command& command, Arguments arguments) {
  std::vector<std::string> specs;
  SchemaFlags schema;
  std::string format = "human";
  bool coverage = false, mutants = false, differential = false, evaluator = false;
  command.teach(
      "Runs the `test` blocks of each SPEC on rows in memory: no database is touched. Where native code can "
      "be loaded each\n"
      "row goes through it as well, and a difference ends with 5. A failing test ends with 1.");
  command.positionals("SPEC", specs, "files with tests", true);
  schema.declare(command);
  command.choice("--format", format, {"human", "tap", "json", "junit"}, "how to print");
  command.flag("--coverage", coverage, "which rules and which arms no test reaches");
  command.flag("--evaluator", evaluator, "without native code");
  command.hidden_flag("--mutants", mutants);
  command.hidden_flag("--differential", differential);
  command.example("backfill test specs/*.backfill --schema schema.sql", "all tests, as CI does");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (mutants || differential)
    return command.wrong(fmt::format("--{} is not in this version", mutants ? "mutants" : "differential"),
                         "there is --coverage");
  if (format == "junit")
    return command.wrong("--format junit is not in this version", "there are human, tap and json");
  if (command.json()) format = "json";
  TestPrinter printer(format, coverage);
  int exit = kDone;
  for (const std::string& spec : specs) {
    const Loaded loaded = load_spec(command, spec, schema);
    if (!loaded.program) return loaded.exit;
    for (const ir::Backfill& backfill : loaded.program->backfills) {
      const harness::TestReport report =
          harness::run_tests(backfill, {.native = !evaluator, .jit_cache_directory = cache_directory()});
      exit = std::max(exit, worse(exit, report));
      printer.add(loaded.program->source, report);
    }
  }
  printer.finish();
  return exit;
}

}  // namespace backfill::cli
