// SPDX-License-Identifier: Apache-2.0
#include "compiler/ir/ir.h"

#include <unordered_set>

#include "stdlib/bug.h"

namespace backfill::ir {

std::size_t class_count(const Backfill& backfill) {
  return kFirstRule + 2 * backfill.row.rules.size();
}

std::string class_name(const Backfill& backfill, std::int32_t code) {
  if (code == kOutOfScope) return "out of scope";
  if (code == kCandidate) return "candidate";
  if (code == kUncertainWhere) return "uncertain (where)";
  const auto index = static_cast<std::size_t>(code - kFirstRule);
  BACKFILL_CHECK(index / 2 < backfill.row.rules.size(), "class code beyond the rules");
  const Rule& rule = backfill.row.rules[index / 2];
  if (index % 2 == 1) return "uncertain (" + rule.name + ")";
  return (rule.kind == RuleKind::Exclude ? "excluded " : "review ") + rule.name;
}

namespace {

bool reads_row(const Expr& expr, std::unordered_set<const Expr*>& seen) {
  if (expr.op == Op::Input) return true;
  if (!seen.insert(&expr).second) return false;
  for (const Expr* argument : expr.arguments) {
    if (reads_row(*argument, seen)) return true;
  }
  return false;
}

}  // namespace

bool reads_row(const Expr& expr) {
  std::unordered_set<const Expr*> seen;
  return reads_row(expr, seen);
}

}  // namespace backfill::ir
