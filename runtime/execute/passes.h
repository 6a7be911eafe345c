// SPDX-License-Identifier: Apache-2.0
// A window is a range of rows that is read and decided at once; a pass is the share of it that one
// transaction writes: the rows whose key hashes into an interval. Several passes visit the same pages: the
// versions that one pass leaves dead are pruned by the next, whose new versions then fit on their page and
// enter no index (PERFORMANCE.md). Nothing but the key decides which pass takes a row, so that a window goes
// on after a crash behind the last pass that was committed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/database/store.h"

namespace backfill::execute {

// Both ends belong to it.
struct Pass {
  std::uint64_t from = 0, to = UINT64_MAX;
  [[nodiscard]] bool last() const { return to == UINT64_MAX; }
  [[nodiscard]] bool takes(std::uint64_t hash) const { return from <= hash && hash <= to; }
};

// Where a pass begins, as the books keep it: 16 hexadecimal digits.
[[nodiscard]] std::string pass_text(std::uint64_t from);
[[nodiscard]] std::uint64_t pass_of_text(const std::string& text);

// The rows of one window by their hashes.
class Passes {
 public:
  void load(const database::RowBatch& window, std::size_t key_columns);
  // From there on, about `rows` rows; what would be left for a last pass of less than half of that is taken
  // along. O(rows of the window).
  [[nodiscard]] Pass next(std::uint64_t from, std::int64_t rows) const;
  [[nodiscard]] bool takes(const Pass& pass, std::int64_t row) const {
    return pass.takes(hashes_[static_cast<std::size_t>(row)]);
  }
  [[nodiscard]] std::int64_t rows(const Pass& pass) const;

 private:
  std::vector<std::uint64_t> hashes_;
};

}  // namespace backfill::execute
