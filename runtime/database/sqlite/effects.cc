// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/effects.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "compiler/lower/sql/others.h"
#include "runtime/database/sql/copies.h"
#include "runtime/database/sqlite/cell.h"
#include "stdlib/bug.h"

namespace backfill::database::sqlite {

namespace {

bool writes_beside(const ir::Backfill& backfill) {
  return std::ranges::any_of(backfill.effects,
                             [&](const ir::Effect& effect) { return !effect.table->triggers.empty(); }) ||
         !backfill.table->triggers.empty();
}

}  // namespace

Effects::Effects(const Connection& connection, const ir::Backfill& backfill, std::int64_t run)
    : connection_(connection),
      backfill_(backfill),
      sql_(backfill, run),
      looks_again_(writes_beside(backfill)) {}

Result<void> Effects::prepare() {
  if (savepoint_) return {};
  const bool derives = !backfill_.row.outputs.empty();
  BACKFILL_ASSIGN(keep_, connection_.prepare(sql_.keep(false)));
  BACKFILL_ASSIGN(look_, connection_.prepare(sql_.look()));
  if (derives) {
    BACKFILL_ASSIGN(keep_derived_, connection_.prepare(sql_.keep(true)));
    BACKFILL_ASSIGN(derive_, connection_.prepare(sql_.derive()));
  }
  insert_.resize(backfill_.effects.size());
  keep_inserted_.resize(backfill_.effects.size());
  keep_found_.resize(backfill_.effects.size());
  passed_.resize(backfill_.effects.size());
  for (auto* list : {&holds_, &written_, &keep_updated_, &update_, &keep_updated_to_})
    list->resize(backfill_.effects.size());
  keep_others_.resize(backfill_.effects.size());
  write_others_.resize(backfill_.effects.size());
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    if (backfill_.effects[i].kind == ir::EffectKind::Insert) {
      BACKFILL_ASSIGN(insert_[i], connection_.prepare(sql_.insert(i)));
      BACKFILL_ASSIGN(keep_inserted_[i], connection_.prepare(sql_.keep_inserted(i)));
      if (backfill_.effects[i].ensures) {
        BACKFILL_ASSIGN(keep_found_[i], connection_.prepare(sql_.keep_found(i)));
      }
      if (backfill_.effects[i].on_conflict == ir::OnConflict::Update) {
        BACKFILL_ASSIGN(holds_[i], connection_.prepare(sql_.holds(i)));
        BACKFILL_ASSIGN(written_[i], connection_.prepare(sql_.written(i)));
        BACKFILL_ASSIGN(keep_updated_[i], connection_.prepare(sql_.keep_updated(i)));
        BACKFILL_ASSIGN(update_[i], connection_.prepare(sql_.update(i)));
        BACKFILL_ASSIGN(keep_updated_to_[i], connection_.prepare(sql_.keep_updated_to(i)));
      }
      if (std::ranges::find(backfill_.passed, static_cast<int>(i), &ir::Passed::effect) !=
          backfill_.passed.end()) {
        BACKFILL_ASSIGN(passed_[i], connection_.prepare(sql_.passed(i)));
      }
      continue;
    }
    if (lower_sql::writes_others(backfill_.effects[i])) {
      BACKFILL_ASSIGN(keep_others_[i], connection_.prepare(sql_.keep_others(i)));
      BACKFILL_ASSIGN(write_others_[i], connection_.prepare(sql_.write_others(i)));
      continue;
    }
    BACKFILL_ASSIGN(take_, connection_.prepare(sql_.take(i)));
    BACKFILL_ASSIGN(remove_, connection_.prepare(sql_.remove()));
  }
  for (std::size_t k = 0; k < backfill_.row.queries.size(); ++k)
    if (backfill_.row.queries[k].kind == ir::QueryKind::Group) {
      BACKFILL_ASSIGN(stale_groups_, connection_.prepare(sql_.stale_groups(static_cast<int>(k))));
    }
  BACKFILL_ASSIGN(release_, connection_.prepare("RELEASE backfill_row"));
  BACKFILL_ASSIGN(undo_, connection_.prepare("ROLLBACK TO backfill_row"));
  BACKFILL_ASSIGN(savepoint_, connection_.prepare("SAVEPOINT backfill_row"));
  return {};
}

Result<void> Effects::simple(const Statement& statement) {
  const ResetAtEnd reset(statement);
  BACKFILL_ASSIGN(const bool row, connection_.step(statement, "keep a savepoint"));
  static_cast<void>(row);
  return {};
}

Result<std::optional<std::int64_t>> Effects::stepped(const Statement& statement, std::string& refused) {
  const ResetAtEnd reset(statement);
  const int code = sqlite3_step(statement.handle());
  if (code == SQLITE_DONE)
    return std::optional(static_cast<std::int64_t>(sqlite3_changes64(connection_.handle())));
  return refused_by(code, refused);
}

// What else a statement can end in: a constraint or a trigger refuses the row, or nothing works any more.
Result<std::optional<std::int64_t>> Effects::refused_by(int code, std::string& refused) {
  Failure failure = connection_.failure(fmt::format("write for a row of `{}`", backfill_.table->name));
  if (sqlite3_get_autocommit(connection_.handle()) != 0) {
    failure.message += "; the whole transaction was rolled back by it (RAISE(ROLLBACK) in a trigger?)";
    return failure;
  }
  if ((code & 0xff) != SQLITE_CONSTRAINT) return failure;
  refused = sqlite3_errmsg(connection_.handle());
  return std::optional<std::int64_t>();
}

Result<std::optional<std::int64_t>> Effects::change(const Statement& statement, const Writing& writing,
                                                    std::span<const Cell> more, std::string& refused) {
  int at = 1;
  for (const Cell& cell : writing.key) statement.bind(at++, cell);
  for (const Cell& cell : more) statement.bind(at++, cell);
  return stepped(statement, refused);
}

bool Effects::applies(const Writing& writing, const ir::Effect& effect) const {
  const auto holds = [&](int value) {
    return writing.values[static_cast<std::size_t>(value)].as<std::uint8_t>()[writing.row] != 0;
  };
  return (effect.guard < 0 || holds(effect.guard)) && (effect.unless < 0 || !holds(effect.unless));
}

bool Effects::is_derived(const Writing& writing) const {
  for (std::size_t i = 0; i < writing.outputs.size(); ++i) {
    const auto input = static_cast<std::size_t>(backfill_.row.outputs[i].input);
    if (writing.outputs[i].value(writing.row) != writing.batch.inputs[input].value(writing.row)) return true;
  }
  return false;
}

// Decided on what the row was when it was read. A batch that was read before somebody else committed is not
// written at all: what may have come between is this batch itself.
Result<bool> Effects::is_as_read(Writing& writing) {
  const ResetAtEnd reset(look_);
  int at = 1;
  for (const Cell& cell : writing.key) look_.bind(at++, cell);
  BACKFILL_ASSIGN(const bool there, connection_.step(look_, "look at a row again"));
  if (!there) return false;
  const std::vector<bool> read = ir::inputs_read(backfill_);
  for (std::size_t i = 0; i < read.size(); ++i) {
    const ir::Input& input = backfill_.row.inputs[i];
    if (!read[i] || input.column < 0) continue;
    stdlib::ColumnBuffer now(input.type);
    now.reserve(1);
    const auto unfit =
        decode(look_.handle(), static_cast<int>(i),
               backfill_.table->columns[static_cast<std::size_t>(input.column)], now, 0, arena_);
    if (unfit || now.value(0) != writing.batch.inputs[i].value(writing.row)) return false;
  }
  return true;
}

// Nothing is fetched per row of the other table: however many there are.
Result<void> Effects::write_others(Writing& writing, std::size_t index) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<Cell> cells = {integer_cell(writing.number)};
  std::vector<int> values;
  for (const auto& [input, value] : effect.reads) values.push_back(value);
  for (const ir::EffectColumn& one : effect.columns) values.push_back(one.value);
  for (const int value : values) {
    const auto cell = encode(writing.values[static_cast<std::size_t>(value)], writing.row, arena_);
    if (!cell) {
      writing.refused =
          fmt::format("a value for `{}` cannot be stored exactly in SQLite", effect.table->name);
      return {};
    }
    cells.push_back(*cell);
  }
  BACKFILL_ASSIGN(const auto kept, change(keep_others_[index], writing, cells, writing.refused));
  if (!kept || *kept == 0) return {};
  BACKFILL_ASSIGN(const auto written, change(write_others_[index], writing, {}, writing.refused));
  if (written && *written != *kept) writing.refused = kIgnored;
  writing.took[index] = writing.did = true;
  return {};
}

// What is moved elsewhere is deleted here only if it has arrived.
bool Effects::may_delete(const Writing& writing) const {
  const ir::Effect* effect = ir::deletes_row(backfill_);
  if (effect == nullptr || !applies(writing, *effect)) return false;
  return std::ranges::all_of(effect->after, [&](int before) {
    ir::Effect meant = backfill_.effects[static_cast<std::size_t>(before)];
    meant.unless = -1;
    return !applies(writing, meant) || writing.arrived[static_cast<std::size_t>(before)];
  });
}

// True: it is gone.
Result<bool> Effects::delete_row(Writing& writing) {
  if (!may_delete(writing)) return false;
  const Cell number = integer_cell(writing.number);
  BACKFILL_ASSIGN(const auto kept, change(keep_, writing, {&number, 1}, writing.refused));
  if (!kept || *kept == 0) {
    writing.conflict = true;
    return true;
  }
  BACKFILL_ASSIGN(const auto taken, change(take_, writing, {&number, 1}, writing.refused));
  if (!taken) return true;
  BACKFILL_ASSIGN(const auto removed, change(remove_, writing, {}, writing.refused));
  if (removed && *removed == 0) writing.refused = kIgnored;
  writing.did = true;
  return true;
}

Result<void> Effects::derive_row(Writing& writing) {
  std::vector<Cell> cells = {integer_cell(writing.number)};
  if (!is_derived(writing)) {
    if (!writing.did) return {};
    BACKFILL_ASSIGN(const auto kept, change(keep_, writing, cells, writing.refused));
    writing.conflict = kept && *kept == 0;
    return {};
  }
  cells.insert(cells.end(), writing.derived.begin(), writing.derived.end());
  BACKFILL_ASSIGN(const auto kept, change(keep_derived_, writing, cells, writing.refused));
  if (!kept || *kept == 0) {
    writing.conflict = true;
    return {};
  }
  BACKFILL_ASSIGN(const auto derived, change(derive_, writing, writing.derived, writing.refused));
  if (derived && *derived == 0) writing.refused = kIgnored;
  writing.did = true;
  return {};
}

Result<void> Effects::attempt(Writing& writing) {
  if (looks_again_) {
    BACKFILL_ASSIGN(const bool same, is_as_read(writing));
    writing.conflict = !same;
    if (!same) return {};
  }
  writing.took.assign(backfill_.effects.size(), false);
  writing.arrived.assign(backfill_.effects.size(), false);
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    const ir::Effect& effect = backfill_.effects[i];
    if (effect.kind == ir::EffectKind::DeleteRow || !applies(writing, effect)) continue;
    BACKFILL_TRY(lower_sql::writes_others(effect) ? write_others(writing, i) : insert_rows(writing, i));
    if (!writing.refused.empty()) return {};
  }
  BACKFILL_ASSIGN(const bool deleted, delete_row(writing));
  if (!writing.refused.empty()) return {};
  if (!deleted) BACKFILL_TRY(derive_row(writing));
  // What a deferred foreign key would refuse at the commit, with the whole batch.
  int open = 0, highest = 0;
  sqlite3_db_status(connection_.handle(), SQLITE_DBSTATUS_DEFERRED_FKS, &open, &highest, 0);
  if (open != 0 && writing.refused.empty()) writing.refused = "FOREIGN KEY constraint failed (deferred)";
  return {};
}

Result<void> Effects::apply_row(Writing& writing, WriteOutcome& outcome) {
  BACKFILL_TRY(simple(savepoint_));
  const auto tried = attempt(writing);
  if (!tried) return tried.failure();  // it ends the whole batch
  const bool refused = !writing.refused.empty();
  if (refused || writing.conflict || !writing.did) BACKFILL_TRY(simple(undo_));
  BACKFILL_TRY(simple(release_));
  if (refused)
    outcome.failures.push_back({writing.row, stdlib::RowError::NotStorable, writing.refused});
  else if (writing.conflict)
    outcome.conflicts.push_back(writing.row);
  else
    ++(writing.did ? outcome.written : outcome.unchanged);
  return {};
}

// Nobody else writes while this does: once for all rows of the batch.
Result<std::vector<Key>> Effects::stale_groups(const RowBatch& batch, std::span<const std::int64_t> rows) {
  std::vector<Key> keys;
  if (!stale_groups_ || rows.empty()) return keys;
  const ResetAtEnd reset(stale_groups_);
  int at = 1;
  for (const std::int64_t row : {rows.front(), rows.back()})
    for (std::size_t i = 0; i < backfill_.key.size(); ++i)
      stale_groups_.bind(at++, encode(batch.inputs[i], row, arena_).value_or(Cell()));
  while (true) {
    BACKFILL_ASSIGN(const bool more, connection_.step(stale_groups_, "look at the groups again"));
    if (!more) return keys;
    Key& key = keys.emplace_back();
    for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
      const schema::Column& column = backfill_.table->columns[static_cast<std::size_t>(backfill_.key[i])];
      stdlib::ColumnBuffer buffer(column.type);
      buffer.reserve(1);
      stdlib::Arena arena;
      if (const auto bad = decode(stale_groups_.handle(), static_cast<int>(i), column, buffer, 0, arena))
        return fatal("a frozen row has an unreadable key: " + bad->message);
      key.push_back(buffer.value(0));
    }
  }
}

Result<WriteOutcome> Effects::apply(const RowBatch& batch, std::span<const stdlib::ColumnBuffer> outputs,
                                    std::span<const stdlib::ColumnBuffer> values,
                                    std::span<const std::int64_t> selected, std::int64_t batch_number) {
  if (sqlite3_get_autocommit(connection_.handle()) != 0)
    return fatal("rows are written in a write transaction only");
  BACKFILL_TRY(prepare());
  WriteOutcome outcome;
  std::vector<stdlib::ColumnBuffer> own_outputs = database_sql::copies(outputs, batch.rows);
  std::vector<stdlib::ColumnBuffer> own_values = database_sql::copies(values, batch.rows);
  BACKFILL_ASSIGN(const std::vector<Key> stale, stale_groups(batch, selected));
  for (const std::int64_t row : selected) {
    arena_.reset();
    if (!stale.empty() && std::ranges::find(stale, batch.key(row, backfill_.key.size())) != stale.end()) {
      outcome.conflicts.push_back(row);
      continue;
    }
    Writing writing{batch, own_outputs, own_values, row, batch_number};
    for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
      const std::optional<Cell> cell = encode(batch.inputs[i], row, arena_);
      BACKFILL_CHECK(cell.has_value(), "a key that was read cannot be written");
      writing.key.push_back(*cell);
    }
    std::string unfit;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const std::optional<Cell> cell = encode(outputs[i], row, arena_);
      const auto column = static_cast<std::size_t>(backfill_.row.outputs[i].column);
      if (!cell && unfit.empty()) unfit = backfill_.table->columns[column].name;
      writing.derived.push_back(cell.value_or(Cell()));
    }
    if (!unfit.empty()) {
      outcome.failures.push_back(
          {row, stdlib::RowError::NotStorable,
           fmt::format("the new value of `{}` cannot be stored exactly in SQLite", unfit)});
      continue;
    }
    BACKFILL_TRY(apply_row(writing, outcome));
  }
  return outcome;
}

}  // namespace backfill::database::sqlite
