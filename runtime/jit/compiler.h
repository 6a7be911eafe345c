// SPDX-License-Identifier: Apache-2.0
// LLVM IR to an object file in memory.
#pragma once

#include <llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h>
#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>

#include "compiler/source/result.h"

namespace backfill::jit {

// Part of the object cache's key: to be raised when the passes change.
constexpr int kPipelineVersion = 2;

// Null failure text: the module is well formed. Else what LLVM's verifier says; that is a bug of ours.
Result<void> verify(const llvm::Module& module);
// The short pass list: within a few percent of O2 in speed, and much faster to compile (PERFORMANCE.md).
void optimise(llvm::Module& module, llvm::TargetMachine& machine);
// Not thread safe for one machine.
Result<std::unique_ptr<llvm::MemoryBuffer>> emit_object(llvm::Module& module, llvm::TargetMachine& machine);

Failure failure_of(llvm::Error error, std::string_view doing);

}  // namespace backfill::jit
