// SPDX-License-Identifier: Apache-2.0
// `update o in orders where ... { ... }`, `delete o in orders where ...`: rows of another table that belong
// to this row, and to no other row of the scan.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/effects.h"
#include "compiler/check/query.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using syntax::Effect;

namespace {

// A lossless conversion changes no equality.
const Expr& as_it_is(const Expr& expr) {
  const bool widens = expr.op == Op::Call && expr.function->name == "as" && expr.function->errors.empty() &&
                      stdlib::is_integer(expr.type.kind);
  return widens ? *expr.arguments[0] : expr;
}

// Columns of this row that the condition compares by `=` with a column of the other one.
void collect_own(const ir::RowFunction& row, const Expr& condition, std::vector<int>& own) {
  if (condition.op == Op::And) {
    for (const Expr* argument : condition.arguments) collect_own(row, *argument, own);
    return;
  }
  if (condition.op != Op::Call || !condition.function->is_operator || condition.function->name != "=") return;
  for (const std::size_t side : {0U, 1U}) {
    const Expr& other = as_it_is(*condition.arguments[side]);
    const Expr& mine = as_it_is(*condition.arguments[1 - side]);
    if (other.op != Op::OtherColumn || mine.op != Op::Input) continue;
    const ir::Input& input = row.inputs[static_cast<std::size_t>(mine.input)];
    if (input.query < 0) own.push_back(input.column);
  }
}

bool is_full_key(const schema::Key& key, const std::vector<int>& own) {
  return !key.partial && !key.columns.empty() && std::ranges::all_of(key.columns, [&](int column) {
    return std::ranges::find(own, column) != own.end();
  });
}

// Two rows have not the same key: what has this row's key is no other row's.
bool proves_own(Context& context, const ir::Query& query) {
  std::vector<int> own;
  if (query.where != nullptr) collect_own(context.out().row, *query.where, own);
  const schema::Table& table = context.table();
  if (std::ranges::any_of(table.keys, [&](const schema::Key& key) { return is_full_key(key, own); }))
    return true;
  Diagnostic diagnostic{.code = Code::NotOwnRows, .span = query.span};
  diagnostic.message =
      own.empty() ? fmt::format(
                        "nothing proves that a row of `{}` belongs to one row of `{}` alone: no column of "
                        "it is compared with one of this row by `=`",
                        query.table->name, table.name)
                  : fmt::format(
                        "nothing proves that a row of `{}` belongs to one row of `{}` alone: ({}) is no "
                        "unique key of `{}`",
                        query.table->name, table.name, names_of(table, own), table.name);
  std::vector<std::string> keys;
  for (const schema::Key& key : table.keys)
    if (!key.partial && !key.columns.empty()) keys.push_back("(" + names_of(table, key.columns) + ")");
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  if (!keys.empty())
    diagnostic.notes.push_back(
        fmt::format("a comparison by `=` with each column of {} would", fmt::join(keys, " or ")));
  diagnostic.help = fmt::format("say which rows are this row's: `{}.COLUMN = row.{}`", "o",
                                keys.empty() ? "KEY" : names_of(table, table.keys.front().columns));
  context.report(std::move(diagnostic));
  return false;
}

class Others {
 public:
  Others(Context& context, const Effect& effect, const Group& group)
      : context_(context), effect_(effect), group_(group) {}

  void check();

 private:
  [[nodiscard]] const schema::Column& column(int index) const {
    return out_.table->columns[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] bool can_be_written();
  void add_reads();
  void assign_all();
  void give(const syntax::Assignment& one, int index);
  void copy(const Expr* value, int index, Span span);
  [[nodiscard]] bool can_be_given(int index, Span span);

  Context& context_;
  const Effect& effect_;
  const Group& group_;
  ir::Effect out_;
  CheckedQuery rows_;
  const Expr* applies_ = nullptr;
};

void Others::check() {
  const bool deletes = effect_.kind == syntax::EffectKind::DeleteOthers;
  std::optional<CheckedQuery> checked = check_rows(context_, effect_.query);
  if (!checked) return;
  out_ = {.kind = deletes ? ir::EffectKind::DeleteOthers : ir::EffectKind::UpdateOthers,
          .table = checked->query.table,
          .outcome = group_.outcome,
          .where = checked->query.where,
          .span = effect_.span};
  rows_ = *checked;
  if (!can_be_written() || !proves_own(context_, checked->query) || !is_computable(context_, checked->query))
    return;
  const FactScope scope(context_);
  applies_ = guard_of(context_, effect_, group_);
  if (applies_ != nullptr) out_.guard = add_value(context_, applies_);
  if (deletes) check_reach_of_delete(context_, effect_.span, *out_.table);
  if (!deletes) assign_all();
  add_reads();
  context_.out().effects.push_back(std::move(out_));
}

bool Others::can_be_written() {
  const schema::Table& table = *out_.table;
  if (ir::source_of(context_.out(), table) != nullptr) {
    context_.report(Code::UnknownTable, effect_.query.table.span,
                    fmt::format("`{}` is a source: it is read, and never written", table.name),
                    "name the table whose rows are meant");
    return false;
  }
  if (&table == &context_.table()) {
    context_.not_supported_yet(effect_.span, "writing other rows of the table that is scanned");
    return false;
  }
  const auto earlier = std::ranges::find_if(context_.out().effects, [&](const ir::Effect& one) {
    return one.table == &table && one.kind == ir::EffectKind::Insert;
  });
  if (earlier != context_.out().effects.end()) {
    context_.not_supported_yet(effect_.span, "writing rows of a table that is inserted into as well");
    return false;
  }
  if (table.kind != schema::TableKind::Table && table.kind != schema::TableKind::Partitioned) {
    context_.report(Code::NoKey, effect_.query.table.span,
                    fmt::format("`{}` is no table: its rows are not written", table.qualified_name()),
                    "name the table whose rows are meant");
    return false;
  }
  if (effect_.kind == syntax::EffectKind::Update && context_.out().intent == ir::Intent::Fill) {
    context_.report(Code::IntentNeeds, effect_.span, "`intent fill` never overwrites a value, and this may",
                    "say what may be overwritten: `intent amend` or `intent recompute`");
    return false;
  }
  out_.key = whole_key(table);
  if (!out_.key.empty()) return true;
  context_.report(Code::NoKey, effect_.query.table.span,
                  fmt::format("`{}` has no key: nobody could find its rows again, or put them back",
                              table.qualified_name()),
                  "give the table a primary key");
  return false;
}

// What the condition reads of this row is a value of it: the statement is given what was decided on.
void Others::add_reads() {
  std::vector<const Expr*> open;
  std::set<int> inputs;
  if (out_.where != nullptr) open.push_back(out_.where);
  while (!open.empty()) {
    const Expr* expr = open.back();
    open.pop_back();
    open.insert(open.end(), expr->arguments.begin(), expr->arguments.end());
    if (expr->op == Op::Input) inputs.insert(expr->input);
    if (expr->op == Op::Query)
      context_.not_supported_yet(expr->span, "a query in the condition of rows that are written");
  }
  for (const int input : inputs) {
    const stdlib::Type type = context_.out().row.inputs[static_cast<std::size_t>(input)].type;
    const Expr* read = context_.make({.op = Op::Input, .type = type, .span = effect_.span, .input = input});
    out_.reads.emplace_back(input, add_value(context_, read));
  }
}

bool Others::can_be_given(int index, Span span) {
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
  const bool handed_on = std::ranges::find(out_.table->cascading, index) != out_.table->cascading.end();
  if (handed_on || std::ranges::find(out_.key, index) != out_.key.end()) {
    context_.report(Code::KeyTarget, span,
                    fmt::format("`{}` is a key of `{}`, by which its rows are found again", target.name,
                                out_.table->qualified_name()),
                    "write another column");
    return false;
  }
  return true;
}

void Others::give(const syntax::Assignment& one, int index) {
  const Span span = one.value->span;
  const Expr* value = check_over_rows(context_, effect_.query, rows_, *one.value, true);
  if (value->type.kind == Kind::Error) return;
  const bool of_other = reads_other(*value, rows_.depth);
  // For rows that the condition rules out as well.
  if (!of_other) value = check_expression(context_, *one.value);
  if (!can_be_given(index, one.column.span)) return;
  value = assign(context_, value, column(index), span);
  if (value->type.kind == Kind::Error) return;
  if (value->type.optional && column(index).not_null) {
    context_.report(Code::MayBeMissing, span,
                    fmt::format("`{}` is NOT NULL, and this may be missing", column(index).name),
                    "give a value for the missing case with `... ?? ...`");
    return;
  }
  if (of_other) return copy(value, index, span);
  if (applies_ != nullptr) {
    const stdlib::Type type = column(index).type.or_missing();
    value = context_.make({.op = Op::Case,
                           .type = type,
                           .span = span,
                           .arguments = {applies_, value, context_.literal({}, type, span)}});
  }
  out_.columns.push_back({index, add_value(context_, value)});
}

// What is more than a copy would be computed by the database alone. Its NULL says of a part that failed that
// it is missing, and what is made of that could be wrong without a word.
void Others::copy(const Expr* value, int index, Span span) {
  if (value->op == Op::OtherColumn)
    out_.copied.push_back({index, value->input, span});
  else
    context_.not_supported_yet(span, "a value that is computed of the row that is written");
}

void Others::assign_all() {
  std::set<int> given;
  if (effect_.values.all_of_row) context_.not_supported_yet(effect_.values.span, "`all of row` in an update");
  for (const syntax::Assignment& one : effect_.values.assignments) {
    const int index = out_.table->find(one.column.text);
    if (index < 0) {
      report_unknown_column_of(context_, *out_.table, Code::UnknownColumn, one.column);
    } else if (!given.insert(index).second) {
      context_.report(Code::DuplicateName, one.column.span,
                      fmt::format("`{}` is given twice", one.column.text), "leave one of them out");
    } else {
      give(one, index);
    }
  }
  if (effect_.values.assignments.empty())
    context_.report(Code::NoEffect, effect_.span, "this changes nothing", "say `COLUMN = ...`");
}

}  // namespace

std::vector<int> whole_key(const schema::Table& table) {
  if (const schema::Key* primary = table.primary_key()) return primary->columns;
  const auto key = std::ranges::find_if(table.keys, [&](const schema::Key& one) {
    return !one.partial && !one.columns.empty() && std::ranges::all_of(one.columns, [&](int column) {
      return table.columns[static_cast<std::size_t>(column)].not_null;
    });
  });
  return key == table.keys.end() ? std::vector<int>() : key->columns;
}

void check_others(Context& context, const Effect& effect, const Group& group) {
  Others(context, effect, group).check();
}

}  // namespace backfill::check
