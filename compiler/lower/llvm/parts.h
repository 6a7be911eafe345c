// SPDX-License-Identifier: Apache-2.0
// How a row function is divided into machine functions. Code generation is worse than linear in the size of a
// basic block, so many outputs become several functions, each of which goes over the whole batch.
#pragma once

#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::lower_llvm {

struct Part {
  bool classifies = false;               // decides class and stages; else it reads the class that was stored
  std::vector<std::size_t> outputs;      // see `computed`
  std::vector<const ir::Expr*> changed;  // the row has changed if one of them is true
};

// The outputs of a row function, then its values.
const ir::Expr* computed(const ir::RowFunction& row, std::size_t output);

// Never empty; the first part classifies.
std::vector<Part> divide(const ir::RowFunction& row);

}  // namespace backfill::lower_llvm
