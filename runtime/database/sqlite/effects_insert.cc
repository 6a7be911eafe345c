// SPDX-License-Identifier: Apache-2.0
// Rows that a run inserts or finds: `insert`, `ensure`, what a conflict updates, what is passed on.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/effects.h"

namespace backfill::database::sqlite {

namespace {

struct FreeValue {
  void operator()(sqlite3_value* value) const { sqlite3_value_free(value); }
};

constexpr std::string_view kDisagrees =
    "the row that is there already holds other values, which this run has written for another row";

}  // namespace

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

}  // namespace backfill::database::sqlite
