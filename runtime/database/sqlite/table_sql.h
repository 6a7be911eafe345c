// SPDX-License-Identifier: Apache-2.0
// The statements by which one run reads and writes one table.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/key_sql.h"

namespace backfill::database::sqlite {

using database_sql::Open;

class TableSql {
 public:
  // `backfill` must outlive it.
  TableSql(const ir::Backfill& backfill, std::int64_t run);

  // Values to bind: `after`, `until` (where not open), then the limit. Rows that this run has written are
  // left out where a later stage could meet them again.
  [[nodiscard]] std::string read(Open open) const;
  // Inputs with prior values, stored outputs, corrected, set aside.
  [[nodiscard]] std::string read_for_verify(Open open) const;
  // Key, prior values, new values of corrections that are in force.
  [[nodiscard]] std::string read_corrections(Open open) const;
  // First and last key; then the batch's number.
  [[nodiscard]] std::string insert_corrections() const;
  // Key and new values of each row in turn, then the batch's number. Prior values are NULL.
  [[nodiscard]] std::string insert_without_prior(std::size_t rows) const;
  [[nodiscard]] std::string update() const;
  [[nodiscard]] std::string update_as_kept() const;  // only where the row holds what its correction kept
  [[nodiscard]] std::string is_as_kept() const;      // does it?
  [[nodiscard]] std::string forget_correction()
      const;  // of a row that was not written     // first and last key
  // Binds the key of each line.
  [[nodiscard]] std::string keep_answers(std::span<const std::string> lines, std::int64_t batch_number) const;
  [[nodiscard]] std::string set_aside() const;  // key, batch, outcome, error, message
  // Prior values, key, new values.
  [[nodiscard]] std::string restore() const;
  [[nodiscard]] std::string mark_rolled_back() const;  // key
  [[nodiscard]] std::string exists() const;            // key
  [[nodiscard]] std::string least_and_greatest_key() const;
  [[nodiscard]] std::string any_null_key() const;
  [[nodiscard]] std::string create() const;  // both tables of the run

 private:
  [[nodiscard]] std::string create_answers() const;
  [[nodiscard]] lower_sql::EffectName effect_name() const;
  [[nodiscard]] std::string limit(Open open) const;
  [[nodiscard]] std::string as_kept() const;
  [[nodiscard]] std::string key_definition() const;
  [[nodiscard]] std::string key_constraint() const;
  [[nodiscard]] const schema::Column& schema_of(int column) const {
    return backfill_.table->columns[static_cast<std::size_t>(column)];
  }

  const ir::Backfill& backfill_;
  std::int64_t run_;
  bool meets_again_;  // rows of an earlier stage, unless `read` leaves them out
  database_sql::KeySql key_;
  int k_;
  bool rowid_;
  std::string table_, corrections_, quarantine_, frozen_, answers_;  // quoted, with the schema
  std::string rows_of_run_;
};

}  // namespace backfill::database::sqlite
