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
  if (is_lookup(context, name.text) || is_param(context, name.text))
    return context.error(name.span);  // reported there
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

void report_unknown_column(Context& context, Code code, const syntax::Name& name) {
  Diagnostic diagnostic{.code = code, .span = name.span};
  diagnostic.message = fmt::format("`{}` has no column `{}`", context.table().name, name.text);
  const std::vector<std::string> columns = column_names(context.table());
  suggest(diagnostic, name.text, columns);
  if (diagnostic.help.empty())
    diagnostic.notes.push_back(fmt::format("`{}` has {}", context.table().name, fmt::join(columns, ", ")));
  context.report(std::move(diagnostic));
}

const Expr* check_column(Context& context, const syntax::Name& name) {
  if (!context.inlining.empty()) return not_a_parameter(context, name);
  const int index = context.table().find(name.text);
  return index < 0 ? unknown_name(context, name) : known_column(context, index, name.span);
}

const Expr* check_name(Context& context, const syntax::Name& name) {
  if (!name.quoted) {
    const auto known = context.names.find(name.text);
    if (known != context.names.end()) return context.narrowed(known->second);
  }
  return check_column(context, name);
}

}  // namespace backfill::check
