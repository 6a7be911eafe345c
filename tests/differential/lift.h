// SPDX-License-Identifier: Apache-2.0
// An expression of the language whose literals become columns of a table: what is constant would be computed
// once, by us.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::test {

enum class Lift {
  All,       // every literal that a column can hold
  Wide,      // the same, whole numbers as int64
  AllBut0,   // the first one stays
  Texts,     // numbers stay
  OnlyFirst  // all but the first one stay
};

struct LiftedExpr {
  ir::Backfill owner;  // of the expression
  const ir::Expr* expr = nullptr;
  std::vector<stdlib::Type> types;    // one per input
  std::vector<stdlib::Value> values;  // of the literals
};

// Nothing: that form does not check, or has no literal to lift.
std::optional<LiftedExpr> lift(const std::string& expression, Lift how);

}  // namespace backfill::test
