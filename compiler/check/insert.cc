// SPDX-License-Identifier: Apache-2.0
// `insert into t { ... }`: which columns are given, what happens when the row is there, by what the row is
// found again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/effects.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::ConflictAction;
using syntax::Effect;

namespace {

bool same_columns(std::vector<int> left, std::vector<int> right) {
  std::ranges::sort(left);
  std::ranges::sort(right);
  return left == right;
}

class Insert {
 public:
  Insert(Context& context, const Effect& effect, const Group& group, const schema::Table& table)
      : context_(context), effect_(effect), group_(group), table_(table) {}

  void check();

 private:
  [[nodiscard]] const schema::Column& column(int index) const {
    return table_.columns[static_cast<std::size_t>(index)];
  }
  void check_guard();
  void name_row();
  void pass(int index, ir::Passed passed);
  void copy_row(const syntax::RowValues& values);
  void assign_all(const syntax::RowValues& values);
  void give(int index, const Expr* value, Span span);
  bool can_be_given(int index, Span span);
  void check_lacking();
  void check_rule();
  void check_conflict(const std::vector<syntax::Name>& columns, ConflictAction action, Span span);
  void check_told(Span span);
  void find_key();

  Context& context_;
  const Effect& effect_;
  const Group& group_;
  const schema::Table& table_;
  ir::Effect out_;
  const Expr* applies_ = nullptr;  // its guard; null: always
  std::set<int> given_, may_be_missing_;
};

void Insert::check() {
  const FactScope scope(context_);
  out_ = {.kind = ir::EffectKind::Insert, .table = &table_, .outcome = group_.outcome, .span = effect_.span};
  check_guard();
  assign_all(effect_.values);
  if (effect_.values.all_of_row) copy_row(effect_.values);
  check_lacking();
  check_rule();
  find_key();
  if (effect_.name) name_row();
  context_.out().effects.push_back(std::move(out_));
}

void Insert::check_guard() {
  const Expr* guard = guard_of(context_, effect_, group_);
  if (effect_.when != nullptr && guard != nullptr) context_.facts.add_when_true(*guard);
  if (guard != nullptr) out_.guard = add_value(context_, guard);
  applies_ = guard;
  if (effect_.unless == nullptr) return;
  // Values are computed whether it holds or not: once the row is there, it does.
  out_.unless = add_value(context_, never_missing(context_, check_condition(context_, *effect_.unless)));
}

// What need not be computed for a row does not fail for it.
void Insert::give(int index, const Expr* value, Span span) {
  value = assign(context_, value, column(index), span);
  if (value->type.kind == Kind::Error) return;
  if (value->type.optional && column(index).not_null) {
    context_.report(Code::MayBeMissing, span,
                    fmt::format("`{}` is NOT NULL, and this may be missing", column(index).name),
                    "give a value for the missing case with `... ?? ...`, or say `when ... is present`");
    return;
  }
  if (value->type.optional) may_be_missing_.insert(index);
  if (applies_ != nullptr) {
    const stdlib::Type type = column(index).type.or_missing();
    value = context_.make({.op = Op::Case,
                           .type = type,
                           .span = span,
                           .arguments = {applies_, value, context_.literal({}, type, span)}});
  }
  out_.columns.push_back({index, add_value(context_, value)});
}

void Insert::pass(int index, ir::Passed passed) {
  passed.value = add_value(context_, context_.literal({}, column(index).type.or_missing(), effect_.span));
  out_.columns.push_back({index, passed.value});
  context_.out().passed.push_back(passed);
}

void Insert::name_row() {
  const bool taken =
      context_.names.contains(effect_.name->text) || context_.made.contains(effect_.name->text);
  if (taken)
    context_.report(Code::DuplicateName, effect_.name->span,
                    fmt::format("`{}` is a name already", effect_.name->text), "choose another one");
  context_.made[effect_.name->text] = static_cast<int>(context_.out().effects.size());
}

bool Insert::can_be_given(int index, Span span) {
  const schema::Column& target = column(index);
  if (target.generated || target.identity_always) {
    context_.report(Code::GeneratedTarget, span,
                    fmt::format("`{}` is given its values by the database", target.name), "leave it out");
    return false;
  }
  if (target.type.kind == Kind::Opaque) {
    context_.report(
        Code::OpaqueColumn, span,
        fmt::format("`{}` is declared {}, which has no type in the language", target.name, target.sql_type),
        "such a column can be carried along, but not written");
    return false;
  }
  return true;
}

void Insert::assign_all(const syntax::RowValues& values) {
  for (const syntax::Assignment& one : values.assignments) {
    const int index = table_.find(one.column.text);
    if (index < 0) {
      report_unknown_column_of(context_, table_, Code::UnknownColumn, one.column);
      continue;
    }
    if (!given_.insert(index).second) {
      context_.report(Code::DuplicateName, one.column.span,
                      fmt::format("`{}` is given twice", one.column.text), "leave one of them out");
      continue;
    }
    if (const auto passed = passed_by(context_, *one.value, column(index))) {
      if (passed->effect >= 0 && can_be_given(index, one.column.span)) pass(index, *passed);
      continue;
    }
    const Expr* value = check_expression(context_, *one.value);
    if (can_be_given(index, one.column.span)) give(index, value, one.value->span);
  }
}

// `all of row`: by name; what is given besides has its own value.
void Insert::copy_row(const syntax::RowValues& values) {
  const schema::Table& from = context_.table();
  std::set<int> except;
  for (const syntax::Name& name : values.except) {
    const int index = from.find(name.text);
    if (index < 0) report_unknown_column(context_, Code::UnknownColumn, name);
    except.insert(index);
  }
  for (std::size_t k = 0; k < from.columns.size(); ++k) {
    const std::string& name = from.columns[k].name;
    if (except.contains(static_cast<int>(k))) continue;
    const int index = table_.find(name);
    if (index < 0) {
      context_.report(
          Code::UnknownColumn, values.span,
          fmt::format("`{}` has no column `{}` to copy this row's into", table_.qualified_name(), name),
          fmt::format("leave it out: `all of row except {}`", name));
      continue;
    }
    if (!given_.insert(index).second) continue;
    if (from.columns[k].type.kind == Kind::Opaque) {
      context_.report(
          Code::OpaqueColumn, values.span,
          fmt::format("`{}` is declared {}, which has no type in the language: it cannot be copied", name,
                      from.columns[k].sql_type),
          fmt::format("leave it out: `all of row except {}`", name));
      continue;
    }
    if (!can_be_given(index, values.span)) continue;
    give(index, context_.narrowed(context_.input(static_cast<int>(k), values.span)), values.span);
  }
}

void Insert::check_lacking() {
  std::vector<int> lacking;
  for (std::size_t k = 0; k < table_.columns.size(); ++k) {
    const schema::Column& one = table_.columns[k];
    const bool has_value = one.default_sql || one.generated || one.identity || one.identity_always;
    if (one.not_null && !has_value && !given_.contains(static_cast<int>(k)))
      lacking.push_back(static_cast<int>(k));
  }
  if (lacking.empty()) return;
  context_.report(Code::InsertIncomplete, effect_.values.span,
                  fmt::format("a row of `{}` needs a value for {}: NOT NULL, and no default",
                              table_.qualified_name(), names_of(table_, lacking)),
                  "give it: `COLUMN = ...`");
}

void Insert::check_rule() {
  if (effect_.kind == syntax::EffectKind::Ensure) {
    out_.ensures = true;
    return check_conflict(effect_.by, ConflictAction::DoNothing, effect_.span);
  }
  const int rules = (effect_.unless != nullptr ? 1 : 0) + (effect_.on_conflict ? 1 : 0);
  if (rules == 0 && !effect_.always) {
    context_.report(
        Code::InsertUndecided, effect_.span,
        "the insert does not say what happens when the row is there already",
        "add `on conflict (COLUMNS) do nothing` or `quarantine`, `unless exists(...)`, or `always` for a "
        "table without a natural key");
  } else if (rules > 0 && effect_.always) {
    context_.report(Code::InsertUndecided, effect_.span,
                    "`always` inserts whatever is there: it does not go with another rule",
                    "leave one of them out");
  }
  if (effect_.always) out_.always = true;
  if (effect_.on_conflict)
    check_conflict(effect_.on_conflict->columns, effect_.on_conflict->action, effect_.on_conflict->span);
}

void Insert::check_conflict(const std::vector<syntax::Name>& columns, ConflictAction action, Span span) {
  for (const syntax::Name& name : columns) {
    const int index = table_.find(name.text);
    if (index < 0) return report_unknown_column_of(context_, table_, Code::UnknownColumn, name);
    out_.conflict.push_back(index);
  }
  const auto fits = [&](const schema::Key& key) {
    return !key.partial && same_columns(key.columns, out_.conflict);
  };
  if (std::ranges::none_of(table_.keys, fits)) {
    std::vector<std::string> keys;
    for (const schema::Key& key : table_.keys)
      if (!key.partial) keys.push_back("(" + names_of(table_, key.columns) + ")");
    context_.report(Code::ConflictWithoutKey, span,
                    fmt::format("no unique key of `{}` is over ({}): nothing would ever conflict",
                                table_.qualified_name(), names_of(table_, out_.conflict)),
                    keys.empty() ? "the table has no unique key: `always` inserts once per row"
                                 : fmt::format("its unique keys are {}", fmt::join(keys, ", ")));
  }
  switch (action) {
    case ConflictAction::DoNothing:
      out_.on_conflict = ir::OnConflict::Nothing;
      break;
    case ConflictAction::Update:
      context_.not_supported_yet(span, "`on conflict ... update`");
      break;
    case ConflictAction::Quarantine:
    case ConflictAction::Drop:
      break;
  }
  if (out_.on_conflict == ir::OnConflict::Nothing) check_told(span);
}

// By the columns of the conflict it is told which row is there already.
void Insert::check_told(Span span) {
  std::vector<int> open, missing;
  for (const int index : out_.conflict) {
    if (!given_.contains(index)) open.push_back(index);
    if (may_be_missing_.contains(index)) missing.push_back(index);
  }
  if (!missing.empty()) {
    context_.report(Code::MayBeMissing, span,
                    fmt::format("the value for {} may be missing, and a missing value conflicts with none",
                                names_of(table_, missing)),
                    "say `when ... is present`, or give a value with `... ?? ...`");
  }
  if (!open.empty()) {
    context_.report(Code::InsertIncomplete, span,
                    fmt::format("the insert gives no value for {}: what is there already could not be told",
                                names_of(table_, open)),
                    "give it, or name another key");
  }
}

// By which a rollback and the verification find the row.
void Insert::find_key() {
  const auto whole = [&](const schema::Key& key) {
    return !key.partial && !key.columns.empty() &&
           std::ranges::all_of(key.columns, [&](int index) { return column(index).not_null || key.primary; });
  };
  if (const schema::Key* primary = table_.primary_key()) {
    out_.key = primary->columns;
  } else if (const auto key = std::ranges::find_if(table_.keys, whole); key != table_.keys.end()) {
    out_.key = key->columns;
  } else {
    context_.report(Code::NoKey, effect_.table.span,
                    fmt::format("`{}` has no key: nobody could find the inserted row again, or take it back",
                                table_.qualified_name()),
                    "give the table a primary key");
  }
}

}  // namespace

void check_insert(Context& context, const Effect& effect, const Group& group) {
  const schema::Table* table = find_table(
      effect.table, context.catalog(), [&](Diagnostic diagnostic) { context.report(std::move(diagnostic)); });
  if (table == nullptr) return;
  if (table->kind != schema::TableKind::Table && table->kind != schema::TableKind::Partitioned) {
    context.report(Code::NoKey, effect.table.span,
                   fmt::format("`{}` is no table: nothing is inserted into it", table->qualified_name()),
                   "name the table whose rows are meant");
    return;
  }
  Insert(context, effect, group, *table).check();
}

}  // namespace backfill::check
