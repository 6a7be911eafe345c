// SPDX-License-Identifier: Apache-2.0
// From a spec and a catalog to typed programs: the list of phases.
#pragma once

#include <vector>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/schema/catalog.h"
#include "compiler/source/source.h"

namespace backfill::compiler {

// One program per `backfill` of the file, in order. Only to be run if the sink has no errors. The programs
// point into `catalog`, which must outlive them.
std::vector<ir::Backfill> compile(const source::File& file, const schema::Catalog& catalog,
                                  diagnostic::Sink& sink);

}  // namespace backfill::compiler
