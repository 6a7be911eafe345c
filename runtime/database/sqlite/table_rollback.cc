// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/table.h"

namespace backfill::database::sqlite {

namespace {

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};

}  // namespace

// Key, prior values, new values: exactly as SQLite held them.
struct SqliteTable::Correction {
  std::vector<std::unique_ptr<sqlite3_value, FreeValue>> values;
  std::vector<stdlib::Value> key;
};

// Read as a whole before anything is written, so that no statement reads what another one changes.
Result<std::vector<SqliteTable::Correction>> SqliteTable::corrections(const Key& after, const Key& until,
                                                                      std::int64_t limit) {
  BACKFILL_ASSIGN(const Statement* statement,
                  ranged(corrections_, &TableSql::read_corrections, after, until, limit));
  const ResetAtEnd reset(*statement);
  std::vector<Correction> result;
  while (true) {
    BACKFILL_ASSIGN(const bool more, connection_.step(*statement, "read the corrections"));
    if (!more) return result;
    Correction& correction = result.emplace_back();
    for (int i = 0; i < sqlite3_column_count(statement->handle()); ++i)
      correction.values.emplace_back(sqlite3_value_dup(sqlite3_column_value(statement->handle(), i)));
    for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
      const schema::Column& column = schema_of(backfill_.key[i]);
      stdlib::ColumnBuffer buffer(column.type);
      buffer.reserve(1);
      stdlib::Arena arena;
      if (const auto bad = decode(statement->handle(), static_cast<int>(i), column, buffer, 0, arena))
        return fatal("a correction has an unreadable key: " + bad->message);
      correction.key.push_back(buffer.value(0));
    }
  }
}

Result<void> SqliteTable::restore(const Correction& correction, RollbackOutcome& outcome) {
  const std::size_t keys = backfill_.key.size();
  const std::size_t outputs = backfill_.row.outputs.size();
  const auto bind = [&](const Statement& statement, int at, std::size_t value) {
    sqlite3_bind_value(statement.handle(), at, correction.values[value].get());
  };
  const auto run = [&](const Statement& statement, std::string_view what) -> Result<bool> {
    const ResetAtEnd reset(statement);
    return connection_.step(statement, what);
  };
  int at = 0;
  for (std::size_t i = 0; i < outputs; ++i) bind(restore_, ++at, keys + i);
  for (std::size_t i = 0; i < keys; ++i) bind(restore_, ++at, i);
  for (std::size_t i = 0; i < outputs; ++i) bind(restore_, ++at, keys + outputs + i);
  const ResetAtEnd reset(restore_);
  const int code = sqlite3_step(restore_.handle());
  // The others can be restored all the same. (RAISE(ROLLBACK) has ended the transaction: that is a failure.)
  if ((code & 0xff) == SQLITE_CONSTRAINT && sqlite3_get_autocommit(connection_.handle()) == 0) {
    ++outcome.blocked;
    return {};
  }
  if (code != SQLITE_DONE)
    return connection_.failure(fmt::format("restore a row of `{}`", backfill_.table->name));
  if (sqlite3_changes64(connection_.handle()) == 1) {
    for (std::size_t i = 0; i < keys; ++i) bind(mark_, static_cast<int>(i) + 1, i);
    BACKFILL_ASSIGN(const bool marked, run(mark_, "mark a correction as rolled back"));
    static_cast<void>(marked);
    ++outcome.restored;
    return {};
  }
  for (std::size_t i = 0; i < keys; ++i) bind(exists_, static_cast<int>(i) + 1, i);
  BACKFILL_ASSIGN(const bool there, run(exists_, "look for a row"));
  ++(there ? outcome.changed_since : outcome.gone);
  return {};
}

Result<bool> SqliteTable::restore_columns(const Correction& correction, std::string& reason) {
  const std::size_t keys = backfill_.key.size(), outputs = backfill_.row.outputs.size();
  const auto bind = [&](const Statement& statement, int at, std::size_t value) {
    sqlite3_bind_value(statement.handle(), at, correction.values[value].get());
  };
  if (outputs > 0) {
    int at = 0;
    for (std::size_t i = 0; i < outputs; ++i) bind(restore_, ++at, keys + i);
    for (std::size_t i = 0; i < keys; ++i) bind(restore_, ++at, i);
    for (std::size_t i = 0; i < outputs; ++i) bind(restore_, ++at, keys + outputs + i);
    const ResetAtEnd reset(restore_);
    const int code = sqlite3_step(restore_.handle());
    if ((code & 0xff) == SQLITE_CONSTRAINT && sqlite3_get_autocommit(connection_.handle()) == 0) {
      reason = sqlite3_errmsg(connection_.handle());
      return false;
    }
    if (code != SQLITE_DONE)
      return connection_.failure(fmt::format("restore a row of `{}`", backfill_.table->name));
    if (sqlite3_changes64(connection_.handle()) != 1) return false;
  }
  for (std::size_t i = 0; i < keys; ++i) bind(mark_, static_cast<int>(i) + 1, i);
  const ResetAtEnd reset(mark_);
  BACKFILL_ASSIGN(const bool row, connection_.step(mark_, "mark a correction as rolled back"));
  static_cast<void>(row);
  return true;
}

Result<void> SqliteTable::restore_all(const Correction& correction, RollbackOutcome& outcome) {
  BACKFILL_TRY(run_simple(savepoint_));
  std::vector<sqlite3_value*> key;
  for (std::size_t i = 0; i < backfill_.key.size(); ++i) key.push_back(correction.values[i].get());
  std::string reason;
  BACKFILL_ASSIGN(bool restored, effects_.undo_delete(key, reason));
  if (restored) {
    BACKFILL_ASSIGN(restored, restore_columns(correction, reason));
  }
  if (restored) {
    BACKFILL_ASSIGN(restored, effects_.undo_inserts(key, reason));
  }
  if (!restored) BACKFILL_TRY(run_simple(undo_));
  BACKFILL_TRY(run_simple(release_));
  if (restored) {
    ++outcome.restored;
  } else if (!reason.empty()) {
    ++outcome.blocked;
  } else {
    const ResetAtEnd reset(exists_);
    for (std::size_t i = 0; i < key.size(); ++i)
      sqlite3_bind_value(exists_.handle(), static_cast<int>(i) + 1, key[i]);
    BACKFILL_ASSIGN(const bool there, connection_.step(exists_, "look for a row"));
    ++(there ? outcome.changed_since : outcome.gone);
  }
  return {};
}

Result<RollbackOutcome> SqliteTable::roll_back(const Key& after, const Key& until, std::int64_t limit,
                                               Key& last) {
  if (sqlite3_get_autocommit(connection_.handle()) != 0)
    return fatal("rows are restored in a write transaction only");
  if (!mark_) {
    BACKFILL_ASSIGN(mark_, connection_.prepare(sql_.mark_rolled_back()));
    BACKFILL_ASSIGN(exists_, connection_.prepare(sql_.exists()));
    if (!backfill_.row.outputs.empty()) {
      BACKFILL_ASSIGN(restore_, connection_.prepare(sql_.restore()));
    }
    BACKFILL_ASSIGN(savepoint_, connection_.prepare("SAVEPOINT backfill_write"));
    BACKFILL_ASSIGN(release_, connection_.prepare("RELEASE backfill_write"));
    BACKFILL_ASSIGN(undo_, connection_.prepare("ROLLBACK TO backfill_write"));
  }
  BACKFILL_ASSIGN(const std::vector<Correction> taken, corrections(after, until, limit));
  RollbackOutcome outcome;
  last.clear();
  const bool with_effects = !backfill_.effects.empty();
  for (const Correction& correction : taken)
    BACKFILL_TRY(with_effects ? restore_all(correction, outcome) : restore(correction, outcome));
  if (!taken.empty()) last = taken.back().key;
  return outcome;
}

}  // namespace backfill::database::sqlite
