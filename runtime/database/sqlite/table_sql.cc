// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/table_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/sqlite/effect_sql.h"
#include "runtime/database/sqlite/schema_reader.h"

namespace backfill::database::sqlite {

namespace {

std::string quote(std::string_view name) {
  return dialect().quote(name);
}

}  // namespace

TableSql::TableSql(const ir::Backfill& backfill, std::int64_t run)
    : backfill_(backfill),
      run_(run),
      meets_again_(run != 0 && database_sql::may_meet_again(backfill)),
      key_(backfill, dialect(), run == 0 ? lower_sql::EffectName() : effect_name()),
      k_(static_cast<int>(backfill.key.size())),
      rowid_(is_rowid(*backfill.table, backfill.key)),
      table_(in_main(backfill.table->name)),
      corrections_(in_main(lower_sql::corrections_table(run))),
      quarantine_(in_main(lower_sql::quarantine_table(run))),
      frozen_(run == 0 ? "" : in_main(lower_sql::frozen_table(run))),
      answers_(run == 0 ? "" : in_main(lower_sql::answers_table(run))),
      rows_of_run_(lower_sql::rows_of_run(backfill, dialect(), table_, effect_name())) {}

lower_sql::EffectName TableSql::effect_name() const {
  return [run = run_](std::size_t effect) { return in_main(lower_sql::effect_table(run, effect)); };
}

std::string TableSql::limit(Open open) const {
  return fmt::format(" LIMIT ?{}", key_.behind(open));
}

std::string TableSql::read(Open open) const {
  // What nothing reads is not taken out of the row: long texts cost.
  const std::vector<bool> read = ir::inputs_read(backfill_);
  const lower_sql::Joins joins = key_.joins("t", frozen_);
  std::vector<std::string> inputs;
  for (std::size_t i = 0; i < read.size(); ++i)
    inputs.push_back(read[i] ? joins.value(static_cast<int>(i)) : "NULL");
  std::string where = key_.range("t", open);
  if (meets_again_)
    where +=
        fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS c WHERE {})", corrections_, key_.same("c", "t"));
  if (run_ != 0) where += lower_sql::not_inserted(backfill_, dialect(), *backfill_.table, "t", effect_name());
  where += joins.decided();
  // The planner keeps the order of the joins: the page of this table is what all else is looked up for.
  return fmt::format("SELECT {} FROM {} AS t{} WHERE {} ORDER BY {}{}", fmt::join(inputs, ", "), table_,
                     joins.from(), where, key_.list("t"), limit(open));
}

std::string TableSql::read_for_verify(Open open) const {
  const auto as_it_is = [](int, const std::string& sql) { return sql; };
  return key_.read_for_verify(rows_of_run_, corrections_, quarantine_, open, as_it_is, frozen_, answers_) +
         limit(open);
}

std::string TableSql::read_corrections(Open open) const {
  std::vector<std::string> columns{key_.list("c", "key_")};
  for (const ir::Output& output : backfill_.row.outputs)
    columns.push_back(key_.column("c", output.column, "prior_"));
  for (const ir::Output& output : backfill_.row.outputs)
    columns.push_back(key_.column("c", output.column, "new_"));
  return fmt::format("SELECT {} FROM {} AS c WHERE {} AND c.rolled_back = 0 ORDER BY {}{}",
                     fmt::join(columns, ", "), corrections_, key_.range("c", open, "key_"),
                     key_.list("c", "key_"), limit(open));
}

// Prior values go from table to table within the database: what it holds is what is kept, byte for byte.
std::string TableSql::insert_corrections() const {
  std::vector<std::string> names, values;
  for (const int key : backfill_.key) names.push_back(quote("key_" + schema_of(key).name));
  names.emplace_back("batch");
  for (const ir::Output& output : backfill_.row.outputs) {
    names.push_back(quote("prior_" + schema_of(output.column).name));
    values.push_back(key_.column("t", output.column));
  }
  for (std::size_t i = 0; i < backfill_.row.outputs.size(); ++i) {
    names.push_back(quote("new_" + schema_of(backfill_.row.outputs[i].column).name));
    values.push_back(fmt::format("backfill_new({}, {})", i, key_.list("t")));
  }
  return fmt::format(
      "INSERT OR ABORT INTO {} ({}) SELECT {}, ?{}, {} FROM {} AS t WHERE {} >= {} AND {} <= {} AND "
      "backfill_selected({})",
      corrections_, fmt::join(names, ", "), key_.list("t"), 2 * k_ + 1, fmt::join(values, ", "), table_,
      key_.row_value("t"), key_.placeholders(1), key_.row_value("t"), key_.placeholders(k_ + 1),
      key_.list("t"));
}

std::string TableSql::insert_without_prior(std::size_t rows) const {
  std::vector<std::string> names, lines;
  for (const int key : backfill_.key) names.push_back(quote("key_" + schema_of(key).name));
  for (const ir::Output& output : backfill_.row.outputs)
    names.push_back(quote("new_" + schema_of(output.column).name));
  const std::size_t width = names.size();
  for (std::size_t row = 0; row < rows; ++row) {
    std::string values;
    for (std::size_t i = 1; i <= width; ++i) values += fmt::format("?{}, ", row * width + i);
    lines.push_back(fmt::format("({}?{})", values, rows * width + 1));
  }
  return fmt::format("INSERT OR ABORT INTO {} ({}, batch) VALUES {}", corrections_, fmt::join(names, ", "),
                     fmt::join(lines, ", "));
}

// OR ABORT overrules an ON CONFLICT REPLACE or IGNORE in the table's constraints: no row is deleted or
// skipped unseen.
std::string TableSql::update() const {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < backfill_.row.outputs.size(); ++i)
    values.push_back(fmt::format("{} = backfill_new({}, {})",
                                 quote(schema_of(backfill_.row.outputs[i].column).name), i, key_.list("t")));
  return fmt::format("UPDATE OR ABORT {} AS t SET {} WHERE {} >= {} AND {} <= {} AND backfill_selected({})",
                     table_, fmt::join(values, ", "), key_.row_value("t"), key_.placeholders(1),
                     key_.row_value("t"), key_.placeholders(k_ + 1), key_.list("t"));
}

std::string TableSql::as_kept() const {
  std::string same;
  for (const ir::Output& output : backfill_.row.outputs)
    same += fmt::format(" AND {} COLLATE BINARY IS {}", key_.column("t", output.column),
                        key_.column("c", output.column, "prior_"));
  return fmt::format("EXISTS (SELECT 1 FROM {} AS c WHERE {}{})", corrections_, key_.same("c", "t"), same);
}

std::string TableSql::update_as_kept() const {
  return update() + " AND " + as_kept();
}

std::string TableSql::is_as_kept() const {
  return fmt::format("SELECT 1 FROM {} AS t WHERE {} = {} AND {}", table_, key_.row_value("t"),
                     key_.placeholders(1), as_kept());
}

std::string TableSql::forget_correction() const {
  return fmt::format("DELETE FROM {} AS c WHERE {} = {}", corrections_, key_.row_value("c", "key_"),
                     key_.placeholders(1));
}

std::string TableSql::set_aside() const {
  std::vector<std::string> names, values;
  for (const int key : backfill_.key) names.push_back(quote("key_" + schema_of(key).name));
  for (int i = 1; i <= k_ + 4; ++i) values.push_back(fmt::format("?{}", i));
  return fmt::format("INSERT OR REPLACE INTO {} ({}, batch, outcome, error, message) VALUES ({})",
                     quarantine_, fmt::join(names, ", "), fmt::join(values, ", "));
}

std::string TableSql::restore() const {
  std::vector<std::string> values, where;
  int bound = 0;
  for (const ir::Output& output : backfill_.row.outputs)
    values.push_back(fmt::format("{} = ?{}", quote(schema_of(output.column).name), ++bound));
  for (const int key : backfill_.key)
    where.push_back(fmt::format("{} = ?{}", key_.column("t", key), ++bound));
  // The column's affinity is applied to the bound value, as it was when that was written; its collation is
  // not.
  for (const ir::Output& output : backfill_.row.outputs)
    where.push_back(fmt::format("{} COLLATE BINARY IS ?{}", key_.column("t", output.column), ++bound));
  return fmt::format("UPDATE OR ABORT {} AS t SET {} WHERE {}", table_, fmt::join(values, ", "),
                     fmt::join(where, " AND "));
}

std::string TableSql::mark_rolled_back() const {
  return fmt::format("UPDATE {} AS c SET rolled_back = 1 WHERE {} = {}", corrections_,
                     key_.row_value("c", "key_"), key_.placeholders(1));
}

std::string TableSql::exists() const {
  return fmt::format("SELECT 1 FROM {} AS t WHERE {} = {}", table_, key_.row_value("t"),
                     key_.placeholders(1));
}

// Each by one seek: both in one aggregate would be a scan.
std::string TableSql::least_and_greatest_key() const {
  return fmt::format("SELECT (SELECT min({0}) FROM {1} AS t), (SELECT max({0}) FROM {1} AS t)",
                     key_.list("t"), table_);
}

std::string TableSql::any_null_key() const {
  std::vector<std::string> parts;
  for (const int key : backfill_.key) parts.push_back(key_.column("t", key) + " IS NULL");
  return fmt::format("SELECT 1 FROM {} AS t WHERE {} LIMIT 1", table_, fmt::join(parts, " OR "));
}

// Keys have the type of the table's own columns, so that joins use the index and nothing is converted.
std::string TableSql::key_definition() const {
  std::vector<std::string> parts;
  for (const int key : backfill_.key)
    parts.push_back(
        rowid_ ? quote("key_" + schema_of(key).name) + " INTEGER PRIMARY KEY"
               : fmt::format("{} {} NOT NULL", quote("key_" + schema_of(key).name), schema_of(key).sql_type));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string TableSql::key_constraint() const {
  if (rowid_) return ")";
  std::vector<std::string> names;
  for (const int key : backfill_.key) names.push_back(quote("key_" + schema_of(key).name));
  return fmt::format(", PRIMARY KEY ({})) WITHOUT ROWID", fmt::join(names, ", "));
}

std::string TableSql::create_answers() const {
  const std::vector<std::size_t> externs = ir::externs_read(backfill_);
  if (externs.empty()) return {};
  std::string columns;
  for (const std::size_t one : externs)
    columns += fmt::format(", {} TEXT, {}", lower_sql::asked_column(backfill_, static_cast<int>(one)),
                           lower_sql::answer_column(backfill_, static_cast<int>(one)));
  return fmt::format("CREATE TABLE {} ({}, {} INTEGER NOT NULL{}{};\n", answers_, key_definition(),
                     lower_sql::kAnswerBatch, columns, key_constraint());
}

std::string TableSql::keep_answers(std::span<const std::string> lines, std::int64_t batch_number) const {
  std::vector<std::string> rows;
  int bound = 1;
  for (const std::string& line : lines) {
    std::string keys;
    for (int i = 0; i < k_; ++i) keys += fmt::format("?{}, ", bound++);
    rows.push_back(fmt::format("({}{}, {})", keys, batch_number, line));
  }
  return fmt::format("INSERT OR REPLACE INTO {} VALUES {}", answers_, fmt::join(rows, ", "));
}

// Values have no type: SQLite keeps them as they come.
std::string TableSql::create() const {
  std::string values;
  for (const std::string_view prefix : {"prior_", "new_"})
    for (const ir::Output& output : backfill_.row.outputs)
      values += ", " + quote(std::string(prefix) + schema_of(output.column).name);
  return fmt::format(
             "CREATE TABLE {0} ({2}, batch INTEGER NOT NULL, rolled_back INTEGER NOT NULL DEFAULT 0{4}{3};\n"
             "CREATE TABLE {1} ({2}, batch INTEGER NOT NULL, outcome TEXT NOT NULL, error TEXT, message "
             "TEXT{3};\n",
             corrections_, quarantine_, key_definition(), key_constraint(), values) +
         EffectSql(backfill_, run_).create() + key_.freeze(frozen_, table_) + create_answers();
}

}  // namespace backfill::database::sqlite
