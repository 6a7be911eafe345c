// SPDX-License-Identifier: Apache-2.0
// Corrections of rows that had no prior value, as in every `intent fill`: the batch says all that is kept,
// and taking it from the table once more would cost a third of the insert.
#include <algorithm>

#include "runtime/database/sqlite/table.h"

namespace backfill::database::sqlite {

namespace {

constexpr std::size_t kRowsPerInsert = 32;
constexpr std::size_t kMostColumns = 64;  // wider rows would make statements of thousands of values

}  // namespace

// One integer key, because other keys are taken as the table spells them. A value that cannot be read looks
// missing, and is not.
bool SqliteTable::has_nothing_prior(const RowBatch& batch) const {
  if (!selection_.has_integer_keys() || backfill_.row.outputs.size() > kMostColumns) return false;
  return std::ranges::all_of(backfill_.row.outputs, [&](const ir::Output& output) {
    const auto input = static_cast<std::size_t>(output.input);
    if (!reads_[input]) return false;
    const bool unreadable = std::ranges::any_of(
        batch.unreadable, [&](const auto& one) { return one.what.input == output.input; });
    for (std::size_t i = 0; i < selection_.size() && !unreadable; ++i)
      if (batch.inputs[input].valid(selection_.row(i))) return false;
    return !unreadable;
  });
}

Result<std::int64_t> SqliteTable::insert_without_prior(std::int64_t batch_number) {
  if (!insert_one_) {
    BACKFILL_ASSIGN(insert_one_, connection_.prepare(sql_.insert_without_prior(1)));
    BACKFILL_ASSIGN(insert_many_, connection_.prepare(sql_.insert_without_prior(kRowsPerInsert)));
  }
  std::size_t at = 0;
  for (; at + kRowsPerInsert <= selection_.size(); at += kRowsPerInsert)
    BACKFILL_TRY(insert_values(insert_many_, at, kRowsPerInsert, batch_number));
  for (; at < selection_.size(); ++at) BACKFILL_TRY(insert_values(insert_one_, at, 1, batch_number));
  return static_cast<std::int64_t>(selection_.size());
}

Result<void> SqliteTable::insert_values(const Statement& statement, std::size_t from, std::size_t count,
                                        std::int64_t batch_number) {
  const ResetAtEnd reset(statement);
  int bound = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    for (const Cell& cell : selection_.key(i)) statement.bind(++bound, cell);
    for (std::size_t output = 0; output < selection_.outputs(); ++output)
      statement.bind(++bound, selection_.value(static_cast<std::int64_t>(i), output));
  }
  sqlite3_bind_int64(statement.handle(), ++bound, batch_number);
  BACKFILL_ASSIGN(const bool row, connection_.step(statement, "keep corrections"));
  static_cast<void>(row);
  return {};
}

}  // namespace backfill::database::sqlite
