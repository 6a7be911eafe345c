// SPDX-License-Identifier: Apache-2.0
// Comparisons as stdlib/evaluate_inline.cc orders values: NaN is as large as everything; text by bytes, then
// by length.
#include "compiler/lower/llvm/block.h"

namespace backfill::lower_llvm {

using ir::Expr;
using llvm::CmpInst;
using stdlib::Inline;
using stdlib::Physical;

namespace {

CmpInst::Predicate integer_predicate(Inline op, bool is_unsigned) {
  switch (op) {
    case Inline::Equal:
      return CmpInst::ICMP_EQ;
    case Inline::NotEqual:
      return CmpInst::ICMP_NE;
    case Inline::Less:
      return is_unsigned ? CmpInst::ICMP_ULT : CmpInst::ICMP_SLT;
    case Inline::LessEqual:
      return is_unsigned ? CmpInst::ICMP_ULE : CmpInst::ICMP_SLE;
    case Inline::Greater:
      return is_unsigned ? CmpInst::ICMP_UGT : CmpInst::ICMP_SGT;
    default:
      return is_unsigned ? CmpInst::ICMP_UGE : CmpInst::ICMP_SGE;
  }
}

CmpInst::Predicate float_predicate(Inline op) {
  switch (op) {
    case Inline::Equal:
      return CmpInst::FCMP_UEQ;
    case Inline::NotEqual:
      return CmpInst::FCMP_ONE;
    case Inline::Less:
      return CmpInst::FCMP_OLT;
    case Inline::LessEqual:
      return CmpInst::FCMP_ULE;
    case Inline::Greater:
      return CmpInst::FCMP_OGT;
    default:
      return CmpInst::FCMP_UGE;
  }
}

}  // namespace

llvm::Value* Block::compare(Inline op, const Lanes& left_given, const Lanes& right_given,
                            llvm::Value* active) {
  const bool widen = left_given.physical == Physical::Int128 || right_given.physical == Physical::Int128;
  const Lanes left = widen ? as_physical(left_given, Physical::Int128) : left_given;
  const Lanes right = as_physical(right_given, left.physical);
  if (left.physical != right.physical) return flags(false);  // refused
  if (left.physical == Physical::Text) return compare_text(op, left, right, active);
  if (left.value->getType()->getScalarType()->isFloatingPointTy()) {
    return b_.CreateFCmp(float_predicate(op), left.value, right.value);
  }
  return b_.CreateICmp(integer_predicate(op, left.physical == Physical::Bool), left.value, right.value);
}

llvm::Value* Block::compare_text(Inline op, const Lanes& left, const Lanes& right, llvm::Value* active) {
  if (op == Inline::Equal) return equal_text(left, right, active);
  if (op == Inline::NotEqual) return b_.CreateNot(equal_text(left, right, active));
  const SpilledText lefts = spill_text(left);
  const SpilledText rights = spill_text(right);
  llvm::AllocaInst* results = lane_array(b_.getInt8Ty());
  lane_loop(active, [&](llvm::Value* lane) {
    const TextScalar a = at(lefts, lane);
    const TextScalar b = at(rights, lane);
    llvm::Value* common = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, a.size, b.size);
    llvm::Value* bytes = b_.CreateSExt(memory_compare(a.data, b.data, common), b_.getInt64Ty());
    llvm::Value* order = b_.CreateSelect(b_.CreateIsNull(bytes), b_.CreateSub(a.size, b.size), bytes);
    llvm::Value* answer = b_.CreateICmp(integer_predicate(op, false), order, b_.getInt64(0));
    b_.CreateStore(b_.CreateZExt(answer, b_.getInt8Ty()), element_address(results, b_.getInt8Ty(), lane));
  });
  return b_.CreateIsNotNull(reload(results, b_.getInt8Ty()));
}

// Sizes are compared as vectors; only rows where they agree look at bytes.
llvm::Value* Block::equal_text(const Lanes& left, const Lanes& right, llvm::Value* active) {
  const SpilledText lefts = spill_text(left);
  const SpilledText rights = spill_text(right);
  llvm::AllocaInst* results = lane_array(b_.getInt8Ty());
  lane_loop(both(active, b_.CreateICmpEQ(left.size, right.size)), [&](llvm::Value* lane) {
    const TextScalar a = at(lefts, lane);
    const TextScalar b = at(rights, lane);
    llvm::Value* same = memory_equal(a.data, b.data, a.size);
    b_.CreateStore(b_.CreateZExt(same, b_.getInt8Ty()), element_address(results, b_.getInt8Ty(), lane));
  });
  return b_.CreateIsNotNull(reload(results, b_.getInt8Ty()));
}

// Differ, missing being the same as missing.
Lanes Block::distinct(const Expr& expr, std::span<const Lanes> arguments, bool negated) {
  const Lanes& left = arguments[0];
  const Lanes right = left.literal_missing ? arguments[1] : as_physical(arguments[1], left.physical);
  llvm::Value* present = both(left.valid, right.valid);
  llvm::Value* differ = flags(false);
  if (!left.literal_missing && !right.literal_missing) {
    llvm::Value* active = without(both(mask(*regions_.of(expr)), present), either(left.failed, right.failed));
    differ = compare(Inline::NotEqual, left, right, active);
  }
  if (present != nullptr) {
    llvm::Value* one = b_.CreateXor(left.valid != nullptr ? left.valid : flags(true),
                                    right.valid != nullptr ? right.valid : flags(true));
    differ = b_.CreateOr(one, b_.CreateAnd(present, differ));
  }
  Lanes out;
  out.value = negated ? b_.CreateNot(differ) : differ;
  return finish(expr, arguments, out, nullptr);
}

Lanes Block::null_if(const Expr& expr, std::span<const Lanes> arguments) {
  const Lanes differ = distinct(expr, arguments, false);
  Lanes out = as_physical(arguments[0], stdlib::physical(expr.type));
  out.valid = both(out.valid, differ.value);
  out.literal_missing = false;
  return finish(expr, arguments, out, nullptr);
}

// Passes over missing arguments; the first of equals stays.
Lanes Block::extreme(const Expr& expr, std::span<const Lanes> arguments, bool greatest) {
  const Physical physical = stdlib::physical(expr.type);
  Lanes best = as_physical(arguments[0], physical);
  for (std::size_t k = 1; k < arguments.size(); ++k) {
    const Lanes next = as_physical(arguments[k], physical);
    llvm::Value* comparable = both(best.valid, next.valid);
    llvm::Value* rows = without(both(mask(*regions_.of(expr)), comparable), either(best.failed, next.failed));
    llvm::Value* better =
        both(compare(greatest ? Inline::Greater : Inline::Less, next, best, rows), next.valid);
    if (best.valid != nullptr)
      better = b_.CreateSelect(best.valid, better, next.valid != nullptr ? next.valid : flags(true));
    best = choose(better, next, best);
  }
  best.literal_missing = false;
  return finish(expr, arguments, best, nullptr);
}

}  // namespace backfill::lower_llvm
