// SPDX-License-Identifier: Apache-2.0
// What happens when the row that is inserted is there already, and by what it is found again.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/check/insert.h"
#include "compiler/check/target.h"

namespace backfill::check {

using ir::Expr;
using syntax::ConflictAction;

namespace {

bool same_columns(std::vector<int> left, std::vector<int> right) {
  std::ranges::sort(left);
  std::ranges::sort(right);
  return left == right;
}

}  // namespace

void Insert::check_rule() {
  if (effect_.kind == syntax::EffectKind::Ensure) {
    out_.ensures = true;
    out_.on_conflict = ir::OnConflict::Nothing;
    check_conflict(effect_.by, effect_.span);
    return check_told(effect_.span);
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
  if (effect_.on_conflict) check_action();
}

void Insert::check_conflict(const std::vector<syntax::Name>& columns, Span span) {
  for (const syntax::Name& name : columns) {
    const int index = table_.find(name.text);
    if (index < 0) return report_unknown_column_of(context_, table_, Code::UnknownColumn, name);
    out_.conflict.push_back(index);
  }
  const auto fits = [&](const schema::Key& key) {
    return !key.partial && same_columns(key.columns, out_.conflict);
  };
  if (std::ranges::any_of(table_.keys, fits)) return;
  std::vector<std::string> keys;
  for (const schema::Key& key : table_.keys)
    if (!key.partial) keys.push_back("(" + names_of(table_, key.columns) + ")");
  context_.report(Code::ConflictWithoutKey, span,
                  fmt::format("no unique key of `{}` is over ({}): nothing would ever conflict",
                              table_.qualified_name(), names_of(table_, out_.conflict)),
                  keys.empty() ? "the table has no unique key: `always` inserts once per row"
                               : fmt::format("its unique keys are {}", fmt::join(keys, ", ")));
}

void Insert::check_action() {
  const syntax::OnConflict& rule = *effect_.on_conflict;
  check_conflict(rule.columns, rule.span);
  if (rule.action == ConflictAction::DoNothing) out_.on_conflict = ir::OnConflict::Nothing;
  if (rule.action == ConflictAction::Update) check_update(rule);
  if (out_.on_conflict != ir::OnConflict::Quarantine) check_told(rule.span);
}

// Rows of the scanned table would become others while the run goes on.
void Insert::check_update(const syntax::OnConflict& rule) {
  out_.on_conflict = ir::OnConflict::Update;
  if (&table_ == &context_.table())
    return context_.report(Code::CascadeIntoInput, rule.span,
                           fmt::format("this updates rows of `{}`, which the backfill goes over: each would "
                                       "be decided by what was written before",
                                       table_.qualified_name()),
                           "`derive` changes rows of the table itself");
  if (rule.update.all_of_row)
    return context_.not_supported_yet(rule.update.span, "`all of row` in an update");
  for (const syntax::Assignment& one : rule.update.assignments) update(one);
}

void Insert::update(const syntax::Assignment& one) {
  const int index = table_.find(one.column.text);
  if (index < 0) return report_unknown_column_of(context_, table_, Code::UnknownColumn, one.column);
  if (std::ranges::find(out_.update, index, &ir::EffectColumn::column) != out_.update.end())
    return context_.report(Code::DuplicateName, one.column.span,
                           fmt::format("`{}` is given twice", one.column.text), "leave one of them out");
  const auto finds = [&](const schema::Key& key) {
    const bool used = key.primary || same_columns(key.columns, out_.conflict);
    return used && std::ranges::find(key.columns, index) != key.columns.end();
  };
  if (std::ranges::any_of(table_.keys, finds))
    return context_.report(Code::KeyTarget, one.column.span,
                           fmt::format("`{}` is part of a key that finds the row", one.column.text),
                           "update other columns");
  const Expr* value = check_expression(context_, *one.value);
  if (!can_be_given(index, one.column.span)) return;
  if (const auto column = given(index, value, one.value->span)) out_.update.push_back(*column);
}

// What queries look at must not become another one while the run goes on.
void check_updated(Context& context) {
  const auto reads = ir::tables_read(context.out());
  for (const ir::Effect& effect : context.out().effects) {
    for (const auto& [table, columns] : reads) {
      const auto read = [&, asked = &columns](const ir::EffectColumn& one) {
        return asked->contains(one.column);
      };
      const auto found = std::ranges::find_if(effect.update, read);
      if (table != effect.table || found == effect.update.end()) continue;
      const schema::Column& column = table->columns[static_cast<std::size_t>(found->column)];
      context.report(Code::CascadeIntoInput, effect.span,
                     fmt::format("this updates `{}` of `{}`, which the backfill also reads", column.name,
                                 table->qualified_name()),
                     "what one row writes must not decide another one: derive it from other columns");
    }
  }
}

// By the columns of the conflict it is told which row is there already.
void Insert::check_told(Span span) {
  std::vector<int> open, missing;
  for (const int index : out_.conflict) {
    if (!given_.contains(index)) open.push_back(index);
    if (may_be_missing_.contains(index)) missing.push_back(index);
  }
  if (!missing.empty() && out_.ensures) {
    out_.missing_agrees = true;
  } else if (!missing.empty()) {
    Diagnostic diagnostic{.code = Code::MayBeMissing, .span = span};
    diagnostic.message = fmt::format(
        "the value for {} may be missing, and a missing value conflicts with none: each run would insert "
        "such a row once more",
        names_of(table_, missing));
    diagnostic.help =
        "prove that it is there: `where ... is present` in the scope, or `when ... is present` behind the "
        "insert; or give a value with `... ?? ...`";
    context_.report(std::move(diagnostic));
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

// The database would take for one row what is two here, and verification would miss the second.
void Insert::check_collations() {
  std::vector<int> by = out_.key;
  by.insert(by.end(), out_.conflict.begin(), out_.conflict.end());
  for (const int index : by) {
    if (column(index).collation.empty()) continue;
    context_.report(
        Code::KeyTypeNotOrdered, effect_.table.span,
        fmt::format("`{}` of `{}` compares by {}, and rows that are inserted are found by it: keys must "
                    "compare by bytes",
                    column(index).name, table_.qualified_name(), column(index).collation),
        "name another unique key in `on conflict (...)`");
    return;
  }
}

}  // namespace backfill::check
