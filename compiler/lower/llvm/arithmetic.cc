// SPDX-License-Identifier: Apache-2.0
// Arithmetic over whole vectors, checked by sign and range tests (llvm.*.with.overflow on vectors costs 5 to
// 13 times more).
#include <algorithm>

#include "compiler/lower/llvm/block.h"
#include "stdlib/decimal.h"

namespace backfill::lower_llvm {

using ir::Expr;
using stdlib::Inline;
using stdlib::Kind;
using stdlib::Physical;

namespace {

llvm::Type* element_of(llvm::Value* vector) {
  return vector->getType()->getScalarType();
}

}  // namespace

bool Block::arithmetic(const Expr& expr, std::span<const Lanes> arguments, Checked& out) {
  const Inline op = expr.function->inlined;
  llvm::Value* left = arguments[0].value;
  const Kind kind = expr.arguments[0]->type.kind;
  if (op == Inline::Sign) {
    out.value =
        b_.CreateSExtOrTrunc(sign_of(arguments[0]), vector_of(scalar_type(stdlib::physical(expr.type))));
    return true;
  }
  if (!stdlib::is_number(kind)) return false;
  if (stdlib::is_float(kind)) {
    out = float_arithmetic(op, arguments);
    return out.value != nullptr;
  }
  if (op == Inline::Negate || op == Inline::Absolute) {
    llvm::Value* negative = b_.CreateNeg(left);
    llvm::Value* below = b_.CreateICmpSLT(left, llvm::Constant::getNullValue(left->getType()));
    out.value = op == Inline::Negate ? negative : b_.CreateSelect(below, negative, left);
    if (kind != Kind::Decimal)
      out.bad =
          b_.CreateAnd(below, b_.CreateICmpSLT(negative, llvm::Constant::getNullValue(left->getType())));
    return true;
  }
  if (arguments.size() != 2) return false;
  if (kind == Kind::Decimal) {
    out = decimal_arithmetic(expr, arguments);
    return out.value != nullptr;
  }
  llvm::Value* right = arguments[1].value;
  if (left->getType() != right->getType()) return false;
  if (op == Inline::Add) out = add(left, right);
  if (op == Inline::Subtract) out = subtract(left, right);
  if (op == Inline::Multiply) out = multiply(left, right);
  if (op == Inline::Divide || op == Inline::Modulo) out = divide(left, right, op == Inline::Modulo);
  return out.value != nullptr;
}

Checked Block::add(llvm::Value* left, llvm::Value* right) {
  llvm::Value* sum = b_.CreateAdd(left, right);
  llvm::Value* signs = b_.CreateAnd(b_.CreateXor(left, sum), b_.CreateXor(right, sum));
  return {sum, b_.CreateICmpSLT(signs, llvm::Constant::getNullValue(signs->getType()))};
}

Checked Block::subtract(llvm::Value* left, llvm::Value* right) {
  llvm::Value* difference = b_.CreateSub(left, right);
  llvm::Value* signs = b_.CreateAnd(b_.CreateXor(left, right), b_.CreateXor(left, difference));
  return {difference, b_.CreateICmpSLT(signs, llvm::Constant::getNullValue(signs->getType()))};
}

Checked Block::multiply(llvm::Value* left, llvm::Value* right) {
  llvm::Type* element = element_of(left);
  if (element->isIntegerTy(64)) return multiply64(left, right);
  llvm::VectorType* wide = vector_of(b_.getIntNTy(2 * element->getIntegerBitWidth()));
  llvm::Value* product = b_.CreateMul(b_.CreateSExt(left, wide), b_.CreateSExt(right, wide));
  return narrow({product, nullptr}, element);
}

// There is no vector instruction for the high half of a product. The exact product is the wrapped one plus a
// multiple of 2^64; the product of doubles is off by a 2^50th of it at most; so their distance tells,
// exactly, whether it wrapped.
Checked Block::multiply64(llvm::Value* left, llvm::Value* right) {
  llvm::VectorType* doubles = vector_of(b_.getDoubleTy());
  llvm::Value* product = b_.CreateMul(left, right);
  llvm::Value* about = b_.CreateFMul(b_.CreateSIToFP(left, doubles), b_.CreateSIToFP(right, doubles));
  llvm::Value* distance =
      b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, b_.CreateFSub(about, b_.CreateSIToFP(product, doubles)));
  return {product, b_.CreateFCmpOGT(distance, llvm::ConstantFP::get(doubles, 0x1p63))};
}

// The divisor is 1 where it would trap.
Checked Block::divide(llvm::Value* left, llvm::Value* right, bool remainder) {
  llvm::Type* element = element_of(left);
  llvm::Value* zero = llvm::Constant::getNullValue(left->getType());
  const unsigned bits = element->getIntegerBitWidth();
  if (auto* constant = llvm::dyn_cast<llvm::Constant>(right); constant != nullptr && bits == 64) {
    auto* same = llvm::dyn_cast_or_null<llvm::ConstantInt>(constant->getSplatValue());
    if (same != nullptr && same->getSExtValue() > 1 && same->getSExtValue() <= 1'000'000'000'000'000'000) {
      const Division floor = floor_divide(left, same->getSExtValue());
      llvm::Value* toward_zero =
          b_.CreateAnd(b_.CreateICmpSLT(left, zero), b_.CreateICmpNE(floor.remainder, zero));
      if (remainder)
        return {b_.CreateSelect(toward_zero, b_.CreateSub(floor.remainder, right), floor.remainder), nullptr};
      return {b_.CreateAdd(floor.quotient, b_.CreateZExt(toward_zero, left->getType())), nullptr};
    }
  }
  llvm::Value* by_zero = b_.CreateICmpEQ(right, zero);
  llvm::Value* minimum = llvm::ConstantInt::get(left->getType(), llvm::APInt::getSignedMinValue(bits));
  llvm::Value* wraps = b_.CreateAnd(b_.CreateICmpEQ(left, minimum),
                                    b_.CreateICmpEQ(right, llvm::Constant::getAllOnesValue(left->getType())));
  llvm::Value* divisor = b_.CreateSelect(b_.CreateOr(by_zero, wraps), splat(element, 1), right);
  llvm::Value* quotient = nullptr;
  if (bits <= 32 && !llvm::isa<llvm::Constant>(divisor)) {  // exact in doubles, and vectorised
    llvm::VectorType* doubles = vector_of(b_.getDoubleTy());
    quotient = b_.CreateFPToSI(
        b_.CreateFDiv(b_.CreateSIToFP(left, doubles), b_.CreateSIToFP(divisor, doubles)), left->getType());
  } else {
    quotient = b_.CreateSDiv(left, divisor);
  }
  if (!remainder) return {quotient, b_.CreateOr(by_zero, wraps)};
  return {b_.CreateSub(left, b_.CreateMul(quotient, divisor)), by_zero};
}

Checked Block::float_arithmetic(Inline op, std::span<const Lanes> arguments) {
  llvm::Value* left = arguments[0].value;
  if (op == Inline::Negate) return {b_.CreateFNeg(left), nullptr};
  if (op == Inline::Absolute) return {b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, left), nullptr};
  if (arguments.size() != 2 || arguments[1].value->getType() != left->getType()) return {};
  llvm::Value* right = arguments[1].value;
  Checked out;
  if (op == Inline::Add) out.value = b_.CreateFAdd(left, right);
  if (op == Inline::Subtract) out.value = b_.CreateFSub(left, right);
  if (op == Inline::Multiply) out.value = b_.CreateFMul(left, right);
  if (op == Inline::Divide) out.value = b_.CreateFDiv(left, right);
  if (out.value == nullptr) return out;
  llvm::Constant* infinity = llvm::ConstantFP::getInfinity(left->getType());
  llvm::Value* size = b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, out.value);
  out.bad = b_.CreateNot(b_.CreateFCmpOLT(size, infinity));  // NaN too
  if (op == Inline::Divide) {
    out.bad = b_.CreateOr(out.bad, b_.CreateFCmpOEQ(right, llvm::ConstantFP::get(left->getType(), 0.0)));
  }
  return out;
}

// Sums of decimals never leave their register: 10^18 twice fits 64 bits, and past 38 digits a wrapped sum
// still has too many.
Checked Block::decimal_arithmetic(const Expr& expr, std::span<const Lanes> arguments) {
  const stdlib::Type& left_type = expr.arguments[0]->type;
  const stdlib::Type& right_type = expr.arguments[1]->type;
  const Inline op = expr.function->inlined;
  const Physical physical = stdlib::physical(expr.type);
  if (op == Inline::Modulo) return decimal_remainder(expr, arguments);
  const bool narrow_arguments =
      arguments[0].physical == Physical::Int64 && arguments[1].physical == Physical::Int64;
  const Physical work = physical == Physical::Int64 && narrow_arguments ? Physical::Int64 : Physical::Int128;
  llvm::Value* left = as_physical(arguments[0], work).value;
  llvm::Value* right = as_physical(arguments[1], work).value;
  Checked out;
  int digits = std::max(left_type.precision, right_type.precision) + 1;
  if (op == Inline::Multiply) {
    if (expr.type.scale != left_type.scale + right_type.scale) return {};
    digits = left_type.precision + right_type.precision;
    out = digits <= stdlib::kMaxDigits ? Checked{b_.CreateMul(left, right), nullptr}
                                       : decimal_product(expr, arguments, left, right);
  } else {
    if (left_type.scale != expr.type.scale || right_type.scale != expr.type.scale) return {};
    if (op == Inline::Add) out.value = b_.CreateAdd(left, right);
    if (op == Inline::Subtract) out.value = b_.CreateSub(left, right);
    if (out.value == nullptr) return {};
  }
  return narrow(fit(out, expr.type.precision, digits), scalar_type(physical));
}

// More than 38 digits: 128 bits may not do, one row at a time.
Checked Block::decimal_product(const Expr& expr, std::span<const Lanes> arguments, llvm::Value* left,
                               llvm::Value* right) {
  llvm::Type* wide = b_.getInt128Ty();
  llvm::Type* flag = b_.getInt8Ty();
  const Spilled lefts = spill(left);
  const Spilled rights = spill(right);
  llvm::AllocaInst* products = lane_array(wide);
  llvm::AllocaInst* wrapped = lane_array(flag);
  lane_loop(native_mask(expr, arguments), [&](llvm::Value* lane) {
    llvm::Value* product =
        b_.CreateBinaryIntrinsic(llvm::Intrinsic::smul_with_overflow, at(lefts, lane), at(rights, lane));
    b_.CreateStore(b_.CreateExtractValue(product, 0), element_address(products, wide, lane));
    b_.CreateStore(b_.CreateZExt(b_.CreateExtractValue(product, 1), flag),
                   element_address(wrapped, flag, lane));
  });
  return {reload(products, wide), b_.CreateIsNotNull(reload(wrapped, flag))};
}

Checked Block::decimal_remainder(const Expr& expr, std::span<const Lanes> arguments) {
  const Physical physical = stdlib::physical(expr.type);
  for (const Expr* argument : expr.arguments) {
    if (argument->type.scale != expr.type.scale) return {};
  }
  const bool narrow_arguments =
      arguments[0].physical == Physical::Int64 && arguments[1].physical == Physical::Int64;
  if (narrow_arguments) {
    Checked out = divide(arguments[0].value, arguments[1].value, true);
    out.value = b_.CreateSExtOrTrunc(out.value, vector_of(scalar_type(physical)));
    return out;
  }
  llvm::Type* wide = b_.getInt128Ty();
  llvm::Value* right = as_physical(arguments[1], Physical::Int128).value;
  llvm::Value* by_zero = b_.CreateICmpEQ(right, llvm::Constant::getNullValue(right->getType()));
  const Spilled lefts = spill(as_physical(arguments[0], Physical::Int128).value);
  const Spilled rights = spill(b_.CreateSelect(by_zero, splat(wide, 1), right));
  llvm::AllocaInst* results = lane_array(wide);
  lane_loop(native_mask(expr, arguments), [&](llvm::Value* lane) {
    b_.CreateStore(b_.CreateSRem(at(lefts, lane), at(rights, lane)), element_address(results, wide, lane));
  });
  const int digits = std::max(expr.arguments[0]->type.precision, expr.arguments[1]->type.precision);
  return narrow(fit({reload(results, wide), by_zero}, expr.type.precision, digits), scalar_type(physical));
}

Checked Block::fit(Checked checked, int precision, int known_digits) {
  if (known_digits <= precision) return checked;
  llvm::Type* element = element_of(checked.value);
  if (element->getIntegerBitWidth() <= 64 && precision > 18)
    return checked;  // any int64 has at most 19 digits
  const stdlib::Int128 limit = stdlib::power_of_ten(precision) - 1;
  llvm::Value* shifted = b_.CreateAdd(checked.value, splat(element, limit));
  llvm::Constant* width = llvm::cast<llvm::Constant>(splat(element, limit));
  llvm::Value* range = b_.CreateAdd(width, width);
  checked.bad = either(checked.bad, b_.CreateICmpUGT(shifted, range));
  return checked;
}

Checked Block::narrow(Checked checked, llvm::Type* element) {
  const unsigned from = element_of(checked.value)->getIntegerBitWidth();
  const unsigned to = element->getIntegerBitWidth();
  if (from == to) return checked;
  llvm::Value* small = b_.CreateSExtOrTrunc(checked.value, vector_of(element));
  if (to > from) return {small, checked.bad};
  llvm::Value* changed = b_.CreateICmpNE(b_.CreateSExt(small, checked.value->getType()), checked.value);
  return {small, either(checked.bad, changed)};
}

llvm::Value* Block::sign_of(const Lanes& lanes) {
  llvm::VectorType* type = vector_of(b_.getInt64Ty());
  llvm::Value* value = lanes.value;
  llvm::Value* zero = llvm::Constant::getNullValue(value->getType());
  llvm::Value* negative = nullptr;
  llvm::Value* nothing = nullptr;
  if (element_of(value)->isFloatingPointTy()) {  // NaN has a sign bit and nothing else
    nothing = b_.CreateFCmpOEQ(value, zero);
    llvm::VectorType* bits = vector_of(b_.getIntNTy(element_of(value)->isFloatTy() ? 32 : 64));
    negative = b_.CreateICmpSLT(b_.CreateBitCast(value, bits), llvm::Constant::getNullValue(bits));
  } else {
    nothing = b_.CreateICmpEQ(value, zero);
    negative = b_.CreateICmpSLT(value, zero);
  }
  llvm::Value* sign =
      b_.CreateSelect(negative, llvm::Constant::getAllOnesValue(type), splat(b_.getInt64Ty(), 1));
  return b_.CreateSelect(nothing, llvm::Constant::getNullValue(type), sign);
}

}  // namespace backfill::lower_llvm
