// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/llvm/regions.h"

#include <unordered_set>

namespace backfill::lower_llvm {

using ir::Expr;
using ir::Op;

namespace {

Region* common(Region* left, Region* right) {
  while (left != right) {
    if (left->depth >= right->depth) {
      left = left->parent;
    } else {
      right = right->parent;
    }
  }
  return left;
}

}  // namespace

Region* Regions::inside(Region* parent) {
  Region& region = regions_.emplace_back();
  region.parent = parent;
  region.depth = parent->depth + 1;
  return &region;
}

void Regions::order(const Expr* expr) {
  if (!places_.try_emplace(expr).second) return;
  for (const Expr* argument : expr->arguments) order(argument);
  operands_first_.push_back(expr);
}

void Regions::widen(const Expr* expr, Region* region) {
  Region*& own = places_.at(expr).region;
  own = own == nullptr ? region : common(own, region);
}

void Regions::use(const Expr* expr, Region* region) {
  order(expr);
  widen(expr, region);
}

void Regions::place_arguments(const Expr& expr, Place& place) {
  const std::size_t count = expr.arguments.size();
  place.arguments.assign(count, place.region);
  switch (expr.op) {
    case Op::And:
    case Op::Or:
    case Op::Coalesce:
      for (std::size_t k = 1; k < count; ++k) place.arguments[k] = inside(place.arguments[k - 1]);
      return;
    case Op::Case:
      for (std::size_t k = 0; k + 1 < count; k += 2) {
        place.arguments[k + 1] = inside(place.arguments[k]);
        place.arguments[k + 2] = inside(place.arguments[k]);
      }
      return;
    case Op::In:
      if (count > 1) place.arguments[1] = inside(place.region);
      for (std::size_t k = 2; k < count; ++k) place.arguments[k] = place.arguments[1];
      return;
    case Op::Each:
      place.arguments[3] = inside(place.region);
      place.arguments[2] = inside(place.arguments[3]);
      place.arguments[1] = place.arguments[3];
      return;
    default:
      return;
  }
}

void Regions::settle() {
  // Users come before what they use, so that a node's region is final when its arguments are placed.
  for (auto expr = operands_first_.rbegin(); expr != operands_first_.rend(); ++expr) {
    Place& place = places_.at(*expr);
    place_arguments(**expr, place);
    for (std::size_t k = 0; k < place.arguments.size(); ++k) widen((*expr)->arguments[k], place.arguments[k]);
  }
}

std::size_t count_nodes(std::span<const Expr* const> roots) {
  std::unordered_set<const Expr*> seen;
  std::vector<const Expr*> todo(roots.begin(), roots.end());
  while (!todo.empty()) {
    const Expr* expr = todo.back();
    todo.pop_back();
    if (expr == nullptr || !seen.insert(expr).second) continue;
    todo.insert(todo.end(), expr->arguments.begin(), expr->arguments.end());
  }
  return seen.size();
}

}  // namespace backfill::lower_llvm
