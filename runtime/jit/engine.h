// SPDX-License-Identifier: Apache-2.0
// Native code for a row function. LLVM lives behind this interface in a module that is loaded on first use
// (load.h), so that commands that need none start in milliseconds.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "compiler/ir/ir.h"
#include "compiler/source/result.h"
#include "stdlib/abi.h"

namespace backfill::jit {

struct Options {
  std::string cache_directory;  // of compiled objects; empty: no cache
  bool dump_ir = false;         // fills Program::ir
};

// Compiled code of one backfill. Thread safe: kernels are pure and contexts are the caller's.
//
// Outputs, in order: [0] class code (int32), [1] changed (bool), then one per RowFunction::outputs (final
// value), then one bool per stage condition (1: true; 0: false or missing), then one per RowFunction::values.
// `in` has one column per
// RowFunction::inputs. Values of outputs are meaningful only where the class is kCandidate. The result is the
// RowErrors met in rows where they count: errors in lanes that a Case, And, Or, Coalesce or the class has
// masked out are not reported.
class Program {
 public:
  virtual ~Program() = default;
  using Kernel = std::uint32_t (*)(const stdlib::Column* in, stdlib::OutColumn* out, std::int64_t rows,
                                   stdlib::Context* context);
  [[nodiscard]] virtual Kernel kernel() const = 0;
  [[nodiscard]] virtual const std::string& ir() const = 0;  // LLVM IR after passes, if asked for
  [[nodiscard]] virtual double compile_ms() const = 0;
  [[nodiscard]] virtual bool from_cache() const = 0;
};

// One LLJIT and TargetMachine per process. Thread safe.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Result<std::unique_ptr<Program>> compile(const ir::Backfill& backfill, const Options& options) = 0;
};

// Loads backfill_jit.so from beside the executable (or BACKFILL_JIT_MODULE) on the first call; later ones
// return the same engine.
Result<Engine*> engine();

}  // namespace backfill::jit
