// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/copies.h"

#include <cstring>

namespace backfill::database_sql {

std::vector<stdlib::ColumnBuffer> copies(std::span<const stdlib::ColumnBuffer> buffers, std::int64_t rows) {
  std::vector<stdlib::ColumnBuffer> all;
  for (const stdlib::ColumnBuffer& buffer : buffers) {
    stdlib::ColumnBuffer& copy = all.emplace_back(buffer.type());
    copy.reserve(rows);
    if (rows == 0) continue;
    const auto count = static_cast<std::size_t>(rows);
    std::memcpy(copy.out().values, buffer.column().values,
                count * stdlib::width(stdlib::physical(buffer.type())));
    std::memcpy(copy.out().valid, buffer.column().valid, count);
  }
  return all;
}

}  // namespace backfill::database_sql
