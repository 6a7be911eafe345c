// SPDX-License-Identifier: Apache-2.0
#include "runtime/jit/module.h"

#include "runtime/jit/make.h"

// C linkage only for the name: both sides are built together.
extern "C" __attribute__((visibility("default"))) backfill::Result<backfill::jit::Engine*>
backfill_jit_make_engine_1() {
  return backfill::jit::make_engine();
}
