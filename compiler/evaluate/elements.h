// SPDX-License-Identifier: Apache-2.0
// The elements of a list as values.
#pragma once

#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::evaluate {

// Reads elements of one list type. Not thread safe.
class Elements {
 public:
  explicit Elements(const stdlib::Type& list);

  // Missing elements are missing values. O(bytes).
  [[nodiscard]] std::vector<stdlib::Value> of(const stdlib::Value& list) const;

 private:
  bool as_it_is_ = false;  // JSON values and lists
  ir::Expr element_, value_;
};

// The rows that an insert gives of one candidate: for each row a value per Effect::columns.
std::vector<std::vector<stdlib::Value>> inserted_rows(const ir::Backfill& backfill, const ir::Effect& effect,
                                                      const std::vector<stdlib::Value>& values);

}  // namespace backfill::evaluate
