// SPDX-License-Identifier: Apache-2.0
// The statements of one run's effects. Values to bind: the row's key, then what is said here.
#pragma once

#include <string>

#include "compiler/ir/ir.h"
#include "runtime/database/sql/key_sql.h"

namespace backfill::database::sqlite {

class EffectSql {
 public:
  // `backfill` must outlive it.
  EffectSql(const ir::Backfill& backfill, std::int64_t run);

  // The correction of a row: the batch's number; `derived`: its new values, else those that stand.
  [[nodiscard]] std::string keep(bool derived) const;
  [[nodiscard]] std::string derive() const;  // new values
  [[nodiscard]] std::string look() const;    // the inputs as they are now

  // The whole row into the effect's table (batch), and out of its own.
  [[nodiscard]] std::string take(std::size_t effect) const;
  [[nodiscard]] std::string remove() const;

  // `insert`: binds the values alone; gives the key of the new row, or no row.
  [[nodiscard]] std::string insert(std::size_t effect) const;
  // The inserted row into the effect's table: the batch's number, the new row's key, with elements the number
  // of this one.
  [[nodiscard]] std::string keep_inserted(std::size_t effect) const;

  // A row that is there already: the batch's number, the values of the conflict's columns.
  [[nodiscard]] std::string keep_found(std::size_t effect) const;
  // OnConflict::Update. Bind what is given for the conflict's columns, then for the updated ones; give 1
  // where the row that is there already holds the latter, and where this run has written it.
  [[nodiscard]] std::string holds(std::size_t effect) const;
  [[nodiscard]] std::string written(std::size_t effect) const;
  // That row as it is into the effect's table: the batch's number, the conflict's columns, perhaps the
  // element.
  [[nodiscard]] std::string keep_updated(std::size_t effect) const;
  [[nodiscard]] std::string update(std::size_t effect) const;  // the conflict's columns, the updated ones
  [[nodiscard]] std::string keep_updated_to(std::size_t effect) const;  // as it is now: perhaps the element

  // What is passed on from it, in the order of Backfill::passed.
  [[nodiscard]] std::string passed(std::size_t effect) const;

  // Rows of another table into the effect's table: the batch's number, what the condition reads, the values
  // of each given column. Then what was kept is written.
  [[nodiscard]] std::string keep_others(std::size_t effect) const;
  [[nodiscard]] std::string write_others(std::size_t effect) const;

  // Of a merge's Group: binds the first and the last key; the keys of rows whose groups are no longer what
  // they were.
  [[nodiscard]] std::string stale_groups(int query) const;

  // Rollback.
  [[nodiscard]] std::string undo(std::size_t effect) const;
  [[nodiscard]] std::string restore(std::size_t effect) const;  // what a conflict has updated
  [[nodiscard]] std::string mark(std::size_t effect) const;

  [[nodiscard]] std::string forget_found(std::size_t effect) const;  // nothing is to be taken back

  [[nodiscard]] std::string create() const;

 private:
  [[nodiscard]] std::string take_back(std::size_t effect) const;
  [[nodiscard]] std::string put_back(std::size_t effect) const;
  [[nodiscard]] std::string restore_others(std::size_t effect) const;
  [[nodiscard]] std::string keep_row(std::size_t effect, const std::vector<int>& by, int found) const;
  [[nodiscard]] std::string agrees(std::size_t effect, const std::string& alias, int from) const;
  [[nodiscard]] std::string effect_table(std::size_t effect) const;
  [[nodiscard]] std::string same_key(std::string_view alias, std::string_view prefix = "") const;

  const ir::Backfill& backfill_;
  database_sql::KeySql key_;
  int k_;
  std::int64_t run_;
  std::string table_, corrections_, frozen_;
};

}  // namespace backfill::database::sqlite
