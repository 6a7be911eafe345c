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
  // The inserted row into the effect's table: the batch's number, the new row's key.
  [[nodiscard]] std::string keep_inserted(std::size_t effect) const;

  // A row that is there already: the batch's number, the values of the conflict's columns.
  [[nodiscard]] std::string keep_found(std::size_t effect) const;
  // What is passed on from it, in the order of Backfill::passed.
  [[nodiscard]] std::string passed(std::size_t effect) const;

  // Rollback.
  [[nodiscard]] std::string take_back(std::size_t effect) const;
  [[nodiscard]] std::string put_back(std::size_t effect) const;
  [[nodiscard]] std::string mark(std::size_t effect) const;

  [[nodiscard]] std::string forget_found(std::size_t effect) const;  // nothing is to be taken back

  [[nodiscard]] std::string create() const;

 private:
  [[nodiscard]] std::string keep_row(std::size_t effect, const std::vector<int>& by, int found) const;
  [[nodiscard]] std::string effect_table(std::size_t effect) const;
  [[nodiscard]] std::string same_key(std::string_view alias, std::string_view prefix = "") const;

  const ir::Backfill& backfill_;
  database_sql::KeySql key_;
  int k_;
  std::int64_t run_;
  std::string table_, corrections_;
};

}  // namespace backfill::database::sqlite
