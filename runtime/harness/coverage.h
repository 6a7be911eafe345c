// SPDX-License-Identifier: Apache-2.0
// Which classes, derivations and arms of a `case` the tests of a spec reach.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"

namespace backfill::harness {

struct Gap {
  std::string what;   // "no test meets the exclusion", "no test derives `status` by": its text follows
  source::Span span;  // of the rule or the arm's value
};

struct Coverage {
  std::size_t reached = 0;
  std::size_t total = 0;
  std::vector<Gap> gaps;  // in the order of the spec
};

class CoverageRecorder {
 public:
  explicit CoverageRecorder(const ir::Backfill& backfill) : backfill_(backfill) {}

  void record(const evaluate::Row& row, const evaluate::Moment& moment, const evaluate::Decision& decision);
  [[nodiscard]] Coverage coverage() const;

 private:
  struct Arm {
    const ir::Expr* of;  // the case
    std::size_t index;   // of its value in `arguments`
    auto operator<=>(const Arm&) const = default;
  };
  void visit(const ir::Expr& expr, const evaluate::Row& row, const evaluate::Moment& moment);
  void count_rules(Coverage& out) const;
  void count_arms(const ir::Expr& expr, const std::string& column, std::set<const ir::Expr*>& seen,
                  Coverage& out) const;

  const ir::Backfill& backfill_;
  std::set<std::int32_t> classes_;
  std::set<Arm> arms_;
};

}  // namespace backfill::harness
