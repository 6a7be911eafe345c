// SPDX-License-Identifier: Apache-2.0
// `insert into t { ... }`: which columns are given, what happens when the row is there, by what the row is
// found again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/check/convert.h"
#include "compiler/check/effects.h"
#include "compiler/check/insert.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::Effect;

void Insert::check() {
  const FactScope scope(context_);
  out_ = {.kind = ir::EffectKind::Insert,
          .table = &table_,
          .outcome = group_.outcome,
          .span = for_ != nullptr ? for_->span : effect_.span};
  if (for_ != nullptr && !begin_elements()) return;
  check_guard();
  assign_all(effect_.values);
  if (effect_.values.all_of_row) copy_row(effect_.values);
  check_lacking();
  check_rule();
  find_key();
  check_collations();
  if (effect_.name) name_row();
  context_.out().effects.push_back(std::move(out_));
}

// A condition that reads the element says which elements; another one, for which rows.
void Insert::check_guard() {
  const Expr* guard = group_.condition;
  if (effect_.when != nullptr) {
    const Expr* asked = check_condition(context_, *effect_.when);
    const Expr* when = never_missing(context_, asked);
    context_.facts.add_when_true(*asked);
    if (reads_element(*when)) {
      narrow_elements(when);
    } else {
      guard = both(context_, guard, when);
    }
  }
  applies_ = guard;
  if (effect_.unless != nullptr) {
    // Values are computed whether it holds or not: once the row is there, it does.
    const Expr* unless = never_missing(context_, check_condition(context_, *effect_.unless));
    if (reads_element(*unless)) {
      narrow_elements(negation(context_, unless, unless->span));
    } else {
      out_.unless = add_value(context_, unless);
    }
  }
  if (for_ != nullptr) guard = has_elements(guard);
  if (guard != nullptr) out_.guard = add_value(context_, guard);
}

// What need not be computed for a row does not fail for it.
const Expr* Insert::where_it_applies(const Expr* value, const stdlib::Type& type, Span span) {
  if (applies_ == nullptr) return value;
  return context_.make({.op = Op::Case,
                        .type = type,
                        .span = span,
                        .arguments = {applies_, value, context_.literal({}, type, span)}});
}

std::optional<ir::EffectColumn> Insert::given(int index, const Expr* value, Span span) {
  value = assign(context_, value, column(index), span);
  if (value->type.kind == Kind::Error) return std::nullopt;
  if (value->type.optional && column(index).not_null) {
    context_.report(Code::MayBeMissing, span,
                    fmt::format("`{}` is NOT NULL, and this may be missing", column(index).name),
                    "give a value for the missing case with `... ?? ...`, or say `when ... is present`");
    return std::nullopt;
  }
  if (reads_element(*value)) return for_each(index, value, span);
  value = where_it_applies(value, column(index).type.or_missing(), span);
  return ir::EffectColumn{.column = index, .value = add_value(context_, value)};
}

void Insert::give(int index, const Expr* value, Span span) {
  const bool may_be_missing = value->type.optional;
  const auto one = given(index, value, span);
  if (!one) return;
  if (may_be_missing) may_be_missing_.insert(index);
  out_.columns.push_back(*one);
}

void Insert::pass(int index, ir::Passed passed) {
  passed.value = add_value(context_, context_.literal({}, column(index).type.or_missing(), effect_.span));
  out_.columns.push_back({.column = index, .value = passed.value});
  context_.out().passed.push_back(passed);
}

void Insert::name_row() {
  if (for_ != nullptr || out_.on_conflict == ir::OnConflict::Update)
    return context_.not_supported_yet(effect_.name->span, for_ != nullptr
                                                              ? "a name for the rows of a `for`"
                                                              : "a name for a row that may be updated");
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

void check_insert(Context& context, const Effect& effect, const Group& group, const Effect* each) {
  const schema::Table* table = find_table(
      effect.table, context.catalog(), [&](Diagnostic diagnostic) { context.report(std::move(diagnostic)); });
  if (table == nullptr) return;
  if (table->kind != schema::TableKind::Table && table->kind != schema::TableKind::Partitioned) {
    context.report(Code::NoKey, effect.table.span,
                   fmt::format("`{}` is no table: nothing is inserted into it", table->qualified_name()),
                   "name the table whose rows are meant");
    return;
  }
  Insert(context, effect, group, *table, each).check();
}

}  // namespace backfill::check
