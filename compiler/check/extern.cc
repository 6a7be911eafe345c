// SPDX-License-Identifier: Apache-2.0
// Extern functions: a call is an input of the row, which a program of the user's answers once the row is
// read.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <unordered_set>

#include "compiler/check/expression.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

bool any_node(const Expr& expr, std::unordered_set<const Expr*>& seen, const auto& holds) {
  if (!seen.insert(&expr).second) return false;
  return holds(expr) || std::ranges::any_of(expr.arguments, [&](const Expr* argument) {
           return any_node(*argument, seen, holds);
         });
}

bool any_node(const Expr& expr, const auto& holds) {
  std::unordered_set<const Expr*> seen;
  return any_node(expr, seen, holds);
}

bool passes(const Type& type) {
  if (type.kind == Kind::Error || type.kind == Kind::Json) return true;
  return stdlib::resolve("to_json", std::span(&type, 1)).function != nullptr;
}

bool comes_back(const Type& type) {
  if (type.kind == Kind::Error || type.kind == Kind::Json) return true;
  return type.kind != Kind::List && stdlib::conversion(stdlib::make(Kind::Json), type, false) != nullptr;
}

void report_here(Context& context, Span span, std::string message, std::string help) {
  context.report(Code::ExternNotHere, span, std::move(message), std::move(help));
}

// The answer's place among the inputs of the row.
int add_input(Context& context, const syntax::Function& function, const Expr* asked, const Type& result,
              Span span) {
  ir::RowFunction& row = context.out().row;
  const auto input = static_cast<int>(row.inputs.size());
  const Expr* json = context.make(
      {.op = Op::Input, .type = stdlib::make(Kind::Json).or_missing(), .span = span, .input = input});
  ir::Query query{.kind = ir::QueryKind::Extern,
                  .name = function.name.text,
                  .table = &context.table(),
                  .asked = asked,
                  .span = span};
  query.values.push_back({-1, from_json(context, json, result, span), result});
  row.queries.push_back(std::move(query));
  row.inputs.push_back({-1, result, static_cast<int>(row.queries.size()) - 1, 0});
  return input;
}

// Equal calls are one.
int find_input(Context& context, const std::string& name, const Expr& asked) {
  const ir::RowFunction& row = context.out().row;
  const std::string text = ir::dump(asked, context.out());
  for (std::size_t k = 0; k < row.inputs.size(); ++k) {
    if (row.inputs[k].query < 0) continue;
    const ir::Query& query = row.queries[static_cast<std::size_t>(row.inputs[k].query)];
    if (query.kind == ir::QueryKind::Extern && query.name == name &&
        ir::dump(*query.asked, context.out()) == text)
      return static_cast<int>(k);
  }
  return -1;
}

}  // namespace

void check_extern(Context& context, const syntax::Function& function) {
  if (function.is_effect) return context.not_supported_yet(function.span, "an `extern effect fn`");
  std::set<std::string_view> known;
  for (const syntax::Parameter& parameter : function.parameters) {
    if (!known.insert(parameter.name.text).second)
      context.report(Code::DuplicateName, parameter.name.span,
                     fmt::format("two parameters are called `{}`", parameter.name.text),
                     "choose another name");
    const Type type = type_of(context, parameter.type);
    if (!passes(type))
      context.report(
          Code::NoConversion, parameter.name.span,
          fmt::format("{} has no JSON form, in which the program would get it", with_article(type)),
          "pass it as text");
  }
  const Type result = type_of(context, function.result);
  if (!comes_back(result))
    context.report(Code::NoConversion, function.span,
                   fmt::format("no JSON value that a program answers becomes {}", with_article(result)),
                   "let it give `json` or `text`, and convert that");
}

const Expr* call_extern(Context& context, const syntax::Function& function,
                        const std::vector<const Expr*>& arguments, Span span) {
  const Type result = [&] {
    const Context::Silence silence(context);
    return type_of(context, function.result);
  }();
  if (function.is_effect || !comes_back(result) || result.kind == Kind::Error) return context.error(span);
  if (context.other != nullptr) {
    report_here(context, span,
                fmt::format("inside of a query `{}` would be asked for every row that the query looks at",
                            function.name.text),
                "look the row up, and call it with that row's columns in a derivation");
    return context.error(span);
  }
  const auto is_element = [](const Expr& one) { return one.op == Op::Element; };
  const auto is_parameter = [](const Expr& one) { return one.op == Op::Input && one.input < 0; };
  std::vector<const Expr*> members;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    if (any_node(*arguments[k], is_element)) {
      report_here(context, span,
                  fmt::format("`{}` cannot be asked for each element of a list", function.name.text),
                  "pass the list as a whole, and let the program answer with a list as `json`");
      return context.error(span);
    }
    // In the body of a function that is checked where it is defined: any value of its type.
    if (any_node(*arguments[k], is_parameter))
      return context.make({.op = Op::Input, .type = result, .span = span});
    members.push_back(
        to_json(context, context.literal(function.parameters[k].name.text, stdlib::text(), span), span));
    members.push_back(to_json(context, arguments[k], span));
  }
  const Expr* asked = members.empty() ? context.literal(std::string("{}"), stdlib::make(Kind::Json), span)
                                      : apply(context, "json_object", std::move(members), span);
  if (asked->type.kind == Kind::Error) return context.error(span);
  int input = find_input(context, function.name.text, *asked);
  if (input < 0) input = add_input(context, function, asked, result, span);
  const Expr*& node = context.answers[input];
  if (node == nullptr) node = context.make({.op = Op::Input, .type = result, .span = span, .input = input});
  return context.narrowed(node);
}

// Scope and stages are decided for every row of the table, queries for every row that they look at: there a
// program would be asked again and again, and by the database not at all.
void check_externs(Context& context) {
  const ir::Backfill& backfill = context.out();
  const auto refuse = [&](const Expr* expr, const std::string& where, const std::string& help) {
    if (expr == nullptr) return;
    const int input = ir::extern_read_by(backfill, {expr});
    if (input < 0) return;
    report_here(context, expr->span,
                fmt::format("{} reads an answer of `{}`, which would be asked for {}", where,
                            ir::input_name(backfill, input), "every row of the table"),
                help);
  };
  const std::string when =
      "extern functions are asked for candidates: put it into the derivation, `derive ... when ...`";
  refuse(backfill.row.where, "`where`", when);
  for (const ir::Rule& rule : backfill.row.rules)
    refuse(rule.condition, fmt::format("`{}`", rule.name), when);
  for (const Expr* condition : backfill.row.stage_conditions)
    refuse(condition, "a stage", "let columns say which rows a stage takes");
  for (const ir::Query& query : backfill.row.queries) {
    if (query.kind == ir::QueryKind::Extern) continue;
    std::vector<const Expr*> parts{query.where, query.guard};
    parts.insert(parts.end(), query.partition.begin(), query.partition.end());
    for (const ir::QueryOrder& order : query.order) parts.push_back(order.value);
    for (const ir::QueryValue& value : query.values) parts.push_back(value.expr);
    for (const Expr* part : parts)
      refuse(part, "a query", "a query is computed by the database, which cannot ask the program");
  }
  for (const ir::Effect& effect : backfill.effects)
    refuse(effect.where, "the condition on rows of another table",
           "the database finds those rows, and cannot ask the program");
}

}  // namespace backfill::check
