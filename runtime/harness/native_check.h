// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "compiler/ir/ir.h"
#include "runtime/execute/row_decider.h"

namespace backfill::harness {

// Decides the rows of tests by native code too, and compares. Compiles once.
class NativeCheck {
 public:
  NativeCheck(const ir::Backfill& backfill, const std::string& cache_directory);

  [[nodiscard]] const std::string& unavailable() const { return unavailable_; }
  // Empty: native code and evaluator agree on the row.
  std::string difference(const ir::Test& test);

 private:
  const ir::Backfill& backfill_;
  execute::Subject subject_;
  std::string unavailable_;
  std::map<std::int64_t, std::unique_ptr<execute::RowDecider>> deciders_;  // by the test's moment
  execute::RowDecider* decider(std::int64_t now);
};

}  // namespace backfill::harness
