// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/ir/ir.h"

namespace backfill::file {

// What source files that are there lack of what the programs read, each said once. A file that is not there
// is no mistake of the spec: a check in CI has none.
void report_headers(const std::vector<ir::Backfill>& programs, diagnostic::Sink& sink);

}  // namespace backfill::file
