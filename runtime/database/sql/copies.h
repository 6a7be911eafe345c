// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <vector>

#include "stdlib/batch.h"

namespace backfill::database_sql {

// The same values of the first `rows` rows in buffers of their own, to be written; texts stay where they are.
[[nodiscard]] std::vector<stdlib::ColumnBuffer> copies(std::span<const stdlib::ColumnBuffer> buffers,
                                                       std::int64_t rows);

}  // namespace backfill::database_sql
