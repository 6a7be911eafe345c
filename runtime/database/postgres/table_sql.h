// SPDX-License-Identifier: Apache-2.0
// The statements by which one run reads and writes one table of PostgreSQL.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/postgres/columns.h"
#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/horizon.h"
#include "runtime/database/sql/key_sql.h"

namespace backfill::database::postgres {

using database_sql::Open;

// Rows that `read` passes over: those that a run has corrected (0: none), or those that nobody else has
// written since.
struct LeftOut {
  std::int64_t corrected_by = 0;
  std::optional<Since> since;
};

// What a write asks of the other rows that a row was derived from.
enum class Guard : std::uint8_t {
  Again,     // all that was found there is looked for again, and compared
  Snapshot,  // the statement's snapshot is the bound one, with which all was compared
  Before     // it was compared when the rows were locked
};

class TableSql {
 public:
  // `backfill` must outlive it; `types` are those of its table's columns, `effect_types` those of each
  // effect's table.
  TableSql(const ir::Backfill& backfill, std::vector<StoredType> types, std::int64_t run,
           std::vector<std::vector<StoredType>> effect_types = {});

  void leave_out(const LeftOut& rows);
  // Does the row function read other rows? Then what was found there stands behind the inputs, as one text,
  // and is an array of texts behind the versions in `update` with Guard::Again.
  [[nodiscard]] bool has_queries() const { return has_queries_; }
  // Columns of the table whose values stand as arrays behind those.
  [[nodiscard]] const std::vector<int>& guard_columns() const { return guard_columns_; }

  // Values to bind: `after`, `until` (where not open), then the limit. Inputs, then the row's version. Rows
  // that this run has written are left out where a later stage could meet them again.
  [[nodiscard]] std::string read(Open open) const;
  // The same of the rows whose keys are bound as arrays, locked.
  [[nodiscard]] std::string read_again() const;
  // Inputs with prior values, stored outputs, corrected, set aside.
  [[nodiscard]] std::string read_for_verify(Open open) const;

  // Arrays of key columns, of row versions and places, of new values per output; then the first and the last
  // key.
  // With `which`: the position (from 1) of each row that was written, and whether it holds what was sent.
  [[nodiscard]] std::string update(bool which, Guard guard = Guard::Again) const;
  // Can it be told that nobody has changed what was found in other rows: this table's writes reach none of
  // them (`quiet` asks the database the same)?
  [[nodiscard]] bool may_be_quiet() const { return may_be_quiet_; }
  // The snapshot, this transaction's number, and whether writes stay in the table and what is read are
  // tables.
  [[nodiscard]] std::string quiet() const;
  // Are rows found by where they stand? Then `update` is sent no first and last key.
  [[nodiscard]] bool by_place() const { return by_place_; }
  // Arrays of keys, a row of each page.
  [[nodiscard]] std::string prune() const;
  // Arrays of keys and versions. Per row that is there: position, and whether it has that version.
  [[nodiscard]] std::string versions() const;
  // Key, batch, prior values, new values.
  [[nodiscard]] std::string copy_corrections() const;
  // Arrays of keys, then the batch's number, then arrays of outcome, error, message.
  // Binds the keys of the lines, an array per column.
  [[nodiscard]] std::string keep_answers(std::span<const std::string> lines, std::int64_t batch_number) const;
  [[nodiscard]] std::string set_aside() const;

  // As `read`: keys of corrections that are in force.
  [[nodiscard]] std::string keys_of_corrections(Open open) const;
  // First and last key: restores those that hold what the run wrote, marks them, and counts them.
  [[nodiscard]] std::string restore() const;
  // First and last key: how many are not restored and gone, not restored and there.
  [[nodiscard]] std::string not_restored() const;

  // Effects. Arrays of keys and of versions, first and last key: the position (from 1) of each row that is
  // still that version; locked.
  [[nodiscard]] std::string lock() const;
  // Arrays of keys, first and last key, the batch's number: positions of the rows that are gone now; all of
  // them is in the effect's table.
  [[nodiscard]] std::string delete_rows(std::size_t effect) const;
  // Arrays of keys, then of the values of each given column, then the batch's number: per row that was
  // inserted its source's position, and whether it holds what was sent; then how many were inserted.
  // `missing`, per column of the conflict: those that are missing in all of the rows, and agree with missing
  // ones; empty: none is. With elements their numbers stand behind the keys.
  using MissingOf = std::vector<bool>;
  [[nodiscard]] std::string insert(std::size_t effect, const MissingOf& missing) const;
  [[nodiscard]] std::string lock_missing(std::size_t effect) const;  // before what has `missing`
  // How a column's values are sent to the effect's table.
  [[nodiscard]] Sent sent(const ir::Effect& effect, int column) const;
  // Of an effect that finds what is there: arrays of keys, arrays of the conflict's columns, the batch's
  // number. Keeps what was found for the keys that nothing is kept for.
  [[nodiscard]] std::string keep_found(std::size_t effect, const MissingOf& missing) const;
  // OnConflict::Update (conflict_sql.cc). Locks rows that are there already.
  [[nodiscard]] std::string lock_found(std::size_t effect) const;
  // Also the batch's number: per row that was updated its source's position, and whether it holds what was
  // sent.
  [[nodiscard]] std::string update_found(std::size_t effect) const;
  // Positions of sources whose row holds what they give.
  [[nodiscard]] std::string hold_found(std::size_t effect) const;
  // Arrays of keys: position, then what is passed on, in the order of Backfill::passed.
  [[nodiscard]] std::string passed(std::size_t effect) const;
  // Of an effect on rows of another table. Arrays of keys, of what its condition reads (`read_as`), of the
  // values of each given column, the batch's number: keeps those rows as they are, and locks them.
  [[nodiscard]] std::string keep_others(std::size_t effect) const;
  [[nodiscard]] Sent read_as(const ir::Effect& effect, std::size_t read) const;
  // Arrays of keys: writes what was kept for them. Per source its position, whether its rows hold what was
  // sent, and how many they are.
  [[nodiscard]] std::string write_others(std::size_t effect) const;
  // Of a merge's Group, for the rows whose keys are bound as arrays: locks the rows of their groups;
  // positions of those whose groups are no longer what they were.
  [[nodiscard]] std::string lock_groups(int query) const;
  [[nodiscard]] std::string stale_groups(int query) const;
  // First and last key: how many rows were taken back and how many were to be.
  [[nodiscard]] std::string undo(std::size_t effect) const;
  // First and last key: marks corrections of rows of which no column was derived; how many.
  [[nodiscard]] std::string mark() const;

  [[nodiscard]] std::string least_and_greatest_key() const;
  [[nodiscard]] std::string any_null_key() const;
  [[nodiscard]] std::string create() const;  // the run's tables
  // The key of the corrections, where `create` has left it out; whether it is there: no row, or one.
  [[nodiscard]] std::string lock_corrections() const;
  [[nodiscard]] std::string have_index() const;
  [[nodiscard]] std::string index_corrections() const;
  [[nodiscard]] std::string corrected_twice() const;  // a row, if any row is

  // A domain over an enum has no operators of its own; addresses are not in the order of their texts.
  [[nodiscard]] bool has_order(int column) const {
    const StoredType& type = types_[static_cast<std::size_t>(column)];
    return (!type.is_enum || !type.is_domain) && !sent(column).is_address;
  }
  [[nodiscard]] const Sent& sent(int column) const { return sent_[static_cast<std::size_t>(column)]; }

 private:
  [[nodiscard]] bool passes_int64(const ir::Passed& one) const;
  [[nodiscard]] std::string put_back(std::size_t effect) const;
  [[nodiscard]] std::string take_back(std::size_t effect) const;
  [[nodiscard]] std::string conflict_rows(std::size_t effect) const;
  [[nodiscard]] std::string there_already(std::size_t effect, const std::string& alias) const;
  [[nodiscard]] std::string holds(std::size_t effect, const std::string& alias,
                                  const std::string& given) const;
  [[nodiscard]] std::string restore_others(std::size_t effect) const;
  [[nodiscard]] std::string others_as_written(std::size_t effect) const;
  [[nodiscard]] std::string of_same_source(std::string_view kept) const;
  [[nodiscard]] std::string create_answers() const;
  [[nodiscard]] std::string of_group(std::string_view frozen, int query) const;
  [[nodiscard]] std::string create_effects() const;
  [[nodiscard]] std::string effect_table(std::size_t effect) const;
  [[nodiscard]] lower_sql::EffectName effect_name() const;
  [[nodiscard]] std::string unnested(std::string_view arrays, int from, bool hidden = false) const;
  [[nodiscard]] std::string key_arrays() const;
  [[nodiscard]] std::string key_names() const;
  [[nodiscard]] std::string same_key_as_bound() const;
  [[nodiscard]] std::string shown(int input, const std::string& sql) const;
  [[nodiscard]] std::string inputs(const lower_sql::Joins& joins) const;
  [[nodiscard]] std::string found(const lower_sql::Joins& joins) const;
  [[nodiscard]] std::string same_found() const;
  [[nodiscard]] std::string same_snapshot(int bound) const;
  [[nodiscard]] bool is_guard(int column) const {
    return std::ranges::find(guard_columns_, column) != guard_columns_.end();
  }
  // What a row is compared with before it is written: its version, its place, what was found in other rows,
  // and the columns by which that is looked for again.
  [[nodiscard]] std::string versions_array(bool with_found) const;
  [[nodiscard]] std::string versions_name(bool with_found) const;
  [[nodiscard]] std::string versions_array() const { return versions_array(has_queries_); }
  [[nodiscard]] std::string versions_name() const { return versions_name(has_queries_); }
  [[nodiscard]] int versions_count(bool with_found) const {
    return 2 + (with_found ? 1 + static_cast<int>(guard_columns_.size()) : 0);
  }
  [[nodiscard]] int versions_count() const { return versions_count(has_queries_); }
  [[nodiscard]] std::string found_again(const std::string& rows) const;
  [[nodiscard]] std::string compared(const std::string& value, int column) const;
  [[nodiscard]] std::string cast(int column) const;
  [[nodiscard]] const std::string& spelled(int column) const {
    return types_[static_cast<std::size_t>(column)].spelled;
  }
  [[nodiscard]] std::string between(std::string_view alias, int from, std::string_view prefix = "") const;
  [[nodiscard]] const schema::Column& schema_of(int column) const {
    return backfill_.table->columns[static_cast<std::size_t>(column)];
  }

  const ir::Backfill& backfill_;
  std::int64_t run_;
  std::vector<StoredType> types_;
  std::vector<std::vector<StoredType>> effect_types_;
  std::vector<Sent> sent_;  // per column of the table
  database_sql::KeySql key_;
  int k_;
  bool meets_again_, has_queries_, by_place_, may_be_quiet_;
  std::vector<int> guard_columns_;  // beside the key
  bool guard_in_set_ = false;       // they can be sent: the guard is one join of the batch
  std::string table_, corrections_, quarantine_, frozen_, answers_;  // quoted, with the schema
  std::string left_out_;                                             // a condition
};

}  // namespace backfill::database::postgres
