// SPDX-License-Identifier: Apache-2.0
// Cuts a table's keys into ranges that several connections can read at once: after < key <= until, one behind
// the other, without a gap.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/database/store.h"

namespace backfill::execute {

// Keys are unique: there are no more rows than key values.
[[nodiscard]] std::int64_t rows_at_most(database::KeySpan span);

struct Segment {
  database::Key after, until;  // an empty key leaves that side open
};

class Segments {
 public:
  // `rows`: what a segment should hold. Without a span there is one segment, the whole table.
  Segments(std::optional<database::KeySpan> span, std::int64_t rows);
  // From border to border, ascending, and what lies behind the last one.
  explicit Segments(std::vector<database::Key> borders);

  [[nodiscard]] std::optional<Segment> next();
  // A segment held so many rows: where keys lie thinner or closer than thought, the next ones are adapted.
  void observe(std::int64_t rows);

 private:
  std::optional<database::KeySpan> span_;
  std::int64_t rows_ = 0;
  std::uint64_t width_ = 0;  // in key values
  std::vector<database::Key> borders_;
  std::size_t passed_ = 0;  // of them
  database::Key after_;
  std::int64_t border_ = 0;  // the key in `after_`
  bool done_ = false;
};

}  // namespace backfill::execute
