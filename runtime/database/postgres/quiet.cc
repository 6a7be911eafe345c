// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/quiet.h"

#include <algorithm>
#include <charconv>

namespace backfill::database::postgres {

namespace {

// A batch uses one number; what was read is written a few batches later.
constexpr std::size_t kKept = 1000;

std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc()) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty()) text.remove_prefix(1);  // a colon or a comma
  return number;
}

}  // namespace

// xmin:xmax:number,number
std::optional<Snapshot> parse_snapshot(std::string_view text) {
  const auto xmin = take_number(text), xmax = take_number(text);
  if (!xmin || !xmax || *xmin > *xmax) return std::nullopt;
  Snapshot snapshot{*xmax, {}};
  while (!text.empty()) {
    const auto number = take_number(text);
    if (!number) return std::nullopt;
    snapshot.running.push_back(*number);
  }
  std::ranges::sort(snapshot.running);
  return snapshot;
}

void OwnTransactions::add(std::span<const std::uint32_t> numbers) {
  const std::lock_guard lock(mutex_);
  numbers_.insert(numbers_.end(), numbers.begin(), numbers.end());
  while (numbers_.size() > kKept) numbers_.pop_front();
}

void OwnTransactions::forget() {
  const std::lock_guard lock(mutex_);
  ++era_;
  numbers_.clear();
}

std::uint64_t OwnTransactions::era() const {
  const std::lock_guard lock(mutex_);
  return era_;
}

// Of so few numbers the lower half tells them apart.
bool OwnTransactions::has(std::uint64_t number) const {
  return std::ranges::find(numbers_, static_cast<std::uint32_t>(number)) != numbers_.end();
}

bool OwnTransactions::alone_since(const Seen& seen, const Snapshot& now, std::uint64_t current) const {
  const std::lock_guard lock(mutex_);
  const Snapshot& then = seen.snapshot;
  if (seen.era != era_ || now.xmax < then.xmax || now.xmax - then.xmax > kKept) return false;
  const auto is_own = [&](std::uint64_t number) {
    return number == current || std::ranges::binary_search(now.running, number) || has(number);
  };
  for (std::uint64_t number = then.xmax; number < now.xmax; ++number)
    if (!is_own(number)) return false;
  return std::ranges::all_of(then.running, is_own);
}

}  // namespace backfill::database::postgres
