// SPDX-License-Identifier: Apache-2.0
// Text literals beside an enum of the schema are its labels, known when the spec is checked.
#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "stdlib/bug.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

const Expr* as_label(Context& context, const Expr* expr, const Type& type) {
  const bool text = expr->op == Op::Literal && expr->type.kind == Kind::Text && !expr->value.missing();
  if (!text || type.kind != Kind::Enum || !type.labels) return expr;
  const std::string& label = expr->value.text();
  if (std::ranges::find(*type.labels, label) != type.labels->end())
    return context.literal(expr->value, type.required(), expr->span);
  Diagnostic diagnostic{.code = Code::TypeMismatch, .span = expr->span};
  diagnostic.message = fmt::format("`{}` is no label of `{}`", label, to_string(type.required()));
  const std::string nearest = diagnostic::nearest(label, *type.labels);
  diagnostic.help = nearest.empty() ? fmt::format("its labels are `{}`", fmt::join(*type.labels, "`, `"))
                                    : fmt::format("did you mean `{}`?", nearest);
  context.report(std::move(diagnostic));
  return context.error(expr->span);
}

bool as_labels(Context& context, std::vector<const Expr*>& values) {
  const auto found =
      std::ranges::find(values, Kind::Enum, [](const Expr* value) { return value->type.kind; });
  if (found == values.end()) return true;
  const Type type = (*found)->type;
  bool all = true;
  for (const Expr*& value : values) {
    value = as_label(context, value, type);
    all = all && value->type.kind != Kind::Error;
  }
  return all;
}

namespace {

const Expr* asked_in_each_row(Context& context, const Expr* expr, const Type& type, Op op) {
  std::vector<const Expr*> arguments = {expr};
  std::vector<Type> types = {expr->type};
  for (const std::string& label : *type.labels) {
    arguments.push_back(context.literal(label, stdlib::text(), expr->span));
    types.push_back(stdlib::text());
  }
  const stdlib::Resolution row = stdlib::resolve("one_of", types);
  BACKFILL_CHECK(row.function != nullptr, "the function table has no one_of(text, text, ...)");
  Type result = type.required();
  result.optional = expr->type.optional || op == Op::TryCall;
  return call(context, op, *row.function, std::move(arguments), std::move(result), expr->span);
}

}  // namespace

const Expr* to_enum(Context& context, const Expr* expr, const Type& type, Op op) {
  if (expr->type.kind != Kind::Text || type.kind != Kind::Enum || !type.labels || type.labels->empty())
    return expr;
  if (expr->op == Op::Literal && op == Op::Call) return as_label(context, expr, type);
  if (expr->op != Op::Case && expr->op != Op::Coalesce) return asked_in_each_row(context, expr, type, op);
  Expr copy = *expr;
  for (std::size_t k = 0; k < copy.arguments.size(); ++k) {
    const bool condition = expr->op == Op::Case && k % 2 == 0 && k + 1 < copy.arguments.size();
    if (condition) continue;
    copy.arguments[k] = to_enum(context, copy.arguments[k], type, op);
    if (copy.arguments[k]->type.kind == Kind::Error) return copy.arguments[k];
  }
  copy.type = type.required();
  copy.type.optional = expr->type.optional || op == Op::TryCall;
  return context.make(std::move(copy));
}

}  // namespace backfill::check
