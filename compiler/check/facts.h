// SPDX-License-Identifier: Apache-2.0
// What a condition proves about which values are present. Conditions are three-valued, so that "true", "not
// false" and "not true" prove different things: `x > 0` may be missing, `x is present` never is.
#pragma once

#include <set>
#include <vector>

#include "compiler/check/possible.h"
#include "compiler/ir/ir.h"

namespace backfill::check {

// Expressions known to be present, and the conditions that say so. Nodes are compared by identity: a column
// is one node, so is a `let`.
class Facts {
 public:
  void add_when_true(const ir::Expr& condition);
  void add_when_false(const ir::Expr& condition);
  // `condition` is true or missing; is false or missing.
  void add_when_not_false(const ir::Expr& condition);
  void add_when_not_true(const ir::Expr& condition);

  // All that was added, for what asks more than presence (possible.h).
  [[nodiscard]] const std::vector<Assumption>& assumptions() const { return assumptions_; }
  [[nodiscard]] bool proves_present(const ir::Expr& expr) const;

 private:
  void learn_when_true(const ir::Expr& condition);
  void learn_when_false(const ir::Expr& condition);
  void learn_when_not_false(const ir::Expr& condition);
  void learn_when_not_true(const ir::Expr& condition);
  void assume(const ir::Expr& condition, Known known);
  void add_present(const ir::Expr& expr);
  void add_common(const ir::Expr& condition, bool truth);

  std::set<const ir::Expr*> present_;
  std::vector<Assumption> assumptions_;
};

}  // namespace backfill::check
