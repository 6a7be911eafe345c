// SPDX-License-Identifier: Apache-2.0
// The statements of what an insert updates instead, where the row is there already. They are sent keys, the
// element's number where there is one, the conflict's columns, the updated columns; then what is said there.
#include "runtime/database/postgres/effect_text.h"
#include "runtime/database/sql/quote.h"

namespace backfill::database::postgres {

namespace {

const schema::Column& column_of(const ir::Effect& effect, int column) {
  return effect.table->columns[static_cast<std::size_t>(column)];
}

}  // namespace

std::string TableSql::there_already(std::size_t index, const std::string& alias) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> same;
  for (std::size_t i = 0; i < effect.conflict.size(); ++i) {
    const int at = effect.conflict[i];
    same.push_back(fmt::format("x.{} = ({}.c{})::{}", dialect().quote(column_of(effect, at).name), alias, i,
                               effect_types_[index][static_cast<std::size_t>(at)].spelled));
  }
  return joined(same, " AND ");
}

std::string TableSql::conflict_rows(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::string arrays = key_arrays(), names = key_names();
  if (effect.each >= 0) arrays += ", int8[]";
  if (effect.each >= 0) names += ", e";
  for (std::size_t i = 0; i < effect.conflict.size(); ++i) {
    arrays += fmt::format(", {}", sent(effect, effect.conflict[i]).array);
    names += fmt::format(", c{}", i);
  }
  for (std::size_t i = 0; i < effect.update.size(); ++i) {
    arrays += fmt::format(", {}", sent(effect, effect.update[i].column).array);
    names += fmt::format(", u{}", i);
  }
  return fmt::format("{} WITH ORDINALITY AS v({}, i)", unnested(arrays, 1), names);
}

// Does the row `alias` hold what `v` gives?
std::string TableSql::holds(std::size_t index, const std::string& alias, const std::string& given) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> same;
  for (std::size_t i = 0; i < effect.update.size(); ++i) {
    const int at = effect.update[i].column;
    const StoredType& type = effect_types_[index][static_cast<std::size_t>(at)];
    const schema::Column& column = column_of(effect, at);
    same.push_back(fmt::format("{} IS NOT DISTINCT FROM {}",
                               as_itself(alias + dialect().quote(column.name), type, column),
                               as_itself(fmt::format("({}.u{})::{}", given, i, type.spelled), type, column)));
  }
  return joined(same, " AND ");
}

// In the order of the key, as every worker does.
std::string TableSql::lock_found(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> key;
  for (const int at : effect.key) key.push_back("x." + dialect().quote(column_of(effect, at).name));
  return fmt::format("SELECT 1 FROM {} JOIN {} AS x ON {} ORDER BY {} FOR NO KEY UPDATE OF x",
                     conflict_rows(index), dialect().table(*effect.table), there_already(index, "v"),
                     joined(key));
}

// What the run itself has written of any row is not written again: two sources would disagree.
std::string TableSql::update_found(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> told, was, sets, same_key, returned, kept_names, kept;
  for (std::size_t i = 0; i < effect.conflict.size(); ++i) told.push_back(fmt::format("v.c{}", i));
  for (const schema::Column& column : effect.table->columns) {
    was.push_back(fmt::format("x.{} AS {}", dialect().quote(column.name), was_name(column)));
    returned.push_back(fmt::format("x.{} AS {}", dialect().quote(column.name), row_name(column)));
    kept_names.push_back(was_name(column));
    kept.push_back("w." + was_name(column));
    kept_names.push_back(row_name(column));
    kept.push_back("u." + row_name(column));
  }
  for (std::size_t i = 0; i < effect.update.size(); ++i) {
    const int at = effect.update[i].column;
    sets.push_back(fmt::format("{} = w.u{}{}", dialect().quote(column_of(effect, at).name), i,
                               cast_to(effect_types_[index][static_cast<std::size_t>(at)])));
  }
  for (const int at : effect.key)
    same_key.push_back(fmt::format("x.{} = w.{}", dialect().quote(column_of(effect, at).name),
                                   was_name(column_of(effect, at))));
  for (int i = 0; i < k_; ++i) {
    const int key = backfill_.key[static_cast<std::size_t>(i)];
    kept_names.push_back(key_.name(key, "key_"));
    kept.push_back(fmt::format("w.k{}{}", i, cast(key)));
  }
  int behind = k_ + static_cast<int>(effect.conflict.size() + effect.update.size()) + 1;
  if (effect.each >= 0) {
    kept_names.emplace_back("element");
    kept.emplace_back("w.e");
    ++behind;
  }
  std::string ours;
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    const ir::Effect& other = backfill_.effects[i];
    if (other.kind != ir::EffectKind::Insert || other.table != effect.table) continue;
    std::vector<std::string> same;
    for (const int at : other.key)
      same.push_back(fmt::format("e.{} = x.{}", row_name(column_of(effect, at)),
                                 dialect().quote(column_of(effect, at).name)));
    ours += fmt::format(
        " AND NOT EXISTS (SELECT 1 FROM {} AS e WHERE {} AND e.rolled_back OPERATOR(pg_catalog.=) 0 AND "
        "e.found "
        "OPERATOR(pg_catalog.<>) 1)",
        effect_table(i), joined(same, " AND "));
  }
  return fmt::format(
      "WITH v AS MATERIALIZED (SELECT * FROM {0}), w AS MATERIALIZED (SELECT f.*, {1} FROM (SELECT DISTINCT "
      "ON "
      "({2}) v.* FROM v ORDER BY {2}, v.i) AS f JOIN {3} AS x ON {4} WHERE NOT ({5}){6}), u AS (UPDATE {3} "
      "AS x "
      "SET {7} FROM w WHERE {8} RETURNING w.i, {9} AS same, {10}), kept AS (INSERT INTO {11} (found, batch, "
      "{12}) SELECT 2, ${13}::int8, {14} FROM u JOIN w ON u.i OPERATOR(pg_catalog.=) w.i RETURNING 1) SELECT "
      "u.i, u.same FROM u",
      conflict_rows(index), joined(was), joined(told), dialect().table(*effect.table),
      there_already(index, "f"), holds(index, "x.", "f"), ours, joined(sets), joined(same_key, " AND "),
      holds(index, "x.", "w"), joined(returned), effect_table(index), joined(kept_names), behind,
      joined(kept));
}

std::string TableSql::hold_found(std::size_t index) const {
  return fmt::format("SELECT v.i FROM {} JOIN {} AS x ON {} WHERE {}", conflict_rows(index),
                     dialect().table(*backfill_.effects[index].table), there_already(index, "v"),
                     holds(index, "x.", "v"));
}

// Nothing in the database keeps two rows apart whose key is missing: workers wait for each other.
std::string TableSql::lock_missing(std::size_t index) const {
  const std::string name = "backfill ensure " + dialect().table(*backfill_.effects[index].table);
  return fmt::format("SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended({}, 0))",
                     database_sql::quoted(name, '\''));
}

}  // namespace backfill::database::postgres
