// SPDX-License-Identifier: Apache-2.0
// Rows of other tables that effects update and delete, and the groups of a merge.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/group.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/sqlite/dialect.h"
#include "runtime/database/sqlite/effect_sql.h"
#include "runtime/database/sqlite/effect_text.h"

namespace backfill::database::sqlite {

std::string EffectSql::keep_others(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> names, values, differs;
  for (const int key : backfill_.key) names.push_back(key_.name(key, "key_"));
  values.push_back(bound(1, backfill_.key.size()));
  for (const schema::Column& column : effect.table->columns) {
    names.push_back(quote("row_" + column.name));
    values.push_back("o." + quote(column.name));
  }
  const int reads_from = k_ + 2, values_from = reads_from + static_cast<int>(effect.reads.size());
  for (std::size_t i = 0; i < effect.columns.size(); ++i) {
    const schema::Column& column = column_of(effect, effect.columns[i].column);
    const std::string value = fmt::format("?{}", values_from + static_cast<int>(i));
    names.push_back(quote("new_" + column.name));
    values.push_back(value);
    differs.push_back(
        dialect().distinct(dialect().read("o." + quote(column.name), column), dialect().read(value, column)));
  }
  const auto reads = [&](int input, lower_sql::Emitter::Read read) {
    const auto found = std::ranges::find(effect.reads, input, &std::pair<int, int>::first);
    const std::string value = fmt::format("?{}", reads_from + static_cast<int>(found - effect.reads.begin()));
    if (read == lower_sql::Emitter::Read::Presence || !ir::is_stored(backfill_, input)) return value;
    return dialect().read(value, ir::input_column(backfill_, input));
  };
  for (const ir::CopiedColumn& one : effect.copied) {
    const lower_sql::Stored from = lower_sql::stored_column(dialect(), effect, one.from, "o");
    names.push_back(quote("new_" + column_of(effect, one.column).name));
    values.push_back(from.stored);
    differs.push_back(
        dialect().distinct(lower_sql::stored_column(dialect(), effect, one.column, "o").value, from.value));
  }
  names.emplace_back("batch");
  values.push_back(fmt::format("?{}", k_ + 1));
  const lower_sql::OfRow of{reads, [](std::size_t k) { return fmt::format("?{}", k + 1); }, frozen_};
  return fmt::format("INSERT OR ABORT INTO {} ({}) SELECT {} FROM (SELECT 1 AS one) AS one JOIN {}{}",
                     effect_table(index), fmt::join(names, ", "), fmt::join(values, ", "),
                     lower_sql::others_of(backfill_, dialect(), std::nullopt, effect, of),
                     differs.empty() ? "" : fmt::format(" WHERE {}", fmt::join(differs, " OR ")));
}

std::string EffectSql::stale_groups(int query) const {
  const auto meant = [&](std::string_view alias) {
    std::vector<std::string> survivor;
    for (std::size_t i = 0; i < backfill_.key.size(); ++i)
      survivor.push_back(lower_sql::frozen_value(alias, query, lower_sql::kSurvivor + i));
    const std::string key = in_parentheses(fmt::format("{}", fmt::join(survivor, ", ")), survivor.size());
    return fmt::format("{0} >= {1} AND {0} <= {2}", key, key_.placeholders(1), key_.placeholders(k_ + 1));
  };
  return lower_sql::stale_groups(backfill_, dialect(), query, frozen_, meant);
}

// Each statement that is prepared sees the rows of this source alone.
std::string EffectSql::write_others(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  const std::string table = in_main(effect.table->name), kept = effect_table(index);
  if (effect.kind == ir::EffectKind::DeleteOthers)
    return fmt::format("DELETE FROM {} AS x WHERE {} IN (SELECT {} FROM {} AS e WHERE {})", table,
                       in_parentheses(names_of(effect, effect.key, "x."), effect.key.size()),
                       names_of(effect, effect.key, "e.", "row_"), kept, same_key("e", "key_"));
  std::vector<std::string> sets;
  for (const int column : lower_sql::written_columns(effect)) {
    const std::string& name = column_of(effect, column).name;
    sets.push_back(fmt::format("{} = e.{}", quote(name), quote("new_" + name)));
  }
  return fmt::format("UPDATE OR ABORT {} AS x SET {} FROM {} AS e WHERE {} AND {}", table,
                     fmt::join(sets, ", "), kept, same_key("e", "key_"),
                     lower_sql::same_other(dialect(), effect, "x", "e", false));
}

// Where they are still as they were written.
std::string EffectSql::restore_others(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> sets;
  std::string same;
  for (const int column : lower_sql::written_columns(effect)) {
    const std::string& name = column_of(effect, column).name;
    sets.push_back(fmt::format("{} = e.{}", quote(name), quote("row_" + name)));
    same += fmt::format(" AND x.{} COLLATE BINARY IS e.{}", quote(name), quote("new_" + name));
  }
  return fmt::format("UPDATE OR ABORT {} AS x SET {} FROM {} AS e WHERE {} AND e.rolled_back = 0 AND {}{}",
                     in_main(effect.table->name), fmt::join(sets, ", "), effect_table(index),
                     same_key("e", "key_"), lower_sql::same_other(dialect(), effect, "x", "e", true), same);
}

}  // namespace backfill::database::sqlite
