// SPDX-License-Identifier: Apache-2.0
// What verifies the rows of a run: its three steps.
#include "compiler/lower/sql/verification.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"
#include "compiler/lower/sql/stored.h"
#include "stdlib/bug.h"

namespace backfill::lower_sql {

using stdlib::Availability;

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

VerifySql verify(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                 evaluate::Moment moment, Range range) {
  const Verification verification(backfill, dialect, run, moment);
  const std::string where = verification.range(range);
  return {verification.count(where), verification.mismatches(where), verification.one()};
}

}  // namespace backfill::lower_sql
