// SPDX-License-Identifier: Apache-2.0
// One table of a SQLite database as one run reads, writes, verifies and restores it.
#pragma once

#include <array>

#include "runtime/database/sqlite/connection.h"
#include "runtime/database/sqlite/effects.h"
#include "runtime/database/sqlite/selection.h"
#include "runtime/database/sqlite/table_sql.h"
#include "runtime/database/store.h"

namespace backfill::database::sqlite {

class SqliteTable final : public TableAccess {
 public:
  // `connection`, `serving` (register_selection) and `backfill` must outlive it. Refuses tables whose keys
  // cannot address every row.
  static Result<std::unique_ptr<TableAccess>> open(const Connection& connection, Selection** serving,
                                                   const ir::Backfill& backfill, std::int64_t run);

  Result<void> read(const Key& after, const Key& until, std::int64_t limit, RowBatch& batch) override;
  Result<std::optional<KeySpan>> key_span() override;
  Result<WriteOutcome> write(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                             std::span<const std::int64_t> selected, std::int64_t batch_number) override;
  Result<WriteOutcome> apply_effects(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                     std::span<const stdlib::ColumnBuffer> values,
                                     std::span<const std::int64_t> selected,
                                     std::int64_t batch_number) override {
    return effects_.apply(batch, outputs, values, selected, batch_number);
  }
  Result<void> keep_answers(const RowBatch& batch, std::span<const std::int64_t> rows,
                            std::span<const std::vector<std::string>> asked,
                            std::int64_t batch_number) override;
  Result<void> set_aside(const RowBatch& batch, std::span<const SetAside> rows,
                         std::int64_t batch_number) override;
  Result<RollbackOutcome> roll_back(const Key& after, const Key& until, std::int64_t limit,
                                    Key& last) override;
  Result<void> read_for_verify(const Key& after, const Key& until, std::int64_t limit,
                               VerifyBatch& batch) override;

 private:
  using ByOpen = std::array<Statement, 4>;  // one statement per combination of open ends
  struct Correction;

  SqliteTable(const Connection& connection, Selection** serving, const ir::Backfill& backfill,
              std::int64_t run)
      : connection_(connection),
        serving_(serving),
        backfill_(backfill),
        sql_(backfill, run),
        effects_(connection, backfill, run) {}
  Result<void> check() const;
  [[nodiscard]] const schema::Column& schema_of(int column) const {
    return backfill_.table->columns[static_cast<std::size_t>(column)];
  }
  [[nodiscard]] std::string shown_key(std::span<const Cell> key) const;

  // The prepared statement for this range, with its values bound; they point into range_arena_ and the keys.
  Result<const Statement*> ranged(ByOpen& statements, std::string (TableSql::*sql)(Open) const,
                                  const Key& after, const Key& until, std::int64_t limit);
  Result<int> bind_key(const Statement& statement, int at, const Key& key);
  Result<void> prepare_write();
  Result<void> read_row(const Statement& statement, std::int64_t row, RowBatch& batch);
  Result<bool> is_canonical_key(const Statement& statement, std::int64_t row, const RowBatch& batch);

  struct Counts {
    std::int64_t inserted = 0, updated = 0;
    bool refused = false;  // by a constraint or a trigger: `reason` says which
    std::string reason;
  };
  // Both statements over the keys first..last of the selection; undone if they do not agree.
  Result<Counts> write_range(std::size_t first, std::size_t last, std::int64_t batch_number);
  Result<Counts> run_both(std::size_t first, std::size_t last, std::int64_t batch_number);
  Result<std::int64_t> run_one(const Statement& statement, std::span<const Cell> first,
                               std::span<const Cell> last, const std::int64_t* batch_number,
                               std::string* refused);
  // Where no selected row has a prior value, nothing of it need be read again for the corrections.
  [[nodiscard]] bool has_nothing_prior(const RowBatch& batch) const;
  Result<std::int64_t> insert_without_prior(std::int64_t batch_number);
  Result<void> insert_values(const Statement& statement, std::size_t from, std::size_t count,
                             std::int64_t batch_number);
  Result<void> write_all(std::int64_t batch_number, WriteOutcome& outcome);
  Result<void> write_watched(std::int64_t batch_number, WriteOutcome& outcome);
  Result<void> write_kept(std::size_t at, WriteOutcome& outcome);
  Result<bool> holds(const Statement& statement, std::span<const Cell> key);
  Result<void> run_simple(const Statement& statement);
  Result<void> write_each(std::int64_t batch_number, WriteOutcome& outcome);

  Result<std::vector<Correction>> corrections(const Key& after, const Key& until, std::int64_t limit);
  Result<void> restore(const Correction& correction, RollbackOutcome& outcome);
  // All of it or nothing.
  Result<void> restore_all(const Correction& correction, RollbackOutcome& outcome);
  // What effects did is taken back: the derived columns too.
  Result<bool> restore_columns(const Correction& correction, std::string& reason);

  const Connection& connection_;
  Selection** serving_;
  const ir::Backfill& backfill_;
  TableSql sql_;
  Effects effects_;
  std::vector<schema::Column> input_columns_;  // what each input is read as
  ByOpen read_, verify_, corrections_;
  bool reaches_others_ = false;  // writing one row may change another: triggers, cascades
  Statement insert_, update_, as_kept_, forget_, savepoint_, release_, undo_, restore_, mark_, exists_,
      set_aside_;
  Statement insert_one_, insert_many_;  // without prior values
  bool nothing_prior_ = false;          // of the batch that is being written
  Selection selection_;
  std::vector<bool> reads_;  // per input; the others stay missing
  std::vector<std::string> output_names_;
  stdlib::Arena range_arena_;
};

}  // namespace backfill::database::sqlite
