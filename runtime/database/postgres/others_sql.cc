// SPDX-License-Identifier: Apache-2.0
// The statements of effects on rows of other tables: all of a batch at once. First they are kept as they are,
// and locked; then what was kept is written.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/group.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/effect_text.h"
#include "runtime/database/postgres/table_sql.h"

namespace backfill::database::postgres {

std::string TableSql::of_same_source(std::string_view kept) const {
  std::vector<std::string> same;
  for (int i = 0; i < k_; ++i) {
    const int key = backfill_.key[static_cast<std::size_t>(i)];
    same.push_back(fmt::format("{} = v.k{}{}", key_.column(kept, key, "key_"), i, cast(key)));
  }
  return joined(same, " AND ");
}

std::string TableSql::keep_others(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::string arrays = key_arrays(), names = key_names();
  for (std::size_t i = 0; i < effect.reads.size(); ++i) {
    arrays += fmt::format(", {}", read_as(effect, i).array);
    names += fmt::format(", r{}", i);
  }
  std::vector<std::string> into, values, differs;
  for (int i = 0; i < k_; ++i) {
    const int key = backfill_.key[static_cast<std::size_t>(i)];
    into.push_back(key_.name(key, "key_"));
    values.push_back(fmt::format("v.k{}{}", i, cast(key)));
  }
  const std::string number =
      fmt::format("${}::int8", k_ + static_cast<int>(effect.reads.size() + effect.columns.size()) + 1);
  for (const schema::Column& one : effect.table->columns) {
    into.push_back(row_name(one));
    values.push_back("o." + dialect().quote(one.name));
  }
  for (std::size_t i = 0; i < effect.columns.size(); ++i) {
    const auto at = static_cast<std::size_t>(effect.columns[i].column);
    const schema::Column& column = effect.table->columns[at];
    const StoredType& type = effect_types_[index][at];
    arrays += fmt::format(", {}", sent(effect, effect.columns[i].column).array);
    names += fmt::format(", n{}", i);
    const std::string value = fmt::format("v.n{}{}", i, cast_to(type));
    into.push_back(dialect().quote("new_" + column.name));
    values.push_back(value);
    differs.push_back(fmt::format("{} IS DISTINCT FROM {}",
                                  as_itself("o." + dialect().quote(column.name), type, column),
                                  as_itself(fmt::format("({})::{}", value, type.spelled), type, column)));
  }
  const auto reads = [&](int input, lower_sql::Emitter::Read read) {
    const auto found = std::ranges::find(effect.reads, input, &std::pair<int, int>::first);
    const std::string value = fmt::format("v.r{}", found - effect.reads.begin());
    if (read == lower_sql::Emitter::Read::Presence || !ir::is_stored(backfill_, input)) return value;
    return dialect().read(value, ir::input_column(backfill_, input));
  };
  for (const ir::CopiedColumn& one : effect.copied) {
    const auto at = static_cast<std::size_t>(one.column);
    const schema::Column& column = effect.table->columns[at];
    const StoredType& type = effect_types_[index][at];
    const std::string from = lower_sql::stored_column(dialect(), effect, one.from, "o").stored;
    into.push_back(dialect().quote("new_" + column.name));
    values.push_back(from + cast_to(type));
    differs.push_back(fmt::format("{} IS DISTINCT FROM {}",
                                  as_itself("o." + dialect().quote(column.name), type, column),
                                  as_itself(fmt::format("{}::{}", from, type.spelled), type, column)));
  }
  into.emplace_back("batch");
  values.push_back(number);
  const lower_sql::OfRow of{
      reads, [this](std::size_t k) { return fmt::format("v.k{}{}", k, cast(backfill_.key[k])); }, frozen_};
  return fmt::format("INSERT INTO {} ({}) SELECT {} FROM {} AS v({}) JOIN {}{} FOR {}UPDATE OF o",
                     effect_table(index), joined(into), joined(values), unnested(arrays, 1), names,
                     lower_sql::others_of(backfill_, dialect(), std::nullopt, effect, of),
                     differs.empty() ? "" : fmt::format(" WHERE {}", joined(differs, " OR ")),
                     effect.kind == ir::EffectKind::UpdateOthers && effect.merges < 0 ? "NO KEY " : "");
}

std::string TableSql::write_others(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  const std::string from =
      fmt::format("{} AS e, {} WITH ORDINALITY AS v({}, i) WHERE {} AND {}", effect_table(index),
                  unnested(key_arrays(), 1), key_names(), of_same_source("e"),
                  lower_sql::same_other(dialect(), effect, "x", "e", false));
  std::string changed;
  if (effect.kind == ir::EffectKind::DeleteOthers) {
    changed = fmt::format("DELETE FROM {} AS x USING {} RETURNING v.i AS i, TRUE AS same",
                          dialect().table(*effect.table), from);
  } else {
    std::vector<std::string> sets;
    for (const int at : lower_sql::written_columns(effect)) {
      const schema::Column& column = effect.table->columns[static_cast<std::size_t>(at)];
      sets.push_back(
          fmt::format("{} = e.{}", dialect().quote(column.name), dialect().quote("new_" + column.name)));
    }
    changed = fmt::format("UPDATE {} AS x SET {} FROM {} RETURNING v.i AS i, {} AS same",
                          dialect().table(*effect.table), joined(sets), from, others_as_written(index));
  }
  return fmt::format(
      "WITH done AS ({}) SELECT d.i, pg_catalog.bool_and(d.same), pg_catalog.count(*) FROM done AS d GROUP "
      "BY d.i",
      changed);
}

std::string TableSql::others_as_written(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> same;
  for (const int written : lower_sql::written_columns(effect)) {
    const auto at = static_cast<std::size_t>(written);
    const schema::Column& column = effect.table->columns[at];
    const StoredType& type = effect_types_[index][at];
    same.push_back(fmt::format("{} IS NOT DISTINCT FROM {}",
                               as_itself("x." + dialect().quote(column.name), type, column),
                               as_itself("e." + dialect().quote("new_" + column.name), type, column)));
  }
  return joined(same, " AND ");
}

// Where they are still as they were written.
std::string TableSql::restore_others(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> sets;
  for (const int at : lower_sql::written_columns(effect)) {
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(at)];
    sets.push_back(fmt::format("{} = e.{}", dialect().quote(column.name), row_name(column)));
  }
  const std::string due = between("e", 1, "key_") + " AND e.rolled_back OPERATOR(pg_catalog.=) 0";
  return fmt::format(
      "WITH restored AS (UPDATE {0} AS x SET {1} FROM {2} AS e WHERE {3} AND {4} AND {5} RETURNING 1), "
      "marked AS "
      "(UPDATE {2} AS e SET rolled_back = 1 WHERE {3} RETURNING 1) SELECT (SELECT pg_catalog.count(*) FROM "
      "restored), (SELECT pg_catalog.count(*) FROM marked)",
      dialect().table(*effect.table), joined(sets), effect_table(index), due,
      lower_sql::same_other(dialect(), effect, "x", "e", true), others_as_written(index));
}

std::string TableSql::of_group(std::string_view frozen, int query) const {
  std::vector<std::string> same;
  for (int i = 0; i < k_; ++i)
    same.push_back(fmt::format(
        "{} = v.k{}{}",
        lower_sql::frozen_value(frozen, query, lower_sql::kSurvivor + static_cast<std::size_t>(i)), i,
        cast(backfill_.key[static_cast<std::size_t>(i)])));
  return joined(same, " AND ");
}

std::string TableSql::lock_groups(int query) const {
  return fmt::format(
      "SELECT 1 FROM {} AS v({}) JOIN {} AS z ON {} JOIN {} AS t ON {} ORDER BY {} FOR UPDATE OF t",
      unnested(key_arrays(), 1), key_names(), frozen_, of_group("z", query), table_, key_.same("z", "t"),
      key_.list("t"));
}

std::string TableSql::stale_groups(int query) const {
  const std::string rows = unnested(key_arrays(), 1);
  const auto meant = [&](std::string_view alias) {
    return fmt::format("EXISTS (SELECT 1 FROM {} AS v({}) WHERE {})", rows, key_names(),
                       of_group(alias, query));
  };
  std::vector<std::string> same;
  for (int i = 0; i < k_; ++i)
    same.push_back(fmt::format("s.s{} = v.k{}{}", i, i, cast(backfill_.key[static_cast<std::size_t>(i)])));
  return fmt::format("SELECT v.i FROM {} WITH ORDINALITY AS v({}, i) JOIN ({}) AS s ON {}", rows, key_names(),
                     lower_sql::stale_groups(backfill_, dialect(), query, frozen_, meant),
                     joined(same, " AND "));
}

Sent TableSql::read_as(const ir::Effect& effect, std::size_t read) const {
  return sent_as(backfill_.row.inputs[static_cast<std::size_t>(effect.reads[read].first)].type, "");
}

}  // namespace backfill::database::postgres
