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

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};

constexpr std::string_view kIgnored = "the database did not write the row: a trigger of the table ignores it";

constexpr std::string_view kDisagrees =
    "the row that is there already holds other values, which this run has written for another row";

bool writes_beside(const ir::Backfill& backfill) {
  return std::ranges::any_of(backfill.effects,
                             [&](const ir::Effect& effect) { return !effect.table->triggers.empty(); }) ||
         !backfill.table->triggers.empty();
}

Cell integer_cell(std::int64_t value) {
  Cell cell;
  cell.kind = Cell::Kind::Integer;
  cell.integer = value;
  return cell;
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

Result<void> Effects::insert_rows(Writing& writing, std::size_t index) {
  const database_sql::InsertedRows rows(backfill_, backfill_.effects[index], writing.values,
                                        {&writing.row, 1});
  writing.arrived[index] = true;
  for (std::size_t i = 0; i < rows.size() && writing.refused.empty(); ++i)
    BACKFILL_TRY(insert_row(writing, index, rows, i));
  return writing.refused.empty() ? pass_on(writing, index) : Result<void>();
}

bool Effects::add_given(Writing& writing, const ir::Effect& effect, const database_sql::InsertedRows& rows,
                        std::size_t at, std::span<const ir::EffectColumn> columns, std::vector<Cell>& cells) {
  for (const ir::EffectColumn& one : columns) {
    const auto cell = encode(rows.buffer(one), rows.at(one, at), arena_);
    if (!cell) {
      writing.refused = fmt::format("the value of `{}` cannot be stored exactly in SQLite",
                                    effect.table->columns[static_cast<std::size_t>(one.column)].name);
      return false;
    }
    cells.push_back(*cell);
  }
  return true;
}

Result<void> Effects::insert_row(Writing& writing, std::size_t index, const database_sql::InsertedRows& rows,
                                 std::size_t at) {
  const ir::Effect& effect = backfill_.effects[index];
  const Statement& insert = insert_[index];
  std::vector<Cell> cells;
  if (!add_given(writing, effect, rows, at, effect.columns, cells)) return {};
  int bound = 1;
  for (const Cell& cell : cells) insert.bind(bound++, cell);
  std::vector<std::unique_ptr<sqlite3_value, FreeValue>> key;
  {
    const ResetAtEnd reset(insert);
    const int code = sqlite3_step(insert.handle());
    if (code == SQLITE_ROW) {
      for (int i = 0; i < sqlite3_column_count(insert.handle()); ++i)
        key.emplace_back(sqlite3_value_dup(sqlite3_column_value(insert.handle(), i)));
    }
    if (code != SQLITE_DONE) {
      BACKFILL_ASSIGN(const auto done, code == SQLITE_ROW ? stepped(insert, writing.refused)
                                                          : refused_by(code, writing.refused));
      if (!done) return {};
    }
  }
  if (key.empty()) {
    writing.arrived[index] = false;
    if (effect.on_conflict == ir::OnConflict::Update) return update_found(writing, index, rows, at);
    return effect.ensures ? keep_found(writing, index) : Result<void>();
  }
  const Statement& keep = keep_inserted_[index];
  bound = static_cast<int>(writing.key.size()) + 2;
  for (const auto& value : key) sqlite3_bind_value(keep.handle(), bound++, value.get());
  if (effect.each >= 0) keep.bind(bound, integer_cell(rows.elements()[at]));
  const Cell number = integer_cell(writing.number);
  BACKFILL_ASSIGN(const auto kept, change(keep, writing, {&number, 1}, writing.refused));
  if (kept && *kept != 1) writing.refused = kIgnored;
  writing.took[index] = writing.did = true;
  return {};
}

Result<bool> Effects::is_there(const Statement& statement, std::span<const Cell> cells) {
  const ResetAtEnd reset(statement);
  int at = 1;
  for (const Cell& cell : cells) statement.bind(at++, cell);
  return connection_.step(statement, "look at the row that is there already");
}

Result<std::optional<std::int64_t>> Effects::changed(const Statement& statement, std::span<const Cell> cells,
                                                     std::string& refused) {
  int at = 1;
  for (const Cell& cell : cells) statement.bind(at++, cell);
  return stepped(statement, refused);
}

// The row is there already: its prior values are kept, and what it becomes.
Result<void> Effects::update_found(Writing& writing, std::size_t index,
                                   const database_sql::InsertedRows& rows, std::size_t at) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<ir::EffectColumn> told;
  for (const int column : effect.conflict)
    told.push_back(*std::ranges::find(effect.columns, column, &ir::EffectColumn::column));
  std::vector<Cell> by, cells;
  if (!add_given(writing, effect, rows, at, told, by)) return {};
  cells = by;
  if (!add_given(writing, effect, rows, at, effect.update, cells)) return {};
  BACKFILL_ASSIGN(const bool same, is_there(holds_[index], cells));
  if (same) return {};
  BACKFILL_ASSIGN(const bool ours, is_there(written_[index], by));
  if (ours) {
    writing.refused = kDisagrees;
    return {};
  }
  std::vector<Cell> keep = {integer_cell(writing.number)}, last = writing.key;
  keep.insert(keep.end(), by.begin(), by.end());
  if (effect.each >= 0) {
    keep.push_back(integer_cell(rows.elements()[at]));
    last.push_back(keep.back());
  }
  BACKFILL_ASSIGN(const auto kept, change(keep_updated_[index], writing, keep, writing.refused));
  if (kept && *kept != 1) writing.refused = "the row that is there already was not found by its key";
  if (!writing.refused.empty()) return {};
  BACKFILL_ASSIGN(const auto updated, changed(update_[index], cells, writing.refused));
  if (updated && *updated != 1) writing.refused = kIgnored;
  if (!writing.refused.empty()) return {};
  BACKFILL_ASSIGN(const auto now, changed(keep_updated_to_[index], last, writing.refused));
  if (now && *now != 1) writing.refused = kIgnored;
  writing.took[index] = writing.did = true;
  return {};
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
  if (!effect.computed.empty() && writing.refused.find(".batch") != std::string::npos)
    writing.refused = fmt::format("a value for `{}` cannot be computed, or does not fit", effect.table->name);
  if (!kept || *kept == 0) return {};
  BACKFILL_ASSIGN(const auto written, change(write_others_[index], writing, {}, writing.refused));
  if (written && *written != *kept) writing.refused = kIgnored;
  writing.took[index] = writing.did = true;
  return {};
}

// Somebody has made it already: the same one for everybody.
Result<void> Effects::keep_found(Writing& writing, std::size_t index) {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<Cell> cells = {integer_cell(writing.number)};
  for (const int column : effect.conflict) {
    const auto given = std::ranges::find(effect.columns, column, &ir::EffectColumn::column);
    const auto cell = encode(writing.values[static_cast<std::size_t>(given->value)], writing.row, arena_);
    cells.push_back(cell.value_or(Cell()));
  }
  BACKFILL_ASSIGN(const auto kept, change(keep_found_[index], writing, cells, writing.refused));
  if (kept && *kept != 1) writing.refused = "the row that is there already was not found by its key";
  return {};
}

Result<void> Effects::pass_on(Writing& writing, std::size_t index) {
  if (!passed_[index] || !writing.refused.empty()) return {};
  const Statement& statement = passed_[index];
  const ResetAtEnd reset(statement);
  int at = 1;
  for (const Cell& cell : writing.key) statement.bind(at++, cell);
  BACKFILL_ASSIGN(const bool there, connection_.step(statement, "read what an effect has made"));
  if (!there) return {};  // it did nothing
  at = 0;
  for (const ir::Passed& one : backfill_.passed) {
    if (one.effect != static_cast<int>(index)) continue;
    const bool to_output = one.output >= 0;
    stdlib::ColumnBuffer& to = to_output ? writing.outputs[static_cast<std::size_t>(one.output)]
                                         : writing.values[static_cast<std::size_t>(one.value)];
    const int from = at++;
    if (one.fills && to.valid(writing.row)) continue;
    const bool due = one.guard < 0 ||
                     writing.values[static_cast<std::size_t>(one.guard)].as<std::uint8_t>()[writing.row] != 0;
    if (!due) continue;
    const schema::Column& column =
        backfill_.effects[index].table->columns[static_cast<std::size_t>(one.column)];
    if (const auto unfit = decode(statement.handle(), from, column, to, writing.row, arena_)) {
      writing.refused = unfit->message;
      return {};
    }
    if (to_output)
      writing.derived[static_cast<std::size_t>(one.output)] =
          encode(to, writing.row, arena_).value_or(Cell());
  }
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

Result<void> Effects::prepare_undo() {
  if (!mark_.empty()) return {};
  mark_.resize(backfill_.effects.size());
  take_back_.resize(backfill_.effects.size());
  forget_found_.resize(backfill_.effects.size());
  restore_.resize(backfill_.effects.size());
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    BACKFILL_ASSIGN(take_back_[i], connection_.prepare(sql_.undo(i)));
    if (backfill_.effects[i].on_conflict == ir::OnConflict::Update) {
      BACKFILL_ASSIGN(restore_[i], connection_.prepare(sql_.restore(i)));
    }
    BACKFILL_ASSIGN(mark_[i], connection_.prepare(sql_.mark(i)));
    BACKFILL_ASSIGN(forget_found_[i], connection_.prepare(sql_.forget_found(i)));
  }
  return {};
}

Result<bool> Effects::undo(std::size_t i, std::span<sqlite3_value* const> key, std::string& reason) {
  std::optional<std::int64_t> found, put, restored = 0, marked;
  const auto each = {std::pair{&forget_found_[i], &found},
                     {&take_back_[i], &put},
                     {&restore_[i], &restored},
                     {&mark_[i], &marked}};
  for (const auto& [statement, count] : each) {
    if (!*statement) continue;
    for (std::size_t k = 0; k < key.size(); ++k)
      sqlite3_bind_value(statement->handle(), static_cast<int>(k) + 1, key[k]);
    BACKFILL_ASSIGN(*count, stepped(*statement, reason));
  }
  return put && restored && marked && *put + *restored == *marked;
}

Result<bool> Effects::undo_delete(std::span<sqlite3_value* const> key, std::string& reason) {
  BACKFILL_TRY(prepare_undo());
  const std::size_t index = ir::delete_index(backfill_);
  if (index == backfill_.effects.size()) return true;
  return undo(index, key, reason);
}

Result<bool> Effects::undo_inserts(std::span<sqlite3_value* const> key, std::string& reason) {
  for (std::size_t i = ir::delete_index(backfill_); i-- > 0;) {
    BACKFILL_ASSIGN(const bool undone, undo(i, key, reason));
    if (!undone) return false;
  }
  return true;
}

}  // namespace backfill::database::sqlite
