// SPDX-License-Identifier: Apache-2.0
// The rows of one batch that are to be written, served to the two statements of a write by SQL functions.
//
//   backfill_selected(key...)        1 where the row is among them, else 0
//   backfill_new(output, key...)     its new value
//
// Statements may visit rows in any order: a cursor makes ascending keys cheap, anything else is looked up.
#pragma once

#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/connection.h"
#include "runtime/database/store.h"

namespace backfill::database::sqlite {

class Selection {
 public:
  // Rows whose new values cannot be stored are left out and added to `failures`. Text stays in the batch's
  // buffers.
  void fill(const RowBatch& batch, std::size_t key_columns, std::span<const stdlib::ColumnBuffer> outputs,
            std::span<const std::string> output_names, std::span<const std::int64_t> selected,
            std::vector<WriteFailure>& failures);

  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] std::int64_t row(std::size_t index) const { return rows_[index]; }  // of the batch
  [[nodiscard]] std::span<const Cell> key(std::size_t index) const {
    return {keys_.data() + index * key_columns_, key_columns_};
  }
  [[nodiscard]] bool has_integer_keys() const { return integers_; }  // one key column, ascending
  [[nodiscard]] bool seen(std::size_t index) const { return seen_[index] != 0; }
  void forget_seen() { seen_.assign(rows_.size(), 0); }

  // -1: not selected. Amortised O(1) for ascending keys.
  [[nodiscard]] std::int64_t find(sqlite3_value** key, int count);
  void mark_seen(std::int64_t index) { seen_[static_cast<std::size_t>(index)] = 1; }
  [[nodiscard]] const Cell& value(std::int64_t index, std::size_t output) const {
    return cells_[static_cast<std::size_t>(index) * outputs_ + output];
  }
  [[nodiscard]] std::size_t outputs() const { return outputs_; }

 private:
  [[nodiscard]] std::int64_t find_integer(std::int64_t key);
  [[nodiscard]] std::int64_t find_encoded();

  std::size_t key_columns_ = 0;
  std::size_t outputs_ = 0;
  std::vector<std::int64_t> rows_;
  std::vector<Cell> keys_;
  std::vector<Cell> cells_;  // row by row
  std::vector<std::uint8_t> seen_;
  std::size_t cursor_ = 0;
  bool integers_ = false;  // one key column, all integers, ascending
  std::vector<std::int64_t> integer_keys_;
  std::vector<std::string> encoded_;
  std::unordered_map<std::string_view, std::size_t> index_;
  std::string wanted_;
  stdlib::Arena arena_;
};

// Registers both functions. They serve *current, which is null while nothing is written.
Result<void> register_selection(const Connection& connection, Selection** current);

}  // namespace backfill::database::sqlite
