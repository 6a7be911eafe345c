// SPDX-License-Identifier: Apache-2.0
// The pieces of SQL by which stores address rows of one table: columns, keys, ranges of keys.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "compiler/lower/sql/joins.h"
#include "compiler/source/result.h"
#include "stdlib/batch.h"

namespace backfill::database_sql {

struct Open {
  bool after = false;  // the range has no lower end
  bool until = false;  // and no upper one
};

class KeySql {
 public:
  // Both must outlive it.
  // Of a run, its effects' tables: queries do not see what it has inserted itself.
  KeySql(const ir::Backfill& backfill, const lower_sql::Dialect& dialect, lower_sql::EffectName effect = {})
      : backfill_(backfill), dialect_(dialect), effect_(std::move(effect)) {}

  [[nodiscard]] std::size_t size() const { return backfill_.key.size(); }
  // Always with an alias in front: SQLite takes a bare "name" that it does not know for a text (SEMANTICS
  // 75).
  [[nodiscard]] std::string column(std::string_view alias, int column, std::string_view prefix = "") const;
  [[nodiscard]] std::string name(int column, std::string_view prefix = "") const;  // quoted, without alias
  [[nodiscard]] std::string list(std::string_view alias, std::string_view prefix = "") const;
  [[nodiscard]] std::string row_value(std::string_view alias, std::string_view prefix = "") const;
  [[nodiscard]] std::string placeholders(int from) const;  // of one key, from the n-th bound value on
  // after < key <= until; binds `after` and `until`, where they are not open, from the first value on.
  [[nodiscard]] std::string range(std::string_view alias, Open open, std::string_view prefix = "") const;
  // The number of the value that is bound behind the range's.
  [[nodiscard]] int behind(Open open) const;
  // What TableAccess::read_for_verify reads, without its LIMIT: inputs with prior values where the run wrote
  // the row, stored outputs, corrected, set aside, deleted, answered. `shown` says how the SQL of an input is
  // read; the names of the tables are quoted.
  [[nodiscard]] std::string read_for_verify(
      const std::string& table, const std::string& corrections, const std::string& quarantine, Open open,
      const std::function<std::string(int input, const std::string& sql)>& shown, std::string_view frozen,
      std::string_view answers) const;
  // The queries of the backfill, joined with its table under `alias`.
  [[nodiscard]] lower_sql::Joins joins(std::string_view alias, std::string_view frozen = {}) const;
  // The statements that make the table of what frozen queries find, and fill it; empty: there are none.
  [[nodiscard]] std::string freeze(const std::string& frozen, const std::string& table) const;
  // key_<name> of the left is <name> of the right, for every key column.
  [[nodiscard]] std::string same(std::string_view corrections, std::string_view table) const;

 private:
  const ir::Backfill& backfill_;
  const lower_sql::Dialect& dialect_;
  lower_sql::EffectName effect_;
};

// What a required input that holds nothing means: a foreign key says that a lookup finds a row and it found
// none, or the database could not compute it. Nothing: all is well.
std::optional<std::string> absent(const ir::Backfill& backfill, int input, const stdlib::ColumnBuffer& buffer,
                                  std::int64_t row);

// A Failure for a query that the database has no exact form for.
Result<void> check_queries(const ir::Backfill& backfill, const lower_sql::Dialect& dialect);

// Is there a full unique key over some of these columns? That none of them is NULL is asked of the rows where
// the schema allows it.
[[nodiscard]] bool has_unique_key(const schema::Table& table, const std::vector<int>& columns);

// Columns for so many rows of the backfill's inputs, or of its outputs; what they held is gone.
void make_room(const ir::Backfill& backfill, std::vector<stdlib::ColumnBuffer>& buffers, std::int64_t rows,
               bool outputs);

// What was written in a stage `where` may no longer be what it asks for, and a later stage could meet that
// row again: `read` leaves it out then.
[[nodiscard]] bool may_meet_again(const ir::Backfill& backfill);

}  // namespace backfill::database_sql
