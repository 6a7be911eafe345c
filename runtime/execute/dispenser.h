// SPDX-License-Identifier: Apache-2.0
// Hands the chunks of a stage out, each to one worker. Thread safe.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <vector>

namespace backfill::execute {

class Dispenser {
 public:
  // The numbers of the chunks that are not done, ascending.
  explicit Dispenser(std::vector<std::int64_t> chunks) : chunks_(std::move(chunks)) {}

  [[nodiscard]] std::optional<std::int64_t> take() {
    const std::size_t at = next_.fetch_add(1, std::memory_order_relaxed);
    if (at >= chunks_.size()) return std::nullopt;
    return chunks_[at];
  }
  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(chunks_.size()); }

 private:
  std::vector<std::int64_t> chunks_;
  std::atomic<std::size_t> next_{0};
};

}  // namespace backfill::execute
