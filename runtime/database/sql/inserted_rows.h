// SPDX-License-Identifier: Apache-2.0
// What an insert gives for some rows of a batch: one row for each, or one for each element of a list.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "compiler/ir/ir.h"
#include "stdlib/batch.h"

namespace backfill::database_sql {

class InsertedRows {
 public:
  // `values` are those of RowFunction::values, and outlive it. As many of `rows` as fit the room that a
  // statement has, one at least.
  InsertedRows(const ir::Backfill& backfill, const ir::Effect& effect,
               std::span<const stdlib::ColumnBuffer> values, std::span<const std::int64_t> rows);

  [[nodiscard]] std::size_t size() const { return source_.size(); }
  // Of the batch: for which rows it is. Ascending.
  [[nodiscard]] const std::vector<std::int64_t>& sources() const { return source_; }
  // From 0, in the order of the list.
  [[nodiscard]] const std::vector<std::int64_t>& elements() const { return element_; }
  // How many of `rows` these are for.
  [[nodiscard]] std::size_t taken() const { return taken_; }

  // The value of a column that is given, and where it stands in its buffer.
  [[nodiscard]] const stdlib::ColumnBuffer& buffer(const ir::EffectColumn& column) const;
  [[nodiscard]] std::int64_t at(const ir::EffectColumn& column, std::size_t index) const {
    return column.of_element ? static_cast<std::int64_t>(index) : source_[index];
  }

 private:
  void spread(const ir::Backfill& backfill, const ir::EffectColumn& column, const schema::Column& to);

  std::span<const stdlib::ColumnBuffer> values_;
  std::vector<std::int64_t> source_, element_;
  std::size_t taken_ = 0;
  stdlib::Arena arena_;
  std::vector<int> lists_;  // values of which `spread_` holds the elements
  std::vector<stdlib::ColumnBuffer> spread_;
};

}  // namespace backfill::database_sql
