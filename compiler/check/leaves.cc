// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/leaves.h"

#include <algorithm>
#include <unordered_set>

#include "compiler/check/path.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

bool reads_now(const Expr& expr, std::unordered_set<const Expr*>& seen) {
  if (expr.op == Op::Now) return true;
  if (!seen.insert(&expr).second) return false;
  return std::ranges::any_of(expr.arguments,
                             [&](const Expr* argument) { return reads_now(*argument, seen); });
}

}  // namespace

bool reads_now(const Expr& expr) {
  std::unordered_set<const Expr*> seen;
  return reads_now(expr, seen);
}

std::set<int> inputs_of(const Expr& expr) {
  std::set<int> inputs;
  for (const Part& part : parts_read(expr)) inputs.insert(part.input);
  return inputs;
}

void collect_leaves(const Expr& expr, std::vector<const Expr*>& leaves) {
  if (expr.op == Op::Coalesce) {
    for (const Expr* argument : expr.arguments) collect_leaves(*argument, leaves);
    return;
  }
  if (expr.op != Op::Case) return leaves.push_back(&expr);
  for (std::size_t k = 1; k < expr.arguments.size(); k += 2) collect_leaves(*expr.arguments[k], leaves);
  collect_leaves(*expr.arguments.back(), leaves);
}

bool is_call(const Expr& expr, std::string_view name) {
  return expr.op == Op::Call && expr.function->name == name;
}

bool is_input(const Expr& expr, int input) {
  return expr.op == Op::Input && expr.input == input;
}

const Expr& without_fit(const Expr& expr) {
  return is_call(expr, "fit_length") ? without_fit(*expr.arguments[0]) : expr;
}

const Expr& below_width(const Expr& expr) {
  return is_call(expr, "as") && stdlib::is_integer(expr.type.kind) &&
                 stdlib::is_integer(expr.arguments[0]->type.kind)
             ? *expr.arguments[0]
             : expr;
}

const Expr& below_parse(const Expr& expr) {
  const bool parses = (expr.op == Op::Call || expr.op == Op::TryCall) && expr.function->name == "as" &&
                      expr.type.kind == stdlib::Kind::Json &&
                      expr.arguments[0]->type.kind == stdlib::Kind::Text;
  return parses ? *expr.arguments[0] : expr;
}

}  // namespace backfill::check
