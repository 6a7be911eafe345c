// SPDX-License-Identifier: Apache-2.0
// What every expression goes through, and its leaves.
#include <llvm/IR/Constants.h>

#include "compiler/lower/llvm/block.h"
#include "stdlib/abi.h"
#include "stdlib/bug.h"
#include "stdlib/decimal.h"

namespace backfill::lower_llvm {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Physical;

Block::Block(llvm::Module& module, llvm::BasicBlock& entry, Regions& regions, const ir::RowFunction& row,
             std::set<const stdlib::Function*>& natives)
    : module_(module),
      llvm_(module.getContext()),
      entry_(entry),
      b_(llvm_),
      entry_builder_(entry.getTerminator()),
      regions_(regions),
      row_(row),
      natives_(natives),
      context_(entry.getParent()->getArg(3)) {}

void Block::begin(llvm::Value* first_row, llvm::Value* live) {
  first_row_ = first_row;
  live_ = live;
  regions_.all()->mask = live;
}

llvm::Value* Block::mask(Region& region) {
  if (region.mask == nullptr) region.mask = both(mask(*region.parent), region.condition);
  return region.mask;
}

const Lanes& Block::emit(const Expr& expr) {
  if (auto found = done_.find(&expr); found != done_.end()) return found->second;
  Lanes lanes = emit_new(expr);
  return done_.emplace(&expr, lanes).first->second;
}

Lanes Block::emit_new(const Expr& expr) {
  switch (expr.op) {
    case Op::Literal:
      return literal(expr);
    case Op::Input:
      return input(expr.input);
    case Op::Now:
      return now();
    case Op::Call:
    case Op::TryCall:
      return call(expr);
    case Op::And:
      return kleene(expr, false);
    case Op::Or:
      return kleene(expr, true);
    case Op::Not:
      return negation(expr);
    case Op::IsMissing:
      return is_missing(expr);
    case Op::Case:
      return first_case(expr);
    case Op::Coalesce:
      return coalesce(expr);
    case Op::In:
      return in(expr);
    case Op::Each:
      return each(expr);
    case Op::Element:
      break;  // done before its readers
    case Op::OtherColumn:
    case Op::Query:
      break;  // stand in queries alone
  }
  BACKFILL_BUG("an operation that native lowering does not know");
}

std::vector<Lanes> Block::emit_arguments(const Expr& expr) {
  std::vector<Lanes> arguments;
  arguments.reserve(expr.arguments.size());
  for (const Expr* argument : expr.arguments) arguments.push_back(emit(*argument));
  return arguments;
}

Lanes Block::refuse(std::string_view what) {
  if (unsupported_.empty()) unsupported_ = what;
  return absent(Physical::Bool);
}

Lanes Block::absent(Physical physical) {
  Lanes lanes;
  lanes.physical = physical;
  lanes.valid = flags(false);
  if (physical == Physical::Text) {
    const Lanes empty = constant_text("");
    lanes.value = empty.value;
    lanes.size = empty.size;
  } else {
    lanes.value = llvm::Constant::getNullValue(vector_of(scalar_type(physical)));
  }
  return lanes;
}

Lanes Block::constant_text(std::string_view text) {
  if (auto found = texts_.find(text); found != texts_.end()) return found->second;
  std::string bytes(text);
  bytes.append(stdlib::kTextSlack, '\0');
  llvm::Constant* data = llvm::ConstantDataArray::getString(llvm_, bytes, false);
  auto* global =
      new llvm::GlobalVariable(module_, data->getType(), true, llvm::GlobalValue::PrivateLinkage, data);
  global->setAlignment(llvm::Align(16));
  const auto count = llvm::ElementCount::getFixed(kLanes);
  Lanes lanes;
  lanes.physical = Physical::Text;
  lanes.value =
      llvm::ConstantVector::getSplat(count, llvm::ConstantExpr::getPtrToInt(global, b_.getInt64Ty()));
  lanes.size = splat(b_.getInt64Ty(), static_cast<__int128>(text.size()));
  return texts_.emplace(std::string(text), lanes).first->second;
}

Lanes Block::literal(const Expr& expr) {
  const stdlib::Value& value = expr.value;
  const Physical physical = stdlib::physical(expr.type);
  if (value.missing()) {
    Lanes lanes = absent(physical);
    lanes.literal_missing = true;
    return lanes;
  }
  if (physical == Physical::Text) return constant_text(value.text());
  Lanes lanes;
  lanes.physical = physical;
  llvm::Type* element = scalar_type(physical);
  if (physical == Physical::Bool) {
    lanes.value = flags(value.boolean());
  } else if (expr.type.kind == Kind::Decimal) {
    const auto unscaled = stdlib::rescale(value.decimal().unscaled, value.decimal().scale, expr.type.scale);
    BACKFILL_CHECK(unscaled.has_value(), "a decimal literal does not fit its type");
    lanes.value = splat(element, *unscaled);
  } else if (element->isFloatingPointTy()) {
    lanes.value = llvm::ConstantFP::get(vector_of(element), value.number());
  } else {
    lanes.value = splat(element, value.integer());
  }
  return lanes;
}

Lanes Block::now() {
  llvm::Value* address =
      b_.CreateConstInBoundsGEP1_64(b_.getInt8Ty(), context_, offsetof(stdlib::Context, now));
  Lanes lanes;
  lanes.physical = Physical::Int64;
  lanes.value = b_.CreateVectorSplat(kLanes, b_.CreateLoad(b_.getInt64Ty(), address));
  return lanes;
}

Lanes Block::as_physical(const Lanes& lanes, Physical physical) {
  if (lanes.physical == physical) return lanes;
  if (lanes.literal_missing) {
    Lanes other = absent(physical);
    other.literal_missing = true;
    return other;
  }
  if (lanes.physical == Physical::Int64 && physical == Physical::Int128) {
    Lanes wide = lanes;
    wide.physical = physical;
    wide.value = b_.CreateSExt(lanes.value, vector_of(b_.getInt128Ty()));
    return wide;
  }
  return refuse("values of different kinds in one place");
}

Lanes Block::choose(llvm::Value* condition, const Lanes& left, const Lanes& right) {
  Lanes out;
  out.physical = left.physical;
  out.literal_missing = left.literal_missing && right.literal_missing;
  out.value = b_.CreateSelect(condition, left.value, right.value);
  if (out.physical == Physical::Text) out.size = b_.CreateSelect(condition, left.size, right.size);
  if (left.valid != nullptr || right.valid != nullptr) {
    out.valid = b_.CreateSelect(condition, left.valid != nullptr ? left.valid : flags(true),
                                right.valid != nullptr ? right.valid : flags(true));
  }
  if (left.failed != nullptr || right.failed != nullptr) {
    out.failed = b_.CreateSelect(condition, left.failed != nullptr ? left.failed : flags(false),
                                 right.failed != nullptr ? right.failed : flags(false));
  }
  out.errors = left.errors | right.errors;
  return out;
}

llvm::Value* Block::both(llvm::Value* left, llvm::Value* right) {
  if (left == nullptr) return right;
  return right == nullptr ? left : b_.CreateAnd(left, right);
}

llvm::Value* Block::either(llvm::Value* left, llvm::Value* right) {
  if (left == nullptr) return right;
  return right == nullptr ? left : b_.CreateOr(left, right);
}

llvm::Value* Block::without(llvm::Value* left, llvm::Value* right) {
  if (right == nullptr) return left;
  llvm::Value* rest = b_.CreateNot(right);
  return left == nullptr ? rest : b_.CreateAnd(left, rest);
}

llvm::Value* Block::flags(bool value) {
  return splat(b_.getInt1Ty(), value ? 1 : 0);
}

llvm::Value* Block::is_true(const Lanes& lanes) {
  return without(both(lanes.value, lanes.valid), lanes.failed);
}

llvm::Type* Block::scalar_type(Physical physical) {
  switch (physical) {
    case Physical::Bool:
      return b_.getInt1Ty();
    case Physical::Int16:
      return b_.getInt16Ty();
    case Physical::Int32:
      return b_.getInt32Ty();
    case Physical::Int64:
    case Physical::Text:
      return b_.getInt64Ty();
    case Physical::Int128:
      return b_.getInt128Ty();
    case Physical::Float32:
      return b_.getFloatTy();
    case Physical::Float64:
      return b_.getDoubleTy();
  }
  BACKFILL_BUG("a physical type that native lowering does not know");
}

llvm::VectorType* Block::vector_of(llvm::Type* element) {
  return llvm::FixedVectorType::get(element, kLanes);
}

llvm::Constant* Block::constant128(llvm::Type* element, __int128 value) {
  const std::uint64_t words[2] = {static_cast<std::uint64_t>(value), static_cast<std::uint64_t>(value >> 64)};
  return llvm::ConstantInt::get(element, llvm::APInt(128, words).trunc(element->getIntegerBitWidth()));
}

llvm::Value* Block::splat(llvm::Type* element, __int128 value) {
  return llvm::ConstantVector::getSplat(llvm::ElementCount::getFixed(kLanes), constant128(element, value));
}

llvm::StructType* Block::text_type() {
  return llvm::StructType::get(b_.getPtrTy(), b_.getInt64Ty());
}

}  // namespace backfill::lower_llvm
