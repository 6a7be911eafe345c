// SPDX-License-Identifier: Apache-2.0
// What a plan says of each query over other rows, and by which index the database finds them.
#pragma once

#include <vector>

#include "compiler/plan/plan.h"

namespace backfill::plan {

std::vector<OtherRows> other_rows(const source::File& file, const ir::Backfill& backfill,
                                  const lower_sql::Dialect& dialect);

}  // namespace backfill::plan
