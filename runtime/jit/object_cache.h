// SPDX-License-Identifier: Apache-2.0
// Compiled objects on disk. A file is named by the hash of everything that its code depends on, and carries
// the hash of its own bytes: what is cut short or damaged is not used.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

namespace backfill::jit {

// Of the IR before optimisation, LLVM's version, the CPU with its features, the pass list and the runtime
// ABI.
std::string cache_key(const llvm::Module& module, const llvm::TargetMachine& machine);

// Null where there is none, or a damaged one. An empty directory: no cache.
std::unique_ptr<llvm::MemoryBuffer> load_object(const std::string& directory, const std::string& key);
// Best effort: what cannot be stored is compiled again next time. Atomic against readers and other writers.
void store_object(const std::string& directory, const std::string& key, const llvm::MemoryBuffer& object);

}  // namespace backfill::jit
