// SPDX-License-Identifier: Apache-2.0
// `repoint table.column on conflict ...`: what points to the rows that a merge deletes points to the survivor
// then. Whatever refers to the merged table must be repointed.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/effects.h"
#include "compiler/check/types.h"
#include "stdlib/function.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::Effect;
using syntax::EffectKind;

namespace {

class Repoints {
 public:
  Repoints(Context& context, int merge, Span span) : context_(context), index_(merge), span_(span) {}

  void check();

 private:
  void check_repoint(const Effect& repoint);
  bool is_pointer(const Effect& repoint, const schema::Table& child, int pointer);
  void check_references();
  void repoint_to(const Effect& repoint, const schema::Table& child, int pointer);
  [[nodiscard]] const schema::Column& key_column(int index) const {
    return context_.table().columns[static_cast<std::size_t>(index)];
  }

  Context& context_;
  int index_;  // the Group, of RowFunction::queries
  Span span_;  // of the merge
  std::set<std::pair<const schema::Table*, int>> repointed_;
};

bool Repoints::is_pointer(const Effect& repoint, const schema::Table& child, int pointer) {
  const std::vector<int>& key = context_.out().key;
  const auto refuse = [&](std::string message, std::string help) {
    context_.report(Code::RepointUnclear, repoint.span, std::move(message), std::move(help));
    return false;
  };
  if (key.size() != 1)
    return refuse(fmt::format("a row of `{}` is found by a key of {} columns, and `{}` is one",
                              context_.table().name, key.size(), repoint.target.text),
                  "`repoint` is for keys of one column");
  for (const schema::ForeignKey& foreign : child.foreign_keys) {
    if (context_.catalog().find(foreign.table) != &context_.table()) continue;
    const auto at = std::ranges::find(foreign.columns, pointer);
    if (at == foreign.columns.end()) continue;
    const auto place = static_cast<std::size_t>(at - foreign.columns.begin());
    const bool to_key = foreign.columns.size() == 1 &&
                        (foreign.referenced.empty() || foreign.referenced[place] == key_column(key[0]).name);
    if (to_key) continue;
    return refuse(fmt::format("`{}` of `{}` does not refer to `{}`, the key of `{}`", repoint.target.text,
                              child.qualified_name(), key_column(key[0]).name, context_.table().name),
                  "name the column that refers to the key");
  }
  const auto same_kind = [](Kind a, Kind b) {
    return a == b || (stdlib::is_integer(a) && stdlib::is_integer(b));
  };
  const schema::Column& target = child.columns[static_cast<std::size_t>(pointer)];
  if (!same_kind(target.type.kind, key_column(key[0]).type.kind))
    return refuse(
        fmt::format("`{}` is {}, and the key of `{}` {}", target.name, with_article(target.type.required()),
                    context_.table().name, with_article(key_column(key[0]).type.required())),
        "name the column that refers to the key");
  return true;
}

void Repoints::check_repoint(const Effect& repoint) {
  const schema::Table* child = find_table(repoint.table, context_.catalog(), [&](Diagnostic diagnostic) {
    context_.report(std::move(diagnostic));
  });
  if (child == nullptr) return;
  const int pointer = child->find(repoint.target.text);
  if (pointer < 0) return report_unknown_column_of(context_, *child, Code::UnknownColumn, repoint.target);
  if (child == &context_.table())
    return context_.not_supported_yet(repoint.span, "repointing rows of the table that is merged");
  if (!is_pointer(repoint, *child, pointer)) return;
  if (!repointed_.insert({child, pointer}).second) {
    context_.report(Code::DuplicateClause, repoint.span,
                    fmt::format("`{}` of `{}` is repointed twice", repoint.target.text, child->name),
                    "leave one of them out");
    return;
  }
  // By its key what one has written is found when another has written it too.
  const std::vector<int> key = whole_key(*child);
  const auto of_child = [&](const auto& one) { return one.first == child; };
  const auto in_key = [&](const auto& one) {
    return of_child(one) && std::ranges::count(key, one.second) > 0;
  };
  if (std::ranges::count_if(repointed_, of_child) > 1 && std::ranges::any_of(repointed_, in_key))
    return context_.not_supported_yet(repoint.span,
                                      "repointing two columns of one table, one of which is in its key");
  repoint_to(repoint, *child, pointer);
}

void Repoints::repoint_to(const Effect& repoint, const schema::Table& child, int pointer) {
  ir::Effect update{
      .kind = ir::EffectKind::UpdateOthers, .table = &child, .key = whole_key(child), .span = repoint.span};
  if (update.key.empty()) {
    context_.report(Code::NoKey, repoint.span,
                    fmt::format("`{}` has no key: nobody could find its rows again, or put them back",
                                child.qualified_name()),
                    "give the table a primary key");
    return;
  }
  update.merges = index_;
  update.pointer = pointer;
  update.referenced = context_.out().key[0];
  std::vector<const schema::Key*> unique;
  for (const schema::Key& key : child.keys)
    if (std::ranges::find(key.columns, pointer) != key.columns.end() && !key.partial) unique.push_back(&key);
  if (!unique.empty() && !repoint.on_conflict) {
    context_.report(
        Code::RepointUnclear, repoint.span,
        fmt::format("`{}` is in a unique key of `{}`, and this does not say what happens to rows that "
                    "would be equal then",
                    repoint.target.text, child.name),
        "add `on conflict drop` (the first one stays) or `on conflict quarantine` (the group is left)");
    return;
  }
  const bool drops = repoint.on_conflict && repoint.on_conflict->action == syntax::ConflictAction::Drop;
  const bool same_keys = std::ranges::all_of(unique, [&](const schema::Key* key) {
    return std::ranges::is_permutation(key->columns, unique[0]->columns);
  });
  if (drops && !same_keys) return context_.not_supported_yet(repoint.span, "`drop` by two unique keys");
  // What one group repoints by one column, another could drop by the other: a rollback would have to undo the
  // later group first.
  const auto is_other = [&](const ir::Effect& one) {
    return one.table == &child && one.pointer >= 0 && one.pointer != pointer &&
           (drops || one.kind == ir::EffectKind::DeleteOthers);
  };
  if (std::ranges::any_of(context_.out().effects, is_other))
    return context_.not_supported_yet(repoint.span, "`drop` where two columns of a table are repointed");
  if (drops && !unique.empty()) {
    ir::Effect drop = update;
    drop.kind = ir::EffectKind::DeleteOthers;
    for (const int column : unique[0]->columns)
      if (column != pointer) drop.collides.push_back(column);
    check_reach_of_delete(context_, repoint.span, child);
    context_.out().effects.push_back(std::move(drop));
  }
  const Expr* key = context_.input(update.referenced, repoint.span);
  const schema::Column& target = child.columns[static_cast<std::size_t>(pointer)];
  if (key->type.kind != target.type.kind) {
    const stdlib::Function* fits = stdlib::conversion(key->type, target.type.required(), false);
    key = call(context_, Op::Call, *fits, {key}, target.type.required(), repoint.span);
  }
  update.columns.push_back({pointer, add_value(context_, key)});
  context_.out().effects.push_back(std::move(update));
}

// A row that is still referred to cannot be deleted, or takes others with it.
void Repoints::check_references() {
  for (const schema::Table& child : context_.catalog().tables) {
    for (const schema::ForeignKey& foreign : child.foreign_keys) {
      if (context_.catalog().find(foreign.table) != &context_.table()) continue;
      const int pointer = foreign.columns.front();
      if (repointed_.contains({&child, pointer})) continue;
      const std::string& name = child.columns[static_cast<std::size_t>(pointer)].name;
      Diagnostic diagnostic{.code = Code::MergeReferenced, .span = span_};
      diagnostic.message =
          fmt::format("`{}` of `{}` refers to `{}`: rows that are merged away would be missed there", name,
                      child.qualified_name(), context_.table().name);
      diagnostic.help = fmt::format("add `repoint {}.{}`", child.name, name);
      context_.report(std::move(diagnostic));
    }
  }
}

void Repoints::check() {
  for (const Effect& effect : context_.spec().effects)
    if (effect.kind == EffectKind::Repoint) check_repoint(effect);
  check_references();
}

}  // namespace

void check_repoints(Context& context, int merge, Span span) {
  Repoints(context, merge, span).check();
}

}  // namespace backfill::check
