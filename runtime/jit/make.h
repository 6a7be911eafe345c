// SPDX-License-Identifier: Apache-2.0
// Inside the module only.
#pragma once

#include "compiler/source/result.h"
#include "runtime/jit/engine.h"

namespace backfill::jit {

// Once per process; the engine lives until its end.
Result<Engine*> make_engine();

}  // namespace backfill::jit
