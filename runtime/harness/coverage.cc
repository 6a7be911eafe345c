// SPDX-License-Identifier: Apache-2.0
#include "runtime/harness/coverage.h"

#include <algorithm>

namespace backfill::harness {

namespace {

bool is_true(const evaluate::Outcome& outcome) {
  return !outcome.failure && !outcome.value.missing() && outcome.value.boolean();
}

// The `else` of a derivation that leaves the prior value is not an arm that anybody wrote.
bool is_prior(const ir::Expr& value) {
  return value.op == ir::Op::Input;
}

std::size_t arm_taken(const ir::Expr& expr, const evaluate::Row& row, const evaluate::Moment& moment) {
  std::size_t k = 0;
  for (; k + 1 < expr.arguments.size(); k += 2) {
    if (is_true(evaluate::evaluate(*expr.arguments[k], row, moment))) return k + 1;
  }
  return k;
}

}  // namespace

void CoverageRecorder::visit(const ir::Expr& expr, const evaluate::Row& row, const evaluate::Moment& moment) {
  if (expr.op != ir::Op::Case) {
    for (const ir::Expr* argument : expr.arguments) visit(*argument, row, moment);
    return;
  }
  const std::size_t taken = arm_taken(expr, row, moment);
  if (taken >= expr.arguments.size()) return;
  arms_.insert({&expr, taken});
  for (std::size_t k = 0; k < taken; k += 2) visit(*expr.arguments[k], row, moment);
  visit(*expr.arguments[taken], row, moment);
}

void CoverageRecorder::record(const evaluate::Row& row, const evaluate::Moment& moment,
                              const evaluate::Decision& decision) {
  classes_.insert(decision.class_code);
  if (decision.class_code != ir::kCandidate) return;
  for (const ir::Output& output : backfill_.row.outputs) visit(*output.final, row, moment);
}

void CoverageRecorder::count_rules(Coverage& out) const {
  const auto& rules = backfill_.row.rules;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    ++out.total;
    if (classes_.contains(static_cast<std::int32_t>(ir::kFirstRule + 2 * k))) {
      ++out.reached;
    } else {
      const std::string kind = rules[k].kind == ir::RuleKind::Exclude ? "exclusion" : "review";
      out.gaps.push_back({"no test meets the " + kind, rules[k].span});
    }
  }
}

void CoverageRecorder::count_arms(const ir::Expr& expr, const std::string& column,
                                  std::set<const ir::Expr*>& seen, Coverage& out) const {
  if (!seen.insert(&expr).second) return;
  if (expr.op == ir::Op::Case) {
    for (std::size_t k = 0; k < expr.arguments.size(); ++k) {
      const bool is_value = k % 2 == 1 || k + 1 == expr.arguments.size();
      if (!is_value || is_prior(*expr.arguments[k])) continue;
      ++out.total;
      if (arms_.contains({&expr, k})) {
        ++out.reached;
      } else {
        out.gaps.push_back({"no test derives `" + column + "` by", expr.arguments[k]->span});
      }
    }
  }
  for (const ir::Expr* argument : expr.arguments) count_arms(*argument, column, seen, out);
}

Coverage CoverageRecorder::coverage() const {
  Coverage out;
  out.total = 1;
  out.reached = classes_.contains(ir::kCandidate) ? 1 : 0;
  if (out.reached == 0) out.gaps.push_back({"no test is a candidate", backfill_.span});
  count_rules(out);
  std::set<const ir::Expr*> seen;
  for (const ir::Output& output : backfill_.row.outputs)
    count_arms(*output.final, backfill_.table->columns[static_cast<std::size_t>(output.column)].name, seen,
               out);
  std::ranges::stable_sort(out.gaps, {}, [](const Gap& gap) { return gap.span.begin; });
  return out;
}

}  // namespace backfill::harness
