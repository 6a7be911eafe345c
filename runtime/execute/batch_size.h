// SPDX-License-Identifier: Apache-2.0
// The servo that keeps a batch's transaction near the time that the spec aims at.
#pragma once

#include <cstdint>

#include "compiler/ir/ir.h"

namespace backfill::execute {

class BatchSize {
 public:
  explicit BatchSize(const ir::Pace& pace);

  // Rows that the next batch should have.
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  // A transaction with `rows` rows took `microseconds`.
  void observe(std::int64_t rows, std::int64_t microseconds);

 private:
  std::int64_t min_, max_, aim_us_;
  std::int64_t rows_;
};

}  // namespace backfill::execute
