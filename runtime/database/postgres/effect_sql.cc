// SPDX-License-Identifier: Apache-2.0
// The statements of a run's effects.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/effect_text.h"
#include "runtime/database/postgres/table_sql.h"

namespace backfill::database::postgres {

std::string TableSql::effect_table(std::size_t effect) const {
  return "backfill." + dialect().quote(lower_sql::effect_table(run_, effect));
}

lower_sql::EffectName TableSql::effect_name() const {
  return [run = run_](std::size_t effect) {
    return "backfill." + dialect().quote(lower_sql::effect_table(run, effect));
  };
}

std::string TableSql::lock() const {
  return fmt::format(
      "SELECT v.i FROM {} AS t JOIN {} WITH ORDINALITY AS v({}{}, i) ON {} AND t.xmin "
      "OPERATOR(pg_catalog.=) v.x WHERE {}{} FOR {}UPDATE OF t",
      table_, unnested(key_arrays() + versions_array(), 1), key_names(), versions_name(), same_key_as_bound(),
      between("t", k_ + 1 + versions_count()), same_found(),
      ir::deletes_row(backfill_) == nullptr ? "NO KEY " : "");
}

std::string TableSql::delete_rows(std::size_t effect) const {
  std::vector<std::string> returned, names, values;
  for (const int key : backfill_.key) {
    names.push_back(key_.name(key, "key_"));
    values.push_back("g." + row_name(schema_of(key)));
  }
  names.emplace_back("batch");
  values.push_back(fmt::format("${}::int8", 3 * k_ + 1));
  for (const schema::Column& column : backfill_.table->columns) {
    const std::string name = row_name(column);
    returned.push_back(fmt::format("t.{} AS {}", dialect().quote(column.name), name));
    names.push_back(name);
    values.push_back("g." + name);
  }
  return fmt::format(
      "WITH gone AS (DELETE FROM {} AS t USING {} WITH ORDINALITY AS v({}, i) WHERE {} AND {} RETURNING v.i "
      "AS "
      "i, {}), kept AS (INSERT INTO {} ({}) SELECT {} FROM gone AS g RETURNING 1) SELECT g.i FROM gone AS g",
      table_, unnested(key_arrays(), 1), key_names(), same_key_as_bound(), between("t", k_ + 1),
      joined(returned), effect_table(effect), joined(names), joined(values));
}

Sent TableSql::sent(const ir::Effect& effect, int column) const {
  const auto index = static_cast<std::size_t>(&effect - backfill_.effects.data());
  const auto at = static_cast<std::size_t>(column);
  return sent_as(effect.table->columns[at].type, effect_types_[index][at].spelled);
}

// A row that was inserted is that of the source whose values it holds: in the order in which they were
// inserted, or, where some were there already, by the columns of the conflict. `same` says whether it holds
// all that was sent.
std::string TableSql::insert(std::size_t index, const MissingOf& missing) const {
  const ir::Effect& effect = backfill_.effects[index];
  const auto column = [&](int at) -> const schema::Column& {
    return effect.table->columns[static_cast<std::size_t>(at)];
  };
  const auto type = [&](int at) -> const StoredType& {
    return effect_types_[index][static_cast<std::size_t>(at)];
  };
  std::string arrays = key_arrays(), names = key_names();
  std::vector<std::string> targets, values, returned, kept_names, kept, same;
  if (effect.each >= 0) {
    arrays += ", int8[]";
    names += ", e";
    kept_names.emplace_back("element");
    kept.emplace_back("f.e");
  }
  for (std::size_t i = 0; i < effect.columns.size(); ++i) {
    const int at = effect.columns[i].column;
    const std::string value = fmt::format("v.n{}{}", i, cast_to(type(at)));
    arrays += fmt::format(", {}", sent(effect, at).array);
    names += fmt::format(", n{}", i);
    targets.push_back(dialect().quote(column(at).name));
    values.push_back(value);
    same.push_back(fmt::format(
        "{} IS NOT DISTINCT FROM {}", as_itself("p." + row_name(column(at)), type(at), column(at)),
        as_itself(fmt::format("({})::{}", value, type(at).spelled), type(at), column(at))));
  }
  for (int i = 0; i < k_; ++i) {
    const int key = backfill_.key[static_cast<std::size_t>(i)];
    kept_names.push_back(key_.name(key, "key_"));
    kept.push_back(fmt::format("f.k{}{}", i, cast(key)));
  }
  kept_names.emplace_back("batch");
  const int sent_columns = static_cast<int>(effect.columns.size()) + (effect.each >= 0 ? 1 : 0);
  kept.push_back(fmt::format("${}::int8", k_ + sent_columns + 1));
  for (const schema::Column& one : effect.table->columns) {
    returned.push_back(fmt::format("x.{} AS {}", dialect().quote(one.name), row_name(one)));
    kept_names.push_back(row_name(one));
    kept.push_back("f." + row_name(one));
  }
  std::string on_conflict, order = "v.i", match = "p.n OPERATOR(pg_catalog.=) v.i", from = "v";
  if (effect.on_conflict != ir::OnConflict::Quarantine) {
    std::vector<std::string> columns, equal, told, there;
    for (std::size_t i = 0; i < effect.conflict.size(); ++i) {
      const int at = effect.conflict[i];
      const auto given = std::ranges::find(effect.columns, at, &ir::EffectColumn::column);
      columns.push_back(dialect().quote(column(at).name));
      if (!missing.empty() && missing[i]) {
        there.push_back(fmt::format("y.{} IS NULL", columns.back()));
        continue;
      }
      const std::string value = fmt::format("v.n{}", given - effect.columns.begin());
      const std::string typed = fmt::format("({})::{}", value, type(at).spelled);
      told.push_back(value);
      there.push_back(fmt::format("y.{} = {}", columns.back(), typed));
      equal.push_back(fmt::format("{} = {}", as_itself("p." + row_name(column(at)), type(at), column(at)),
                                  as_itself(typed, type(at), column(at))));
    }
    // Two workers that make the same rows wait for each other in one order.
    told.emplace_back("v.i");
    order = joined(told);
    told.pop_back();
    match = equal.empty() ? "TRUE" : joined(equal, " AND ");
    if (missing.empty()) {
      on_conflict = fmt::format(" ON CONFLICT ({}) DO NOTHING", joined(columns));
    } else {
      // No key of the database tells that they are the same.
      from = fmt::format(
          "(SELECT {} v.* FROM v WHERE NOT EXISTS (SELECT 1 FROM {} AS y WHERE {}) ORDER BY {}{}) AS v",
          told.empty() ? "" : fmt::format("DISTINCT ON ({})", joined(told)), dialect().table(*effect.table),
          joined(there, " AND "), order, told.empty() ? " LIMIT 1" : "");
    }
  }
  const std::string into = targets.empty() ? "" : fmt::format(" ({})", joined(targets));
  const std::string rows = targets.empty()
                               ? "SELECT FROM v"
                               : fmt::format("SELECT {} FROM {} ORDER BY {}", joined(values), from, order);
  return fmt::format(
      "WITH v AS MATERIALIZED (SELECT * FROM {0} WITH ORDINALITY AS v({1}, i)), ins AS (INSERT INTO {2} AS "
      "x{3} "
      "{4}{5} RETURNING {6}), p AS (SELECT pg_catalog.row_number() OVER () AS n, ins.* FROM ins), f AS "
      "(SELECT "
      "DISTINCT ON (p.n) v.*, p.*, {7} AS same FROM p JOIN v ON {8} ORDER BY p.n, v.i), kept AS (INSERT INTO "
      "{9} "
      "({10}) SELECT {11} FROM f RETURNING 1) SELECT f.i, f.same, (SELECT pg_catalog.count(*) FROM ins) FROM "
      "f",
      unnested(arrays, 1), names, dialect().table(*effect.table), into, rows, on_conflict, joined(returned),
      same.empty() ? "TRUE" : joined(same, " AND "), match, effect_table(index), joined(kept_names),
      joined(kept));
}

std::string TableSql::keep_found(std::size_t index, const MissingOf& missing) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::string arrays = key_arrays(), names = key_names();
  std::vector<std::string> same, kept_names, kept, known;
  for (std::size_t i = 0; i < effect.conflict.size(); ++i) {
    const int at = effect.conflict[i];
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(at)];
    arrays += fmt::format(", {}", sent(effect, at).array);
    names += fmt::format(", c{}", i);
    const std::string there = "x." + dialect().quote(column.name);
    if (!missing.empty() && missing[i]) {
      same.push_back(there + " IS NULL");
      continue;
    }
    same.push_back(fmt::format("{} = (v.c{})::{}", there, i,
                               effect_types_[index][static_cast<std::size_t>(at)].spelled));
  }
  for (int i = 0; i < k_; ++i) {
    const int key = backfill_.key[static_cast<std::size_t>(i)];
    kept_names.push_back(key_.name(key, "key_"));
    kept.push_back(fmt::format("v.k{}{}", i, cast(key)));
    known.push_back(fmt::format("e.{} = {}", kept_names.back(), kept.back()));
  }
  for (const schema::Column& one : effect.table->columns) {
    kept_names.push_back(row_name(one));
    kept.push_back("x." + dialect().quote(one.name));
  }
  // Of several rows that agree, since nothing keeps them apart, each source gets the first.
  std::string first, order;
  if (!missing.empty()) {
    std::vector<std::string> sources, keys;
    for (int i = 0; i < k_; ++i) sources.push_back(fmt::format("v.k{}", i));
    for (const int at : effect.key)
      keys.push_back("x." + dialect().quote(effect.table->columns[static_cast<std::size_t>(at)].name));
    first = fmt::format(" DISTINCT ON ({})", joined(sources));
    order = fmt::format(" ORDER BY {}, {}", joined(sources), joined(keys));
  }
  return fmt::format(
      "INSERT INTO {0} (found, batch, {1}) SELECT{9} 1, ${2}::int8, {3} FROM {4} AS v({5}) JOIN {6} AS x ON "
      "{7} "
      "WHERE NOT EXISTS (SELECT 1 FROM {0} AS e WHERE {8}){10}",
      effect_table(index), joined(kept_names), k_ + static_cast<int>(effect.conflict.size()) + 1,
      joined(kept), unnested(arrays, 1), names, dialect().table(*effect.table), joined(same, " AND "),
      joined(known, " AND "), first, order);
}

std::string TableSql::passed(std::size_t index) const {
  std::vector<std::string> columns, same;
  for (const ir::Passed& one : backfill_.passed) {
    if (one.effect != static_cast<int>(index)) continue;
    const schema::Column& column =
        backfill_.effects[index].table->columns[static_cast<std::size_t>(one.column)];
    const bool wider = column.type.kind == stdlib::Kind::Int16 || column.type.kind == stdlib::Kind::Int32;
    columns.push_back(fmt::format("e.{}{}", row_name(column), wider && passes_int64(one) ? "::int8" : ""));
  }
  for (int i = 0; i < k_; ++i) {
    const int key = backfill_.key[static_cast<std::size_t>(i)];
    same.push_back(fmt::format("{} = v.k{}{}", key_.column("e", key, "key_"), i, cast(key)));
  }
  return fmt::format("SELECT v.i, {} FROM {} WITH ORDINALITY AS v({}, i) JOIN {} AS e ON {}", joined(columns),
                     unnested(key_arrays(), 1), key_names(), effect_table(index), joined(same, " AND "));
}

bool TableSql::passes_int64(const ir::Passed& one) const {
  if (one.output >= 0)
    return schema_of(backfill_.row.outputs[static_cast<std::size_t>(one.output)].column).type.kind ==
           stdlib::Kind::Int64;
  return backfill_.row.values[static_cast<std::size_t>(one.value)]->type.kind == stdlib::Kind::Int64;
}

std::string TableSql::undo(std::size_t effect) const {
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

// Where it is still as it was left: deleted if it was inserted, as before if a conflict has updated it.
std::string TableSql::take_back(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> same, sets;
  for (const int at : effect.key) {
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(at)];
    same.push_back(fmt::format("x.{} = e.{}", dialect().quote(column.name), row_name(column)));
  }
  for (std::size_t at = 0; at < effect.table->columns.size(); ++at) {
    const schema::Column& column = effect.table->columns[at];
    const StoredType& type = effect_types_[index][at];
    same.push_back(fmt::format("{} IS NOT DISTINCT FROM {}",
                               as_itself("x." + dialect().quote(column.name), type, column),
                               as_itself("e." + row_name(column), type, column)));
  }
  for (const ir::EffectColumn& one : effect.update) {
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(one.column)];
    sets.push_back(fmt::format("{} = e.{}", dialect().quote(column.name), was_name(column)));
  }
  const std::string due = between("e", 1, "key_") + " AND e.rolled_back OPERATOR(pg_catalog.=) 0";
  std::string updated, more;
  if (!sets.empty()) {
    updated = fmt::format(
        ", was AS (UPDATE {} AS x SET {} FROM {} AS e WHERE {} AND e.found OPERATOR(pg_catalog.=) 2 AND {} "
        "RETURNING 1)",
        dialect().table(*effect.table), joined(sets), effect_table(index), due, joined(same, " AND "));
    more = " OPERATOR(pg_catalog.+) (SELECT pg_catalog.count(*) FROM was)";
  }
  return fmt::format(
      "WITH gone AS (DELETE FROM {0} AS x USING {1} AS e WHERE {2} AND e.found OPERATOR(pg_catalog.=) 0 AND "
      "{3} RETURNING 1){4}, marked AS (UPDATE {1} AS e SET rolled_back = 1 WHERE {2} RETURNING e.found) "
      "SELECT "
      "(SELECT pg_catalog.count(*) FROM gone){5}, (SELECT pg_catalog.count(*) FROM marked AS m WHERE m.found "
      "OPERATOR(pg_catalog.<>) 1)",
      dialect().table(*effect.table), effect_table(index), due, joined(same, " AND "), updated, more);
}

std::string TableSql::put_back(std::size_t effect) const {
  std::vector<std::string> names, values;
  const schema::Table& table = *backfill_.effects[effect].table;
  for (const schema::Column& column : table.columns) {
    if (column.generated) continue;
    names.push_back(dialect().quote(column.name));
    values.push_back("e." + row_name(column));
  }
  return fmt::format(
      "WITH put AS (INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {} AS e WHERE {} AND "
      "e.rolled_back OPERATOR(pg_catalog.=) 0 RETURNING 1), marked AS (UPDATE {} AS e SET rolled_back = 1 "
      "WHERE {} AND e.rolled_back OPERATOR(pg_catalog.=) 0 RETURNING 1) SELECT (SELECT "
      "pg_catalog.count(*) FROM put), (SELECT pg_catalog.count(*) FROM marked)",
      dialect().table(table), joined(names), joined(values), effect_table(effect), between("e", 1, "key_"),
      effect_table(effect), between("e", 1, "key_"));
}

std::string TableSql::mark() const {
  return fmt::format(
      "WITH marked AS (UPDATE {} AS c SET rolled_back = 1 WHERE {} AND c.rolled_back OPERATOR(pg_catalog.=) "
      "0 "
      "RETURNING 1) SELECT pg_catalog.count(*) FROM marked",
      corrections_, between("c", 1, "key_"));
}

// From the tables themselves, so that every column has the very type that it has there.
std::string TableSql::create_effects() const {
  std::string all;
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i) {
    const ir::Effect& effect = backfill_.effects[i];
    const schema::Table& table = *effect.table;
    std::vector<std::string> columns, names, required;
    for (const int key : backfill_.key) {
      names.push_back(key_.name(key, "key_"));
      columns.push_back(fmt::format("{} AS {}", key_.column("t", key), names.back()));
      required.push_back(fmt::format("ALTER {} SET NOT NULL", names.back()));
    }
    columns.emplace_back("0::int8 AS batch, 0::int2 AS rolled_back, 0::int2 AS found");
    if (effect.each >= 0) {
      columns.emplace_back("0::int8 AS element");
      names.emplace_back("element");
    }
    const bool updates = effect.on_conflict == ir::OnConflict::Update;
    for (const schema::Column& column : table.columns) {
      columns.push_back(fmt::format("x.{} AS {}", dialect().quote(column.name), row_name(column)));
      if (updates)
        columns.push_back(fmt::format("x.{} AS {}", dialect().quote(column.name), was_name(column)));
    }
    std::vector<std::string> primary = names;
    std::string by_source;
    if (lower_sql::writes_others(effect)) {  // each row of the other table once, whosever it is
      primary.clear();
      for (const int at : effect.key)
        primary.push_back(row_name(table.columns[static_cast<std::size_t>(at)]));
      by_source = fmt::format("CREATE INDEX ON {} ({});\n", effect_table(i), joined(names));
      for (const int at : lower_sql::written_columns(effect)) {
        const std::string& name = table.columns[static_cast<std::size_t>(at)].name;
        columns.push_back(fmt::format("x.{} AS {}", dialect().quote(name), dialect().quote("new_" + name)));
      }
    }
    all += fmt::format(
        "CREATE TABLE {0} AS SELECT {1} FROM {2} AS t CROSS JOIN {3} AS x WITH NO DATA;\n"
        "ALTER TABLE {0} {4}, ALTER batch SET NOT NULL, ALTER rolled_back SET NOT NULL, ALTER rolled_back "
        "SET "
        "DEFAULT 0, ALTER found SET NOT NULL, ALTER found SET DEFAULT 0, ADD PRIMARY KEY ({5});\n",
        effect_table(i), joined(columns), table_, dialect().table(table), joined(required), joined(primary));
    all += by_source;
    const auto same_table = [&](const ir::Effect& other) {
      return other.table == &table && other.on_conflict == ir::OnConflict::Update;
    };
    const bool looked_for =
        ir::is_asked(backfill_, table) || std::ranges::any_of(backfill_.effects, same_table);
    if (effect.kind == ir::EffectKind::Insert && !effect.key.empty() && looked_for) {
      std::vector<std::string> row;
      for (const int at : effect.key) row.push_back(row_name(table.columns[static_cast<std::size_t>(at)]));
      all += fmt::format("CREATE INDEX ON {} ({});\n", effect_table(i), joined(row));
    }
  }
  return all;
}

}  // namespace backfill::database::postgres
