// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/expression.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "compiler/lower/sql/template.h"
#include "stdlib/bug.h"
#include "stdlib/sqlite_form.h"

namespace backfill::lower_sql {

namespace {

using ir::Op;
using stdlib::Availability;

// SQLite's parser takes 1000 levels; a template may add some of its own.
constexpr int kDepth = 300;
// A `let` that is used many times is written out each time.
constexpr std::size_t kLength = 200'000;
// An argument that is written once for all uses, where the dialect can name it.
constexpr std::size_t kLong = 60;

int severity(Availability availability) {
  switch (availability) {
    case Availability::Same:
      return 0;
    case Availability::Wrapped:
      return 1;
    case Availability::Pinned:
      return 2;
    case Availability::Assisted:
      return 3;
    case Availability::Unavailable:
      return 4;
  }
  BACKFILL_BUG("an availability beyond the list");
}

bool reads_now(const ir::Expr& expr, std::unordered_set<const ir::Expr*>& seen) {
  if (expr.op == Op::Now) return true;
  if (!seen.insert(&expr).second) return false;
  for (const ir::Expr* argument : expr.arguments)
    if (reads_now(*argument, seen)) return true;
  return false;
}

bool reads_now(const ir::Expr& expr) {
  std::unordered_set<const ir::Expr*> seen;
  return reads_now(expr, seen);
}

// A literal `missing` that makes the whole call missing.
bool has_missing_argument(const ir::Expr& call) {
  if (!stdlib::is_strict(call.function->null_rule)) return false;
  return std::any_of(call.arguments.begin(), call.arguments.end(), [](const ir::Expr* argument) {
    return argument->op == Op::Literal && argument->value.missing();
  });
}

std::vector<stdlib::Type> types_of(const ir::Expr& call) {
  std::vector<stdlib::Type> types;
  for (const ir::Expr* argument : call.arguments) types.push_back(argument->type);
  return types;
}

// Decimals and integers as a decimal that has room for all of them: the same number.
bool widens_decimal(const ir::Expr& expr) {
  if (expr.type.kind != stdlib::Kind::Decimal || expr.function->name != "as") return false;
  const stdlib::Type& from = expr.arguments[0]->type;
  return from.kind == stdlib::Kind::Decimal && expr.type.scale >= from.scale &&
         expr.type.precision - expr.type.scale >= from.precision - from.scale;
}

}  // namespace

std::string within(const Sql& sql, int strength) {
  return sql.strength < strength ? "(" + sql.text + ")" : sql.text;
}

std::string indented(std::string_view text, int by) {
  std::string result;
  char quote = '\0';
  for (const char c : text) {
    if (quote == '\0' && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == quote) {
      quote = '\0';
    }
    result += c;
    if (c == '\n' && quote == '\0') result.append(static_cast<std::size_t>(by), ' ');
  }
  return result;
}

void Emitter::note(Availability availability, std::string_view reason) {
  if (severity(availability) <= severity(availability_)) return;
  availability_ = availability;
  if (severity(availability) < severity(Availability::Assisted)) return;
  reason_ = reason;
  place_ = current_;
}

Sql Emitter::unavailable(std::string reason) {
  note(Availability::Unavailable, reason);
  return {"NULL", kAtom};
}

Sql Emitter::emit(const ir::Expr& expr) {
  if (availability_ == Availability::Unavailable) return {"NULL", kAtom};
  if (depth_ >= kDepth) return unavailable("the expression is nested too deeply for SQL");
  ++depth_;
  const source::Span outer = std::exchange(current_, expr.span);
  Sql sql = emit_new(expr);
  current_ = outer;
  --depth_;
  if (sql.text.size() > kLength) return unavailable("the expression is too long for SQL");
  return sql;
}

Sql Emitter::emit_new(const ir::Expr& expr) {
  if (std::optional<Sql> constant = folded(expr)) return *constant;
  switch (expr.op) {
    case Op::Literal:
      return literal(expr.value, expr.type);
    case Op::Now:
      return {dialect_.now(), kAtom};
    case Op::Input:
    case Op::OtherColumn: {
      std::string read =
          expr.op == Op::Input ? read_input_(expr.input, Read::Value) : other_column(expr, Read::Value);
      if (read.empty())
        return unavailable(fmt::format("a column of type {} has no exact form in {}",
                                       stdlib::to_string(expr.type.required()), dialect_.name()));
      return {std::move(read), kAtom};
    }
    case Op::Call:
    case Op::TryCall:
      return call(expr);
    case Op::And:
      return joined(expr, "AND", kAnd);
    case Op::Or:
      return joined(expr, "OR", kOr);
    case Op::Not:
      return {"NOT " + within(emit_checked(*expr.arguments[0], true), kComparison), kNot};
    case Op::IsMissing: {
      const ir::Expr& asked = *expr.arguments[0];
      if (asked.op == Op::Input || asked.op == Op::OtherColumn) {
        const std::string stored = asked.op == Op::Input ? read_input_(asked.input, Read::Presence)
                                                         : other_column(asked, Read::Presence);
        if (stored.empty()) return unavailable("the column has no form in " + std::string(dialect_.name()));
        return {stored + " IS NULL", kComparison};
      }
      return {within(emit(asked), kAtom) + " IS NULL", kComparison};
    }
    case Op::Case:
      return case_of(expr);
    case Op::Coalesce: {
      std::vector<Sql> parts;
      for (const ir::Expr* argument : expr.arguments) parts.push_back(emit(*argument));
      return {filled("coalesce({*0})", parts, expr), kAtom};
    }
    case Op::In:
      return in(expr);
    case Op::Each:
      return each(expr);
    case Op::Element: {
      const auto known = elements_.find(&expr);
      BACKFILL_CHECK(known != elements_.end(), "an element outside of its list");
      return {known->second, kAtom};
    }
    case Op::Query:
      return query(*expr.query);
  }
  BACKFILL_BUG("an operation beyond the list");
}

std::string Emitter::other_column(const ir::Expr& expr, Read read) const {
  const auto depth = static_cast<std::size_t>(expr.depth);
  BACKFILL_CHECK(depth < looked_at_.size(), "a column of another row outside of a query");
  const schema::Column& of = looked_at_[depth].table->columns[static_cast<std::size_t>(expr.input)];
  const std::string stored = fmt::format("{}.{}", looked_at_[depth].alias, dialect_.quote(of.name));
  if (read == Read::Presence) return stored;
  std::string value = dialect_.read(stored, of);
  if (!checks_ || !dialect_.stores_anything()) return value;
  const std::string unreadable = dialect_.unreadable(stored, of);
  if (value.empty() || unreadable.empty()) return value;
  return fmt::format("CASE WHEN {} THEN NULL ELSE {} END", unreadable, value);
}

Sql Emitter::emit_checked(const ir::Expr& expr, bool checks) {
  const bool outer = std::exchange(checks_, checks);
  Sql sql = emit(expr);
  checks_ = outer;
  return sql;
}

Sql Emitter::condition(const ir::Expr& expr) {
  return emit_checked(expr, true);
}

// Constants are computed by us, never left to the database (SEMANTICS 109); a constant that fails keeps its
// own form, which is reached only where the branch is taken.
std::optional<Sql> Emitter::folded(const ir::Expr& expr) {
  if (expr.op == Op::Literal || ir::reads_row(expr) || (!moment_ && reads_now(expr))) return std::nullopt;
  if (!elements_.empty() && reads_element(expr)) return std::nullopt;
  const evaluate::Outcome outcome = evaluate::evaluate(expr, {}, moment_.value_or(evaluate::Moment{}));
  if (outcome.failure) return std::nullopt;
  return literal(outcome.value, expr.type);
}

Sql Emitter::literal(const stdlib::Value& value, const stdlib::Type& type) {
  std::string text = dialect_.literal(value, type);
  if (text.empty() && value.missing()) text = "NULL";
  if (text.empty())
    return unavailable(
        fmt::format("{} has no exact literal in {}", stdlib::literal(value, type), dialect_.name()));
  // A sign binds looser than a literal: `- -1` and `x COLLATE` after it.
  const int strength = text.starts_with('-') ? 90 : kAtom;
  return {std::move(text), strength};
}

Sql Emitter::joined(const ir::Expr& expr, std::string_view word, int strength) {
  std::string text;
  for (const ir::Expr* argument : expr.arguments)
    text += (text.empty() ? "" : fmt::format("\n{} ", word)) +
            indented(within(emit_checked(*argument, true), strength + 1), 2);
  return {std::move(text), strength};
}

Sql Emitter::case_of(const ir::Expr& expr) {
  std::string text = "CASE";
  std::size_t i = 0;
  for (; i + 1 < expr.arguments.size(); i += 2) {
    const std::string condition = emit_checked(*expr.arguments[i], true).text;
    const std::string value = emit(*expr.arguments[i + 1]).text;
    text += fmt::format("\n  WHEN {}\n    THEN {}", indented(condition, 4), indented(value, 6));
  }
  text += fmt::format("\n  ELSE {}\nEND", indented(emit(*expr.arguments[i]).text, 4));
  return {std::move(text), kAtom};
}

// As comparisons by the row of `=`, so that types and collations are what they are there; three-valued as IN
// is.
Sql Emitter::in(const ir::Expr& expr) {
  const stdlib::Type& type = expr.arguments[0]->type;
  const std::vector<stdlib::Type> pair = {type, type};
  const stdlib::Resolution equal = stdlib::resolve("=", pair);
  if (equal.function == nullptr) return unavailable("there is no comparison of " + stdlib::to_string(type));
  ir::Expr comparison;
  comparison.op = Op::Call;
  comparison.function = equal.function;
  comparison.type = expr.type;
  comparison.span = expr.span;
  std::string text;
  for (std::size_t i = 1; i < expr.arguments.size(); ++i) {
    comparison.arguments = {expr.arguments[0], expr.arguments[i]};
    text += (i == 1 ? "" : " OR ") + within(emit(comparison), kOr + 1);
  }
  if (text.empty()) return {dialect_.literal(stdlib::Value(false), stdlib::make(stdlib::Kind::Bool)), kAtom};
  return {std::move(text), expr.arguments.size() == 2 ? kComparison : kOr};
}

bool Emitter::reads_element(const ir::Expr& expr) const {
  return elements_.contains(&expr) || std::ranges::any_of(expr.arguments, [this](const ir::Expr* argument) {
           return reads_element(*argument);
         });
}

Sql Emitter::each(const ir::Expr& expr) {
  const std::string list = emit(*expr.arguments[0]).text;
  const std::string alias = fmt::format("w{}", ++lists_);
  elements_[expr.arguments[1]] = alias + ".v";
  const std::string value = emit(*expr.arguments[2]).text;
  std::string text = dialect_.each(list, alias, value, emit(*expr.arguments[3]).text);
  if (text.empty()) return unavailable("a list made element by element has no SQL form");
  return {std::move(text), kAtom};
}

// `text as json` inside of a query: a row that fails is none there, so that the database may say so.
std::optional<Sql> Emitter::document(const ir::Expr& expr) {
  const bool parses = expr.function->name == "as" && expr.type.kind == stdlib::Kind::Json &&
                      expr.arguments[0]->type.kind == stdlib::Kind::Text;
  if (!parses || looked_at_.empty()) return std::nullopt;
  const std::string text = dialect_.document("v.v0");
  if (text.empty()) return std::nullopt;
  return Sql{fmt::format("(SELECT {}\n  FROM (SELECT {} AS v0 OFFSET 0) AS v)", indented(text, 2),
                         indented(emit(*expr.arguments[0]).text, 4)),
             kAtom};
}

// Inside of a query, where what cannot be computed is no value, SQLite's numbers do.
std::optional<Sql> Emitter::decimal_in_query(const ir::Expr& expr) {
  if (looked_at_.empty() || dialect_.id() != stdlib::Dialect::Sqlite) return std::nullopt;
  const std::string text = stdlib::sqlite_form::decimal_call(*expr.function, types_of(expr), expr.type);
  if (text.empty()) return std::nullopt;
  note(Availability::Wrapped, {});
  std::vector<Sql> arguments;
  for (const ir::Expr* argument : expr.arguments) arguments.push_back(emit(*argument));
  return bound(text, std::move(arguments), expr, kAtom);
}

Sql Emitter::call(const ir::Expr& expr) {
  // A database may give NULL another type than ours: MariaDB's `n % NULL` is a float, and makes one of what
  // stands beside it in a CASE.
  if (has_missing_argument(expr)) return literal(stdlib::Value(), expr.type);
  if (dialect_.exact_decimals() && widens_decimal(expr)) return emit(*expr.arguments[0]);
  if (std::optional<Sql> parsed = document(expr)) return *std::move(parsed);
  if (std::optional<Sql> number = decimal_in_query(expr)) return *std::move(number);
  const stdlib::SqlTemplate& row = expr.function->in(dialect_.id());
  if (row.availability == Availability::Unavailable)
    return unavailable(fmt::format("`{}` has no exact form in {}: {}", stdlib::signature(*expr.function),
                                   dialect_.name(), row.reason));
  note(row.availability,
       fmt::format("`{}` is computed by our own function: {}", expr.function->name, row.reason));
  std::vector<Sql> arguments;
  std::vector<const stdlib::Value*> literals;
  const bool checks = expr.function->name != "=";
  for (const ir::Expr* argument : expr.arguments) {
    arguments.push_back(emit_checked(*argument, checks));
    const bool constant = argument->op == Op::Literal && !argument->value.missing();
    literals.push_back(constant ? &argument->value : nullptr);
  }
  std::string text;
  if (row.special != nullptr) text = row.special(literals);
  if (text.empty() && row.typed != nullptr) text = row.typed(types_of(expr), expr.type);
  if (text.empty() && row.text.empty())
    return unavailable(fmt::format("`{}` has no exact form in {} for these arguments: {}",
                                   expr.function->name, dialect_.name(), row.reason));
  if (text.empty()) text = row.text;
  return bound(text, std::move(arguments), expr, row.strength);
}

// An argument that a template uses twice would double with each level of nesting: a long one is named once.
Sql Emitter::bound(std::string_view text, std::vector<Sql> arguments, const ir::Expr& expr, int strength) {
  std::vector<std::string> values;
  if (dialect_.names_values())
    for (std::size_t i = 0; i < arguments.size(); ++i)
      if (arguments[i].text.size() > kLong && uses(text, i) > 1) {
        values.push_back(fmt::format("{} AS v{}", indented(arguments[i].text, 4), i));
        arguments[i] = {fmt::format("v.v{}", i), kAtom};
      }
  std::string result = filled(text, arguments, expr);
  if (values.empty()) return {std::move(result), strength};
  // OFFSET 0 keeps the planner from putting the value back where its name stands.
  return {fmt::format("(SELECT {}\n  FROM (SELECT {} OFFSET 0) AS v)", indented(result, 2),
                      fmt::join(values, ",\n    ")),
          kAtom};
}

}  // namespace backfill::lower_sql
