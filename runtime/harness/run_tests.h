// SPDX-License-Identifier: Apache-2.0
// Runs a spec's own `test` blocks: the row in memory, decided by the reference evaluator and, where there is
// native code, by that too. Reaches no database.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/harness/coverage.h"

namespace backfill::harness {

// One thing that is not as the test expects it.
struct Difference {
  std::string what;      // "`status`", "the class"
  std::string expected;  // literals of the language, or words
  std::string actual;
  source::Span span;  // of the `expect`
};

struct TestResult {
  std::string name;
  source::Span span;
  std::vector<Difference> differences;
  std::string class_name;         // what the row was
  std::string decided_by;         // which rule or condition made it that; empty: nothing in particular
  source::Span decided_span;      // of that rule; empty: none
  std::string row_error;          // where the row was quarantined
  std::string native_difference;  // native code says something else than the evaluator: a bug of ours

  [[nodiscard]] bool passed() const { return differences.empty() && native_difference.empty(); }
};

struct TestReport {
  std::string backfill;
  std::vector<TestResult> results;
  Coverage coverage;
  bool native = false;             // compared with native code
  std::string native_unavailable;  // why not; empty: it was, or was not asked for
};

struct TestOptions {
  bool native = true;
  std::string jit_cache_directory;
};

TestReport run_tests(const ir::Backfill& backfill, const TestOptions& options);

}  // namespace backfill::harness
