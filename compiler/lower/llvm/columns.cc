// SPDX-License-Identifier: Apache-2.0
// The kernel's memory: columns in, columns out, errors met.
#include <algorithm>

#include "compiler/lower/llvm/block.h"
#include "stdlib/abi.h"

namespace backfill::lower_llvm {

using stdlib::Physical;

namespace {

llvm::Align block_alignment(llvm::Type* element) {
  const std::uint64_t bytes = kLanes * element->getPrimitiveSizeInBits().getFixedValue() / 8;
  return llvm::Align(std::min<std::uint64_t>(bytes, stdlib::kAlignment));
}

}  // namespace

// Column and OutColumn are both {values, valid}. Loaded once per kernel.
llvm::Value* Block::column(bool output, std::size_t index, bool valid) {
  llvm::Value*& base = columns_[{output, index, valid}];
  if (base == nullptr) {
    const std::size_t offset = index * sizeof(stdlib::Column) + (valid ? sizeof(void*) : 0);
    llvm::Value* slot = entry_builder_.CreateConstInBoundsGEP1_64(
        b_.getInt8Ty(), entry_.getParent()->getArg(output ? 1 : 0), offset);
    base = entry_builder_.CreateLoad(b_.getPtrTy(), slot);
  }
  return base;
}

Lanes Block::input(int index) {
  if (auto found = inputs_.find(index); found != inputs_.end()) return found->second;
  const auto column_index = static_cast<std::size_t>(index);
  const stdlib::Type& type = row_.inputs[column_index].type;
  Lanes lanes;
  lanes.physical = stdlib::physical(type);
  llvm::Value* base = column(false, column_index, false);
  if (lanes.physical == Physical::Text) {
    lanes.records = b_.CreateInBoundsGEP(text_type(), base, first_row_);
    reload_text(lanes);
  } else {
    const bool boolean = lanes.physical == Physical::Bool;
    llvm::Type* element = boolean ? b_.getInt8Ty() : scalar_type(lanes.physical);
    llvm::Value* address = b_.CreateInBoundsGEP(element, base, first_row_);
    lanes.value = b_.CreateAlignedLoad(vector_of(element), address, block_alignment(element));
    if (boolean) lanes.value = b_.CreateIsNotNull(lanes.value);
  }
  if (type.optional) {
    llvm::Value* address =
        b_.CreateInBoundsGEP(b_.getInt8Ty(), column(false, column_index, true), first_row_);
    lanes.valid =
        b_.CreateIsNotNull(b_.CreateAlignedLoad(vector_of(b_.getInt8Ty()), address, llvm::Align(kLanes)));
  }
  inputs_.emplace(index, lanes);
  return lanes;
}

llvm::Value* Block::load_class() {
  llvm::Value* address = b_.CreateInBoundsGEP(b_.getInt32Ty(), column(true, 0, false), first_row_);
  return b_.CreateAlignedLoad(vector_of(b_.getInt32Ty()), address, llvm::Align(64));
}

llvm::Value* Block::load_changed() {
  llvm::Value* address = b_.CreateInBoundsGEP(b_.getInt8Ty(), column(true, 1, false), first_row_);
  return b_.CreateIsNotNull(b_.CreateAlignedLoad(vector_of(b_.getInt8Ty()), address, llvm::Align(kLanes)));
}

void Block::store_plain(std::size_t output, llvm::Value* value) {
  llvm::Type* element = llvm::cast<llvm::VectorType>(value->getType())->getElementType();
  if (element->isIntegerTy(1)) {
    element = b_.getInt8Ty();
    value = b_.CreateZExt(value, vector_of(element));
  }
  llvm::Value* address = b_.CreateInBoundsGEP(element, column(true, output, false), first_row_);
  b_.CreateAlignedStore(value, address, block_alignment(element));
  llvm::Value* valid = b_.CreateInBoundsGEP(b_.getInt8Ty(), column(true, output, true), first_row_);
  b_.CreateAlignedStore(splat(b_.getInt8Ty(), 1), valid, llvm::Align(kLanes));
}

void Block::store(std::size_t output, Physical physical, const Lanes& given, llvm::Value* rows) {
  const Lanes lanes = as_physical(given, physical);
  llvm::Value* kept = without(both(lanes.valid, rows), lanes.failed);
  if (lanes.physical != physical) return;  // refused
  llvm::Value* address = nullptr;
  if (physical == Physical::Text) {
    const Lanes empty = constant_text("");
    std::vector<int> order;
    for (int k = 0; k < static_cast<int>(kLanes); ++k) {
      order.push_back(k);
      order.push_back(static_cast<int>(kLanes) + k);
    }
    llvm::Value* pairs = b_.CreateShuffleVector(b_.CreateSelect(kept, lanes.value, empty.value),
                                                b_.CreateSelect(kept, lanes.size, empty.size), order);
    address = b_.CreateInBoundsGEP(text_type(), column(true, output, false), first_row_);
    b_.CreateAlignedStore(pairs, address, llvm::Align(64));
  } else {
    llvm::Value* value =
        b_.CreateSelect(kept, lanes.value, llvm::Constant::getNullValue(lanes.value->getType()));
    store_plain(output, value);
  }
  llvm::Value* valid = b_.CreateInBoundsGEP(b_.getInt8Ty(), column(true, output, true), first_row_);
  b_.CreateAlignedStore(b_.CreateZExt(kept, vector_of(b_.getInt8Ty())), valid, llvm::Align(kLanes));
}

// One bit per lane and kind of error, gathered over all blocks and looked at once.
void Block::report(const Lanes& lanes, llvm::Value* rows) {
  if (lanes.failed == nullptr) return;
  llvm::Type* bits_type = b_.getIntNTy(kLanes);
  llvm::AllocaInst*& word = reported_[lanes.errors];
  if (word == nullptr) {
    word = entry_builder_.CreateAlloca(bits_type);
    entry_builder_.CreateStore(llvm::Constant::getNullValue(bits_type), word);
  }
  llvm::Value* bits = b_.CreateBitCast(b_.CreateAnd(lanes.failed, rows), bits_type);
  b_.CreateStore(b_.CreateOr(b_.CreateLoad(bits_type, word), bits), word);
}

llvm::Value* Block::errors_word() {
  llvm::Value* sum = b_.getInt32(0);
  for (const auto& [errors, word] : reported_) {
    llvm::Value* any = b_.CreateIsNotNull(b_.CreateLoad(word->getAllocatedType(), word));
    sum = b_.CreateOr(sum, b_.CreateSelect(any, b_.getInt32(errors), b_.getInt32(0)));
  }
  return sum;
}

}  // namespace backfill::lower_llvm
