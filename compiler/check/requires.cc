// SPDX-License-Identifier: Apache-2.0
// `requires CONDITION`: asked of the tables, before there is a row. `after NAME`: of the books.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/expression.h"
#include "compiler/check/target.h"

namespace backfill::check {

namespace {

// Params are the same for every condition; what reads a row is not known here.
void share_params(Context& from, Context& to) {
  for (const auto& [name, value] : from.names)
    if (value->op == ir::Op::Literal) to.names[name] = value;
}

void check_requirement(Context& context, const syntax::Condition& condition) {
  auto asked = std::make_shared<ir::Backfill>();
  asked->name = context.out().name;
  asked->table = &context.table();
  asked->arena = context.out().arena;
  asked->sources = context.out().sources;
  Context alone(context.file(), context.spec(), context.catalog(), context.sink(), *asked);
  alone.reports_file = false;
  share_params(context, alone);
  const ir::Expr* holds = check_condition(alone, *condition.value);
  if (holds->type.kind == stdlib::Kind::Error) return;
  if (!ir::sources_read(*asked).empty())
    return context.not_supported_yet(condition.span, "a `source` in `requires`");
  const auto of_row =
      std::ranges::find_if(asked->row.inputs, [](const ir::Input& one) { return one.column >= 0; });
  if (of_row != asked->row.inputs.end()) {
    const std::string& name = context.table().columns[static_cast<std::size_t>(of_row->column)].name;
    context.report(Code::UnknownColumn, condition.span,
                   fmt::format("`requires` is asked before there is a row, and this reads `{}`", name),
                   "ask the table: `exists(x in TABLE where ...)`, or say `where` in the scope");
    return;
  }
  const auto is_extern = [](const ir::Query& one) { return one.kind == ir::QueryKind::Extern; };
  if (const auto one = std::ranges::find_if(asked->row.queries, is_extern); one != asked->row.queries.end()) {
    context.report(Code::ExternNotHere, one->span,
                   fmt::format("`requires` is asked of the database, which cannot ask `{}`", one->name),
                   "ask the tables alone");
    return;
  }
  if (asked->row.queries.empty()) {
    context.report(Code::NeverNarrows, condition.span, "this asks no table: the answer is always the same",
                   "`requires not exists(x in TABLE where ...)` asks one");
    return;
  }
  asked->row.where = holds;
  const Span span = condition.value->span;
  context.out().requirements.push_back(
      {std::string(context.source_text().substr(span.begin, span.end - span.begin)), std::move(asked)});
}

}  // namespace

void check_requirements(Context& context) {
  for (const syntax::Condition& condition : context.spec().requirements)
    check_requirement(context, condition);
  for (const syntax::Name& name : context.spec().after) {
    if (name.text == context.spec().name.text) {
      context.report(Code::UnknownColumn, name.span, fmt::format("`{}` cannot wait for itself", name.text),
                     "name another backfill");
      continue;
    }
    context.out().runs_after.push_back(name.text);
  }
}

}  // namespace backfill::check
