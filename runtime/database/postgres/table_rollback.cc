// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/settings.h"
#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"

namespace backfill::database::postgres {

namespace {

std::int64_t count_at(const Answer& answer, int column) {
  return wire::get<std::int64_t>(PQgetvalue(answer.get(), 0, column));
}

}  // namespace

Result<std::vector<Key>> PostgresTable::corrected_keys(const Key& after, const Key& until,
                                                       std::int64_t limit) const {
  BACKFILL_ASSIGN(const Parameters values, range_values(after, until, limit));
  BACKFILL_ASSIGN(
      const Answer answer,
      connection_.send(sql_.keys_of_corrections({after.empty(), until.empty()}), values, Form::Binary));
  const int rows = PQntuples(answer.get());
  std::vector<Key> keys(static_cast<std::size_t>(rows));
  stdlib::Arena arena;
  for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
    const schema::Column& column = schema_of(backfill_.key[i]);
    stdlib::ColumnBuffer buffer(column.type);
    buffer.reserve(rows);
    for (int row = 0; row < rows; ++row) {
      if (const auto bad = decode(answer.get(), row, static_cast<int>(i), column, buffer, row, arena))
        return fatal("a correction has an unreadable key: " + bad->message);
      keys[static_cast<std::size_t>(row)].push_back(buffer.value(row));
    }
  }
  return keys;
}

// All at once; in halves where a constraint or a trigger refuses one, so that the others are restored.
Result<void> PostgresTable::restore(std::span<const Key> keys, RollbackOutcome& outcome) {
  Parameters values;
  BACKFILL_TRY(add_key(values, keys.front()));
  BACKFILL_TRY(add_key(values, keys.back()));
  std::optional<Refusal> refusal;
  BACKFILL_TRY(connection_.run(fmt::format("{}SAVEPOINT backfill_restore", kApplicationsPath)));
  BACKFILL_ASSIGN(const Answer answer, connection_.try_send(sql_.restore(), values, refusal));
  if (refusal) BACKFILL_TRY(connection_.run("ROLLBACK TO SAVEPOINT backfill_restore"));
  BACKFILL_TRY(connection_.run(fmt::format("RELEASE SAVEPOINT backfill_restore;{}", our_path())));
  if (!refusal) {
    outcome.restored += count_at(answer, 0);
    return {};
  }
  if (keys.size() == 1) {
    ++outcome.blocked;
    return {};
  }
  const std::size_t half = keys.size() / 2;
  BACKFILL_TRY(restore(keys.first(half), outcome));
  return restore(keys.subspan(half), outcome);
}

// False: less than all of it was as the run had left it; the caller undoes this.
Result<bool> PostgresTable::undo_all(std::span<const Key> keys, std::optional<Refusal>& refusal) {
  Parameters values;
  BACKFILL_TRY(add_key(values, keys.front()));
  BACKFILL_TRY(add_key(values, keys.back()));
  const auto taken_back = [&](std::size_t effect) -> Result<bool> {
    BACKFILL_ASSIGN(const Answer answer, connection_.try_send(sql_.undo(effect), values, refusal));
    return !refusal && count_at(answer, 0) == count_at(answer, 1);
  };
  std::size_t inserts = backfill_.effects.size();
  if (ir::deletes_row(backfill_) != nullptr) {
    BACKFILL_ASSIGN(const bool put_back, taken_back(--inserts));
    if (!put_back) return false;
  }
  // Before the rows that it may refer to are gone.
  const std::string columns = backfill_.row.outputs.empty() ? sql_.mark() : sql_.restore();
  BACKFILL_ASSIGN(const Answer answer, connection_.try_send(columns, values, refusal));
  if (refusal || count_at(answer, 0) != static_cast<std::int64_t>(keys.size())) return false;
  while (inserts-- > 0) {
    BACKFILL_ASSIGN(const bool gone, taken_back(inserts));
    if (!gone) return false;
  }
  return true;
}

Result<void> PostgresTable::undo(std::span<const Key> keys, RollbackOutcome& outcome) {
  BACKFILL_TRY(connection_.run(fmt::format("{}SAVEPOINT backfill_restore", kApplicationsPath)));
  std::optional<Refusal> refusal;
  BACKFILL_ASSIGN(const bool all, undo_all(keys, refusal));
  if (!all) BACKFILL_TRY(connection_.run("ROLLBACK TO SAVEPOINT backfill_restore"));
  BACKFILL_TRY(connection_.run(fmt::format("RELEASE SAVEPOINT backfill_restore;{}", our_path())));
  if (all) {
    outcome.restored += static_cast<std::int64_t>(keys.size());
    return {};
  }
  if (keys.size() > 1) {
    const std::size_t half = keys.size() / 2;
    BACKFILL_TRY(undo(keys.first(half), outcome));
    return undo(keys.subspan(half), outcome);
  }
  if (refusal) {
    ++outcome.blocked;
    return {};
  }
  Parameters values;
  BACKFILL_TRY(add_key(values, keys.front()));
  BACKFILL_TRY(add_key(values, keys.back()));
  BACKFILL_ASSIGN(const Answer left, connection_.send(sql_.not_restored(), values, Form::Binary));
  outcome.gone += count_at(left, 0);
  outcome.changed_since += count_at(left, 1);
  return {};
}

Result<RollbackOutcome> PostgresTable::roll_back(const Key& after, const Key& until, std::int64_t limit,
                                                 Key& last) {
  if (!connection_.in_transaction()) return fatal("rows are restored in a write transaction only");
  RollbackOutcome outcome;
  last.clear();
  BACKFILL_ASSIGN(const std::vector<Key> keys, corrected_keys(after, until, limit));
  if (keys.empty()) return outcome;
  last = keys.back();
  if (!backfill_.effects.empty()) {
    BACKFILL_TRY(undo(keys, outcome));
    return outcome;
  }
  BACKFILL_TRY(restore(keys, outcome));
  Parameters values;
  BACKFILL_TRY(add_key(values, keys.front()));
  BACKFILL_TRY(add_key(values, keys.back()));
  BACKFILL_ASSIGN(const Answer left, connection_.send(sql_.not_restored(), values, Form::Binary));
  outcome.gone = count_at(left, 0);
  outcome.changed_since = count_at(left, 1) - outcome.blocked;
  return outcome;
}

}  // namespace backfill::database::postgres
