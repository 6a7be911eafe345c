// SPDX-License-Identifier: Apache-2.0
// Every example of every row of the function table, as a user would write it in a spec: it compiles, and it
// gives the result that the row promises.
#include "stdlib/function.h"
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;

const std::string kSchema = "CREATE TABLE t (id INTEGER PRIMARY KEY, b BOOLEAN);";

// The example as a condition: is it what it says it is?
std::string spec_of(const std::string& condition) {
  return "backfill example {\n  table t\n  intent recompute\n  derive b = " + condition + "\n}\n";
}

std::string failure_of(const std::string& expression, const std::string& error) {
  const test::Compiled compiled("example", spec_of("(" + expression + ") is missing"),
                                test::catalog_of(kSchema));
  const std::string seen = compiled.rendered();
  if (compiled.codes() != std::vector<std::string>{"BF0305"}) return "gives no row error\n" + seen;
  return seen.find(error) == std::string::npos ? "gives another error\n" + seen : "";
}

std::string mismatch_of(const std::string& expression, const std::string& result) {
  const std::string condition = "(" + expression + ") is not distinct from (" + result + ")";
  const test::Compiled compiled("example", spec_of(condition), test::catalog_of(kSchema));
  // Comparing with a bare `missing` is refused, since it is missing for every row: the same answer.
  if (result == "missing" && compiled.codes() == std::vector<std::string>{"BF0402"}) return "";
  if (compiled.sink.has_errors()) return "does not compile\n" + compiled.rendered();
  const ir::Backfill& program = compiled.backfills.at(0);
  const evaluate::Outcome outcome =
      evaluate::evaluate(*program.row.outputs.at(0).final,
                         {.inputs = std::vector<stdlib::Value>(program.row.inputs.size())}, {});
  if (outcome.failure) return "fails: " + outcome.failure->message;
  return outcome.value == stdlib::Value(true) ? "" : "is not " + result;
}

std::string wrong(const stdlib::Example& example) {
  const std::string expression(example.expression), result(example.result);
  const std::string lead = "error: ";
  return result.starts_with(lead) ? failure_of(expression, result.substr(lead.size()))
                                  : mismatch_of(expression, result);
}

}  // namespace

TEST_CASE("every example of the function table gives its result") {
  std::size_t run = 0;
  for (const stdlib::Function& function : stdlib::functions()) {
    for (const stdlib::Example& example : function.examples) {
      INFO(stdlib::signature(function) << ": " << example.expression << " -> " << example.result);
      const std::string what = wrong(example);
      if (!what.empty()) FAIL_CHECK(what);
      ++run;
    }
  }
  CHECK(run > 300);
}
