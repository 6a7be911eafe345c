// SPDX-License-Identifier: Apache-2.0
// What the module backfill_jit.so exports: one function. Executable and module are built together; the name
// carries the version of what they share, so that another build's module is refused.
#pragma once

#include "compiler/source/result.h"
#include "runtime/jit/engine.h"

namespace backfill::jit {

constexpr const char* kMakeEngineSymbol = "backfill_jit_make_engine_1";
using MakeEngine = Result<Engine*> (*)();

}  // namespace backfill::jit
