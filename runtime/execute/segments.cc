// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/segments.h"

#include <algorithm>
#include <limits>

namespace backfill::execute {

namespace {

std::uint64_t distance(std::int64_t from, std::int64_t to) {
  return static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from);
}

}  // namespace

std::int64_t rows_at_most(database::KeySpan span) {
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  return static_cast<std::int64_t>(std::min<std::uint64_t>(distance(span.first, span.last), kMost - 1)) + 1;
}

Segments::Segments(std::optional<database::KeySpan> span, std::int64_t rows)
    : span_(span), rows_(rows), width_(static_cast<std::uint64_t>(rows)) {
  if (span_) border_ = span_->first;
}

Segments::Segments(std::vector<database::Key> borders) : borders_(std::move(borders)) {}

std::optional<Segment> Segments::next() {
  if (done_) return std::nullopt;
  Segment segment{after_, {}};
  if (passed_ < borders_.size()) {
    after_ = segment.until = std::move(borders_[passed_++]);
    return segment;
  }
  done_ = !span_ || distance(border_, span_->last) <= width_;
  if (done_) return segment;
  border_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(border_) + width_);
  segment.until = {border_};
  after_ = segment.until;
  return segment;
}

void Segments::observe(std::int64_t rows) {
  constexpr std::uint64_t kWidest = std::uint64_t{1} << 62;
  if (rows >= rows_ && width_ > static_cast<std::uint64_t>(rows_)) width_ /= 2;
  if (rows < rows_ / 2 && width_ < kWidest) width_ *= 2;
}

}  // namespace backfill::execute
