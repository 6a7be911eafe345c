// SPDX-License-Identifier: Apache-2.0
// Owned columns: what a reader fills and a kernel reads or writes.
#pragma once

#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "stdlib/abi.h"
#include "stdlib/type.h"
#include "stdlib/value.h"

namespace backfill::stdlib {

// Bump allocator for text; freed as a whole. `reset` keeps the memory for the next batch.
class Arena {
 public:
  // Never null; kTextSlack readable bytes follow, and may be written until the next call. O(1) but when a
  // block is full.
  char* allocate(std::size_t size) {
    if (static_cast<std::size_t>(end_ - next_) < size + kTextSlack) grow(size + kTextSlack);
    char* result = next_;
    next_ += size;
    used_ += size;
    return result;
  }
  Text copy(std::string_view text);
  void reset();
  [[nodiscard]] std::size_t used() const { return used_; }  // bytes handed out since the last reset

 private:
  struct Block {
    std::unique_ptr<char[]> data;
    std::size_t size;
  };
  void grow(std::size_t needed);
  void enter(std::size_t block);

  std::vector<Block> blocks_;
  std::size_t block_ = 0;  // the block in use
  char* next_ = nullptr;   // free from here to end_
  char* end_ = nullptr;
  std::size_t used_ = 0;
};

// One column's storage for `capacity` rows, aligned and padded as abi.h promises.
class ColumnBuffer {
 public:
  explicit ColumnBuffer(const Type& type);

  void reserve(std::int64_t rows);  // keeps nothing; zeroes
  [[nodiscard]] const Type& type() const { return type_; }
  [[nodiscard]] Column column() const { return {values_.get(), valid_.get()}; }
  [[nodiscard]] OutColumn out() { return {values_.get(), valid_.get()}; }
  [[nodiscard]] bool valid(std::int64_t row) const { return valid_.get()[row] != 0; }

  template <typename T>
  [[nodiscard]] T* as() {
    return static_cast<T*>(values_.get());
  }
  template <typename T>
  [[nodiscard]] const T* as() const {
    return static_cast<const T*>(values_.get());
  }
  void set_missing(std::int64_t row);
  // Slow; for the evaluator, tests and samples. `set` copies text into the arena.
  [[nodiscard]] Value value(std::int64_t row) const;
  void set(std::int64_t row, const Value& value, Arena& arena);

 private:
  struct Free {
    void operator()(void* pointer) const;
  };
  Type type_;
  Physical physical_;
  std::int64_t capacity_ = 0;
  std::unique_ptr<void, Free> values_;
  std::unique_ptr<std::uint8_t, Free> valid_;
};

}  // namespace backfill::stdlib
