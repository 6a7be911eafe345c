// SPDX-License-Identifier: Apache-2.0
// Exact division by constants in vectors. There is no vector instruction that divides 64-bit integers, and
// the usual multiplication by a reciprocal needs a high half that vectors do not have either; doubles and one
// correction do.
#include "compiler/lower/llvm/block.h"
#include "stdlib/decimal.h"

namespace backfill::lower_llvm {

// 2 <= divisor <= 10^18. The first quotient, from doubles, is off by 3 * 2^10 / divisor + 1 at most, so its
// remainder is small and the second quotient is off by half; then one step makes the remainder lie in [0,
// divisor). From 10^6 on the first is off by little more than half, and one step does.
Block::Division Block::floor_divide(llvm::Value* dividend, std::int64_t divisor) {
  llvm::VectorType* integers = vector_of(b_.getInt64Ty());
  llvm::VectorType* doubles = vector_of(b_.getDoubleTy());
  llvm::Value* by = splat(b_.getInt64Ty(), divisor);
  llvm::Value* reciprocal = llvm::ConstantFP::get(doubles, 1.0 / static_cast<double>(divisor));
  Division out{llvm::Constant::getNullValue(integers), dividend};
  const int rounds = divisor >= 1'000'000 ? 1 : 2;
  for (int round = 0; round < rounds; ++round) {
    llvm::Value* about = b_.CreateFMul(b_.CreateSIToFP(out.remainder, doubles), reciprocal);
    llvm::Value* step = b_.CreateFPToSI(b_.CreateUnaryIntrinsic(llvm::Intrinsic::rint, about), integers);
    out.quotient = b_.CreateAdd(out.quotient, step);
    out.remainder = b_.CreateSub(out.remainder, b_.CreateMul(step, by));
  }
  llvm::Value* below = b_.CreateICmpSLT(out.remainder, llvm::Constant::getNullValue(integers));
  out.quotient = b_.CreateSub(out.quotient, b_.CreateZExt(below, integers));
  out.remainder = b_.CreateSelect(below, b_.CreateAdd(out.remainder, by), out.remainder);
  return out;
}

// Half is rounded away from zero. Int64 values have at most 18 digits, Int128 values at most 38.
llvm::Value* Block::divide_half_away(llvm::Value* value, int digits, llvm::Value* active) {
  llvm::Type* element = value->getType()->getScalarType();
  llvm::Value* zero = llvm::Constant::getNullValue(value->getType());
  if (digits == 0) return value;
  if (element->isIntegerTy(64)) {
    if (digits > 18) return zero;
    const Division floor = floor_divide(value, static_cast<std::int64_t>(stdlib::power_of_ten(digits)));
    llvm::Value* by = splat(element, stdlib::power_of_ten(digits));
    llvm::Value* rest = b_.CreateSub(by, floor.remainder);  // a half goes up above zero, down below
    llvm::Value* up = b_.CreateSelect(b_.CreateICmpSLT(value, zero), b_.CreateICmpSGT(floor.remainder, rest),
                                      b_.CreateICmpSGE(floor.remainder, rest));
    return b_.CreateAdd(floor.quotient, b_.CreateZExt(up, value->getType()));
  }
  if (digits > stdlib::kMaxDigits) return zero;
  const Spilled values = spill(value);
  llvm::AllocaInst* results = lane_array(element);
  lane_loop(active, [&](llvm::Value* lane) {
    b_.CreateStore(round_scalar(at(values, lane), digits), element_address(results, element, lane));
  });
  return reload(results, element);
}

// One integer of 128 bits by 10^digits, digits up to 38.
llvm::Value* Block::round_scalar(llvm::Value* scalar, int digits) {
  llvm::Type* element = scalar->getType();
  llvm::Value* by = constant128(element, stdlib::power_of_ten(digits));
  llvm::Value* quotient = b_.CreateSDiv(scalar, by);
  llvm::Value* remainder = b_.CreateSub(scalar, b_.CreateMul(quotient, by));
  llvm::Value* rest = b_.CreateBinaryIntrinsic(llvm::Intrinsic::abs, remainder, b_.getFalse());
  llvm::Value* away = b_.CreateICmpUGE(rest, b_.CreateSub(by, rest));
  llvm::Value* below = b_.CreateICmpSLT(scalar, llvm::Constant::getNullValue(element));
  llvm::Value* step =
      b_.CreateSelect(below, llvm::Constant::getAllOnesValue(element), constant128(element, 1));
  return b_.CreateSelect(away, b_.CreateAdd(quotient, step), quotient);
}

// A product that is rounded at once, as of an amount and a rate: 128 bits only in rows whose product needs
// them.
Checked Block::rounded_product(const ir::Expr& product, int digits, const stdlib::Type& to,
                               llvm::Value* rows) {
  llvm::Value* left = emit(*product.arguments[0]).value;
  llvm::Value* right = emit(*product.arguments[1]).value;
  llvm::Type* word = b_.getInt64Ty();
  llvm::Type* flag = b_.getInt8Ty();
  const Checked small = multiply64(left, right);
  const Checked fitting = fit({divide_half_away(small.value, digits, rows), nullptr}, to.precision, 19);
  const Spilled lefts = spill(left);
  const Spilled rights = spill(right);
  llvm::AllocaInst* results = lane_array(word);
  llvm::AllocaInst* failures = lane_array(flag);
  b_.CreateStore(fitting.value, results);
  if (fitting.bad != nullptr) b_.CreateStore(b_.CreateZExt(fitting.bad, vector_of(flag)), failures);
  lane_loop(both(rows, small.bad), [&](llvm::Value* lane) {
    llvm::Type* wide = b_.getInt128Ty();
    llvm::Value* exact =
        b_.CreateMul(b_.CreateSExt(at(lefts, lane), wide), b_.CreateSExt(at(rights, lane), wide));
    llvm::Value* rounded = round_scalar(exact, digits);
    llvm::Value* size = b_.CreateBinaryIntrinsic(llvm::Intrinsic::abs, rounded, b_.getFalse());
    llvm::Value* bad = b_.CreateICmpUGE(size, constant128(wide, stdlib::power_of_ten(to.precision)));
    b_.CreateStore(b_.CreateTrunc(rounded, word), element_address(results, word, lane));
    b_.CreateStore(b_.CreateZExt(bad, flag), element_address(failures, flag, lane));
  });
  return {reload(results, word), b_.CreateIsNotNull(reload(failures, flag))};
}

}  // namespace backfill::lower_llvm
