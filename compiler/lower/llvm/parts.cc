// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/llvm/parts.h"

#include "compiler/lower/llvm/regions.h"

namespace backfill::lower_llvm {
namespace {

using ir::Expr;

constexpr std::size_t kNodesPerPart = 120;

void flatten(const Expr* expr, std::vector<const Expr*>& terms) {
  if (expr->op != ir::Op::Or) return terms.push_back(expr);
  for (const Expr* argument : expr->arguments) flatten(argument, terms);
}

// The part that computes the value which the term compares; the first one for any other term.
std::size_t home(const Expr& term, const ir::RowFunction& row, const std::vector<Part>& parts) {
  for (std::size_t part = 0; part < parts.size(); ++part) {
    for (const std::size_t output : parts[part].outputs) {
      for (const Expr* argument : term.arguments) {
        if (argument == computed(row, output)) return part;
      }
    }
  }
  return 0;
}

}  // namespace

const ir::Expr* computed(const ir::RowFunction& row, std::size_t output) {
  return output < row.outputs.size() ? row.outputs[output].final : row.values[output - row.outputs.size()];
}

std::vector<Part> divide(const ir::RowFunction& row) {
  std::vector<Part> parts(1);
  parts[0].classifies = true;
  std::vector<const Expr*> roots = {row.where, row.guard};
  for (const ir::Rule& rule : row.rules) roots.push_back(rule.condition);
  roots.insert(roots.end(), row.stage_conditions.begin(), row.stage_conditions.end());
  std::size_t size = count_nodes(roots);
  for (std::size_t output = 0; output < row.outputs.size() + row.values.size(); ++output) {
    const Expr* final = computed(row, output);
    const std::size_t more = count_nodes({&final, 1});
    if (size + more > kNodesPerPart && !parts.back().outputs.empty()) {
      parts.emplace_back();
      size = 0;
    }
    size += more;
    parts.back().outputs.push_back(output);
  }
  if (row.changed == nullptr) return parts;
  std::vector<const Expr*> terms = {row.changed};
  if (parts.size() > 1) {
    terms.clear();
    flatten(row.changed, terms);
  }
  for (const Expr* term : terms) parts[home(*term, row, parts)].changed.push_back(term);
  return parts;
}

}  // namespace backfill::lower_llvm
