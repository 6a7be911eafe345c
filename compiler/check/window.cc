// SPDX-License-Identifier: Apache-2.0
// Rows beside this one: row_number, lag, lead, running_sum over the table itself, decided once for a run.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "compiler/check/expression.h"
#include "compiler/check/query.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using ir::QueryKind;
using stdlib::Kind;

namespace {

std::optional<QueryKind> kind_of(std::string_view name) {
  if (name == "row_number") return QueryKind::RowNumber;
  if (name == "lag") return QueryKind::Lag;
  if (name == "lead") return QueryKind::Lead;
  if (name == "running_sum") return QueryKind::RunningSum;
  return std::nullopt;
}

const Expr* refuse(Context& context, Span span, std::string message, std::string help = {}) {
  context.report(Code::NoSuchOverload, span, std::move(message), std::move(help));
  return context.error(span);
}

// Of each row of the table: what is looked up for this row is not known of the others.
bool reads_columns_alone(const ir::RowFunction& row, const Expr& expr) {
  if (expr.op == Op::Input && (expr.input < 0 || row.inputs[static_cast<std::size_t>(expr.input)].query >= 0))
    return false;
  return std::ranges::all_of(expr.arguments,
                             [&](const Expr* argument) { return reads_columns_alone(row, *argument); });
}

// `lag(x)`, `lag(x, 2)`.
bool set_offset(const Expr& expr, ir::Query& query) {
  if (expr.op != Op::Literal || expr.value.missing() || !stdlib::is_integer(expr.type.kind)) return false;
  query.offset = expr.value.integer();
  return query.offset > 0;
}

std::optional<stdlib::Type> type_of(QueryKind kind, const Expr* value) {
  if (kind == QueryKind::RowNumber) return stdlib::make(Kind::Int64);
  if (kind == QueryKind::RunningSum) return type_of_sum(value->type.required());
  return value->type.or_missing();
}

// False: reported.
bool check_arguments(Context& context, const syntax::Expr& expr, ir::Query& query, const Expr*& value) {
  const std::string name = expr.callee.text();
  const std::size_t most = query.kind == QueryKind::RowNumber    ? 0
                           : query.kind == QueryKind::RunningSum ? 1
                                                                 : 2;
  const std::size_t least = most == 0 ? 0 : 1;
  if (expr.arguments.size() < least || expr.arguments.size() > most) {
    refuse(context, expr.span, fmt::format("`{}` takes {} here", name, most == 0 ? "no value" : "one value"));
    return false;
  }
  if (most == 0) return true;
  value = check_expression(context, *expr.arguments[0].value);
  if (value->type.kind == Kind::Error) return false;
  if (expr.arguments.size() < 2) return true;
  if (set_offset(*check_expression(context, *expr.arguments[1].value), query)) return true;
  refuse(context, expr.arguments[1].value->span, "how many rows away is a whole number above 0");
  return false;
}

}  // namespace

const Expr* check_window(Context& context, const syntax::Expr& expr) {
  const std::string name = expr.callee.text();
  const std::optional<QueryKind> kind = kind_of(name);
  if (!kind)
    return refuse(context, expr.callee.span, fmt::format("`{}` takes no `partition by` or `order by`", name));
  if (!context.inlining.empty() || context.other != nullptr || context.walks > 0) {
    context.not_supported_yet(expr.span, "a window inside of a function, a query or a list");
    return context.error(expr.span);
  }
  ir::Query query{.kind = *kind, .name = name, .table = &context.table(), .frozen = true, .span = expr.span};
  const Expr* value = nullptr;
  if (!check_arguments(context, expr, query, value)) return context.error(expr.span);
  bool fits = true;
  for (const syntax::ExprPtr& partition : expr.partition) {
    query.partition.push_back(check_expression(context, *partition));
    fits = fits && query.partition.back()->type.kind != Kind::Error;
  }
  if (!check_order(context, expr.order, query) || !fits) return context.error(expr.span);
  const std::optional<stdlib::Type> type = type_of(*kind, value);
  if (!type) return refuse(context, expr.span, fmt::format("`{}` takes no {}", name, to_string(value->type)));
  query.values.push_back({-1, value, *type});
  std::vector<const Expr*> parts = query.partition;
  for (const ir::QueryOrder& order : query.order) parts.push_back(order.value);
  if (value != nullptr) parts.push_back(value);
  for (const Expr* part : parts)
    if (!reads_columns_alone(context.out().row, *part)) {
      context.not_supported_yet(part->span, "what is looked up, in a window");
      return context.error(expr.span);
    }
  if (!proves_no_tie(context, query, expr.span) || !is_computable(context, query))
    return context.error(expr.span);
  ir::RowFunction& row = context.out().row;
  row.queries.push_back(std::move(query));
  row.inputs.push_back({-1, *type, static_cast<int>(row.queries.size()) - 1, 0});
  const int input = static_cast<int>(row.inputs.size()) - 1;
  return context.make({.op = Op::Input, .type = *type, .span = expr.span, .input = input});
}

}  // namespace backfill::check
