// SPDX-License-Identifier: Apache-2.0
// Loops over single rows of the block, and how values go in and out of them.
#include "compiler/lower/llvm/block.h"

namespace backfill::lower_llvm {

void Block::lane_loop(llvm::Value* mask, llvm::function_ref<void(llvm::Value* lane)> body) {
  llvm::Type* bits_type = b_.getIntNTy(kLanes);
  llvm::Function* function = entry_.getParent();
  llvm::BasicBlock* before = b_.GetInsertBlock();
  llvm::BasicBlock* head = llvm::BasicBlock::Create(llvm_, "lanes", function);
  llvm::BasicBlock* work = llvm::BasicBlock::Create(llvm_, "lane", function);
  llvm::BasicBlock* after = llvm::BasicBlock::Create(llvm_, "after", function);
  llvm::Value* all = b_.CreateBitCast(mask, bits_type);
  b_.CreateBr(head);

  b_.SetInsertPoint(head);
  llvm::PHINode* bits = b_.CreatePHI(bits_type, 2, "bits");
  bits->addIncoming(all, before);
  b_.CreateCondBr(b_.CreateIsNotNull(bits), work, after);

  b_.SetInsertPoint(work);
  llvm::Value* wide = b_.CreateZExt(bits, b_.getInt64Ty());
  llvm::Value* lane = b_.CreateBinaryIntrinsic(llvm::Intrinsic::cttz, wide, b_.getTrue());
  body(lane);
  llvm::Value* rest = b_.CreateAnd(bits, b_.CreateSub(bits, llvm::ConstantInt::get(bits_type, 1)));
  bits->addIncoming(rest, b_.GetInsertBlock());
  b_.CreateBr(head);
  b_.SetInsertPoint(after);
}

Spilled Block::spill(llvm::Value* vector) {
  llvm::Type* element = llvm::cast<llvm::VectorType>(vector->getType())->getElementType();
  if (auto* constant = llvm::dyn_cast<llvm::Constant>(vector)) {
    if (llvm::Constant* value = constant->getSplatValue()) {
      if (element->isIntegerTy(1))
        value = llvm::ConstantInt::get(b_.getInt8Ty(), value->isOneValue() ? 1 : 0);
      return {value, value->getType(), true};
    }
  }
  if (element->isIntegerTy(1)) {
    element = b_.getInt8Ty();
    vector = b_.CreateZExt(vector, vector_of(element));
  }
  llvm::AllocaInst* array = entry_builder_.CreateAlloca(vector_of(element));
  b_.CreateStore(vector, array);
  return {array, element, false};
}

SpilledText Block::spill_text(const Lanes& lanes) {
  if (lanes.records != nullptr) return {{}, {}, lanes.records};
  return {spill(lanes.value), spill(lanes.size), nullptr};
}

llvm::Value* Block::at(const Spilled& spilled, llvm::Value* lane) {
  if (spilled.same) return spilled.source;
  return b_.CreateLoad(spilled.element, element_address(spilled.source, spilled.element, lane));
}

TextScalar Block::at(const SpilledText& spilled, llvm::Value* lane) {
  if (spilled.records == nullptr) {
    return {b_.CreateIntToPtr(at(spilled.data, lane), b_.getPtrTy()), at(spilled.size, lane)};
  }
  llvm::Value* record = element_address(spilled.records, text_type(), lane);
  return {b_.CreateLoad(b_.getPtrTy(), record),
          b_.CreateLoad(b_.getInt64Ty(), b_.CreateStructGEP(text_type(), record, 1))};
}

llvm::AllocaInst* Block::lane_array(llvm::Type* element) {
  llvm::Type* type = element == text_type() ? vector_of(b_.getInt64Ty()) : vector_of(element);
  if (element == text_type()) type = llvm::FixedVectorType::get(b_.getInt64Ty(), 2 * kLanes);
  llvm::AllocaInst* array = entry_builder_.CreateAlloca(type);
  b_.CreateStore(llvm::Constant::getNullValue(type), array);
  return array;
}

llvm::Value* Block::element_address(llvm::Value* array, llvm::Type* element, llvm::Value* lane) {
  return b_.CreateInBoundsGEP(element, array, lane);
}

llvm::Value* Block::reload(llvm::Value* array, llvm::Type* element) {
  return b_.CreateLoad(vector_of(element), array);
}

// The vectors of a text that lies in memory: addresses are the even, sizes the odd words.
void Block::reload_text(Lanes& lanes) {
  auto* pairs = llvm::FixedVectorType::get(b_.getInt64Ty(), 2 * kLanes);
  llvm::Value* words = b_.CreateAlignedLoad(pairs, lanes.records, llvm::Align(64));
  std::vector<int> even, odd;
  for (int k = 0; k < static_cast<int>(kLanes); ++k) {
    even.push_back(2 * k);
    odd.push_back(2 * k + 1);
  }
  lanes.value = b_.CreateShuffleVector(words, even);
  lanes.size = b_.CreateShuffleVector(words, odd);
}

llvm::Value* Block::memory_compare(llvm::Value* left, llvm::Value* right, llvm::Value* size) {
  auto* type =
      llvm::FunctionType::get(b_.getInt32Ty(), {b_.getPtrTy(), b_.getPtrTy(), b_.getInt64Ty()}, false);
  return b_.CreateCall(module_.getOrInsertFunction("memcmp", type), {left, right, size});
}

// Texts may be read 32 bytes past their end: eight bytes at once settle short ones, and most long ones that
// differ.
llvm::Value* Block::memory_equal(llvm::Value* left, llvm::Value* right, llvm::Value* size) {
  llvm::Function* function = entry_.getParent();
  llvm::BasicBlock* longer = llvm::BasicBlock::Create(llvm_, "longer", function);
  llvm::BasicBlock* done = llvm::BasicBlock::Create(llvm_, "compared", function);
  llvm::Type* word = b_.getInt64Ty();
  llvm::Value* difference = b_.CreateXor(b_.CreateAlignedLoad(word, left, llvm::Align(1)),
                                         b_.CreateAlignedLoad(word, right, llvm::Align(1)));
  // Of the first min(size, 8) bytes; a shift by 64 must not happen.
  llvm::Value* bytes = b_.CreateBinaryIntrinsic(llvm::Intrinsic::umin, size, b_.getInt64(8));
  llvm::Value* unread = b_.CreateSub(b_.getInt64(64), b_.CreateShl(bytes, 3));
  llvm::Value* shifted = b_.CreateShl(difference, b_.CreateAnd(unread, 63));
  llvm::Value* same = b_.CreateOr(b_.CreateIsNull(shifted), b_.CreateIsNull(size));
  llvm::Value* open = b_.CreateAnd(same, b_.CreateICmpUGT(size, b_.getInt64(8)));
  llvm::BasicBlock* first = b_.GetInsertBlock();
  b_.CreateCondBr(open, longer, done);
  b_.SetInsertPoint(longer);
  llvm::Value* equal = b_.CreateIsNull(memory_compare(left, right, size));
  b_.CreateBr(done);
  b_.SetInsertPoint(done);
  llvm::PHINode* result = b_.CreatePHI(b_.getInt1Ty(), 2);
  result->addIncoming(same, first);
  result->addIncoming(equal, longer);
  return result;
}

}  // namespace backfill::lower_llvm
