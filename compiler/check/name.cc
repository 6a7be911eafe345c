// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>

#include "compiler/check/expression.h"

namespace backfill::check {

using ir::Expr;

namespace {

std::vector<std::string> column_names(const schema::Table& table) {
  std::vector<std::string> names;
  for (const schema::Column& column : table.columns) names.push_back(column.name);
  return names;
}

void suggest(Diagnostic& diagnostic, std::string_view seen, const std::vector<std::string>& choices) {
  diagnostic.replacement = diagnostic::nearest(seen, choices);
  if (!diagnostic.replacement.empty())
    diagnostic.help = fmt::format("did you mean `{}`?", diagnostic.replacement);
}

bool is_param(const Context& context, std::string_view name) {
  for (const auto* params : {&context.spec().params, &context.file().params}) {
    for (const syntax::Param& param : *params) {
      if (param.name.text == name) return true;
    }
  }
  return false;
}

bool is_later_let(const Context& context, std::string_view name) {
  return std::ranges::any_of(context.spec().lets,
                             [&](const syntax::Let& let) { return let.name.text == name; });
}

const Expr* not_a_parameter(Context& context, const syntax::Name& name) {
  Diagnostic diagnostic{.code = Code::UnknownColumn, .span = name.span};
  diagnostic.message = fmt::format("`{}` is not a parameter, and a function sees nothing else", name.text);
  std::vector<std::string> choices;
  for (const auto& [known, expr] : context.names) choices.push_back(known);
  suggest(diagnostic, name.text, choices);
  if (diagnostic.help.empty()) diagnostic.help = "make it a parameter, and give it in each call";
  context.report(std::move(diagnostic));
  return context.error(name.span);
}

// One that stands further down, or did not check.
bool is_later_lookup(Context& context, const syntax::Name& name) {
  if (!is_lookup(context, name.text)) return false;
  if (!context.failed_lookups.contains(name.text))
    context.report(Code::UnknownColumn, name.span,
                   fmt::format("the lookup called `{}` is not defined yet at this point", name.text),
                   "lookups and `let`s use those that stand above them");
  return true;
}

const Expr* unknown_name(Context& context, const syntax::Name& name) {
  if (name.quoted && context.names.contains(name.text)) {
    context.report(Code::UnknownColumn, name.span,
                   fmt::format("double quotes name a column, and `{}` is a `let`", name.text),
                   "write it without quotes, or choose a name that needs none");
    return context.error(name.span);
  }
  if (!name.quoted && (name.text == "null" || name.text == "NULL" || name.text == "Null")) {
    context.report(
        Code::UnknownColumn, name.span, "there is no `null` here",
        "the absence of a value is called `missing`: `... is missing`, `... is present`, `?? missing`");
    return context.error(name.span);
  }
  if (is_later_let(context, name.text)) {
    context.report(Code::UnknownColumn, name.span,
                   fmt::format("the `let` called `{}` is not defined yet at this point", name.text),
                   "a `let` uses those that stand above it");
    return context.error(name.span);
  }
  if (is_later_lookup(context, name)) return context.error(name.span);
  if (is_param(context, name.text)) return context.error(name.span);  // reported there
  Diagnostic diagnostic{.code = Code::UnknownColumn, .span = name.span};
  diagnostic.message =
      fmt::format("`{}` is neither a column of `{}` nor a `let`", name.text, context.table().name);
  diagnostic.label = "not found";
  std::vector<std::string> choices = column_names(context.table());
  for (const auto& [known, expr] : context.names) choices.push_back(known);
  suggest(diagnostic, name.text, choices);
  if (diagnostic.help.empty() && name.quoted) {
    diagnostic.help = "text goes in single quotes: double quotes are for names";
  } else if (diagnostic.help.empty()) {
    diagnostic.notes.push_back(
        fmt::format("`{}` has {}", context.table().name, fmt::join(column_names(context.table()), ", ")));
  }
  context.report(std::move(diagnostic));
  return context.error(name.span);
}

const Expr* opaque(Context& context, const schema::Column& column, Span span) {
  Diagnostic diagnostic{.code = Code::OpaqueColumn, .span = span};
  diagnostic.message = fmt::format("`{}` is declared {}, which has no type in the language", column.name,
                                   column.sql_type.empty() ? "without a type" : column.sql_type);
  diagnostic.help = "such a column can be carried along, but not computed with";
  context.report(std::move(diagnostic));
  return context.error(span);
}

// The row that the name stands for in the query that is being checked, or in one around it.
Context::OtherRow* other_row(Context& context, std::string_view name) {
  for (Context::OtherRow* other = context.other; other != nullptr; other = other->around)
    if (other->variable.text == name) return other;
  return nullptr;
}

// The nearest one that has the column; else the nearest one.
const Context::OtherRow* row_with_column(const Context& context, std::string_view column) {
  for (const Context::OtherRow* other = context.other; other != nullptr; other = other->around)
    if (other->table.find(column) >= 0) return other;
  return context.other;
}

// Of two tables with a column of that name a reader would have to guess.
const Expr* not_qualified(Context& context, const syntax::Name& name) {
  const Context::OtherRow& looked_at = *row_with_column(context, name.text);
  const std::string& variable = looked_at.variable.text;
  Diagnostic diagnostic{.code = Code::BareColumnInQuery, .span = name.span};
  diagnostic.message =
      fmt::format("inside of a query every column says whose it is: `{}` does not", name.text);
  const bool theirs = looked_at.table.find(name.text) >= 0;
  const bool ours = context.table().find(name.text) >= 0;
  const std::string other =
      fmt::format("`{}.{}` is the column of `{}`", variable, name.text, looked_at.table.name);
  const std::string own = fmt::format("`row.{}` is this row's", name.text);
  diagnostic.help = theirs && ours ? other + ", " + own : theirs ? other : own;
  context.report(std::move(diagnostic));
  return context.error(name.span);
}

const Expr* a_row_is_no_value(Context& context, const syntax::Name& name) {
  context.report(
      Code::RowIsNoValue, name.span, fmt::format("`{}` is a row, not a value", name.text),
      fmt::format("name one of its columns: `{0}.column`; or ask whether it is there: `{0} is missing`",
                  name.text));
  return context.error(name.span);
}

const Expr* known_column(Context& context, int index, Span span) {
  const schema::Column& column = context.table().columns[static_cast<std::size_t>(index)];
  if (column.type.kind == stdlib::Kind::Opaque) return opaque(context, column, span);
  return context.narrowed(context.input(index, span));
}

}  // namespace

bool is_lookup(const Context& context, std::string_view name) {
  return std::ranges::any_of(context.spec().lookups,
                             [&](const syntax::Lookup& lookup) { return lookup.name.text == name; });
}

void report_unknown_column_of(Context& context, const schema::Table& table, Code code,
                              const syntax::Name& name) {
  Diagnostic diagnostic{.code = code, .span = name.span};
  diagnostic.message = fmt::format("`{}` has no column `{}`", table.name, name.text);
  const std::vector<std::string> columns = column_names(table);
  suggest(diagnostic, name.text, columns);
  if (diagnostic.help.empty())
    diagnostic.notes.push_back(fmt::format("`{}` has {}", table.name, fmt::join(columns, ", ")));
  context.report(std::move(diagnostic));
}

void report_unknown_column(Context& context, Code code, const syntax::Name& name) {
  report_unknown_column_of(context, context.table(), code, name);
}

const Expr* check_column(Context& context, const syntax::Name& name) {
  if (!context.inlining.empty()) return not_a_parameter(context, name);
  const int index = context.table().find(name.text);
  const bool says_nothing =
      context.other != nullptr && &name != context.qualified && (index < 0 || !context.other->bare_is_own);
  if (says_nothing && (index >= 0 || row_with_column(context, name.text)->table.find(name.text) >= 0))
    return not_qualified(context, name);
  return index < 0 ? unknown_name(context, name) : known_column(context, index, name.span);
}

const Expr* check_row_field(Context& context, const syntax::Name& of, const syntax::Name& column) {
  if (of.quoted) return nullptr;
  const auto opaque_or = [&](const schema::Table& table, const auto& give) -> const Expr* {
    const int index = table.find(column.text);
    if (index < 0) {
      report_unknown_column_of(context, table, Code::UnknownColumn, column);
      return context.error(column.span);
    }
    const schema::Column& found = table.columns[static_cast<std::size_t>(index)];
    return found.type.kind == stdlib::Kind::Opaque ? opaque(context, found, column.span) : give(index);
  };
  if (Context::OtherRow* other = other_row(context, of.text)) {
    return opaque_or(other->table, [&](int index) {
      const Expr*& node = other->columns[index];
      const stdlib::Type& type = other->table.columns[static_cast<std::size_t>(index)].type;
      if (node == nullptr)
        node = context.make({.op = ir::Op::OtherColumn,
                             .type = type,
                             .span = column.span,
                             .input = index,
                             .depth = other->depth,
                             .table = &other->table});
      return context.narrowed(node);
    });
  }
  const auto lookup = context.lookups.find(of.text);
  if (lookup == context.lookups.end()) return is_later_lookup(context, of) ? context.error(of.span) : nullptr;
  return opaque_or(
      *context.out().row.queries[static_cast<std::size_t>(lookup->second)].table,
      [&](int index) { return context.narrowed(context.lookup_column(lookup->second, index, column.span)); });
}

const Expr* check_row_presence(Context& context, const syntax::Name& of) {
  if (const auto made = context.made.find(of.text); made != context.made.end()) {
    // Only what is there is passed on.
    const bool present = made->second == context.passing;
    if (present) return context.literal(std::int64_t{1}, stdlib::make(stdlib::Kind::Int32), of.span);
    context.report(Code::UnknownColumn, of.span,
                   fmt::format("whether `{}` is there is known only once it is written", of.text),
                   fmt::format("`derive COLUMN = {0}.COLUMN when {0} is present` may ask it", of.text));
    return context.error(of.span);
  }
  const auto lookup = of.quoted ? context.lookups.end() : context.lookups.find(of.text);
  if (lookup == context.lookups.end()) return nullptr;
  const int witness = context.witness(lookup->second);
  if (witness >= 0) return context.narrowed(context.lookup_column(lookup->second, witness, of.span));
  context.report(Code::RowIsNoValue, of.span,
                 fmt::format("no column of `{}` tells whether there is a row: all may be NULL", of.text),
                 "declare one of them NOT NULL");
  return context.error(of.span);
}

const Expr* check_name(Context& context, const syntax::Name& name) {
  if (!name.quoted) {
    const auto known = context.names.find(name.text);
    if (known != context.names.end()) return context.narrowed(known->second);
    if (other_row(context, name.text) != nullptr || context.lookups.contains(name.text))
      return a_row_is_no_value(context, name);
  }
  return check_column(context, name);
}

}  // namespace backfill::check
