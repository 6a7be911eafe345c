// SPDX-License-Identifier: Apache-2.0
// What verifies a run: its three steps, and what its inserts should have left.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"
#include "compiler/lower/sql/names.h"
#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"
#include "compiler/lower/sql/stored.h"
#include "stdlib/bug.h"

namespace backfill::lower_sql {

namespace {

using stdlib::Availability;

// What an insert gives, and behind it what it updates instead.
std::vector<ir::EffectColumn> given_by(const ir::Effect& effect) {
  std::vector<ir::EffectColumn> all = effect.columns;
  all.insert(all.end(), effect.update.begin(), effect.update.end());
  return all;
}

// Verification as the three steps that its text shows: before, classified, expected.
class Verification {
 public:
  Verification(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
               evaluate::Moment moment)
      : backfill_(backfill), dialect_(dialect), names_(backfill, dialect), run_(run), moment_(moment) {}

  [[nodiscard]] std::string count(const std::string& where) const;
  [[nodiscard]] std::string mismatches(const std::string& where) const;
  [[nodiscard]] std::string one() const;
  [[nodiscard]] std::string range(Range range) const;
  [[nodiscard]] EffectSql effect(std::size_t index, const std::string& batches) const;
  [[nodiscard]] EffectSql kept(std::size_t index, const std::string& batches) const;

 private:
  [[nodiscard]] std::string classified(const std::string& where) const;
  [[nodiscard]] std::string taken_from(const ir::Passed& passed, std::string_view alias, bool value) const;
  [[nodiscard]] std::string due(const ir::Effect& effect) const;
  [[nodiscard]] std::string elements(const ir::Effect& effect) const;
  [[nodiscard]] std::string element(const ir::Effect& effect, const ir::EffectColumn& column,
                                    const std::string& list) const;
  [[nodiscard]] std::string fault(const ir::Effect& effect) const;
  [[nodiscard]] std::string others_fault(std::size_t index) const;
  [[nodiscard]] std::string steps(const std::string& where) const;
  [[nodiscard]] std::string before(const std::string& where) const;
  [[nodiscard]] std::string emitted(const ir::Expr& expr, const std::string& alias) const;
  [[nodiscard]] bool asks() const { return !ir::externs_read(backfill_).empty(); }
  [[nodiscard]] bool deletes() const { return ir::deletes_row(backfill_) != nullptr; }
  [[nodiscard]] std::string deleting(const std::string& alias) const;  // the condition under which it does
  [[nodiscard]] std::string mismatch() const;
  [[nodiscard]] std::string shown() const;

  const ir::Backfill& backfill_;
  const Dialect& dialect_;
  Names names_;
  std::int64_t run_;
  evaluate::Moment moment_;
};

std::string Verification::range(Range range) const {
  std::vector<std::string> parts;
  int bound = 1;
  if (range.after) parts.push_back(fmt::format("{} > {}", names_.row_value("t"), names_.placeholders(bound)));
  if (range.after) bound += static_cast<int>(backfill_.key.size());
  if (range.until)
    parts.push_back(fmt::format("{} <= {}", names_.row_value("t"), names_.placeholders(bound)));
  return fmt::format("{}", fmt::join(parts, " AND "));
}

std::string Verification::emitted(const ir::Expr& expr, const std::string& alias) const {
  Emitter emitter(dialect_, names_.inputs(alias), moment_);
  std::string text = emitter.emit(expr).text;
  BACKFILL_CHECK(emitter.availability() != Availability::Unavailable,
                 "verification of a part that has no SQL");
  return text;
}

// What is moved elsewhere is deleted only if it has arrived.
std::string Verification::deleting(const std::string& alias) const {
  const auto holds = [&](int guard) {
    return guard < 0 ? "TRUE" : emitted(*backfill_.row.values[static_cast<std::size_t>(guard)], alias);
  };
  const ir::Effect& effect = *ir::deletes_row(backfill_);
  std::string text = fmt::format("({})", holds(effect.guard));
  for (const int before : effect.after) {
    const auto index = static_cast<std::size_t>(before);
    std::vector<std::string> same;
    for (const int column : backfill_.key)
      same.push_back(
          fmt::format("{} = {}", names_.of("w", column, "key_"), names_.of(alias, column, "key_")));
    const std::string made = fmt::format("FROM {} AS w WHERE {} AND w.rolled_back = 0",
                                         dialect_.quote(effect_table(run_, index)), fmt::join(same, " AND "));
    const ir::Effect& insert = backfill_.effects[index];
    const std::string arrived = insert.each < 0
                                    ? fmt::format("EXISTS (SELECT 1 {})", made)
                                    : fmt::format("(SELECT count(*) {}) = (SELECT count(*) FROM ({}) AS p)",
                                                  made, dialect_.positions(holds(insert.each)));
    text += fmt::format(" AND (NOT ({}) OR {})", holds(insert.guard), arrived);
  }
  return text;
}

std::string Verification::before(const std::string& where) const {
  const std::string has_correction = names_.of("c", backfill_.key[0], "key_") + " IS NOT NULL";
  std::string text = "  SELECT\n    ";
  for (std::size_t i = 0; i < backfill_.key.size(); ++i)
    text += fmt::format("{}{} AS {}", i == 0 ? "" : ", ", names_.of("t", backfill_.key[i]),
                        names_.quoted(backfill_.key[i], "key_"));
  const auto prior = [&](int column) {
    const std::string now = names_.of("t", column);
    if (std::ranges::find(backfill_.row.outputs, column, &ir::Output::column) == backfill_.row.outputs.end())
      return now;
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", has_correction, names_.of("c", column, "prior_"),
                       now);
  };
  const auto effect = [this](std::size_t index) { return dialect_.quote(effect_table(run_, index)); };
  const Joins joins(backfill_, dialect_, moment_, prior, ir::queries_read(backfill_),
                    dialect_.quote(frozen_table(run_)), effect, dialect_.quote(answers_table(run_)));
  for (std::size_t i = 0; i < backfill_.row.inputs.size(); ++i) {
    const std::string& value = joins.value(static_cast<int>(i));
    text += fmt::format(",\n    {} AS {}", value.empty() ? "NULL" : indented(value, 4),
                        names_.input_name(static_cast<int>(i)));
  }
  for (const ir::Output& output : backfill_.row.outputs)
    text += fmt::format(",\n    {} AS {}", names_.of("t", output.column),
                        names_.quoted(output.column, "stored_"));
  if (deletes()) text += fmt::format(",\n    t.{} AS deleted", kDeleted);
  if (asks()) text += fmt::format(",\n    CASE WHEN {} THEN 1 ELSE 0 END AS answered", joins.answered());
  text += fmt::format(",\n    CASE WHEN {} THEN 1 ELSE 0 END AS corrected\n", has_correction);
  text += fmt::format("  FROM {} AS t\n",
                      rows_of_run(backfill_, dialect_, dialect_.table(*backfill_.table), effect));
  text += fmt::format("  LEFT JOIN {} AS c ON {} AND c.rolled_back = 0\n",
                      dialect_.quote(corrections_table(run_)), names_.same_key("c"));
  text += fmt::format("  LEFT JOIN {} AS q ON {}\n", dialect_.quote(quarantine_table(run_)),
                      names_.same_key("q"));
  if (!joins.from().empty()) text += "  " + indented(joins.from().substr(1), 2) + "\n";
  // A row may be set aside in one stage and, mended by then, be written in a later one.
  text += fmt::format("  WHERE ({} IS NULL OR {})", names_.of("q", backfill_.key[0], "key_"), has_correction);
  text += joins.decided();
  if (!where.empty()) text += "\n    AND " + where;
  return text;
}

std::string Verification::classified(const std::string& where) const {
  std::string text =
      "-- every row as it was before the run (prior values from the corrections), and what is stored now\n";
  text += "WITH before AS (\n" + before(where) + "\n),\n";
  text += fmt::format("-- its class: {} is a candidate\nclassified AS (\n  SELECT b.*,\n    ",
                      static_cast<int>(ir::kCandidate));
  return text + indented(emitted(*backfill_.row.class_code, "b"), 4) + " AS class\n  FROM before AS b\n),\n";
}

std::string Verification::steps(const std::string& where) const {
  std::string text = classified(where);
  text += "-- what each candidate must hold now; what the run wrote elsewhere should hold its prior value\n";
  text += "expected AS (\n  SELECT k.*";
  for (std::size_t i = 0; i < backfill_.row.outputs.size(); ++i) {
    const ir::Output& output = backfill_.row.outputs[i];
    const std::string prior =
        dialect_.read(names_.of("k", output.column, "in_"), names_.column(output.column));
    if (const ir::Passed* passed = ir::passed_to_output(backfill_, i)) {
      std::string missing =
          passed->fills ? fmt::format(" AND {} IS NULL", names_.of("k", output.column, "in_")) : "";
      if (passed->guard >= 0)
        missing += fmt::format(" AND ({})",
                               emitted(*backfill_.row.values[static_cast<std::size_t>(passed->guard)], "k"));
      text += fmt::format(",\n    CASE WHEN k.class = {}{} AND EXISTS {} THEN {} ELSE {} END AS {}",
                          static_cast<int>(ir::kCandidate), missing, taken_from(*passed, "k", false),
                          taken_from(*passed, "k", true), prior, names_.quoted(output.column, "expected_"));
      continue;
    }
    text += fmt::format(",\n    CASE WHEN k.class = {} THEN\n      {}\n    ELSE {} END AS {}",
                        static_cast<int>(ir::kCandidate), indented(emitted(*output.final, "k"), 6), prior,
                        names_.quoted(output.column, "expected_"));
  }
  if (deletes())
    text += fmt::format(",\n    CASE WHEN k.class = {} AND {} THEN 1 ELSE 0 END AS to_delete",
                        static_cast<int>(ir::kCandidate), indented(deleting("k"), 6));
  text += fmt::format("\n  FROM classified AS k\n  WHERE k.class = {} OR k.corrected = 1\n)\n",
                      static_cast<int>(ir::kCandidate));
  return text;
}

// Where a program was to be asked, nothing holds without its answer.
std::string Verification::mismatch() const {
  std::vector<std::string> parts;
  if (asks()) parts.emplace_back("e.answered = 0");
  for (const ir::Output& output : backfill_.row.outputs) {
    const std::string stored =
        dialect_.read(names_.of("e", output.column, "stored_"), names_.column(output.column));
    parts.push_back(dialect_.distinct(stored, names_.of("e", output.column, "expected_")));
  }
  const auto candidate = static_cast<int>(ir::kCandidate);
  if (!deletes() && parts.empty()) return fmt::format("(e.class <> {})", candidate);
  if (!deletes()) return fmt::format("(e.class <> {} OR {})", candidate, fmt::join(parts, " OR "));
  const std::string differs = parts.empty() ? "FALSE" : fmt::format("{}", fmt::join(parts, " OR "));
  return fmt::format("(e.class <> {} OR e.deleted <> e.to_delete OR (e.deleted = 0 AND ({})))", candidate,
                     differs);
}

std::string Verification::shown() const {
  std::string text = names_.keys("e", "key_") + ",\n  e.class,\n  e.corrected";
  for (const ir::Output& output : backfill_.row.outputs)
    text += fmt::format(",\n  {} AS {},\n  {}",
                        dialect_.read(names_.of("e", output.column, "stored_"), names_.column(output.column)),
                        names_.quoted(output.column, "stored_"), names_.of("e", output.column, "expected_"));
  if (deletes()) text += ",\n  e.deleted,\n  e.to_delete";
  return text;
}

std::string Verification::count(const std::string& where) const {
  return steps(where) +
         fmt::format(
             "SELECT\n  coalesce(sum(CASE WHEN e.class = {} THEN 1 ELSE 0 END), 0) AS compared,\n"
             "  coalesce(sum(CASE WHEN {} THEN 1 ELSE 0 END), 0) AS mismatches,\n"
             "  coalesce(sum(e.corrected), 0) AS corrected\nFROM expected AS e",
             static_cast<int>(ir::kCandidate), mismatch());
}

std::string Verification::mismatches(const std::string& where) const {
  return steps(where) + fmt::format("SELECT\n  {}\nFROM expected AS e\nWHERE {}\nORDER BY {}", shown(),
                                    mismatch(), names_.keys("e", "key_"));
}

std::string Verification::one() const {
  const std::string where = fmt::format("{} = {}", names_.row_value("t"), names_.placeholders(1));
  return steps(where) +
         fmt::format("SELECT\n  {},\n  CASE WHEN {} THEN 1 ELSE 0 END AS mismatch\nFROM expected AS e",
                     shown(), mismatch());
}

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

}  // namespace

std::string requirement(const ir::Requirement& requirement, const Dialect& dialect, evaluate::Moment moment) {
  const ir::Backfill& asked = *requirement.asked;
  const Joins joins(asked, dialect, moment, [](int) { return std::string(); }, ir::queries_read(asked));
  Emitter emitter(dialect, joins.reads(), moment);
  const std::string holds = emitter.emit(*asked.row.where).text;
  BACKFILL_CHECK(joins.reason().empty() && emitter.availability() != Availability::Unavailable,
                 "a requirement that has no SQL");
  return fmt::format("SELECT CASE WHEN {} THEN 1 ELSE 0 END\nFROM (SELECT 1 AS one) AS t{}",
                     indented(holds, 2), joins.from());
}

EffectSql verify_kept(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                      std::size_t effect, const std::string& batches) {
  return Verification(backfill, dialect, run, {}).kept(effect, batches);
}

VerifySql verify(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                 evaluate::Moment moment, Range range) {
  const Verification verification(backfill, dialect, run, moment);
  const std::string where = verification.range(range);
  return {verification.count(where), verification.mismatches(where), verification.one()};
}

EffectSql verify_effect(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                        evaluate::Moment moment, std::size_t effect, const std::string& batches) {
  return Verification(backfill, dialect, run, moment).effect(effect, batches);
}

}  // namespace backfill::lower_sql
