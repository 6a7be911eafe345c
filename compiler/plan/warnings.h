// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.h"

namespace backfill::plan {

// What a reviewer should know of table and program beyond what the spec says. A sentence each.
std::vector<std::string> warnings(const ir::Backfill& backfill, const schema::Catalog& catalog);

}  // namespace backfill::plan
