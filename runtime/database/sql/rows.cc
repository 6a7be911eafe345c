// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "runtime/database/store.h"

namespace backfill::database {

Key RowBatch::key(std::int64_t row_index, std::size_t key_columns) const {
  Key result;
  for (std::size_t i = 0; i < key_columns; ++i) result.push_back(inputs[i].value(row_index));
  return result;
}

evaluate::Row RowBatch::row(std::int64_t index) const {
  evaluate::Row result;
  for (const stdlib::ColumnBuffer& input : inputs) result.inputs.push_back(input.value(index));
  const auto begin =
      std::lower_bound(unreadable.begin(), unreadable.end(), index,
                       [](const UnreadableAt& at, std::int64_t wanted) { return at.row < wanted; });
  for (auto at = begin; at != unreadable.end() && at->row == index; ++at)
    result.unreadable.push_back(at->what);
  return result;
}

}  // namespace backfill::database
