// SPDX-License-Identifier: Apache-2.0
// One table of a PostgreSQL database as one run reads, writes, verifies and restores it.
//
// A row is written only while it is the very version that was read (its xmin): who changed it since, in a
// transaction that had committed or that the statement waited for, has made another version. So batches are
// read without locks, at any time before they are written.
#pragma once

#include "runtime/database/postgres/connection.h"
#include "runtime/database/postgres/indexes.h"
#include "runtime/database/postgres/table_sql.h"
#include "runtime/database/sql/inserted_rows.h"
#include "runtime/database/store.h"

namespace backfill::database::postgres {

class PostgresTable final : public TableAccess {
 public:
  // Both must outlive it. Refuses tables whose keys cannot address every row, and what cannot be written.
  static Result<std::unique_ptr<TableAccess>> open(Connection& connection, const ir::Backfill& backfill,
                                                   std::int64_t run, const LeftOut& left_out = {});

  Result<void> read(const Key& after, const Key& until, std::int64_t limit, RowBatch& batch) override;
  Result<std::optional<KeySpan>> key_span() override;
  [[nodiscard]] bool gains_by_passes() const override { return spares_indexes_; }
  Result<WriteOutcome> write(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                             std::span<const std::int64_t> selected, std::int64_t batch_number) override;
  Result<WriteOutcome> apply_effects(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                     std::span<const stdlib::ColumnBuffer> values,
                                     std::span<const std::int64_t> selected,
                                     std::int64_t batch_number) override;
  Result<bool> read_again(const RowBatch& batch, std::span<const std::int64_t> rows, RowBatch& into) override;
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
  // Rows of one batch on their way.
  struct Sending {
    const RowBatch& batch;
    std::span<const stdlib::ColumnBuffer> outputs;
    std::vector<std::int64_t> rows;   // of the batch, ascending
    std::vector<std::string> values;  // one array's elements per output
    Guard guard;
    Result<Parameters> parameters;  // of the statement that updates them; of no rows, nothing
  };
  PostgresTable(Connection& connection, const ir::Backfill& backfill, TableSql sql, const Indexes& indexes)
      : connection_(connection),
        backfill_(backfill),
        sql_(std::move(sql)),
        reads_(ir::inputs_read(backfill)),
        spares_indexes_(backfill.effects.empty() && indexes.written.empty() && indexes.all >= kSpared),
        may_be_altered_(has_trigger_before(*backfill.table)) {
    for (std::size_t i = 0; i < reads_.size(); ++i)
      input_columns_.push_back(ir::input_column(backfill, static_cast<int>(i)));
  }
  // Indexes without a written column. Of the key's index alone less is spared than passes cost: they took a
  // fifth longer over a million rows, for two thirds of the growth and three quarters of the WAL.
  static constexpr std::size_t kSpared = 2;
  static bool has_trigger_before(const schema::Table& table);
  [[nodiscard]] Result<void> check() const;
  void keep_columns();
  [[nodiscard]] int input_of(int column) const;
  [[nodiscard]] int found_column() const { return static_cast<int>(backfill_.row.inputs.size()); }
  [[nodiscard]] const schema::Column& schema_of(int column) const {
    return backfill_.table->columns[static_cast<std::size_t>(column)];
  }

  // Outside of a transaction, in one of its own: its settings are what the statement rests on.
  Result<Answer> ask(const std::string& sql, const Parameters& values) const;
  Result<void> add_key(Parameters& values, const Key& key) const;
  Result<Parameters> range_values(const Key& after, const Key& until, std::int64_t limit) const;
  Result<void> take(Answer answer, RowBatch& batch, std::optional<Seen> seen = {}) const;
  Result<std::optional<Seen>> see() const;
  Result<void> take_row(const PGresult* result, std::int64_t row, RowBatch& batch) const;
  [[nodiscard]] Parameters key_arrays(const RowBatch& batch, std::span<const std::int64_t> rows) const;
  void add_versions(Parameters& values, const RowBatch& batch, std::span<const std::int64_t> rows,
                    Guard guard = Guard::Again) const;

  // Leaves out, and adds to `failures`, rows whose new values cannot be stored.
  [[nodiscard]] Sending sending(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                std::span<const std::int64_t> selected,
                                std::vector<WriteFailure>& failures) const;
  [[nodiscard]] Result<Parameters> update_values(const Sending& sending) const;
  // `meanwhile` is called once, whether there is something to prune or not.
  Result<void> prune(const RowBatch& batch, std::span<const std::int64_t> rows,
                     const Connection::Meanwhile& meanwhile);
  // Halves the rows where the database refuses one of them.
  Result<void> write_rows(Sending& sending, WriteOutcome& outcome);
  Result<void> write_halves(const Sending& sending, WriteOutcome& outcome);
  // The snapshot of now, if nobody else has committed since the batch was read.
  Result<std::optional<std::string>> quiet_since(const RowBatch& batch);
  // All rows, where that holds, without a look at other rows. Null: it does not, and nothing was written.
  Result<Answer> update_alone(Sending& sending);
  Result<void> guard_by(Sending& sending, Guard guard) const;
  // Says which rows it wrote if asked to, or if they are not all. Null where one was refused: undone then.
  // Keeps the corrections where all were written.
  Result<Answer> update(Sending& sending, bool& which, std::optional<Refusal>& refusal);
  // Rows that the statement, which says what it wrote, has not written: changed, gone, or kept by a trigger.
  Result<void> sort_out(const Sending& sending, const Answer& written, WriteOutcome& outcome);
  // Effects (effects.cc): of each row everything or nothing.
  struct Applying;
  Result<void> apply_rows(Applying& applying, std::span<const std::int64_t> rows);
  Result<void> attempt(Applying& applying, std::span<const std::int64_t> rows);
  Result<void> apply_insert(Applying& applying, std::size_t effect, std::span<const std::int64_t> rows);
  // `missing`: as TableSql::insert has it.
  Result<void> insert_rows(Applying& applying, std::size_t effect, std::span<const std::int64_t> rows,
                           const std::vector<bool>& missing);
  Result<void> insert_some(Applying& applying, std::size_t effect, const database_sql::InsertedRows& some,
                           const std::vector<bool>& missing);
  Result<void> update_some(Applying& applying, std::size_t effect, const database_sql::InsertedRows& some,
                           std::span<const std::size_t> positions);
  Parameters inserted_keys(const Applying& applying, const ir::Effect& effect,
                           const database_sql::InsertedRows& some,
                           std::span<const std::size_t> positions) const;
  bool add_inserted(Parameters& values, Applying& applying, const ir::Effect& effect,
                    const database_sql::InsertedRows& some, std::span<const ir::EffectColumn> columns,
                    std::span<const std::size_t> positions) const;
  Result<void> find_rows(Applying& applying, std::size_t effect, std::span<const std::int64_t> rows,
                         const std::vector<bool>& missing);
  Result<void> apply_others(Applying& applying, std::size_t effect, std::span<const std::int64_t> rows);
  Result<void> leave_stale_groups(Applying& applying, std::vector<std::int64_t>& rows);
  Result<void> pass_on(Applying& applying, std::size_t effect, std::span<const std::int64_t> rows);
  Result<void> apply_delete(Applying& applying, std::span<const std::int64_t> rows);
  Result<void> apply_derivations(Applying& applying, std::span<const std::int64_t> rows);
  [[nodiscard]] bool is_derived(const Applying& applying, std::int64_t row) const;
  Result<Parameters> first_and_last(Parameters values, const RowBatch& batch,
                                    std::span<const std::int64_t> rows) const;
  // Takes back what effects did for all corrections of these keys, and the derived columns.
  Result<void> undo(std::span<const Key> keys, RollbackOutcome& outcome);
  Result<bool> undo_all(std::span<const Key> keys, std::optional<Refusal>& refusal);
  // Into `copied_`.
  void encode_corrections(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                          std::span<const std::int64_t> rows);
  Result<void> keep_corrections(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                std::span<const std::int64_t> rows);

  Result<std::vector<Key>> corrected_keys(const Key& after, const Key& until, std::int64_t limit) const;
  Result<void> restore(std::span<const Key> keys, RollbackOutcome& outcome);

  Connection& connection_;
  const ir::Backfill& backfill_;
  TableSql sql_;
  std::vector<bool> reads_;                    // per input; the others stay missing
  std::vector<int> kept_columns_;              // of what is read: sent back when it is written
  std::vector<schema::Column> input_columns_;  // what each input is read as
  bool spares_indexes_;        // updates that stay on their page enter no index, and it pays to see to that
  bool may_be_altered_;        // triggers see each row before it is stored
  bool expects_quiet_ = true;  // so it was for the last batch
  int careful_ = 0;            // so many more batches begin with a savepoint: a row was refused lately
  int ask_which_ = 0;          // so many more writes say which rows they wrote: there were conflicts lately
  const void* pruned_for_ = nullptr;   // what was read at once and has been written in part
  std::int64_t batch_number_ = 0;      // of the batch that is being written
  std::vector<std::int64_t> written_;  // its rows
  std::vector<bool> underived_;        // per row of it: nothing was derived, its columns are as they were
  std::string copied_;                 // its corrections, on their way
};

}  // namespace backfill::database::postgres
