// SPDX-License-Identifier: Apache-2.0
// `delete`: the row itself. What is deleted with it must be what is captured with it.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/effects.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::Effect;

namespace {

bool writes_on_delete(const schema::ForeignKey& key) {
  return key.on_delete == "CASCADE" || key.on_delete == "SET NULL" || key.on_delete == "SET DEFAULT";
}

void report_cascade(Context& context, Span span, const schema::Table& table, const schema::Table& child,
                    const schema::ForeignKey& key) {
  const std::string& column = child.columns[static_cast<std::size_t>(key.columns.front())].name;
  Diagnostic diagnostic{.code = Code::DeleteReachesFurther, .span = span};
  const std::string what = key.on_delete == "CASCADE" ? "deletes rows of" : "changes rows of";
  diagnostic.message = fmt::format("deleting a row of `{}` {} `{}` with it: `{}` references it ON DELETE {}",
                                   table.name, what, child.qualified_name(), column, key.on_delete);
  diagnostic.notes.push_back("those rows are not captured: a rollback could not put them back");
  diagnostic.help =
      "declare the foreign key without it: rows that are still referred to are then set aside, with the "
      "reason";
  context.report(std::move(diagnostic));
}

const Expr* any_of(Context& context, const std::vector<const Expr*>& guards) {
  if (std::ranges::find(guards, nullptr) != guards.end()) return nullptr;
  const Expr* any = guards.front();
  for (std::size_t k = 1; k < guards.size(); ++k)
    any = context.make({.op = Op::Or,
                        .type = stdlib::make(Kind::Bool),
                        .span = guards[k]->span,
                        .arguments = {any, guards[k]}});
  return any;
}

}  // namespace

void check_reach_of_delete(Context& context, Span span, const schema::Table& table) {
  for (const schema::Table& child : context.catalog().tables) {
    for (const schema::ForeignKey& key : child.foreign_keys) {
      if (writes_on_delete(key) && context.catalog().find(key.table) == &table)
        report_cascade(context, span, table, child, key);
    }
  }
}

void check_delete(Context& context, const Effect& effect, const Group& group, Deletions& deletions) {
  if (deletions.first == nullptr) check_reach_of_delete(context, effect.span, context.table());
  const FactScope scope(context);
  const Expr* guard = guard_of(context, effect, group);
  if (guard == nullptr && std::ranges::find(deletions.guards, nullptr) != deletions.guards.end()) {
    Diagnostic diagnostic{.code = Code::DuplicateClause, .span = effect.span};
    diagnostic.message = "every candidate is deleted already";
    diagnostic.labels.push_back({deletions.first->span, "here"});
    diagnostic.help = "leave one of them out";
    context.report(std::move(diagnostic));
  }
  deletions.guards.push_back(guard);
  if (deletions.first == nullptr) deletions.first = &effect;
}

void add_delete(Context& context, const Deletions& deletions) {
  if (deletions.first == nullptr) return;
  ir::Backfill& out = context.out();
  const Expr* guard = any_of(context, deletions.guards);
  if (guard == nullptr && !out.row.outputs.empty()) {
    Diagnostic diagnostic{.code = Code::NeverSeen, .span = out.row.outputs.front().span};
    diagnostic.message = "what this derives is never seen: every candidate is deleted";
    diagnostic.labels.push_back({deletions.first->span, "here"});
    diagnostic.help = "leave it out, or say which rows are deleted: `delete when ...`";
    context.report(std::move(diagnostic));
  }
  ir::Effect effect{.kind = ir::EffectKind::DeleteRow, .table = out.table, .span = deletions.first->span};
  if (guard != nullptr) effect.guard = add_value(context, guard);
  for (std::size_t k = 0; k < out.effects.size(); ++k)
    if (out.effects[k].kind == ir::EffectKind::Insert && !out.effects[k].ensures &&
        out.effects[k].on_conflict != ir::OnConflict::Update)
      effect.after.push_back(static_cast<int>(k));
  out.effects.push_back(std::move(effect));
}

}  // namespace backfill::check
