// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/statements.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"
#include "stdlib/bug.h"

namespace backfill::lower_sql {

namespace {

using stdlib::Availability;

// The names that one backfill's statements share.
class Names {
 public:
  Names(const ir::Backfill& backfill, const Dialect& dialect) : backfill_(backfill), dialect_(dialect) {}

  [[nodiscard]] const schema::Column& column(int column) const {
    return backfill_.table->columns[static_cast<std::size_t>(column)];
  }
  // alias."prefix_column"
  [[nodiscard]] std::string of(std::string_view alias, int of_column, std::string_view prefix = "") const {
    return fmt::format("{}.{}", alias, quoted(of_column, prefix));
  }
  [[nodiscard]] std::string quoted(int of_column, std::string_view prefix = "") const {
    return dialect_.quote(std::string(prefix) + column(of_column).name);
  }
  [[nodiscard]] std::string keys(std::string_view alias, std::string_view prefix = "") const {
    std::vector<std::string> parts;
    for (const int key : backfill_.key) parts.push_back(of(alias, key, prefix));
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  [[nodiscard]] std::string row_value(std::string_view alias) const {
    return backfill_.key.size() == 1 ? keys(alias) : "(" + keys(alias) + ")";
  }
  [[nodiscard]] std::string placeholders(int from) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < backfill_.key.size(); ++i)
      parts.push_back(dialect_.placeholder(from + static_cast<int>(i)));
    const std::string joined = fmt::format("{}", fmt::join(parts, ", "));
    return parts.size() == 1 ? joined : "(" + joined + ")";
  }
  [[nodiscard]] std::string same_key(std::string_view alias) const {
    std::vector<std::string> parts;
    for (const int key : backfill_.key)
      parts.push_back(fmt::format("{} = {}", of(alias, key, "key_"), of("t", key)));
    return fmt::format("{}", fmt::join(parts, " AND "));
  }
  // "in_email", "in_0.plan.seats": two lookups may find columns of one name.
  [[nodiscard]] std::string input_name(int input) const {
    const int query = backfill_.row.inputs[static_cast<std::size_t>(input)].query;
    const std::string name = ir::input_name(backfill_, input);
    return dialect_.quote(query < 0 ? "in_" + name : fmt::format("in_{}.{}", query, name));
  }
  // Inputs by those names under `alias`.
  [[nodiscard]] Emitter::ReadInput inputs(std::string alias) const {
    return [this, alias = std::move(alias)](int input, Emitter::Read read) {
      const std::string name = fmt::format("{}.{}", alias, input_name(input));
      if (read == Emitter::Read::Presence || !ir::is_stored(backfill_, input)) return name;
      return dialect_.read(name, ir::input_column(backfill_, input));
    };
  }
  // Queries joined with the table as it stands, under t.
  [[nodiscard]] Joins joins(std::optional<evaluate::Moment> moment) const {
    return {backfill_, dialect_, moment, [this](int of_column) { return of("t", of_column); },
            ir::queries_read(backfill_)};
  }

 private:
  const ir::Backfill& backfill_;
  const Dialect& dialect_;
};

// The rest of a comment's line: whatever the spec says, it stays a comment.
std::string one_line(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return result;
}

Part part_of(std::string name, const Emitter& emitter) {
  return {std::move(name), emitter.availability(), emitter.reason(), emitter.place()};
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

 private:
  [[nodiscard]] std::string classified(const std::string& where) const;
  [[nodiscard]] std::string taken_from(const ir::Passed& passed, std::string_view alias, bool value) const;
  [[nodiscard]] std::string due(const ir::Effect& effect) const;
  [[nodiscard]] std::string fault(const ir::Effect& effect) const;
  [[nodiscard]] std::string steps(const std::string& where) const;
  [[nodiscard]] std::string before(const std::string& where) const;
  [[nodiscard]] std::string emitted(const ir::Expr& expr, const std::string& alias) const;
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
    text += fmt::format(" AND (NOT ({}) OR EXISTS (SELECT 1 FROM {} AS w WHERE {} AND w.rolled_back = 0))",
                        holds(backfill_.effects[index].guard), dialect_.quote(effect_table(run_, index)),
                        fmt::join(same, " AND "));
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
                    dialect_.quote(frozen_table(run_)), effect);
  for (std::size_t i = 0; i < backfill_.row.inputs.size(); ++i) {
    const std::string& value = joins.value(static_cast<int>(i));
    text += fmt::format(",\n    {} AS {}", value.empty() ? "NULL" : indented(value, 4),
                        names_.input_name(static_cast<int>(i)));
  }
  for (const ir::Output& output : backfill_.row.outputs)
    text += fmt::format(",\n    {} AS {}", names_.of("t", output.column),
                        names_.quoted(output.column, "stored_"));
  if (deletes()) text += fmt::format(",\n    t.{} AS deleted", kDeleted);
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
      const std::string missing =
          passed->fills ? fmt::format(" AND {} IS NULL", names_.of("k", output.column, "in_")) : "";
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

std::string Verification::mismatch() const {
  std::vector<std::string> parts;
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
  const auto flag = [&](int value) {
    return value < 0 ? std::string("TRUE")
                     : emitted(*backfill_.row.values[static_cast<std::size_t>(value)], "k");
  };
  std::string text = fmt::format(
      "-- where the effect is meant, and what it gives\ndue AS (\n  SELECT k.*,\n    CASE WHEN k.class = {} "
      "AND {} "
      "THEN 1 ELSE 0 END AS meant,\n    CASE WHEN {} THEN 1 ELSE 0 END AS barred",
      static_cast<int>(ir::kCandidate), indented(flag(effect.guard), 6),
      effect.unless < 0 ? "FALSE" : indented(flag(effect.unless), 6));
  for (std::size_t i = 0; i < effect.columns.size(); ++i) {
    const int value = effect.columns[i].value;
    const ir::Passed* passed = ir::passed_to_value(backfill_, value);
    text += fmt::format(
        ",\n    {} AS value_{}",
        passed != nullptr ? taken_from(*passed, "k", true)
                          : indented(emitted(*backfill_.row.values[static_cast<std::size_t>(value)], "k"), 6),
        i);
  }
  return text + fmt::format("\n  FROM classified AS k\n  WHERE k.class = {} OR k.corrected = 1\n)\n",
                            static_cast<int>(ir::kCandidate));
}

std::string Verification::fault(const ir::Effect& effect) const {
  const auto column = [&](int at) -> const schema::Column& {
    return effect.table->columns[static_cast<std::size_t>(at)];
  };
  const auto stored = [&](std::string_view alias, int at) {
    return dialect_.read(fmt::format("{}.{}", alias, dialect_.quote(column(at).name)), column(at));
  };
  std::vector<std::string> differs, there;
  for (std::size_t i = 0; i < effect.columns.size(); ++i) {
    const int at = effect.columns[i].column;
    differs.push_back(dialect_.distinct(stored("x", at), fmt::format("d.value_{}", i)));
    if (std::ranges::find(effect.conflict, at) != effect.conflict.end())
      there.push_back(fmt::format("{} = d.value_{}", stored("y", at), i));
  }
  // What was there already is as good.
  std::string missing = "d.meant = 1 AND d.barred = 0";
  if (effect.on_conflict != ir::OnConflict::Quarantine)
    missing += fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS y WHERE {})", dialect_.table(*effect.table),
                           fmt::join(there, " AND "));
  // A row that was found need not hold what would have been given.
  for (std::string& differs_in : differs) differs_in = fmt::format("(e.found = 0 AND {})", differs_in);
  return fmt::format(
      "CASE WHEN {0} IS NULL THEN CASE WHEN {1} THEN 1 ELSE 0 END WHEN d.meant = 0 THEN 2 WHEN {2} IS NULL "
      "THEN 3 "
      "WHEN {3} THEN 4 ELSE 0 END",
      names_.of("e", backfill_.key[0], "key_"), missing, "x." + dialect_.quote(column(effect.key[0]).name),
      differs.empty() ? "FALSE" : fmt::format("{}", fmt::join(differs, " OR ")));
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
  std::string from =
      fmt::format("FROM due AS d\n  LEFT JOIN {} AS e ON {} AND e.rolled_back = 0\n  LEFT JOIN {} AS x ON {}",
                  dialect_.quote(effect_table(run_, index)), fmt::join(same, " AND "),
                  dialect_.table(*effect.table), fmt::join(key, " AND "));
  if (!batches.empty())
    from += fmt::format("\n  JOIN {} AS c ON {} AND c.rolled_back = 0{}",
                        dialect_.quote(corrections_table(run_)), fmt::join(ours, " AND "), batches);
  const std::string steps =
      classified("") + due(effect) +
      fmt::format(", found AS (\n  SELECT {}, d.class, d.corrected, d.meant,\n    {} AS fault\n  {}\n)\n",
                  names_.keys("d", "key_"), indented(fault(effect), 4), from);
  return {
      steps +
          "SELECT coalesce(sum(f.meant), 0), coalesce(sum(CASE WHEN f.fault <> 0 THEN 1 ELSE 0 END), 0) FROM "
          "found AS f",
      steps +
          fmt::format("SELECT {0}, f.class, f.corrected, f.fault FROM found AS f WHERE f.fault <> 0 ORDER BY "
                      "{0}",
                      names_.keys("f", "key_"))};
}

// For people: one condition per clause of the spec.
class Reading {
 public:
  Reading(const ir::Backfill& backfill, const Dialect& dialect, std::optional<evaluate::Moment> moment)
      : backfill_(backfill),
        dialect_(dialect),
        names_(backfill, dialect),
        moment_(moment),
        joins_(names_.joins(moment)) {}

  [[nodiscard]] std::string candidates() const;
  [[nodiscard]] std::string watch() const;

 private:
  // Nothing where the database cannot compute it; `reason` says why.
  [[nodiscard]] std::optional<Sql> emitted(const ir::Expr& expr, std::string& reason) const;
  [[nodiscard]] std::string refused(std::string_view what, std::string_view reason) const;
  [[nodiscard]] std::string reading(const ir::Effect& effect) const;
  [[nodiscard]] std::optional<std::string> rule(const ir::Rule& rule, std::string& reason) const;

  const ir::Backfill& backfill_;
  const Dialect& dialect_;
  Names names_;
  std::optional<evaluate::Moment> moment_;
  Joins joins_;
};

std::optional<Sql> Reading::emitted(const ir::Expr& expr, std::string& reason) const {
  Emitter emitter(dialect_, joins_.reads(), moment_);
  Sql sql = emitter.emit(expr);
  reason = one_line(emitter.reason());
  if (emitter.availability() == Availability::Unavailable) return std::nullopt;
  return sql;
}

// A statement without one of its conditions would mean something else: there is none, then.
std::string Reading::refused(std::string_view what, std::string_view reason) const {
  return fmt::format("-- {} cannot say which rows these are: {} has no exact form here.\n-- {}\n",
                     dialect_.name(), what, reason);
}

// A row is a candidate where no rule holds; a missing answer counts as the spec says.
std::optional<std::string> Reading::rule(const ir::Rule& rule, std::string& reason) const {
  const std::optional<Sql> condition = emitted(*rule.condition, reason);
  if (!condition) return std::nullopt;
  if (rule.unknown == ir::UnknownAs::False) return within(*condition, kAtom) + " IS NOT TRUE";
  return "NOT " + within(*condition, kAtom);
}

std::string Reading::candidates() const {
  std::string reason;
  std::string where;
  const auto add = [&](const std::string& comment, const std::string& condition) {
    where += fmt::format("{}\n  -- {}\n  {}{}", where.empty() ? "WHERE" : "", one_line(comment),
                         where.empty() ? "" : "AND ", indented(condition, 2));
  };
  if (backfill_.row.where != nullptr) {
    const auto condition = emitted(*backfill_.row.where, reason);
    if (!condition) return refused("`where`", reason);
    add("where", within(*condition, kAnd + 1));
  }
  if (backfill_.row.guard != nullptr) {
    const auto condition = emitted(*backfill_.row.guard, reason);
    if (!condition) return refused("the guard of `intent fill`", reason);
    add("intent fill: something is missing", within(*condition, kAnd + 1));
  }
  for (const ir::Rule& each : backfill_.row.rules) {
    const std::string_view word = each.kind == ir::RuleKind::Exclude ? "exclude" : "review";
    const auto condition = rule(each, reason);
    if (!condition) return refused(fmt::format("`{} {}`", word, each.name), reason);
    add(fmt::format("not: {} {}{}{}", word, each.name, each.because.empty() ? "" : ", because ",
                    each.because),
        *condition);
  }
  std::string text = fmt::format(
      "-- Candidates of backfill {}: rows that it may change, and what they would hold.\nSELECT\n  {}",
      one_line(backfill_.name), names_.keys("t"));
  for (const ir::Output& output : backfill_.row.outputs) {
    text += fmt::format(",\n  {}", names_.of("t", output.column));
    const auto value = emitted(*output.final, reason);
    text += value ? fmt::format(",\n  -- derive {}\n  {} AS {}", one_line(names_.column(output.column).name),
                                indented(value->text, 2), names_.quoted(output.column, "new_"))
                  : fmt::format("\n  -- derive {}: no exact form in {}: {}",
                                one_line(names_.column(output.column).name), dialect_.name(), reason);
  }
  for (const ir::Effect& effect : backfill_.effects) text += reading(effect);
  text += fmt::format("\nFROM {} AS t{}\n", dialect_.table(*backfill_.table), joins_.from()) + where;
  return text + (where.empty() ? "" : "\n") + "ORDER BY " + names_.keys("t") + ";\n";
}

// A column that says whether the effect applies, then one per value that it writes.
std::string Reading::reading(const ir::Effect& effect) const {
  std::string reason;
  const std::string name = one_line(ir::effect_name(effect));
  std::string text = fmt::format(",\n  -- {}\n  ", name);
  if (effect.guard < 0) {
    text += "TRUE";
  } else {
    const auto guard = emitted(*backfill_.row.values[static_cast<std::size_t>(effect.guard)], reason);
    if (!guard) return fmt::format("\n  -- {}: no exact form in {}: {}", name, dialect_.name(), reason);
    text += indented(guard->text, 2);
  }
  return text + fmt::format(" AS {}", dialect_.quote(name));
}

std::string Reading::watch() const {
  std::string reason;
  const auto code = emitted(*backfill_.row.class_code, reason);
  if (!code) return refused("the scope", reason);
  std::string text = fmt::format("-- Rows of {} by their class for backfill {}:\n",
                                 one_line(backfill_.table->name), one_line(backfill_.name));
  for (std::size_t i = 0; i < ir::class_count(backfill_); ++i)
    text +=
        fmt::format("--   {}: {}\n", i, one_line(ir::class_name(backfill_, static_cast<std::int32_t>(i))));
  return text +
         fmt::format("SELECT\n  {} AS class,\n  count(*) AS {}\nFROM {} AS t{}\nGROUP BY 1\nORDER BY 1;\n",
                     indented(code->text, 2), dialect_.quote("rows"), dialect_.table(*backfill_.table),
                     joins_.from());
}

}  // namespace

std::string corrections_table(std::int64_t run) {
  return fmt::format("backfill_correction_{}", run);
}
std::string frozen_table(std::int64_t run) {
  return fmt::format("backfill_frozen_{}", run);
}
std::string quarantine_table(std::int64_t run) {
  return fmt::format("backfill_quarantine_{}", run);
}
std::string effect_table(std::int64_t run, std::size_t effect) {
  return fmt::format("backfill_effect_{}_{}", run, effect + 1);
}

std::string rows_of_run(const ir::Backfill& backfill, const Dialect& dialect, const std::string& table,
                        const EffectName& effect) {
  const bool deletes = ir::deletes_row(backfill) != nullptr;
  const std::string inserted = not_inserted(backfill, dialect, *backfill.table, "t", effect);
  if (!deletes && inserted.empty()) return table;
  std::vector<std::string> there, deleted;
  for (const schema::Column& column : backfill.table->columns) {
    const std::string name = dialect.quote(column.name);
    there.push_back("t." + name);
    deleted.push_back(fmt::format("e.{} AS {}", dialect.quote("row_" + column.name), name));
  }
  const std::string stand = fmt::format("SELECT {}, 0 AS {} FROM {} AS t WHERE TRUE{}",
                                        fmt::join(there, ", "), kDeleted, table, inserted);
  if (!deletes) return "(" + stand + ")";
  return fmt::format("({} UNION ALL SELECT {}, 1 FROM {} AS e WHERE e.rolled_back = 0)", stand,
                     fmt::join(deleted, ", "), effect(ir::delete_index(backfill)));
}

bool Coverage::complete() const {
  bool result = scope.availability != Availability::Unavailable;
  for (const Part& part : outputs) result = result && part.availability != Availability::Unavailable;
  for (const Part& part : effects) result = result && part.availability != Availability::Unavailable;
  return result;
}

Coverage coverage(const ir::Backfill& backfill, const Dialect& dialect) {
  const Names names(backfill, dialect);
  const evaluate::Moment any_moment{
      1'700'000'000'000'000};  // the run's is not known yet; only the form matters
  Coverage result;
  const Joins joins = names.joins(any_moment);
  Emitter scope(dialect, joins.reads(), any_moment);
  scope.emit(*backfill.row.class_code);
  result.scope = part_of("scope", scope);
  for (const ir::Output& output : backfill.row.outputs) {
    const schema::Column& column = names.column(output.column);
    Emitter emitter(dialect, joins.reads(), any_moment);
    emitter.emit(*output.final);
    Part part = part_of(column.name, emitter);
    if (part.availability != Availability::Unavailable && dialect.read("x", column).empty()) {
      part.availability = Availability::Unavailable;
      part.reason = fmt::format("a column of type {} has no exact form in {}",
                                stdlib::to_string(column.type.required()), dialect.name());
      part.span = output.span;
    }
    result.outputs.push_back(std::move(part));
  }
  for (const ir::Effect& effect : backfill.effects) {
    Emitter emitter(dialect, joins.reads(), any_moment);
    const auto emit = [&](int value) {
      if (value >= 0) emitter.emit(*backfill.row.values[static_cast<std::size_t>(value)]);
    };
    emit(effect.guard);
    emit(effect.unless);
    for (const ir::EffectColumn& one : effect.columns) emit(one.value);
    result.effects.push_back(part_of(ir::effect_name(effect), emitter));
  }
  return result;
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

std::string candidates(const ir::Backfill& backfill, const Dialect& dialect,
                       std::optional<evaluate::Moment> moment) {
  return Reading(backfill, dialect, moment).candidates();
}

std::string watch(const ir::Backfill& backfill, const Dialect& dialect,
                  std::optional<evaluate::Moment> moment) {
  return Reading(backfill, dialect, moment).watch();
}

}  // namespace backfill::lower_sql
