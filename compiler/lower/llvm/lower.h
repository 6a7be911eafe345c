// SPDX-License-Identifier: Apache-2.0
// Native code for a row function, as LLVM IR. Builds IR only: runtime/jit optimises, compiles, links and runs
// it.
#pragma once

#include <llvm/IR/Module.h>

#include <memory>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/source/result.h"

namespace backfill::lower_llvm {

// The function in the module that has the signature of jit::Program::Kernel and fills the outputs it
// promises.
constexpr std::string_view kKernelSymbol = "backfill_kernel";
// Part of the object cache's key: to be raised when the meaning of compiled code changes though its IR does
// not (stdlib/abi.h, the calling convention of natives, what a native of the same symbol does).
constexpr int kAbiVersion = 1;

struct Lowered {
  std::unique_ptr<llvm::Module> module;
  std::vector<const stdlib::Function*> natives;  // whose bodies it calls, by Function::native.symbol
};

// A failure where the row function has something that native code does not know, or too much of it; the
// evaluator can go on. `layout` and `triple` are the machine's. Linear in the number of distinct expressions.
Result<Lowered> lower(const ir::Backfill& backfill, llvm::LLVMContext& context,
                      const llvm::DataLayout& layout, std::string_view triple);

}  // namespace backfill::lower_llvm
