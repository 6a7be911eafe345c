// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/batch_size.h"

#include <algorithm>

namespace backfill::execute {

namespace {

// Up slowly, down at once: a batch that is too small costs a commit, one that is too large makes the
// application wait.
constexpr double kGrowth = 2.0;
// Of the way to the size that the last batch suggests: one slow commit (a checkpoint of the log) is no trend.
constexpr double kDamping = 0.5;
// Within this much of the aim nothing moves, so that sizes do not flutter.
constexpr double kTolerance = 0.15;

}  // namespace

// Starts at the least: how slow this database is is not known yet.
BatchSize::BatchSize(const ir::Pace& pace)
    : min_(std::max<std::int64_t>(1, pace.batch_min)),
      max_(std::max(min_, pace.batch_max)),
      aim_us_(std::max<std::int64_t>(1, pace.aim_us)),
      rows_(min_) {}

void BatchSize::observe(std::int64_t rows, std::int64_t microseconds) {
  if (rows_ < min_) {
    rows_ = std::min(min_, 2 * rows_);
    return;
  }
  // A short last batch of a chunk says little about a full one: commits have a fixed cost.
  if (rows <= 0 || (rows < rows_ / 2 && microseconds < aim_us_)) return;
  const double per_row =
      static_cast<double>(std::max<std::int64_t>(1, microseconds)) / static_cast<double>(rows);
  const double wanted = static_cast<double>(aim_us_) / per_row;
  const double now = static_cast<double>(rows_);
  if (wanted > now * (1 - kTolerance) && wanted < now * (1 + kTolerance)) return;
  const double next = wanted < now ? wanted : std::min(now + (wanted - now) * kDamping, now * kGrowth);
  rows_ = std::clamp(static_cast<std::int64_t>(next), min_, max_);
}

}  // namespace backfill::execute
