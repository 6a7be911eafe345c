// SPDX-License-Identifier: Apache-2.0
#include "runtime/harness/run_tests.h"

#include <memory>

#include "runtime/harness/expectation.h"
#include "runtime/harness/native_check.h"

namespace backfill::harness {

namespace {

TestResult run_one(const ir::Backfill& backfill, const ir::Test& test, CoverageRecorder& coverage) {
  TestResult result{.name = test.name, .span = test.span};
  const evaluate::Row row{test.inputs, {}};
  const evaluate::Moment moment{test.now};
  const evaluate::Decision decision = evaluate::decide(backfill, row, moment);
  coverage.record(row, moment, decision);
  explain_class(backfill, row, moment, decision, result);
  for (const ir::TestExpectation& expectation : test.expects) {
    for (Difference& one : differences(backfill, test, expectation, decision))
      result.differences.push_back(std::move(one));
  }
  return result;
}

}  // namespace

TestReport run_tests(const ir::Backfill& backfill, const TestOptions& options) {
  TestReport report{.backfill = backfill.name};
  CoverageRecorder coverage(backfill);
  std::unique_ptr<NativeCheck> native;
  if (options.native && !backfill.tests.empty()) {
    native = std::make_unique<NativeCheck>(backfill, options.jit_cache_directory);
    report.native_unavailable = native->unavailable();
    report.native = report.native_unavailable.empty();
  }
  for (const ir::Test& test : backfill.tests) {
    report.results.push_back(run_one(backfill, test, coverage));
    if (native) report.results.back().native_difference = native->difference(test);
  }
  report.coverage = coverage.coverage();
  return report;
}

}  // namespace backfill::harness
