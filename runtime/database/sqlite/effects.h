// SPDX-License-Identifier: Apache-2.0
// What a run writes beside derived columns, row by row: of each row everything or nothing.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/database/sql/inserted_rows.h"
#include "runtime/database/sqlite/connection.h"
#include "runtime/database/sqlite/effect_sql.h"
#include "runtime/database/store.h"

namespace backfill::database::sqlite {

inline constexpr std::string_view kIgnored =
    "the database did not write the row: a trigger of the table ignores it";

class Effects {
 public:
  // Both must outlive it.
  Effects(const Connection& connection, const ir::Backfill& backfill, std::int64_t run);

  Result<WriteOutcome> apply(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                             std::span<const stdlib::ColumnBuffer> values,
                             std::span<const std::int64_t> selected, std::int64_t batch_number);

  // Takes back what the effects of the row did, the last first. False: something of it is no longer as they
  // left it, or the database refuses (`reason` says why): the caller undoes what was done of it.
  // What refers to what an insert made is taken back in between.
  Result<bool> undo_delete(std::span<sqlite3_value* const> key, std::string& reason);
  Result<bool> undo_inserts(std::span<sqlite3_value* const> key, std::string& reason);

 private:
  struct Writing {
    const RowBatch& batch;
    std::span<stdlib::ColumnBuffer> outputs, values;  // of their own where something is passed on
    std::int64_t row = 0;
    std::int64_t number = 0;
    std::vector<Cell> key, derived;
    // Per effect: it did something, and all that it is to insert is inserted.
    std::vector<bool> took = {}, arrived = {};
    bool did = false, conflict = false;
    std::string refused;  // by a constraint or a trigger: why
  };

  Result<void> prepare();
  Result<void> prepare_undo();
  Result<bool> undo(std::size_t effect, std::span<sqlite3_value* const> key, std::string& reason);
  [[nodiscard]] bool applies(const Writing& writing, const ir::Effect& effect) const;
  [[nodiscard]] bool is_derived(const Writing& writing) const;
  Result<void> apply_row(Writing& writing, WriteOutcome& outcome);
  Result<void> attempt(Writing& writing);
  Result<void> keep_found(Writing& writing, std::size_t effect);
  Result<void> pass_on(Writing& writing, std::size_t effect);
  // One row, or one for each element.
  Result<void> insert_rows(Writing& writing, std::size_t effect);
  Result<void> insert_row(Writing& writing, std::size_t effect, const database_sql::InsertedRows& rows,
                          std::size_t at);
  Result<void> update_found(Writing& writing, std::size_t effect, const database_sql::InsertedRows& rows,
                            std::size_t at);
  // What is given for those columns. False: refused.
  bool add_given(Writing& writing, const ir::Effect& effect, const database_sql::InsertedRows& rows,
                 std::size_t at, std::span<const ir::EffectColumn> columns, std::vector<Cell>& cells);
  Result<bool> is_there(const Statement& statement, std::span<const Cell> cells);
  Result<std::optional<std::int64_t>> changed(const Statement& statement, std::span<const Cell> cells,
                                              std::string& refused);
  Result<void> write_others(Writing& writing, std::size_t effect);
  Result<std::vector<Key>> stale_groups(const RowBatch& batch, std::span<const std::int64_t> rows);
  [[nodiscard]] bool may_delete(const Writing& writing) const;
  Result<bool> delete_row(Writing& writing);
  Result<void> derive_row(Writing& writing);
  Result<bool> is_as_read(Writing& writing);
  // Rows changed; nothing: refused.
  Result<std::optional<std::int64_t>> change(const Statement& statement, const Writing& writing,
                                             std::span<const Cell> more, std::string& refused);
  Result<std::optional<std::int64_t>> stepped(const Statement& statement, std::string& refused);
  Result<std::optional<std::int64_t>> refused_by(int code, std::string& refused);
  Result<void> simple(const Statement& statement);

  const Connection& connection_;
  const ir::Backfill& backfill_;
  EffectSql sql_;
  bool looks_again_;  // writing one row may have changed another one of the batch
  Statement savepoint_, release_, undo_, keep_, keep_derived_, derive_, look_, take_, remove_;
  std::vector<Statement> insert_, keep_inserted_, keep_found_, passed_;  // per effect; others' are null
  std::vector<Statement> holds_, written_, keep_updated_, update_, keep_updated_to_;  // likewise
  std::vector<Statement> keep_others_, write_others_;
  Statement stale_groups_;                                            // of a merge
  std::vector<Statement> take_back_, restore_, mark_, forget_found_;  // per effect
  stdlib::Arena arena_;
};

}  // namespace backfill::database::sqlite
