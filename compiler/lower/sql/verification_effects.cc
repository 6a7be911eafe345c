// SPDX-License-Identifier: Apache-2.0
// What the effects of a run should have left, and whether it still stands.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/stored.h"
#include "compiler/lower/sql/verification.h"

namespace backfill::lower_sql {

namespace {

// What an insert gives, and behind it what it updates instead.
std::vector<ir::EffectColumn> given_by(const ir::Effect& effect) {
  std::vector<ir::EffectColumn> all = effect.columns;
  all.insert(all.end(), effect.update.begin(), effect.update.end());
  return all;
}

}  // namespace

// What the effect's row holds, as the run has kept it; or whether there is one.
std::string Verification::taken_from(const ir::Passed& passed, std::string_view alias, bool value) const {
  const auto index = static_cast<std::size_t>(passed.effect);
  const schema::Column& column =
      backfill_.effects[index].table->columns[static_cast<std::size_t>(passed.column)];
  std::vector<std::string> same;
  for (const int key : backfill_.key)
    same.push_back(fmt::format("{} = {}", names_.of("w", key, "key_"), names_.of(alias, key, "key_")));
  return fmt::format("(SELECT {} FROM {} AS w WHERE {} AND w.rolled_back = 0)",
                     value ? dialect_.read("w." + dialect_.quote("row_" + column.name), column) : "1",
                     dialect_.quote(effect_table(run_, index)), fmt::join(same, " AND "));
}

std::string Verification::due(const ir::Effect& effect) const {
  const auto value_of = [&](int value) {
    return emitted(*backfill_.row.values[static_cast<std::size_t>(value)], "k");
  };
  const auto flag = [&](int value) { return value < 0 ? std::string("TRUE") : value_of(value); };
  const bool lists = effect.each >= 0;
  // Of others computed once per row of the run, not once more for each row that is compared with it.
  const std::string meant =
      fmt::format("k.class = {} AND {}", static_cast<int>(ir::kCandidate), indented(flag(effect.guard), 6));
  std::string text = fmt::format(
      "-- where the effect is meant, and what it gives\n{} AS {}(\n  SELECT k.*,\n    CASE WHEN {} THEN 1 "
      "ELSE "
      "0 "
      "END AS meant,\n    CASE WHEN {} THEN 1 ELSE 0 END AS barred",
      lists ? "lists" : "due", writes_others(effect) ? "MATERIALIZED " : "", meant,
      effect.unless < 0 ? "FALSE" : indented(flag(effect.unless), 6));
  if (lists)
    text += fmt::format(",\n    CASE WHEN {} THEN {} END AS each_element", meant,
                        indented(value_of(effect.each), 6));
  const std::vector<ir::EffectColumn> given = given_by(effect);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const int value = given[i].value;
    const ir::Passed* passed = ir::passed_to_value(backfill_, value);
    text += fmt::format(",\n    {} AS value_{}",
                        passed != nullptr ? taken_from(*passed, "k", true) : indented(value_of(value), 6), i);
  }
  text += fmt::format("\n  FROM classified AS k\n  WHERE k.class = {} OR k.corrected = 1\n)\n",
                      static_cast<int>(ir::kCandidate));
  return lists ? text + ",\n" + elements(effect) : text;
}

// A row for each element, and for each one that the run has kept a row for.
std::string Verification::elements(const ir::Effect& effect) const {
  const auto index = static_cast<std::size_t>(&effect - backfill_.effects.data());
  std::vector<std::string> same;
  for (const int column : backfill_.key)
    same.push_back(fmt::format("{} = {}", names_.of("e", column, "key_"), names_.of("l", column, "key_")));
  const std::string all = dialect_.positions("l.each_element");
  std::string text = fmt::format(
      "due AS (\n  SELECT {}, l.class, l.corrected, l.barred, n.position AS element,\n    CASE WHEN "
      "n.position IN "
      "({}) THEN l.meant ELSE 0 END AS meant",
      names_.keys("l", "key_"), all);
  const std::vector<ir::EffectColumn> given = given_by(effect);
  for (std::size_t i = 0; i < given.size(); ++i) {
    std::string value = fmt::format("l.value_{}", i);
    if (given[i].of_element) value = element(effect, given[i], value);
    text += fmt::format(",\n    {} AS value_{}", value, i);
  }
  return text + fmt::format(
                    "\n  FROM lists AS l CROSS JOIN LATERAL (\n    {}\n    UNION SELECT e.element FROM {} AS "
                    "e WHERE "
                    "{} AND e.rolled_back = 0) AS n\n)\n",
                    all, dialect_.quote(effect_table(run_, index)), fmt::join(same, " AND "));
}

// One element, as a value of the list's own type.
std::string Verification::element(const ir::Effect& effect, const ir::EffectColumn& column,
                                  const std::string& list) const {
  const stdlib::Type& type = *backfill_.row.values[static_cast<std::size_t>(column.value)]->type.element;
  const std::string json = dialect_.element(list, "n.position");
  if (type.kind == stdlib::Kind::Json || type.kind == stdlib::Kind::List) return json;
  const ir::Expr from{.op = ir::Op::Input, .type = stdlib::make(stdlib::Kind::Json).or_missing(), .input = 0};
  const stdlib::Function* conversion = stdlib::conversion(stdlib::make(stdlib::Kind::Json), type, false);
  const ir::Expr to{
      .op = ir::Op::Call, .type = type.or_missing(), .arguments = {&from}, .function = conversion};
  Emitter emitter(dialect_, [&](int, Emitter::Read) { return json; }, moment_);
  std::string text = within(emitter.emit(to), kAtom);
  const bool single =
      effect.table->columns[static_cast<std::size_t>(column.column)].type.kind == stdlib::Kind::Float32;
  return single ? text + "::float4" : text;
}

std::string Verification::fault(const ir::Effect& effect) const {
  const auto column = [&](int at) -> const schema::Column& {
    return effect.table->columns[static_cast<std::size_t>(at)];
  };
  const auto stored = [&](std::string_view alias, int at) {
    return dialect_.read(fmt::format("{}.{}", alias, dialect_.quote(column(at).name)), column(at));
  };
  std::vector<std::string> differs, there, updated;
  const std::vector<ir::EffectColumn> given = given_by(effect);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const int at = given[i].column;
    const std::string differs_in = dialect_.distinct(stored("x", at), fmt::format("d.value_{}", i));
    if (i >= effect.columns.size()) {
      updated.push_back(differs_in);
      there.push_back(
          fmt::format("NOT ({})", dialect_.distinct(stored("y", at), fmt::format("d.value_{}", i))));
      continue;
    }
    differs.push_back(differs_in);
    if (std::ranges::find(effect.conflict, at) == effect.conflict.end()) continue;
    there.push_back(
        effect.missing_agrees
            ? fmt::format("NOT ({})", dialect_.distinct(stored("y", at), fmt::format("d.value_{}", i)))
            : fmt::format("{} = d.value_{}", stored("y", at), i));
  }
  // What was there already is as good; where it is updated, if it holds what it is updated to.
  std::string missing = "d.meant = 1 AND d.barred = 0";
  if (effect.on_conflict != ir::OnConflict::Quarantine)
    missing += fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS y WHERE {})", dialect_.table(*effect.table),
                           fmt::join(there, " AND "));
  // A row that was found need not hold what would have been given.
  for (std::string& differs_in : differs) differs_in = fmt::format("(e.found = 0 AND {})", differs_in);
  for (const std::string& differs_in : updated)
    differs.push_back(fmt::format("(e.found = 2 AND {})", differs_in));
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN CASE WHEN {1} THEN 1 ELSE 0 END WHEN d.meant = 0 THEN 2 WHEN {2} IS NULL "
      "THEN 3 "
      "WHEN {3} THEN 4 ELSE 0 END",
      names_.of("e", backfill_.key[0], "key_"), missing, "x." + dialect_.quote(column(effect.key[0]).name),
      differs.empty() ? "FALSE" : fmt::format("{}", fmt::join(differs, " OR ")));
}

// Of an effect on other rows: what is left to do, what was done and is no longer so, or was not to be done.
std::string Verification::others_fault(std::size_t index) const {
  const ir::Effect& effect = backfill_.effects[index];
  const std::string kept = dialect_.quote(effect_table(run_, index));
  std::vector<std::string> mine, left, changed, row;
  for (const int column : backfill_.key)
    mine.push_back(fmt::format("{} = {}", names_.of("e", column, "key_"), names_.of("d", column, "key_")));
  for (std::size_t i = 0; i < effect.columns.size(); ++i) {
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(effect.columns[i].column)];
    const auto differs = [&](std::string_view alias) {
      return dialect_.distinct(
          dialect_.read(fmt::format("{}.{}", alias, dialect_.quote(column.name)), column),
          fmt::format("d.value_{}", i));
    };
    left.push_back(differs("o"));
    changed.push_back(differs("x"));
  }
  for (const schema::Column& column : effect.table->columns)
    row.push_back(
        fmt::format("e.{} AS {}", dialect_.quote("row_" + column.name), dialect_.quote(column.name)));
  const OfRow of{names_.inputs("d"),
                 [this](std::size_t k) { return names_.of("d", backfill_.key[k], "key_"); },
                 dialect_.quote(frozen_table(run_))};
  std::vector<std::string> otherwise;  // of rows as they were, and what they were to become
  for (std::size_t i = 0; i < effect.copied.size(); ++i) {
    const ir::CopiedColumn& one = effect.copied[i];
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(one.column)];
    const std::string written = dialect_.quote(fmt::format("written {}", i));
    const auto differs = [&](const std::string& stored) {
      const std::string read = dialect_.read(stored, column);
      return stored_distinct(dialect_, read.empty() ? stored : read,
                             stored_column(dialect_, effect, one.from, "o").value, column.type);
    };
    row.push_back(fmt::format("e.{} AS {}", dialect_.quote("new_" + column.name), written));
    left.push_back(differs("o." + dialect_.quote(column.name)));
    otherwise.push_back(differs("o." + written));
    changed.push_back(stored_distinct(dialect_, "x." + dialect_.quote(column.name),
                                      "e." + dialect_.quote("new_" + column.name), column.type));
  }
  const std::string is_mine = fmt::format("{} AND e.rolled_back = 0", fmt::join(mine, " AND "));
  const std::string there = fmt::format("{} AS x ON {}", dialect_.table(*effect.table),
                                        same_other(dialect_, effect, "x", "e", true));
  const std::string first =
      "x." + dialect_.quote(effect.table->columns[static_cast<std::size_t>(effect.key[0])].name);
  const bool updates = effect.kind == ir::EffectKind::UpdateOthers;
  std::string text =
      fmt::format("CASE WHEN d.meant = 0 AND EXISTS (SELECT 1 FROM {} AS e WHERE {}) THEN 2", kept, is_mine);
  // Which rows are dropped is seen by what else points there: that nothing is left is asked of the
  // repointing.
  if (effect.collides.empty())
    text += fmt::format(
        "\n  WHEN d.meant = 1 AND EXISTS (SELECT 1 FROM (SELECT 1 AS one) AS one JOIN {}{}) THEN 5",
        others_of(backfill_, dialect_, moment_, effect, of),
        left.empty() ? "" : fmt::format(" WHERE {}", fmt::join(left, " OR ")));
  if (updates)
    text += fmt::format(
        "\n  WHEN EXISTS (SELECT 1 FROM {0} AS e LEFT JOIN {1} WHERE {2} AND {3} IS NULL) THEN 3\n  WHEN "
        "EXISTS (SELECT 1 FROM {0} AS e JOIN {1} WHERE {2} AND ({4})) THEN 4",
        kept, there, is_mine, first, fmt::join(changed, " OR "));
  else
    text +=
        fmt::format("\n  WHEN EXISTS (SELECT 1 FROM {} AS e JOIN {} WHERE {}) THEN 6", kept, there, is_mine);
  if (!otherwise.empty())
    text +=
        fmt::format("\n  WHEN EXISTS (SELECT 1 FROM (SELECT {} FROM {} AS e WHERE {}) AS o WHERE {}) THEN 4",
                    fmt::join(row, ", "), kept, is_mine, fmt::join(otherwise, " OR "));
  if (effect.where != nullptr)
    text += fmt::format(
        "\n  WHEN EXISTS (SELECT 1 FROM (SELECT {} FROM {} AS e WHERE {}) AS o WHERE ({}) IS NOT TRUE) THEN "
        "2",
        fmt::join(row, ", "), kept, is_mine,
        others_condition(backfill_, dialect_, moment_, effect, of.reads));
  return text + " ELSE 0 END";
}

EffectSql Verification::effect(std::size_t index, const std::string& batches) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> same, ours, key;
  for (const int column : backfill_.key) {
    same.push_back(fmt::format("{} = {}", names_.of("e", column, "key_"), names_.of("d", column, "key_")));
    ours.push_back(fmt::format("{} = {}", names_.of("c", column, "key_"), names_.of("d", column, "key_")));
  }
  for (const int at : effect.key) {
    const std::string& name = effect.table->columns[static_cast<std::size_t>(at)].name;
    key.push_back(fmt::format("x.{} = e.{}", dialect_.quote(name), dialect_.quote("row_" + name)));
  }
  if (effect.each >= 0) same.emplace_back("e.element = d.element");
  const bool others = writes_others(effect);
  std::string from =
      others
          ? "FROM due AS d"
          : fmt::format(
                "FROM due AS d\n  LEFT JOIN {} AS e ON {} AND e.rolled_back = 0\n  LEFT JOIN {} AS x ON {}",
                dialect_.quote(effect_table(run_, index)), fmt::join(same, " AND "),
                dialect_.table(*effect.table), fmt::join(key, " AND "));
  if (!batches.empty())
    from += fmt::format("\n  JOIN {} AS c ON {} AND c.rolled_back = 0{}",
                        dialect_.quote(corrections_table(run_)), fmt::join(ours, " AND "), batches);
  const std::string steps =
      classified("") + due(effect) +
      fmt::format(", found AS (\n  SELECT {}, d.class, d.corrected, d.meant,\n    {} AS fault\n  {}\n)\n",
                  names_.keys("d", "key_"), indented(others ? others_fault(index) : fault(effect), 4), from);
  return {
      steps +
          "SELECT coalesce(sum(f.meant), 0), coalesce(sum(CASE WHEN f.fault <> 0 THEN 1 ELSE 0 END), 0) FROM "
          "found AS f",
      steps +
          fmt::format("SELECT {0}, f.class, f.corrected, f.fault FROM found AS f WHERE f.fault <> 0 ORDER BY "
                      "{0}",
                      names_.keys("f", "key_"))};
}

EffectSql Verification::kept(std::size_t index, const std::string& batches) const {
  const ir::Effect& effect = backfill_.effects[index];
  std::vector<std::string> ours, key, differs;
  for (const int column : backfill_.key)
    ours.push_back(fmt::format("{} = {}", names_.of("c", column, "key_"), names_.of("e", column, "key_")));
  const auto name = [&](int at) { return effect.table->columns[static_cast<std::size_t>(at)].name; };
  for (const int at : effect.key)
    key.push_back(fmt::format("x.{} = e.{}", dialect_.quote(name(at)), dialect_.quote("row_" + name(at))));
  for (const ir::EffectColumn& one : given_by(effect)) {
    const schema::Column& column = effect.table->columns[static_cast<std::size_t>(one.column)];
    std::string stored = dialect_.read("x." + dialect_.quote(column.name), column);
    std::string was = dialect_.read("e." + dialect_.quote("row_" + column.name), column);
    if (stored.empty()) stored = "x." + dialect_.quote(column.name);
    if (was.empty()) was = "e." + dialect_.quote("row_" + column.name);
    differs.push_back(dialect_.distinct(stored, was));
  }
  std::string from =
      fmt::format("FROM {} AS e\n  LEFT JOIN {} AS x ON {}", dialect_.quote(effect_table(run_, index)),
                  dialect_.table(*effect.table), fmt::join(key, " AND "));
  if (!batches.empty())
    from += fmt::format("\n  JOIN {} AS c ON {} AND c.rolled_back = 0{}",
                        dialect_.quote(corrections_table(run_)), fmt::join(ours, " AND "), batches);
  const std::string found = fmt::format(
      "WITH found AS (\n  SELECT {}, {} AS class, 1 AS corrected,\n    CASE WHEN x.{} IS NULL THEN 3 WHEN {} "
      "THEN "
      "4 ELSE 0 END AS fault\n  {}\n  WHERE e.rolled_back = 0 AND e.found <> 1\n)\n",
      names_.keys("e", "key_"), static_cast<int>(ir::kCandidate), dialect_.quote(name(effect.key[0])),
      differs.empty() ? "FALSE" : fmt::format("{}", fmt::join(differs, " OR ")), from);
  return {
      found + "SELECT count(*), coalesce(sum(CASE WHEN f.fault <> 0 THEN 1 ELSE 0 END), 0) FROM found AS f",
      found +
          fmt::format("SELECT {0}, f.class, f.corrected, f.fault FROM found AS f WHERE f.fault <> 0 ORDER "
                      "BY {0}",
                      names_.keys("f", "key_"))};
}

EffectSql verify_kept(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                      std::size_t effect, const std::string& batches) {
  return Verification(backfill, dialect, run, {}).kept(effect, batches);
}

EffectSql verify_effect(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                        evaluate::Moment moment, std::size_t effect, const std::string& batches) {
  return Verification(backfill, dialect, run, moment).effect(effect, batches);
}

}  // namespace backfill::lower_sql
