// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/indexes.h"
#include "runtime/database/postgres/kept_rows.h"
#include "runtime/database/postgres/settings.h"
#include "runtime/database/postgres/table.h"
#include "runtime/database/postgres/wire.h"
#include "stdlib/bug.h"

namespace backfill::database::postgres {

Result<std::unique_ptr<TableAccess>> PostgresTable::open(Connection& connection, const ir::Backfill& backfill,
                                                         std::int64_t run, const LeftOut& left_out) {
  // The role's own limits hold outside of our transactions.
  const bool alone = !connection.in_transaction();
  if (alone) BACKFILL_TRY(connection.begin(true, kNoLimit));
  auto found = stored_types(connection, *backfill.table);
  std::vector<std::vector<StoredType>> effect_types;
  for (const ir::Effect& effect : backfill.effects) {
    auto of_effect = stored_types(connection, *effect.table);
    if (!of_effect) found = of_effect.failure();
    if (of_effect) effect_types.push_back(*std::move(of_effect));
  }
  auto indexes = indexes_of(connection, backfill);
  if (alone) connection.rollback();
  BACKFILL_ASSIGN(std::vector<StoredType> types, std::move(found));
  BACKFILL_ASSIGN(const Indexes all, std::move(indexes));
  TableSql sql(backfill, std::move(types), run, std::move(effect_types));
  sql.leave_out(left_out);
  std::unique_ptr<PostgresTable> table(new PostgresTable(connection, backfill, std::move(sql), all));
  if (run != 0) table->keep_columns();
  BACKFILL_TRY(table->check());
  return std::unique_ptr<TableAccess>(std::move(table));
}

// Of partitions too: their own triggers are not the table's. Where the timing is not known it may be BEFORE.
bool PostgresTable::has_trigger_before(const schema::Table& table) {
  return table.kind == schema::TableKind::Partitioned ||
         std::ranges::any_of(table.triggers, [](const schema::Trigger& trigger) {
           return trigger.enabled && trigger.each_row && trigger.timing != "AFTER";
         });
}

void PostgresTable::keep_columns() {
  std::set<int> kept;
  for (std::size_t i = 0; i < backfill_.key.size(); ++i) kept.insert(static_cast<int>(i));
  for (const ir::Output& output : backfill_.row.outputs) kept.insert(output.input);
  for (const int column : sql_.guard_columns()) kept.insert(input_of(column));
  if (sql_.has_queries()) kept.insert(found_column());
  kept_columns_.assign(kept.begin(), kept.end());
}

int PostgresTable::input_of(int column) const {
  const auto& inputs = backfill_.row.inputs;
  return static_cast<int>(std::ranges::find(inputs, column, &ir::Input::column) - inputs.begin());
}

// What would let a row be skipped, be taken twice, or be written as something else.
Result<void> PostgresTable::check() const {
  const schema::Table& table = *backfill_.table;
  BACKFILL_TRY(database_sql::check_queries(backfill_, dialect()));
  if (table.inherited)
    return fatal(fmt::format("other tables inherit from `{}`: what is read of it has their rows too, and no "
                             "key of its own addresses those",
                             table.name),
                 "run a backfill over each table that has the rows");
  if (!database_sql::has_unique_key(table, backfill_.key))
    return fatal(fmt::format("table `{}` has no unique key that addresses every row", table.name),
                 "give it a PRIMARY KEY, or name a unique key of NOT NULL columns in the spec");
  for (const int key : backfill_.key) {
    const schema::Column& column = schema_of(key);
    if (sql_.sent(key).element == 0 || column.type.kind == stdlib::Kind::Json ||
        column.type.kind == stdlib::Kind::List || !sql_.has_order(key))
      return fatal(
          fmt::format("key column `{}` of `{}` has the type {}, which has no order that both sides share",
                      column.name, table.name, column.sql_type),
          "name another unique key in the spec");
  }
  for (const ir::Output& output : backfill_.row.outputs) {
    const schema::Column& column = schema_of(output.column);
    const bool is_key =
        std::find(backfill_.key.begin(), backfill_.key.end(), output.column) != backfill_.key.end();
    if (column.generated || column.identity_always || is_key || sql_.sent(output.column).element == 0)
      return fatal(fmt::format("column `{}` of `{}` cannot be derived: it is {}", column.name, table.name,
                               column.generated         ? "a generated column"
                               : column.identity_always ? "an identity column that the database alone fills"
                               : is_key                 ? "part of the key that addresses the row"
                                                        : "of a type that is not computed with"));
  }
  const bool may_be_null = std::any_of(backfill_.key.begin(), backfill_.key.end(),
                                       [this](int key) { return schema_of(key).type.optional; });
  if (!may_be_null) return {};
  BACKFILL_ASSIGN(const Answer found, ask(sql_.any_null_key(), {}));
  if (PQntuples(found.get()) == 0) return {};
  return fatal(
      fmt::format("the key of `{}` is NULL in some rows: they have no place in its order", table.name),
      "give those rows a key");
}

Result<Answer> PostgresTable::ask(const std::string& sql, const Parameters& values) const {
  if (connection_.in_transaction()) return connection_.send(sql, values, Form::Binary);
  BACKFILL_TRY(connection_.begin(true, kNoLimit));
  auto answer = connection_.send(sql, values, Form::Binary);
  connection_.rollback();
  return answer;
}

Result<void> PostgresTable::add_key(Parameters& values, const Key& key) const {
  if (key.empty()) return {};
  BACKFILL_CHECK(key.size() == backfill_.key.size(), "a key of another table");
  for (std::size_t i = 0; i < key.size(); ++i) {
    const schema::Column& column = schema_of(backfill_.key[i]);
    if (key[i].missing() || !values.add(key[i], column.type))
      return fatal(fmt::format("a value of key column `{}` cannot be stored in PostgreSQL", column.name));
  }
  return {};
}

Result<Parameters> PostgresTable::range_values(const Key& after, const Key& until, std::int64_t limit) const {
  Parameters values;
  BACKFILL_TRY(add_key(values, after));
  BACKFILL_TRY(add_key(values, until));
  values.add_plain(limit);
  return values;
}

Result<void> PostgresTable::take_row(const PGresult* result, std::int64_t row, RowBatch& batch) const {
  for (std::size_t i = 0; i < batch.inputs.size(); ++i) {
    if (!reads_[i]) continue;
    auto bad = decode(result, static_cast<int>(row), static_cast<int>(i), input_columns_[i], batch.inputs[i],
                      row, batch.arena);
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
  return {};
}

// Replaces what the batch holds.
Result<void> PostgresTable::take(Answer answer, RowBatch& batch, std::optional<Seen> seen) const {
  batch.arena.reset();
  batch.unreadable.clear();
  batch.rows = PQntuples(answer.get());
  database_sql::make_room(backfill_, batch.inputs, batch.rows, false);
  for (std::int64_t row = 0; row < batch.rows; ++row) BACKFILL_TRY(take_row(answer.get(), row, batch));
  if (!kept_columns_.empty())
    batch.kept = std::make_shared<KeptRows>(answer.get(), kept_columns_, std::move(seen));
  return {};
}

// Before the rows are read: what comes in between counts as having come later.
Result<std::optional<Seen>> PostgresTable::see() const {
  if (!sql_.may_be_quiet()) return std::optional<Seen>();
  const std::uint64_t era = connection_.own().era();
  BACKFILL_ASSIGN(const Answer answer, ask("SELECT pg_current_snapshot()::text", {}));
  auto snapshot = parse_snapshot(PQgetvalue(answer.get(), 0, 0));
  return snapshot ? std::optional(Seen{era, *std::move(snapshot)}) : std::nullopt;
}

Result<void> PostgresTable::read(const Key& after, const Key& until, std::int64_t limit, RowBatch& batch) {
  BACKFILL_ASSIGN(const Parameters values, range_values(after, until, limit));
  batch.kept.reset();
  BACKFILL_ASSIGN(std::optional<Seen> seen, see());
  BACKFILL_ASSIGN(Answer answer, ask(sql_.read({after.empty(), until.empty()}), values));
  return take(std::move(answer), batch, std::move(seen));
}

Result<bool> PostgresTable::read_again(const RowBatch& batch, std::span<const std::int64_t> rows,
                                       RowBatch& into) {
  if (!connection_.in_transaction()) return fatal("rows are locked in a write transaction only");
  BACKFILL_ASSIGN(Answer answer, connection_.send(sql_.read_again(), key_arrays(batch, rows), Form::Binary));
  BACKFILL_TRY(take(std::move(answer), into));
  return true;
}

Result<std::optional<KeySpan>> PostgresTable::key_span() {
  const std::optional<KeySpan> none;
  if (backfill_.key.size() != 1 || !stdlib::is_integer(schema_of(backfill_.key[0]).type.kind)) return none;
  BACKFILL_ASSIGN(const Answer ends, ask(sql_.least_and_greatest_key(), {}));
  if (PQgetisnull(ends.get(), 0, 0) != 0) return none;
  return std::optional<KeySpan>({wire::get<std::int64_t>(PQgetvalue(ends.get(), 0, 0)),
                                 wire::get<std::int64_t>(PQgetvalue(ends.get(), 0, 1))});
}

Result<void> PostgresTable::read_for_verify(const Key& after, const Key& until, std::int64_t limit,
                                            VerifyBatch& batch) {
  BACKFILL_ASSIGN(const Parameters values, range_values(after, until, limit));
  BACKFILL_ASSIGN(Answer answer, ask(sql_.read_for_verify({after.empty(), until.empty()}), values));
  const PGresult* const result = answer.get();
  RowBatch& prior = batch.prior;
  prior.rows = PQntuples(result);
  prior.arena.reset();
  prior.unreadable.clear();
  database_sql::make_room(backfill_, prior.inputs, prior.rows, false);
  database_sql::make_room(backfill_, batch.stored, prior.rows, true);
  const auto rows = static_cast<std::size_t>(prior.rows);
  batch.corrected.assign(rows, 0);
  batch.set_aside.assign(rows, 0);
  batch.deleted.assign(rows, 0);
  batch.answered.assign(rows, 0);
  const auto inputs = static_cast<int>(prior.inputs.size());
  const auto outputs = static_cast<int>(batch.stored.size());
  for (std::int64_t row = 0; row < prior.rows; ++row) {
    const auto at = static_cast<int>(row);
    BACKFILL_TRY(take_row(result, row, prior));
    for (int i = 0; i < outputs; ++i) {
      const ir::Output& output = backfill_.row.outputs[static_cast<std::size_t>(i)];
      const auto bad = decode(result, at, inputs + i, schema_of(output.column),
                              batch.stored[static_cast<std::size_t>(i)], row, prior.arena);
      if (bad) prior.unreadable.push_back({row, {output.input, bad->error, bad->message}});
    }
    batch.corrected[static_cast<std::size_t>(row)] = *PQgetvalue(result, at, inputs + outputs) != 0 ? 1 : 0;
    batch.set_aside[static_cast<std::size_t>(row)] =
        *PQgetvalue(result, at, inputs + outputs + 1) != 0 ? 1 : 0;
    batch.deleted[static_cast<std::size_t>(row)] = *PQgetvalue(result, at, inputs + outputs + 2) != 0 ? 1 : 0;
    batch.answered[static_cast<std::size_t>(row)] =
        *PQgetvalue(result, at, inputs + outputs + 3) != 0 ? 1 : 0;
  }
  return {};
}

}  // namespace backfill::database::postgres
