// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/query.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/source_file.h"
#include "compiler/check/types.h"
#include "compiler/check/walk.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using ir::QueryKind;
using stdlib::Kind;
using stdlib::Type;

namespace {

// While it stands, `variable.column` is the other row's.
class Looking {
 public:
  Looking(Context& context, const syntax::Query& query, CheckedQuery& checked, bool bare_is_own = false)
      : context_(context),
        row_{query.variable, *checked.query.table, std::move(checked.columns),
             context.other,  checked.depth,        bare_is_own},
        checked_(checked),
        facts_(context) {
    context.other = &row_;
  }
  ~Looking() {
    context_.other = row_.around;
    checked_.columns = std::move(row_.columns);
  }
  Looking(const Looking&) = delete;
  Looking& operator=(const Looking&) = delete;

 private:
  Context& context_;
  Context::OtherRow row_;
  CheckedQuery& checked_;
  FactScope facts_;
};

// A lossless conversion changes no equality: `q.id as int64 = ...`.
const Expr& without_widening(const Expr& expr) {
  const bool widens = expr.op == Op::Call && expr.function->name == "as" && expr.function->errors.empty() &&
                      stdlib::is_integer(expr.type.kind);
  return widens ? *expr.arguments[0] : expr;
}

void collect_by(const Expr& condition, int depth, std::vector<int>& by) {
  if (condition.op == Op::And) {
    for (const Expr* argument : condition.arguments) collect_by(*argument, depth, by);
    return;
  }
  if (condition.op != Op::Call || !condition.function->is_operator || condition.function->name != "=") return;
  for (const int side : {0, 1}) {
    const Expr& column = without_widening(*condition.arguments[static_cast<std::size_t>(side)]);
    const Expr& other = *condition.arguments[static_cast<std::size_t>(1 - side)];
    if (column.op == Op::OtherColumn && column.depth == depth && !reads_other(other, depth) &&
        std::ranges::find(by, column.input) == by.end())
      by.push_back(column.input);
  }
}

std::optional<QueryKind> kind_of(std::string_view name) {
  if (name == "count") return QueryKind::Count;
  if (name == "exists") return QueryKind::Exists;
  if (name == "sum") return QueryKind::Sum;
  if (name == "min") return QueryKind::Min;
  if (name == "max") return QueryKind::Max;
  if (name == "first") return QueryKind::First;
  if (name == "list") return QueryKind::List;
  return std::nullopt;
}

const Expr* fail(Context& context, Code code, Span span, std::string message, std::string help = {}) {
  context.report(code, span, std::move(message), std::move(help));
  return context.error(span);
}

bool has_order(Kind kind) {
  switch (kind) {
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Float32:
    case Kind::Float64:
    case Kind::Decimal:
    case Kind::Text:
    case Kind::Date:
    case Kind::Time:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return true;
    default:
      return false;
  }
}

std::optional<Type> type_of_value(Context& context, QueryKind kind, const Expr* value,
                                  const syntax::Expr& expr) {
  Type type = value == nullptr ? Type() : value->type.required();
  switch (kind) {
    case QueryKind::Count:
      return stdlib::make(Kind::Int64);
    case QueryKind::Exists:
      return stdlib::make(Kind::Bool);
    case QueryKind::Sum:
      if (const auto sum = type_of_sum(type)) return sum;
      break;
    case QueryKind::Min:
    case QueryKind::Max:
      if (!has_order(type.kind)) break;
      type.optional = true;
      return type;
    default:
      type.optional = true;
      return type;
  }
  fail(context, Code::NoSuchOverload, expr.children[0]->span,
       fmt::format("`{}` takes no {}", expr.callee.text(), to_string(type)));
  return std::nullopt;
}

// One inside of another is part of its expressions.
const Expr* put_inside(Context& context, ir::Query query, const Type& type, Span span) {
  std::vector<const Expr*> parts;
  if (query.where != nullptr) parts.push_back(query.where);
  for (const ir::QueryOrder& order : query.order) parts.push_back(order.value);
  for (const ir::QueryValue& value : query.values)
    if (value.expr != nullptr) parts.push_back(value.expr);
  context.out().inner->push_back(std::move(query));
  return context.make({.op = Op::Query,
                       .type = type,
                       .span = span,
                       .arguments = std::move(parts),
                       .query = &context.out().inner->back()});
}

const Expr* add_query(Context& context, ir::Query query, const Type& type, Span span) {
  if (context.other != nullptr) return put_inside(context, std::move(query), type, span);
  ir::RowFunction& row = context.out().row;
  row.queries.push_back(std::move(query));
  row.inputs.push_back({-1, type, static_cast<int>(row.queries.size()) - 1, 0});
  const int input = static_cast<int>(row.inputs.size()) - 1;
  return context.make({.op = Op::Input, .type = type, .span = span, .input = input});
}

// In such an order rows that stand at the same place have the same value: which one comes first says nothing.
bool orders_by(const ir::Query& query, const Expr* value) {
  return std::ranges::any_of(query.order, [&](const ir::QueryOrder& order) {
    return order.value == value || (order.value->op == Op::OtherColumn && value->op == Op::OtherColumn &&
                                    order.value->depth == value->depth && order.value->input == value->input);
  });
}

// The values that are present, each as JSON, as lists hold them.
const Expr* list_of(Context& context, const syntax::Expr& expr, CheckedQuery checked, const Expr* value) {
  const std::optional<Held> held = held_in_a_list(context, value, expr.children[0]->span);
  if (!held) return context.error(expr.span);
  ir::Query& query = checked.query;
  query.kind = QueryKind::List;
  query.name = "list of " + query.table->name;
  query.span = expr.span;
  if (!orders_by(query, value) && !proves_no_tie(context, query, expr.span, checked.depth))
    return context.error(expr.span);
  const Type type = stdlib::list_of(held->type.required());
  query.values.push_back({-1, held->json, type});
  if (!is_computable(context, query)) return context.error(expr.span);
  return add_query(context, std::move(query), type, expr.span);
}

// One value of a query whose rows were checked.
const Expr* aggregate(Context& context, const syntax::Expr& expr, QueryKind kind, CheckedQuery checked,
                      const Expr* value) {
  const std::optional<Type> type = type_of_value(context, kind, value, expr);
  if (!type) return context.error(expr.span);
  ir::Query& query = checked.query;
  query.kind = kind;
  query.name = fmt::format("{} of {}", expr.callee.text(), query.table->name);
  query.span = expr.span;
  const bool stored = kind == QueryKind::First && value->op == Op::OtherColumn;
  query.values.push_back({stored ? value->input : -1, value, *type});
  if (kind == QueryKind::First && !proves_no_tie(context, query, expr.span, checked.depth))
    return context.error(expr.span);
  if (!is_computable(context, query)) return context.error(expr.span);
  return add_query(context, std::move(query), *type, expr.span);
}

// The sum divided by the count of what is present; missing where there is nothing.
const Expr* average(Context& context, const syntax::Expr& expr, const CheckedQuery& checked,
                    const Expr* value) {
  const Expr* sum = aggregate(context, expr, QueryKind::Sum, checked, value);
  if (sum->type.kind == Kind::Error) return sum;
  CheckedQuery counted = checked;
  if (value->type.optional) {
    const Expr* missing = context.make(
        {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = expr.span, .arguments = {value}});
    const Expr* there = negation(context, missing, expr.span);
    const Expr* where = counted.query.where;
    if (where != nullptr) {
      ir::Expr both{.op = Op::And, .type = where->type, .span = expr.span, .arguments = {where, there}};
      there = context.make(std::move(both));
    }
    counted.query.where = there;
  }
  const Expr* count = aggregate(context, expr, QueryKind::Count, std::move(counted), nullptr);
  const Expr* zero = context.literal(std::int64_t{0}, stdlib::make(Kind::Int64), expr.span);
  const Expr* none = apply(context, "=", {count, zero}, expr.span);
  if (stdlib::is_integer(sum->type.kind)) sum = widen(context, sum, stdlib::decimal(19, 0));
  const Type divisor = stdlib::is_float(sum->type.kind) ? sum->type : stdlib::decimal(19, 0);
  const Expr* by = widen(context, count, divisor);
  if (sum == nullptr || by == nullptr)
    return fail(context, Code::NoSuchOverload, expr.span, "`avg` takes no such numbers");
  const Expr* quotient = apply(context, "/", {sum, by}, expr.span);
  if (quotient->type.kind == Kind::Error) return quotient;
  Type type = quotient->type;
  type.optional = true;
  const Expr* missing = context.literal({}, type, expr.span);
  return context.make(
      {.op = Op::Case, .type = type, .span = expr.span, .arguments = {none, missing, quotient}});
}

// Of two rows of one name a reader would have to guess.
bool has_own_name(Context& context, const syntax::Name& variable) {
  for (const Context::OtherRow* other = context.other; other != nullptr; other = other->around)
    if (other->variable.text == variable.text) {
      fail(context, Code::DuplicateName, variable.span,
           fmt::format("`{}` is the row of a query around this one", variable.text), "give it another name");
      return false;
    }
  return true;
}

}  // namespace

bool reads_other(const Expr& expr, int depth) {
  return (expr.op == Op::OtherColumn && expr.depth == depth) ||
         std::ranges::any_of(expr.arguments,
                             [&](const Expr* argument) { return reads_other(*argument, depth); });
}

std::optional<Type> type_of_sum(const Type& type) {
  if (stdlib::is_integer(type.kind)) return stdlib::make(Kind::Int64);
  if (stdlib::is_float(type.kind)) return stdlib::make(Kind::Float64);
  if (type.kind != Kind::Decimal) return std::nullopt;
  return stdlib::decimal(38, type.scale);
}

bool check_order(Context& context, const std::vector<syntax::OrderKey>& keys, ir::Query& query) {
  bool fits = true;
  for (const syntax::OrderKey& key : keys) {
    const Expr* value = check_expression(context, *key.value);
    const Kind kind = value->type.kind;
    if (kind != Kind::Error && !has_order(kind) && kind != Kind::Bool && kind != Kind::Uuid)
      value = fail(context, Code::NoSuchOverload, key.span,
                   fmt::format("{} has no order", with_article(value->type.required())));
    fits = fits && value->type.kind != Kind::Error;
    query.order.push_back({value, key.descending});
  }
  return fits;
}

std::optional<CheckedQuery> check_rows(Context& context, const syntax::Query& query) {
  CheckedQuery checked;
  checked.query.table = find_rows(context, query.table);
  if (checked.query.table == nullptr) return std::nullopt;
  checked.query.span = query.span;
  if (!has_own_name(context, query.variable)) return std::nullopt;
  if (context.other != nullptr) checked.depth = context.other->depth + 1;
  const Looking looking(context, query, checked);
  bool fits = true;
  if (query.where) {
    checked.query.where = check_condition(context, *query.where);
    fits = checked.query.where->type.kind != Kind::Error;
    if (fits) collect_by(*checked.query.where, checked.depth, checked.query.by);
  }
  fits = check_order(context, query.order, checked.query) && fits;
  if (!fits) return std::nullopt;
  return checked;
}

const Expr* check_over_rows(Context& context, const syntax::Query& syntax, CheckedQuery& checked,
                            const syntax::Expr& expr, bool bare_is_own) {
  const Looking looking(context, syntax, checked, bare_is_own);
  if (checked.query.where != nullptr) context.facts.add_when_true(*checked.query.where);
  return check_expression(context, expr);
}

const Expr* check_query(Context& context, const syntax::Expr& expr) {
  const std::string name = expr.callee.text();
  const std::optional<QueryKind> kind = kind_of(name);
  if (!kind && name != "avg")
    return fail(context, Code::UnknownFunction, expr.callee.span,
                fmt::format("there is no query called `{}`", name),
                "count, sum, min, max, avg, exists, first and list look at other rows");
  if (!context.inlining.empty())
    return fail(context, Code::UnknownColumn, expr.span,
                "a function sees its parameters alone, and no other rows",
                "give it what the query finds as an argument");
  if (context.walks > 0) {
    context.not_supported_yet(expr.span, "a query inside of a list");
    return context.error(expr.span);
  }
  const bool takes_value = !kind || (*kind != QueryKind::Count && *kind != QueryKind::Exists);
  if (takes_value != (expr.children.size() == 1))
    return fail(context, Code::NoSuchOverload, expr.span,
                takes_value ? fmt::format("`{}` says what it takes of each row", name)
                            : fmt::format("`{}` takes rows, not values", name),
                takes_value ? fmt::format("`{0}({1}.column for {1} in {2} where ...)`", name,
                                          expr.query.variable.text, expr.query.table.text())
                            : fmt::format("`{}({} in {} where ...)`", name, expr.query.variable.text,
                                          expr.query.table.text()));
  if (!expr.query.order.empty() && kind != QueryKind::First && kind != QueryKind::List)
    return fail(context, Code::NoSuchOverload, expr.query.order.front().span,
                fmt::format("the order of the rows says nothing to `{}`", name), "leave it out");
  std::optional<CheckedQuery> checked = check_rows(context, expr.query);
  if (!checked) return context.error(expr.span);
  const Expr* value = nullptr;
  if (takes_value) value = check_over_rows(context, expr.query, *checked, *expr.children[0]);
  if (value != nullptr && value->type.kind == Kind::Error) return value;
  if (kind == QueryKind::List) return list_of(context, expr, *std::move(checked), value);
  if (!kind) return average(context, expr, *checked, value);
  return aggregate(context, expr, *kind, *std::move(checked), value);
}

void check_lookup(Context& context, const syntax::Lookup& lookup) {
  context.failed_lookups.insert(lookup.name.text);
  const bool first = lookup.kind == syntax::LookupKind::First;
  const bool only = lookup.kind == syntax::LookupKind::Only;
  if (!first && !lookup.query.order.empty()) {
    fail(context, Code::NoSuchOverload, lookup.query.order.front().span, "one row at most has no order",
         "say `first`, or leave the order out");
    return;
  }
  std::optional<CheckedQuery> checked = check_rows(context, lookup.query);
  if (!checked) return;
  ir::Query& query = checked->query;
  query.name = lookup.name.text;
  query.span = lookup.span;
  query.kind = first ? QueryKind::First : only ? QueryKind::Only : QueryKind::Unique;
  if (lookup.guard) {
    query.guard = check_condition(context, *lookup.guard);
    if (query.guard->type.kind == Kind::Error) return;
  }
  if (first && !proves_no_tie(context, query, lookup.query.span)) return;
  if (!first && !only && !proves_at_most_one(context, query, lookup.query.span)) return;
  if (!is_computable(context, query)) return;
  query.certain = !first && !only && is_certain(context, query);
  ir::RowFunction& row = context.out().row;
  const int index = static_cast<int>(row.queries.size());
  if (only) {  // its first value: is there one row at most?
    query.values.push_back({-1, nullptr, stdlib::make(Kind::Bool)});
    row.inputs.push_back({-1, query.values.front().type, index, 0});
  }
  row.queries.push_back(std::move(query));
  context.lookups[lookup.name.text] = index;
  context.failed_lookups.erase(lookup.name.text);
}

}  // namespace backfill::check
