// SPDX-License-Identifier: Apache-2.0
// One expression's values in the rows of one block, as LLVM values.
#pragma once

#include <llvm/IR/IRBuilder.h>

#include <cstdint>

#include "stdlib/type.h"

namespace backfill::lower_llvm {

// Rows per block. Sixteen 64-bit values are two AVX-512 or four AVX2 registers.
constexpr unsigned kLanes = 16;

// A lane is present, missing or failed. What it holds where it is missing or failed is arbitrary but
// harmless: nothing traps on it and no text in it is read.
struct Lanes {
  stdlib::Physical physical = stdlib::Physical::Bool;
  bool literal_missing = false;    // the literal `missing`: has any physical type
  llvm::Value* value = nullptr;    // <kLanes x T>; Bool: i1; Text: addresses as i64
  llvm::Value* size = nullptr;     // Text: sizes in bytes
  llvm::Value* records = nullptr;  // Text: where kLanes stdlib::Text hold the same, if they lie in memory
  llvm::Value* valid = nullptr;    // <kLanes x i1>; null: none is missing
  llvm::Value* failed = nullptr;   // <kLanes x i1>; null: none failed
  std::uint32_t errors = 0;        // which RowErrors `failed` may stand for
};

}  // namespace backfill::lower_llvm
