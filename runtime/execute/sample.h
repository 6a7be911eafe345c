// SPDX-License-Identifier: Apache-2.0
// Which rows a sample takes: those whose key hashes low. Nothing but key and seed decides, so that a sample
// is the same one after a crash, on another machine and in another version of this program.
#pragma once

#include <algorithm>
#include <cstdint>

#include <string>
#include <vector>

#include "runtime/database/store.h"

namespace backfill::execute {

// FNV-1a over a canonical form of the key's values, finished with splitmix64's mixer. The form, per value: a
// tag byte (0 missing, 1 bool, 2 integer, 3 float, 4 decimal, 5 text), then the bool as one byte; the integer
// as 8 bytes, low first; the float's bits likewise
// (-0 as 0); the decimal without trailing zeros as 16 bytes and its scale as 8; the text's length as 8 bytes
// and its bytes. Fixed for good: a run that is resumed by a later version must find the same rows.
[[nodiscard]] std::uint64_t sample_hash(std::uint64_t seed, const database::Key& key);
// The same of a row of a batch, without making a Key.
[[nodiscard]] std::uint64_t sample_hash(std::uint64_t seed, const database::RowBatch& batch, std::int64_t row,
                                        std::size_t key_columns);

// The greatest hash that a fraction of all takes: 0.1 for 10%. Above 1 takes all; takes none when it is 0
// (see `none`).
struct Threshold {
  std::uint64_t greatest = 0;
  bool none = true;
  [[nodiscard]] bool takes(std::uint64_t hash) const { return !none && hash <= greatest; }
};
[[nodiscard]] Threshold threshold_of_fraction(double fraction);
[[nodiscard]] std::string to_text(const Threshold& threshold);  // 16 hexadecimal digits; empty: none
[[nodiscard]] Threshold threshold_of_text(const std::string& text);

// Keeps the `capacity` smallest of what it is offered. Memory: O(capacity); offer: O(log capacity), O(1) for
// most.
template <typename Entry>
class SmallestHeap {
 public:
  explicit SmallestHeap(std::size_t capacity) : capacity_(capacity) {}

  [[nodiscard]] bool wants(std::uint64_t hash) const {
    return capacity_ > 0 && (entries_.size() < capacity_ || hash < entries_.front().hash);
  }
  void offer(Entry entry) {
    if (!wants(entry.hash)) return;
    if (entries_.size() == capacity_) {
      std::pop_heap(entries_.begin(), entries_.end(), less);
      entries_.pop_back();
    }
    entries_.push_back(std::move(entry));
    std::push_heap(entries_.begin(), entries_.end(), less);
  }
  // Ascending; the heap is empty afterwards.
  std::vector<Entry> take() {
    std::sort_heap(entries_.begin(), entries_.end(), less);
    return std::move(entries_);
  }

 private:
  static bool less(const Entry& left, const Entry& right) { return left.hash < right.hash; }
  std::size_t capacity_;
  std::vector<Entry> entries_;
};

}  // namespace backfill::execute
