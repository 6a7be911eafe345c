// SPDX-License-Identifier: Apache-2.0
// Has anybody else committed since a batch was read? If not, what was found in other rows then is what is
// there now, and the write need not look again. Source: PostgreSQL's documentation, "Transaction ID and
// Snapshot Information Functions": a snapshot sees what had ended below its xmax and was not under way.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace backfill::database::postgres {

// As pg_current_snapshot() has it.
struct Snapshot {
  std::uint64_t xmax = 0;
  std::vector<std::uint64_t> running;  // ascending; subtransactions are not among them
};
[[nodiscard]] std::optional<Snapshot> parse_snapshot(std::string_view text);

// When something was read: the snapshot, or an earlier one.
struct Seen {
  std::uint64_t era = 0;
  Snapshot snapshot;
};

// What the connections of one run have written by, as far as they have told. Thread safe.
class OwnTransactions {
 public:
  // Numbers of transactions, told before they commit.
  void add(std::span<const std::uint32_t> numbers);
  // A connection was lost: the server that is found next may be another one, with other numbers.
  void forget();
  [[nodiscard]] std::uint64_t era() const;
  // False is safe: of whom it does not know it says that somebody else was at work. `current`: the
  // transaction that asks, 0: it has no number yet.
  [[nodiscard]] bool alone_since(const Seen& seen, const Snapshot& now, std::uint64_t current) const;

 private:
  [[nodiscard]] bool has(std::uint64_t number) const;

  mutable std::mutex mutex_;
  std::uint64_t era_ = 0;
  std::deque<std::uint32_t> numbers_;  // the last ones
};

}  // namespace backfill::database::postgres
