// SPDX-License-Identifier: Apache-2.0
// Conversions between numbers, and between days and instants.
#include <algorithm>

#include "compiler/lower/llvm/block.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"

namespace backfill::lower_llvm {

using ir::Expr;
using stdlib::Inline;
using stdlib::Kind;
using stdlib::Physical;
using stdlib::Type;

namespace {

int digits_of(const Type& type) {
  switch (type.kind) {
    case Kind::Int16:
      return 5;
    case Kind::Int32:
      return 10;
    case Kind::Int64:
      return 19;
    default:
      return type.precision;
  }
}

}  // namespace

bool Block::convert(const Expr& expr, const Lanes& argument, Checked& out) {
  const Type& from = expr.arguments[0]->type;
  const Type& to = expr.type;
  if (expr.function->inlined != Inline::Convert) {
    out = dates(expr, argument);
    return out.value != nullptr;
  }
  llvm::VectorType* wanted = vector_of(scalar_type(stdlib::physical(to)));
  if (to.kind == Kind::Decimal && (from.kind == Kind::Decimal || stdlib::is_integer(from.kind))) {
    const Expr& source = *expr.arguments[0];
    const int digits = from.scale - to.scale;
    const bool product = source.op == ir::Op::Call && source.function->inlined == Inline::Multiply &&
                         argument.physical == Physical::Int128 && stdlib::physical(to) == Physical::Int64 &&
                         digits > 0 && digits <= 18 &&
                         stdlib::physical(source.arguments[0]->type) == Physical::Int64 &&
                         stdlib::physical(source.arguments[1]->type) == Physical::Int64;
    if (product) {
      out = rounded_product(source, digits, to, native_mask(expr, {&argument, 1}));
      return true;
    }
    out = to_decimal(from, to, argument);
    if (unsupported_.empty() && out.value != nullptr) return true;
    return false;
  }
  if (stdlib::is_integer(from.kind) && stdlib::is_integer(to.kind)) {
    out = narrow({argument.value, nullptr}, wanted->getElementType());
    return true;
  }
  if (stdlib::is_integer(from.kind) && stdlib::is_float(to.kind)) {
    llvm::Value* wide = b_.CreateSIToFP(argument.value, vector_of(b_.getDoubleTy()));
    out.value = to.kind == Kind::Float32 ? b_.CreateFPTrunc(wide, wanted) : wide;
    return true;
  }
  if (stdlib::is_float(from.kind) && stdlib::is_float(to.kind)) {
    out.value = from.kind == to.kind       ? argument.value
                : to.kind == Kind::Float32 ? b_.CreateFPTrunc(argument.value, wanted)
                                           : b_.CreateFPExt(argument.value, wanted);
    llvm::Value* size = b_.CreateUnaryIntrinsic(llvm::Intrinsic::fabs, out.value);
    out.bad = b_.CreateNot(b_.CreateFCmpOLT(size, llvm::ConstantFP::getInfinity(wanted)));
    return true;
  }
  if (stdlib::physical(from) == Physical::Text && stdlib::physical(to) == Physical::Text) {
    out.value = argument.value;  // enum to text
    return true;
  }
  return false;
}

// An integer is a decimal of scale 0.
Checked Block::to_decimal(const Type& from, const Type& to, const Lanes& argument) {
  const int scale = from.kind == Kind::Decimal ? from.scale : 0;
  const int up = to.scale - scale;
  const int digits = digits_of(from) + std::max(up, 0);
  const bool narrow_source = argument.physical != Physical::Int128;
  const Physical wanted = stdlib::physical(to);
  llvm::Type* element = scalar_type(wanted);
  if (up > stdlib::kMaxDigits || digits > 2 * stdlib::kMaxDigits) return {};
  if (up <= 0) {
    llvm::Value* value =
        narrow_source ? b_.CreateSExt(argument.value, vector_of(b_.getInt64Ty())) : argument.value;
    if (narrow_source && digits_of(from) > 18 && up < 0)
      value = b_.CreateSExt(value, vector_of(b_.getInt128Ty()));
    value = divide_half_away(value, -up, live_);
    const int kept = up == 0 ? digits_of(from) : digits_of(from) + up + 1;
    return narrow(fit({value, nullptr}, to.precision, kept), element);
  }
  const bool fits_word = digits <= 18;
  llvm::Type* work = fits_word ? b_.getInt64Ty() : b_.getInt128Ty();
  llvm::Value* value = b_.CreateSExtOrTrunc(argument.value, vector_of(work));
  Checked out;
  if (digits > stdlib::kMaxDigits) {  // the product may leave 128 bits: look at the factor first
    out = fit({value, nullptr}, stdlib::kMaxDigits - up, digits_of(from));
  }
  out.value = b_.CreateMul(value, splat(work, stdlib::power_of_ten(up)));
  return narrow(fit(out, to.precision, digits), element);
}

Checked Block::dates(const Expr& expr, const Lanes& argument) {
  llvm::VectorType* instants = vector_of(b_.getInt64Ty());
  if (expr.function->inlined == Inline::DateFromTimestamp) {
    if (argument.physical != Physical::Int64) return {};
    const Division days = floor_divide(argument.value, stdlib::kDay);
    return {b_.CreateTrunc(days.quotient, vector_of(b_.getInt32Ty())), nullptr};
  }
  if (argument.physical != Physical::Int32) return {};
  return {b_.CreateMul(b_.CreateSExt(argument.value, instants), splat(b_.getInt64Ty(), stdlib::kDay)),
          nullptr};
}

}  // namespace backfill::lower_llvm
