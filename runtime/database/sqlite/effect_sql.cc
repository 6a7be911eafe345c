// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/effect_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/group.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/sqlite/effect_text.h"

namespace backfill::database::sqlite {

EffectSql::EffectSql(const ir::Backfill& backfill, std::int64_t run)
    : backfill_(backfill),
      key_(backfill, dialect()),
      k_(static_cast<int>(backfill.key.size())),
      run_(run),
      table_(in_main(backfill.table->name)),
      corrections_(in_main(lower_sql::corrections_table(run))),
      frozen_(in_main(lower_sql::frozen_table(run))) {}

std::string EffectSql::effect_table(std::size_t effect) const {
  return in_main(lower_sql::effect_table(run_, effect));
}

std::string EffectSql::same_key(std::string_view alias, std::string_view prefix) const {
  return fmt::format("{} = {}", key_.row_value(alias, prefix), key_.placeholders(1));
}

std::string EffectSql::keep(bool derived) const {
  std::vector<std::string> names, values;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  names.emplace_back("batch");
  int bound = k_ + 1;
  for (const ir::Output& output : backfill_.row.outputs) {
    names.push_back(key_.name(output.column, "prior_"));
    names.push_back(key_.name(output.column, "new_"));
    values.push_back(key_.column("t", output.column));
    values.push_back(derived ? fmt::format("?{}", ++bound) : values.back());
  }
  return fmt::format("INSERT OR ABORT INTO {} ({}) SELECT {}, ?{}{}{} FROM {} AS t WHERE {}", corrections_,
                     fmt::join(names, ", "), key_.list("t"), k_ + 1, values.empty() ? "" : ", ",
                     fmt::join(values, ", "), table_, same_key("t"));
}

// OR ABORT overrules an ON CONFLICT REPLACE or IGNORE in the table's constraints.
std::string EffectSql::derive() const {
  std::vector<std::string> sets;
  int bound = k_;
  for (const ir::Output& output : backfill_.row.outputs)
    sets.push_back(fmt::format("{} = ?{}", key_.name(output.column), ++bound));
  return fmt::format("UPDATE OR ABORT {} AS t SET {} WHERE {}", table_, fmt::join(sets, ", "), same_key("t"));
}

std::string EffectSql::look() const {
  std::vector<std::string> inputs;
  for (const ir::Input& input : backfill_.row.inputs)
    inputs.push_back(input.column < 0 ? "NULL" : key_.column("t", input.column));
  return fmt::format("SELECT {} FROM {} AS t WHERE {}", fmt::join(inputs, ", "), table_, same_key("t"));
}

// From table to table within the database: what it holds is what is kept, byte for byte.
std::string EffectSql::take(std::size_t effect) const {
  std::vector<std::string> names, values;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  names.emplace_back("batch");
  for (const schema::Column& column : backfill_.table->columns) {
    names.push_back(quote("row_" + column.name));
    values.push_back("t." + quote(column.name));
  }
  return fmt::format("INSERT OR ABORT INTO {} ({}) SELECT {}, ?{}, {} FROM {} AS t WHERE {}",
                     effect_table(effect), fmt::join(names, ", "), key_.list("t"), k_ + 1,
                     fmt::join(values, ", "), table_, same_key("t"));
}

static constexpr int kUpdated = 2;  // `found` of a row that a conflict has updated

std::string EffectSql::insert(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<int> columns;
  for (const ir::EffectColumn& one : effect.columns) columns.push_back(one.column);
  std::string values = columns.empty() ? "DEFAULT VALUES"
                                       : fmt::format("({}) VALUES ({})", names_of(effect, columns, ""),
                                                     bound(1, columns.size()));
  if (effect.missing_agrees) {
    // No key of the database tells that two are the same of which something is missing.
    std::vector<std::string> there;
    for (const int column : effect.conflict) {
      const auto given = std::ranges::find(columns, column) - columns.begin();
      there.push_back(fmt::format("y.{} IS ?{}", quote(column_of(effect, column).name), given + 1));
    }
    values = fmt::format("({}) SELECT {} WHERE NOT EXISTS (SELECT 1 FROM {} AS y WHERE {})",
                         names_of(effect, columns, ""), bound(1, columns.size()), in_main(effect.table->name),
                         fmt::join(there, " AND "));
  }
  if (effect.on_conflict != ir::OnConflict::Quarantine)
    values += fmt::format(" ON CONFLICT ({}) DO NOTHING", names_of(effect, effect.conflict, ""));
  return fmt::format("INSERT OR ABORT INTO {} {} RETURNING {}", in_main(effect.table->name), values,
                     names_of(effect, effect.key, ""));
}

std::string EffectSql::keep_inserted(std::size_t index) const {
  return keep_row(index, backfill_.effects[index].key, 0);
}

std::string EffectSql::keep_found(std::size_t index) const {
  return keep_row(index, backfill_.effects[index].conflict, 1);
}

std::string EffectSql::passed(std::size_t index) const {
  std::vector<std::string> columns;
  for (const ir::Passed& one : backfill_.passed)
    if (one.effect == static_cast<int>(index))
      columns.push_back("e." + quote("row_" + column_of(backfill_.effects[index], one.column).name));
  return fmt::format("SELECT {} FROM {} AS e WHERE {}", fmt::join(columns, ", "), effect_table(index),
                     same_key("e", "key_"));
}

std::string EffectSql::keep_row(std::size_t index, const std::vector<int>& by, int found) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> names, values;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  for (const schema::Column& column : effect.table->columns) {
    const std::string value = "x." + quote(column.name);
    names.push_back(quote("row_" + column.name));
    values.push_back(value);
    if (found != kUpdated) continue;
    names.push_back(quote("was_" + column.name));
    values.push_back(value);
  }
  if (effect.each >= 0) {
    names.emplace_back("element");
    values.push_back(fmt::format("?{}", k_ + 2 + static_cast<int>(by.size())));
  }
  std::vector<std::string> same;
  for (std::size_t i = 0; i < by.size(); ++i)
    same.push_back(fmt::format("x.{} {} ?{}", quote(column_of(effect, by[i]).name),
                               effect.missing_agrees ? "IS" : "=", k_ + 2 + static_cast<int>(i)));
  std::string order;  // of several rows that agree, since nothing keeps them apart, the first
  if (effect.missing_agrees) order = fmt::format(" ORDER BY {} LIMIT 1", names_of(effect, effect.key, "x."));
  return fmt::format(
      "INSERT OR ABORT INTO {} ({}, found, batch) SELECT {}, {}, {}, ?{} FROM {} AS x WHERE {}{}",
      effect_table(index), fmt::join(names, ", "), bound(1, backfill_.key.size()), fmt::join(values, ", "),
      found, k_ + 1, in_main(effect.table->name), fmt::join(same, " AND "), order);
}

// The row of what is given for the conflict's columns.
std::string EffectSql::agrees(std::size_t index, const std::string& alias, int from) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> same;
  for (const int column : effect.conflict)
    same.push_back(fmt::format("{}.{} = ?{}", alias, quote(column_of(effect, column).name), from++));
  return fmt::format("{}", fmt::join(same, " AND "));
}

std::string EffectSql::holds(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  int bound_values = static_cast<int>(effect.conflict.size());
  std::string same;
  for (const ir::EffectColumn& one : effect.update)
    same += fmt::format(" AND x.{} COLLATE BINARY IS ?{}", quote(column_of(effect, one.column).name),
                        ++bound_values);
  return fmt::format("SELECT 1 FROM {} AS x WHERE {}{}", in_main(effect.table->name), agrees(index, "x", 1),
                     same);
}

std::string EffectSql::written(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> ours;
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    const ir::Effect& other = backfill_.effects[i];
    if (other.kind != ir::EffectKind::Insert || other.table != effect.table) continue;
    std::vector<std::string> same;
    for (const int column : other.key)
      same.push_back(fmt::format("e.{} = x.{}", quote("row_" + column_of(effect, column).name),
                                 quote(column_of(effect, column).name)));
    ours.push_back(
        fmt::format("EXISTS (SELECT 1 FROM {} AS e WHERE {} AND e.rolled_back = 0 AND e.found <> 1)",
                    effect_table(i), fmt::join(same, " AND ")));
  }
  return fmt::format("SELECT 1 FROM {} AS x WHERE {} AND ({})", in_main(effect.table->name),
                     agrees(index, "x", 1), fmt::join(ours, " OR "));
}

std::string EffectSql::keep_updated(std::size_t index) const {
  return keep_row(index, backfill_.effects[index].conflict, kUpdated);
}

std::string EffectSql::update(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  int bound_values = static_cast<int>(effect.conflict.size());
  std::vector<std::string> sets;
  for (const ir::EffectColumn& one : effect.update)
    sets.push_back(fmt::format("{} = ?{}", quote(column_of(effect, one.column).name), ++bound_values));
  return fmt::format("UPDATE OR ABORT {} AS x SET {} WHERE {}", in_main(effect.table->name),
                     fmt::join(sets, ", "), agrees(index, "x", 1));
}

std::string EffectSql::keep_updated_to(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> sets, same;
  for (const schema::Column& column : effect.table->columns)
    sets.push_back(fmt::format("{} = x.{}", quote("row_" + column.name), quote(column.name)));
  for (const int column : effect.key)
    same.push_back(fmt::format("x.{} = e.{}", quote(column_of(effect, column).name),
                               quote("was_" + column_of(effect, column).name)));
  return fmt::format("UPDATE {} AS e SET {} FROM {} AS x WHERE {} AND {}{}", effect_table(index),
                     fmt::join(sets, ", "), in_main(effect.table->name), same_key("e", "key_"),
                     fmt::join(same, " AND "),
                     effect.each >= 0 ? fmt::format(" AND e.element = ?{}", k_ + 1) : "");
}

std::string EffectSql::restore(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> sets;
  std::string same;
  for (const ir::EffectColumn& one : effect.update) {
    const std::string& name = column_of(effect, one.column).name;
    sets.push_back(fmt::format("{} = e.{}", quote(name), quote("was_" + name)));
  }
  for (const schema::Column& column : effect.table->columns)
    same += fmt::format(" AND x.{} COLLATE BINARY IS e.{}", quote(column.name), quote("row_" + column.name));
  return fmt::format(
      "UPDATE OR ABORT {} AS x SET {} FROM {} AS e WHERE {} AND e.rolled_back = 0 AND e.found = {}{}",
      in_main(effect.table->name), fmt::join(sets, ", "), effect_table(index), same_key("e", "key_"),
      kUpdated, same);
}

// Where it is still as it was inserted.
std::string EffectSql::take_back(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::string same;
  for (const schema::Column& column : effect.table->columns)
    same += fmt::format(" AND x.{} COLLATE BINARY IS e.{}", quote(column.name), quote("row_" + column.name));
  const std::string of_row = fmt::format("FROM {} AS e WHERE {} AND e.rolled_back = 0 AND e.found = 0",
                                         effect_table(index), same_key("e", "key_"));
  // `same` holds for the key's columns too: of several elements it is that one.
  return fmt::format("DELETE FROM {} AS x WHERE {} IN (SELECT {} {}) AND EXISTS (SELECT 1 {}{})",
                     in_main(effect.table->name),
                     in_parentheses(names_of(effect, effect.key, "x."), effect.key.size()),
                     names_of(effect, effect.key, "e.", "row_"), of_row, of_row, same);
}

std::string EffectSql::remove() const {
  return fmt::format("DELETE FROM {} AS t WHERE {}", table_, same_key("t"));
}

std::string EffectSql::put_back(std::size_t effect) const {
  std::vector<std::string> names, values;
  const schema::Table& table = *backfill_.effects[effect].table;
  for (const schema::Column& column : table.columns) {
    if (column.generated) continue;
    names.push_back(quote(column.name));
    values.push_back("e." + quote("row_" + column.name));
  }
  return fmt::format("INSERT OR ABORT INTO {} ({}) SELECT {} FROM {} AS e WHERE {} AND e.rolled_back = 0",
                     in_main(table.name), fmt::join(names, ", "), fmt::join(values, ", "),
                     effect_table(effect), same_key("e", "key_"));
}

std::string EffectSql::mark(std::size_t effect) const {
  return fmt::format("UPDATE {} AS e SET rolled_back = 1 WHERE {} AND e.rolled_back = 0",
                     effect_table(effect), same_key("e", "key_"));
}

std::string EffectSql::forget_found(std::size_t effect) const {
  return fmt::format("UPDATE {} AS e SET rolled_back = 1 WHERE {} AND e.found = 1", effect_table(effect),
                     same_key("e", "key_"));
}

std::string EffectSql::undo(std::size_t effect) const {
  switch (backfill_.effects[effect].kind) {
    case ir::EffectKind::Insert:
      return take_back(effect);
    case ir::EffectKind::UpdateOthers:
      return restore_others(effect);
    case ir::EffectKind::DeleteRow:
    case ir::EffectKind::DeleteOthers:
      break;
  }
  return put_back(effect);
}

// Values have no type: SQLite keeps them as they come.
std::string EffectSql::create() const {
  std::string all;
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    std::vector<std::string> columns, keys;
    for (const int key : backfill_.key) {
      keys.push_back(key_.name(key, "key_"));
      const schema::Column& column = backfill_.table->columns[static_cast<std::size_t>(key)];
      columns.push_back(fmt::format("{} {} NOT NULL", keys.back(), column.sql_type));
    }
    const ir::Effect& effect = backfill_.effects[i];
    if (effect.each >= 0) {
      keys.emplace_back("element");
      columns.emplace_back("element INTEGER NOT NULL");
    }
    columns.emplace_back("batch INTEGER NOT NULL");
    columns.emplace_back("rolled_back INTEGER NOT NULL DEFAULT 0, found INTEGER NOT NULL DEFAULT 0");
    // But for the key of another table: without the type its index would not serve a comparison with it.
    const schema::Table& table = *effect.table;
    for (std::size_t at = 0; at < table.columns.size(); ++at) {
      const std::vector<int>& key = effect.key;
      const bool is_key =
          lower_sql::writes_others(effect) && std::ranges::find(key, static_cast<int>(at)) != key.end();
      columns.push_back(quote("row_" + table.columns[at].name) +
                        (is_key ? " " + table.columns[at].sql_type : ""));
      if (effect.on_conflict == ir::OnConflict::Update)
        columns.push_back(quote("was_" + table.columns[at].name));
    }
    const bool others = lower_sql::writes_others(effect);
    for (const int column : lower_sql::written_columns(effect))
      if (others) columns.push_back(quote("new_" + column_of(effect, column).name));
    // Of another table each row once, whosever it is.
    const std::string primary =
        others ? names_of(effect, effect.key, "", "row_") : fmt::format("{}", fmt::join(keys, ", "));
    all += fmt::format("CREATE TABLE {} ({}, PRIMARY KEY ({}));\n", effect_table(i), fmt::join(columns, ", "),
                       primary);
    if (others)
      all += fmt::format("CREATE INDEX {} ON {} ({});\n", in_main(lower_sql::effect_table(run_, i) + "_key"),
                         quote(lower_sql::effect_table(run_, i)), fmt::join(keys, ", "));
    const auto updates = [&](const ir::Effect& other) {
      return other.table == effect.table && other.on_conflict == ir::OnConflict::Update;
    };
    const bool looked_for =
        ir::is_asked(backfill_, *effect.table) || std::ranges::any_of(backfill_.effects, updates);
    if (effect.kind == ir::EffectKind::Insert && !effect.key.empty() && looked_for)
      all += fmt::format("CREATE INDEX {} ON {} ({});\n", in_main(lower_sql::effect_table(run_, i) + "_row"),
                         quote(lower_sql::effect_table(run_, i)), names_of(effect, effect.key, "", "row_"));
  }
  return all;
}

}  // namespace backfill::database::sqlite
