// SPDX-License-Identifier: Apache-2.0
// Text literals beside an enum of the schema are its labels, known when the spec is checked.
#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"

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

}  // namespace backfill::check
