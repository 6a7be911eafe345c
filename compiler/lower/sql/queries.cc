// SPDX-License-Identifier: Apache-2.0
// Queries inside of expressions, and what makes one value of many rows.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "compiler/lower/sql/expression.h"
#include "stdlib/bug.h"

namespace backfill::lower_sql {

using ir::Op;
using ir::QueryKind;

// One inside of another: a subquery that names the rows around it.
Sql Emitter::query(const ir::Query& query) {
  const int depth = static_cast<int>(looked_at_.size());
  BACKFILL_CHECK(depth > 0, "a query inside of none");
  const std::string alias = fmt::format("{}_{}", looked_at_.front().alias, depth);
  looked_at_.push_back({alias, query.table});
  const std::string where = query.where == nullptr ? "TRUE" : within(condition(*query.where), kAnd + 1);
  const std::string table = named_ ? named_(*query.table) : dialect_.table(*query.table);
  std::string rows =
      fmt::format("FROM {} AS {} WHERE {}", table, alias, indented(where + seen_(*query.table, alias), 4));
  Select select{"1", rows};
  if (query.kind == QueryKind::First) {
    select.columns = emit(*query.values.front().expr).text;
    if (!query.order.empty()) select.rows += " ORDER BY " + order_of(dialect_, *this, query);
    select.rows += " LIMIT 1";
  } else if (query.kind != QueryKind::Exists) {
    select = aggregated(dialect_, *this, query, std::move(rows), depth);
  }
  looked_at_.pop_back();
  const std::string text =
      fmt::format("(SELECT {}\n  {})", indented(select.columns, 2), indented(select.rows, 2));
  return {query.kind == QueryKind::Exists ? "EXISTS " + text : text, kAtom};
}

std::string order_of(const Dialect& dialect, Emitter& emitter, const ir::Query& query) {
  std::vector<std::string> items;
  for (const ir::QueryOrder& key : query.order)
    items.push_back(
        dialect.ordered(within(emitter.emit(*key.value), kAtom), key.value->type, key.descending));
  return fmt::format("{}", fmt::join(items, ", "));
}

namespace {

Dialect::Aggregate aggregate_of(QueryKind kind) {
  if (kind == QueryKind::Min) return Dialect::Aggregate::Min;
  return kind == QueryKind::Max ? Dialect::Aggregate::Max : Dialect::Aggregate::Sum;
}

struct Reads {
  bool own = false;    // a column of the query at the depth
  bool query = false;  // one inside of it
};

void look_for(const ir::Expr& expr, int depth, Reads& reads) {
  reads.own = reads.own || (expr.op == Op::OtherColumn && expr.depth == depth);
  reads.query = reads.query || expr.op == Op::Query;
  for (const ir::Expr* argument : expr.arguments) look_for(*argument, depth, reads);
}

bool can_fail(const ir::Expr& expr) {
  return (expr.op == Op::Call && !expr.function->errors.empty()) ||
         std::ranges::any_of(expr.arguments, [](const ir::Expr* argument) { return can_fail(*argument); });
}

// Where a value would be if nothing of it failed. Empty: that cannot be said.
std::string expected(Emitter& emitter, const ir::Expr& expr) {
  if (!expr.type.optional) return "TRUE";
  if (expr.op == Op::Literal) return "FALSE";
  if (expr.op == Op::Input || expr.op == Op::OtherColumn) {
    ir::Expr missing{.op = Op::IsMissing, .type = stdlib::make(stdlib::Kind::Bool), .span = expr.span};
    missing.arguments = {&expr};
    return "NOT " + within(emitter.emit(missing), kComparison);
  }
  if (expr.op == Op::Call && stdlib::is_strict(expr.function->null_rule)) {
    std::string all;
    for (const ir::Expr* argument : expr.arguments) {
      const std::string one = expected(emitter, *argument);
      if (one.empty()) return {};
      if (one != "TRUE") all += (all.empty() ? "" : " AND ") + one;
    }
    return all.empty() ? "TRUE" : all;
  }
  if (expr.op != Op::Case) return {};
  std::string text = "CASE";
  for (std::size_t i = 0; i < expr.arguments.size(); i += 2) {
    const bool otherwise = i + 1 == expr.arguments.size();
    const std::string value = expected(emitter, *expr.arguments[otherwise ? i : i + 1]);
    if (value.empty()) return {};
    text += otherwise ? " ELSE " : fmt::format(" WHEN {} THEN ", emitter.emit(*expr.arguments[i]).text);
    text += value;
  }
  return text + " END";
}

// Which rows must have a value, so that one that could not be computed makes the sum none. Empty: it cannot
// fail, or nobody knows.
std::string must_be_there(Emitter& emitter, const ir::Expr& value) {
  if (!value.type.optional) return value.op == Op::OtherColumn ? "" : "TRUE";
  return can_fail(value) ? expected(emitter, value) : "";
}

}  // namespace

Select aggregated(const Dialect& dialect, Emitter& emitter, const ir::Query& query, std::string rows,
                  int depth) {
  if (query.kind == QueryKind::Count) return {"count(*)", std::move(rows)};
  const ir::QueryValue& value = query.values.front();
  std::string text = emitter.emit(*value.expr).text;
  if (query.kind == QueryKind::List) {
    const std::string order = query.order.empty() ? "" : "ORDER BY " + order_of(dialect, emitter, query);
    rows = fmt::format("FROM (SELECT {} AS v, row_number() OVER ({}) AS place\n  {}) AS n", indented(text, 2),
                       order, indented(rows, 2));
    return {dialect.list("n.v", "n.place"), std::move(rows)};
  }
  std::string there = query.kind == QueryKind::Sum ? must_be_there(emitter, *value.expr) : "";
  Reads reads;
  look_for(*value.expr, depth, reads);
  // sum(x) is one of the outermost query that has an x: only a name of its own makes it one of this query.
  // OFFSET 0 keeps the planner from putting a query back where its name stands.
  if (!reads.own || reads.query) {
    const bool some = !there.empty() && there != "TRUE";
    rows = fmt::format("FROM (SELECT {} AS v{}\n  {}{}) AS n", indented(text, 2),
                       some ? ", " + there + " AS there" : "", indented(rows, 2),
                       dialect.names_values() ? " OFFSET 0" : "");
    text = "n.v";
    if (some) there = "n.there";
  }
  std::string result =
      dialect.aggregate(aggregate_of(query.kind), within({text, 0}, kAtom), value.type.required());
  if (!there.empty()) {
    const std::string wanted = there == "TRUE" ? "*" : fmt::format("CASE WHEN {} THEN 1 END", there);
    result = fmt::format("CASE WHEN count({}) = count({}) THEN {} END", wanted, text, result);
  }
  return {std::move(result), std::move(rows)};
}

}  // namespace backfill::lower_sql
