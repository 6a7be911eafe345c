// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "runtime/database/sql/key_sql.h"
#include "runtime/database/sqlite/cell.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/sqlite/schema_reader.h"
#include "runtime/database/sqlite/table.h"
#include "stdlib/bug.h"

namespace backfill::database::sqlite {

namespace {

bool can_be_key(stdlib::Kind kind) {
  switch (kind) {
    case stdlib::Kind::Bool:
    case stdlib::Kind::Int64:
    case stdlib::Kind::Float64:
    case stdlib::Kind::Decimal:
    case stdlib::Kind::Text:
    case stdlib::Kind::Bytes:
    case stdlib::Kind::Date:
    case stdlib::Kind::Timestamp:
      return true;
    default:
      return false;
  }
}

}  // namespace

Result<std::unique_ptr<TableAccess>> SqliteTable::open(const Connection& connection, Selection** serving,
                                                       const ir::Backfill& backfill, std::int64_t run) {
  std::unique_ptr<SqliteTable> table(new SqliteTable(connection, serving, backfill, run));
  BACKFILL_TRY(table->check());
  table->reads_ = ir::inputs_read(backfill);
  for (std::size_t i = 0; i < backfill.row.inputs.size(); ++i)
    table->input_columns_.push_back(ir::input_column(backfill, static_cast<int>(i)));
  table->reaches_others_ = ir::reaches_other_rows(backfill);
  for (const ir::Output& output : backfill.row.outputs)
    table->output_names_.push_back(table->schema_of(output.column).name);
  return std::unique_ptr<TableAccess>(std::move(table));
}

// What would let a row be skipped, be taken twice, or be written as something else.
Result<void> SqliteTable::check() const {
  const schema::Table& table = *backfill_.table;
  BACKFILL_TRY(database_sql::check_queries(backfill_, dialect()));
  if (!database_sql::has_unique_key(table, backfill_.key))
    return fatal(fmt::format("table `{}` has no unique key that addresses every row", table.name),
                 "give it a PRIMARY KEY, or name a unique key of NOT NULL columns in the spec");
  for (const int key : backfill_.key) {
    const schema::Column& column = schema_of(key);
    if (!can_be_key(column.type.kind))
      return fatal(
          fmt::format("key column `{}` of `{}` has the type {}, which has no order that both sides share",
                      column.name, table.name, column.sql_type),
          "name another unique key in the spec");
    if (!column.collation.empty())
      return fatal(fmt::format("key column `{}` of `{}` compares by {}, keys must compare by bytes",
                               column.name, table.name, column.collation),
                   "name another unique key in the spec");
  }
  for (const ir::Output& output : backfill_.row.outputs) {
    const schema::Column& column = schema_of(output.column);
    const bool is_key =
        std::find(backfill_.key.begin(), backfill_.key.end(), output.column) != backfill_.key.end();
    if (column.generated || is_key || column.type.kind == stdlib::Kind::Opaque)
      return fatal(fmt::format("column `{}` of `{}` cannot be derived: it is {}", column.name, table.name,
                               column.generated ? "a generated column"
                               : is_key         ? "part of the key that addresses the row"
                                                : "of a type that is not computed with"));
  }
  for (const int key : backfill_.key) {
    if (!schema_of(key).type.optional) continue;
    BACKFILL_ASSIGN(const Statement null, connection_.prepare(sql_.any_null_key()));
    BACKFILL_ASSIGN(const bool found, connection_.step(null, "look for missing keys"));
    if (found)
      return fatal(
          fmt::format("the key of `{}` is NULL in some rows: they have no place in its order", table.name),
          "give those rows a key (SQLite allows NULL in a PRIMARY KEY that is not declared NOT NULL)");
    break;
  }
  return {};
}

Result<int> SqliteTable::bind_key(const Statement& statement, int at, const Key& key) {
  if (key.empty()) return at;
  BACKFILL_CHECK(key.size() == backfill_.key.size(), "a key of another table");
  for (std::size_t i = 0; i < key.size(); ++i) {
    const std::optional<Cell> cell = encode(key[i], schema_of(backfill_.key[i]).type, range_arena_);
    if (!cell || cell->kind == Cell::Kind::Null)
      return fatal(fmt::format("a value of key column `{}` cannot be stored in SQLite",
                               schema_of(backfill_.key[i]).name));
    statement.bind(at++, *cell);
  }
  return at;
}

Result<const Statement*> SqliteTable::ranged(ByOpen& statements, std::string (TableSql::*sql)(Open) const,
                                             const Key& after, const Key& until, std::int64_t limit) {
  Statement& statement = statements[(after.empty() ? 1U : 0U) + (until.empty() ? 2U : 0U)];
  if (!statement) {
    BACKFILL_ASSIGN(statement, connection_.prepare((sql_.*sql)({after.empty(), until.empty()})));
  }
  range_arena_.reset();
  BACKFILL_ASSIGN(int at, bind_key(statement, 1, after));
  BACKFILL_ASSIGN(at, bind_key(statement, at, until));
  Cell count;
  count.kind = Cell::Kind::Integer;
  count.integer = limit;
  statement.bind(at, count);
  return &statement;
}

// A key that is stored in another form than ours (a timestamp with a T) would not be found again, or in
// another place.
Result<bool> SqliteTable::is_canonical_key(const Statement& statement, std::int64_t row,
                                           const RowBatch& batch) {
  for (std::size_t i = 0; i < backfill_.key.size(); ++i) {
    if (schema_of(backfill_.key[i]).type.kind != stdlib::Kind::Timestamp) continue;
    const std::optional<Cell> cell = encode(batch.inputs[i], row, range_arena_);
    if (!cell || std::string_view(cell->data, static_cast<std::size_t>(cell->size)) !=
                     statement.text(static_cast<int>(i)))
      return false;
  }
  return true;
}

Result<void> SqliteTable::read_row(const Statement& statement, std::int64_t row, RowBatch& batch) {
  for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
    if (!reads_[i]) continue;
    std::optional<Unfit> bad =
        decode(statement.handle(), static_cast<int>(i), input_columns_[i], batch.inputs[i], row, batch.arena);
    if (!bad) {
      auto why = database_sql::absent(backfill_, static_cast<int>(i), batch.inputs[i], row);
      if (why) bad = Unfit{stdlib::RowError::Unreadable, *std::move(why)};
    }
    if (!bad) continue;
    if (i < backfill_.key.size())
      return fatal(
          fmt::format("a row of `{}` has an unreadable key: {}", backfill_.table->name, bad->message),
          "correct that row's key first: a row without a readable key cannot be addressed");
    batch.unreadable.push_back({row, {static_cast<int>(i), bad->error, bad->message}});
  }
  BACKFILL_ASSIGN(const bool canonical, is_canonical_key(statement, row, batch));
  if (!canonical)
    return fatal(
        fmt::format("a row of `{}` has a timestamp key that is not written 'YYYY-MM-DD HH:MM:SS[.f]'",
                    backfill_.table->name),
        "write such keys in one form: in text order they do not stand where their time does");
  return {};
}

Result<void> SqliteTable::read(const Key& after, const Key& until, std::int64_t limit, RowBatch& batch) {
  BACKFILL_ASSIGN(const Statement* statement, ranged(read_, &TableSql::read, after, until, limit));
  const ResetAtEnd reset(*statement);
  batch.rows = 0;
  batch.arena.reset();
  batch.unreadable.clear();
  database_sql::make_room(backfill_, batch.inputs, limit, false);
  while (true) {
    BACKFILL_ASSIGN(const bool more, connection_.step(*statement, "read rows"));
    if (!more) return {};
    BACKFILL_TRY(read_row(*statement, batch.rows, batch));
    ++batch.rows;
  }
}

Result<std::optional<KeySpan>> SqliteTable::key_span() {
  const std::optional<KeySpan> none;
  if (backfill_.key.size() != 1 || schema_of(backfill_.key[0]).type.kind != stdlib::Kind::Int64) return none;
  BACKFILL_ASSIGN(const Statement ends, connection_.prepare(sql_.least_and_greatest_key()));
  BACKFILL_ASSIGN(const bool row, connection_.step(ends, "look at the ends of the key"));
  for (const int end : {0, 1})
    if (!row || sqlite3_column_type(ends.handle(), end) != SQLITE_INTEGER) return none;
  return std::optional<KeySpan>({ends.integer(0), ends.integer(1)});
}

Result<void> SqliteTable::read_for_verify(const Key& after, const Key& until, std::int64_t limit,
                                          VerifyBatch& batch) {
  BACKFILL_ASSIGN(const Statement* statement,
                  ranged(verify_, &TableSql::read_for_verify, after, until, limit));
  const ResetAtEnd reset(*statement);
  batch.prior.rows = 0;
  batch.prior.arena.reset();
  batch.prior.unreadable.clear();
  batch.corrected.clear();
  batch.set_aside.clear();
  batch.deleted.clear();
  batch.answered.clear();
  database_sql::make_room(backfill_, batch.prior.inputs, limit, false);
  database_sql::make_room(backfill_, batch.stored, limit, true);
  const auto inputs = static_cast<int>(batch.prior.inputs.size());
  const auto outputs = static_cast<int>(batch.stored.size());
  while (true) {
    BACKFILL_ASSIGN(const bool more, connection_.step(*statement, "read rows to verify"));
    if (!more) return {};
    const std::int64_t row = batch.prior.rows;
    BACKFILL_TRY(read_row(*statement, row, batch.prior));
    for (int i = 0; i < outputs; ++i) {
      const auto& output = backfill_.row.outputs[static_cast<std::size_t>(i)];
      const auto bad = decode(statement->handle(), inputs + i, schema_of(output.column),
                              batch.stored[static_cast<std::size_t>(i)], row, batch.prior.arena);
      if (bad) batch.prior.unreadable.push_back({row, {output.input, bad->error, bad->message}});
    }
    batch.corrected.push_back(statement->integer(inputs + outputs) != 0 ? 1 : 0);
    batch.set_aside.push_back(statement->integer(inputs + outputs + 1) != 0 ? 1 : 0);
    batch.deleted.push_back(statement->integer(inputs + outputs + 2) != 0 ? 1 : 0);
    batch.answered.push_back(statement->integer(inputs + outputs + 3) != 0 ? 1 : 0);
    ++batch.prior.rows;
  }
}

}  // namespace backfill::database::sqlite
