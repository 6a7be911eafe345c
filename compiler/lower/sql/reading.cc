// SPDX-License-Identifier: Apache-2.0
// What people read with `backfill sql`: candidates, and a count by class to watch.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"
#include "compiler/lower/sql/names.h"
#include "compiler/lower/sql/statements.h"

namespace backfill::lower_sql {

namespace {

using stdlib::Availability;

// The rest of a comment's line: whatever the spec says, it stays a comment.
std::string one_line(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (static_cast<unsigned char>(c) < 0x20) c = ' ';
  return result;
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
  [[nodiscard]] std::string sources() const;
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
      "-- Candidates of backfill {}: rows that it may change, and what they would hold.\n{}SELECT\n  {}",
      one_line(backfill_.name), sources(), names_.keys("t"));
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

// A run loads them by itself; who runs this by hand does so first.
std::string Reading::sources() const {
  std::string text;
  for (const ir::SourceFile* source : ir::sources_read(backfill_)) {
    std::vector<std::string> columns;
    for (const schema::Column& column : source->table.columns)
      columns.push_back(fmt::format("{} {}", dialect_.quote(column.name), column.sql_type));
    text += fmt::format("-- {} holds the rows of {}: CREATE TEMPORARY TABLE {} ({})\n",
                        one_line(source->table.name), one_line(source->path),
                        one_line(dialect_.quote(source->table.name)),
                        one_line(fmt::format("{}", fmt::join(columns, ", "))));
  }
  return text;
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
  return text + sources() +
         fmt::format("SELECT\n  {} AS class,\n  count(*) AS {}\nFROM {} AS t{}\nGROUP BY 1\nORDER BY 1;\n",
                     indented(code->text, 2), dialect_.quote("rows"), dialect_.table(*backfill_.table),
                     joins_.from());
}

}  // namespace

std::string candidates(const ir::Backfill& backfill, const Dialect& dialect,
                       std::optional<evaluate::Moment> moment) {
  return Reading(backfill, dialect, moment).candidates();
}

std::string watch(const ir::Backfill& backfill, const Dialect& dialect,
                  std::optional<evaluate::Moment> moment) {
  return Reading(backfill, dialect, moment).watch();
}

}  // namespace backfill::lower_sql
