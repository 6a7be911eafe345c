// SPDX-License-Identifier: Apache-2.0
// A rollback: what effects wrote is taken back where it is still as it was written.
#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/effects.h"

namespace backfill::database::sqlite {

Result<void> Effects::prepare_undo() {
  if (!mark_.empty()) return {};
  mark_.resize(backfill_.effects.size());
  take_back_.resize(backfill_.effects.size());
  forget_found_.resize(backfill_.effects.size());
  restore_.resize(backfill_.effects.size());
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    BACKFILL_ASSIGN(take_back_[i], connection_.prepare(sql_.undo(i)));
    if (backfill_.effects[i].on_conflict == ir::OnConflict::Update) {
      BACKFILL_ASSIGN(restore_[i], connection_.prepare(sql_.restore(i)));
    }
    BACKFILL_ASSIGN(mark_[i], connection_.prepare(sql_.mark(i)));
    BACKFILL_ASSIGN(forget_found_[i], connection_.prepare(sql_.forget_found(i)));
  }
  return {};
}

Result<bool> Effects::undo(std::size_t i, std::span<sqlite3_value* const> key, std::string& reason) {
  std::optional<std::int64_t> found, put, restored = 0, marked;
  const auto each = {std::pair{&forget_found_[i], &found},
                     {&take_back_[i], &put},
                     {&restore_[i], &restored},
                     {&mark_[i], &marked}};
  for (const auto& [statement, count] : each) {
    if (!*statement) continue;
    for (std::size_t k = 0; k < key.size(); ++k)
      sqlite3_bind_value(statement->handle(), static_cast<int>(k) + 1, key[k]);
    BACKFILL_ASSIGN(*count, stepped(*statement, reason));
  }
  return put && restored && marked && *put + *restored == *marked;
}

Result<bool> Effects::undo_delete(std::span<sqlite3_value* const> key, std::string& reason) {
  BACKFILL_TRY(prepare_undo());
  const std::size_t index = ir::delete_index(backfill_);
  if (index == backfill_.effects.size()) return true;
  return undo(index, key, reason);
}

Result<bool> Effects::undo_inserts(std::span<sqlite3_value* const> key, std::string& reason) {
  for (std::size_t i = ir::delete_index(backfill_); i-- > 0;) {
    BACKFILL_ASSIGN(const bool undone, undo(i, key, reason));
    if (!undone) return false;
  }
  return true;
}

}  // namespace backfill::database::sqlite
