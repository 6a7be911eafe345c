// SPDX-License-Identifier: Apache-2.0
// Three-valued logic and the lazy operations. A lane carries value, presence and failure; what a lane does
// not ask for is not selected, whatever it is.
#include "compiler/lower/llvm/block.h"

namespace backfill::lower_llvm {

using ir::Expr;

namespace {

// What the operands so far have decided, in the walk from left to right.
struct Walk {
  llvm::Value* settled = nullptr;  // decided or failed: later operands are not asked for
  llvm::Value* decided = nullptr;
  llvm::Value* unknown = nullptr;
  llvm::Value* failed = nullptr;
};

}  // namespace

// `deciding` is the operand that settles the answer: false for `and`, true for `or`.
Lanes Block::kleene(const Expr& expr, bool deciding) {
  Walk walk;
  Lanes out;
  for (std::size_t k = 0; k < expr.arguments.size(); ++k) {
    const Lanes operand = emit(*expr.arguments[k]);
    llvm::Value* value = deciding ? operand.value : b_.CreateNot(operand.value);
    llvm::Value* decides = without(both(value, operand.valid), operand.failed);
    if (k + 1 < expr.arguments.size()) regions_.argument(expr, k + 1)->condition = b_.CreateNot(decides);
    if (operand.failed != nullptr) walk.failed = either(walk.failed, without(operand.failed, walk.decided));
    if (operand.valid != nullptr) walk.unknown = either(walk.unknown, b_.CreateNot(operand.valid));
    walk.decided = either(walk.decided, decides);
    out.errors |= operand.errors;
  }
  out.value = deciding ? walk.decided : b_.CreateNot(walk.decided);
  if (walk.unknown != nullptr) out.valid = b_.CreateOr(walk.decided, b_.CreateNot(walk.unknown));
  out.failed = walk.failed;
  return out;
}

Lanes Block::first_case(const Expr& expr) {
  const std::size_t arms = expr.arguments.size() / 2;
  const stdlib::Physical physical = stdlib::physical(expr.type);
  std::vector<llvm::Value*> taken;
  std::vector<Lanes> conditions;
  for (std::size_t k = 0; k < arms; ++k) {
    conditions.push_back(emit(*expr.arguments[2 * k]));
    taken.push_back(is_true(conditions[k]));
    regions_.argument(expr, 2 * k + 1)->condition = taken[k];
    regions_.argument(expr, 2 * k + 2)->condition = b_.CreateNot(taken[k]);
  }
  Lanes out = as_physical(emit(*expr.arguments.back()), physical);
  for (std::size_t k = arms; k-- > 0;) {
    out = choose(taken[k], as_physical(emit(*expr.arguments[2 * k + 1]), physical), out);
    out.failed = either(out.failed, conditions[k].failed);
    out.errors |= conditions[k].errors;
  }
  out.literal_missing = false;
  return out;
}

Lanes Block::coalesce(const Expr& expr) {
  const stdlib::Physical physical = stdlib::physical(expr.type);
  std::vector<Lanes> operands;
  for (std::size_t k = 0; k < expr.arguments.size(); ++k) {
    operands.push_back(as_physical(emit(*expr.arguments[k]), physical));
    if (k + 1 == expr.arguments.size()) break;
    llvm::Value* valid = operands[k].valid;
    regions_.argument(expr, k + 1)->condition = valid != nullptr ? b_.CreateNot(valid) : flags(false);
  }
  Lanes out = operands.back();
  for (std::size_t k = operands.size() - 1; k-- > 0;) {
    const Lanes& operand = operands[k];
    if (operand.valid == nullptr && operand.failed == nullptr) {
      out = operand;
      continue;
    }
    llvm::Value* stops = either(operand.valid != nullptr ? operand.valid : flags(true), operand.failed);
    out = choose(stops, operand, out);
  }
  out.literal_missing = false;
  return out;
}

// An element that fails counts only where none before it is the same; an element that is missing makes
// `false` missing.
Lanes Block::in(const Expr& expr) {
  const Lanes left = emit(*expr.arguments[0]);
  Lanes out;
  llvm::Value* asks = without(left.valid, left.failed);
  if (expr.arguments.size() > 1) regions_.argument(expr, 1)->condition = asks;
  llvm::Value* found = flags(false);
  llvm::Value* unknown = nullptr;
  llvm::Value* element_failed = nullptr;
  for (std::size_t k = 1; k < expr.arguments.size(); ++k) {
    const Lanes right = as_physical(emit(*expr.arguments[k]), left.physical);
    llvm::Value* active =
        without(both(asks, both(right.valid, mask(*regions_.of(expr)))), either(right.failed, found));
    llvm::Value* same = compare(stdlib::Inline::Equal, left, right, active);
    if (left.value->getType()->getScalarType()->isFloatingPointTy()) {  // NaN is only NaN here
      same = b_.CreateOr(
          b_.CreateFCmpOEQ(left.value, right.value),
          b_.CreateAnd(b_.CreateFCmpUNO(left.value, left.value), b_.CreateFCmpUNO(right.value, right.value)));
    }
    if (right.failed != nullptr) {
      element_failed = either(element_failed, b_.CreateAnd(right.failed, b_.CreateNot(found)));
    }
    if (right.valid != nullptr) unknown = either(unknown, b_.CreateNot(right.valid));
    found = b_.CreateOr(found, without(both(same, right.valid), either(right.failed, element_failed)));
    out.errors |= right.errors;
  }
  out.value = found;
  out.valid = left.valid;
  if (unknown != nullptr) out.valid = both(out.valid, b_.CreateOr(found, b_.CreateNot(unknown)));
  out.failed = either(left.failed, both(element_failed, asks));
  if (element_failed == nullptr) out.failed = left.failed;
  out.errors |= left.errors;
  return out;
}

Lanes Block::negation(const Expr& expr) {
  Lanes out = as_physical(emit(*expr.arguments[0]), stdlib::Physical::Bool);
  out.value = b_.CreateNot(out.value);
  return out;
}

Lanes Block::is_missing(const Expr& expr) {
  const Lanes operand = emit(*expr.arguments[0]);
  Lanes out;
  out.value = operand.valid != nullptr ? b_.CreateNot(operand.valid) : flags(false);
  out.failed = operand.failed;
  out.errors = operand.errors;
  return out;
}

}  // namespace backfill::lower_llvm
