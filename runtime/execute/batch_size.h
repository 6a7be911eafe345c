// SPDX-License-Identifier: Apache-2.0
// The servo that keeps a batch's transaction near the time that the spec aims at.
#pragma once

#include <algorithm>
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
  // A transaction ran into a timeout or a deadlock: half of it, down to one row, below the spec's least if
  // need be. From there it doubles with each success.
  void halve() { rows_ = std::max<std::int64_t>(1, rows_ / 2); }

 private:
  std::int64_t min_, max_, aim_us_;
  std::int64_t rows_;
};

}  // namespace backfill::execute
