// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/evaluate/evaluate.h"
#include "runtime/harness/run_tests.h"

namespace backfill::harness {

// What of one expectation does not hold for the decision.
std::vector<Difference> differences(const ir::Backfill& backfill, const ir::Test& test,
                                    const ir::TestExpectation& expectation,
                                    const evaluate::Decision& decision);

// Which condition gave the row its class.
void explain_class(const ir::Backfill& backfill, const evaluate::Row& row, const evaluate::Moment& moment,
                   const evaluate::Decision& decision, TestResult& result);

}  // namespace backfill::harness
