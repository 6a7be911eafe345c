// SPDX-License-Identifier: Apache-2.0
// The kernels a..f of PERFORMANCE.md as one would write them by hand, compiled with -O3 -march=native: the
// baseline.
#pragma once

#include <cstdint>

#include "stdlib/abi.h"

namespace backfill::bench {

using Kernel = std::uint32_t (*)(const stdlib::Column* in, stdlib::OutColumn* out, std::int64_t rows,
                                 stdlib::Context* context);

std::uint32_t status_by_hand(const stdlib::Column*, stdlib::OutColumn*, std::int64_t, stdlib::Context*);
std::uint32_t multiply_add_by_hand(const stdlib::Column*, stdlib::OutColumn*, std::int64_t, stdlib::Context*);
std::uint32_t tax_by_hand(const stdlib::Column*, stdlib::OutColumn*, std::int64_t, stdlib::Context*);
std::uint32_t domain_by_hand(const stdlib::Column*, stdlib::OutColumn*, std::int64_t, stdlib::Context*);
std::uint32_t month_by_hand(const stdlib::Column*, stdlib::OutColumn*, std::int64_t, stdlib::Context*);
std::uint32_t scope_by_hand(const stdlib::Column*, stdlib::OutColumn*, std::int64_t, stdlib::Context*);

}  // namespace backfill::bench
