// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/target.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "compiler/check/expression.h"
#include "compiler/check/types.h"

namespace backfill::check {

using stdlib::Kind;

namespace {

// Where the schema is not named, the table alone is compared, and named with its schema.
std::string nearest_table(const syntax::QualifiedName& name, const schema::Catalog& catalog,
                          const std::vector<std::string>& qualified) {
  if (name.parts.size() > 1) return diagnostic::nearest(name.text(), qualified);
  std::vector<std::string> bare;
  for (const schema::Table& table : catalog.tables) bare.push_back(table.name);
  const std::string nearest = diagnostic::nearest(name.text(), bare);
  const auto at = std::ranges::find(bare, nearest);
  return at == bare.end() ? "" : qualified[static_cast<std::size_t>(at - bare.begin())];
}

Diagnostic unknown_table(const syntax::QualifiedName& name, const schema::Catalog& catalog) {
  Diagnostic diagnostic{.code = Code::UnknownTable, .span = name.span};
  diagnostic.message = fmt::format("the schema has no table `{}`", name.text());
  std::vector<std::string> names;
  for (const schema::Table& table : catalog.tables) names.push_back(table.qualified_name());
  diagnostic.replacement = nearest_table(name, catalog, names);
  if (!diagnostic.replacement.empty()) {
    diagnostic.help = fmt::format("did you mean `{}`?", diagnostic.replacement);
  } else if (names.empty()) {
    diagnostic.notes.push_back("the schema has no tables at all");
  } else {
    constexpr std::size_t kShown = 12;
    std::ranges::sort(names);
    const bool more = names.size() > kShown;
    if (more) names.resize(kShown);
    diagnostic.notes.push_back(fmt::format("it has {}{}", fmt::join(names, ", "), more ? ", ..." : ""));
  }
  return diagnostic;
}

std::string spelled(const syntax::QualifiedName& name) {
  std::string text;
  for (const syntax::Name& part : name.parts) text += (text.empty() ? "" : ".") + schema::spelled(part.text);
  return text;
}

Diagnostic ambiguous_table(const syntax::QualifiedName& name,
                           const std::vector<const schema::Table*>& found) {
  Diagnostic diagnostic{.code = Code::UnknownTable, .span = name.span};
  std::vector<std::string> names;
  for (const schema::Table* table : found) names.push_back(fmt::format("`{}`", table->qualified_name()));
  std::ranges::sort(names);
  diagnostic.message =
      fmt::format("`{}` stands in {} schemas: {}", spelled(name), names.size(), fmt::join(names, ", "));
  diagnostic.help = "name the one that is meant, with its schema";
  return diagnostic;
}

// A schema and a table, or a table alone.
std::vector<const schema::Table*> tables_named(const syntax::QualifiedName& name,
                                               const schema::Catalog& catalog) {
  if (name.parts.size() > 2) return {};
  return catalog.named(name.parts.size() == 2 ? name.parts.front().text : "", name.parts.back().text);
}

Diagnostic no_table(const syntax::Backfill& spec) {
  Diagnostic diagnostic{.code = Code::NoTable, .span = spec.name.span};
  diagnostic.message = fmt::format("`{}` says no table", spec.name.text);
  diagnostic.help = "add `table NAME key (COLUMN)`";
  return diagnostic;
}

std::vector<int> key_columns(Context& context, const syntax::Target& target) {
  std::vector<int> columns;
  for (const syntax::Name& name : target.key) {
    const int index = context.table().find(name.text);
    if (index < 0) {
      report_unknown_column(context, Code::UnknownColumn, name);
      return {};
    }
    columns.push_back(index);
  }
  return columns;
}

std::string key_text(const schema::Table& table, const std::vector<int>& columns) {
  std::string text;
  for (int column : columns)
    text += (text.empty() ? "" : ", ") + table.columns[static_cast<std::size_t>(column)].name;
  return text;
}

void report_not_unique(Context& context, Span span, const std::vector<int>& columns) {
  Diagnostic diagnostic{.code = Code::KeyNotUnique, .span = span};
  diagnostic.message = fmt::format("no unique key of `{}` proves that ({}) tells its rows apart",
                                   context.table().name, key_text(context.table(), columns));
  if (const schema::Key* primary = context.table().primary_key()) {
    diagnostic.help =
        fmt::format("its primary key is `key ({})`", key_text(context.table(), primary->columns));
  } else {
    diagnostic.help = "a unique index over these columns would prove it";
  }
  context.report(std::move(diagnostic));
}

bool can_order(Kind kind) {
  switch (kind) {
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Text:
    case Kind::Bytes:
    case Kind::Uuid:
    case Kind::Date:
      return true;
    default:
      return false;
  }
}

bool check_key_column(Context& context, int index, Span span) {
  const schema::Column& column = context.table().columns[static_cast<std::size_t>(index)];
  if (column.type.optional) {
    Diagnostic diagnostic{.code = Code::KeyMayBeMissing, .span = span};
    diagnostic.message = fmt::format("the key column `{}` is not declared NOT NULL", column.name);
    diagnostic.notes.push_back("a row without its key could be found by nobody, nor put back");
    diagnostic.help = "declare it NOT NULL, or name another unique key";
    context.report(std::move(diagnostic));
  } else if (!can_order(column.type.kind)) {
    Diagnostic diagnostic{.code = Code::KeyTypeNotOrdered, .span = span};
    diagnostic.message =
        fmt::format("the key column `{}` is {}, which this version cannot page over", column.name,
                    column.type.kind != Kind::Opaque ? with_article(column.type)
                    : column.sql_type.empty()        ? "declared without a type"
                                                     : "declared " + column.sql_type);
    diagnostic.help = "name a unique key of integers, text or dates";
    context.report(std::move(diagnostic));
  } else if (!column.collation.empty()) {
    context.report(Code::KeyTypeNotOrdered, span,
                   fmt::format("the key column `{}` compares by {}, and keys must compare by bytes",
                               column.name, column.collation),
                   "name another unique key: rows are found by it in the database and outside");
  } else {
    return true;
  }
  return false;
}

// What has no keys at all. Empty: a table.
std::string_view without_keys(const schema::Table& table) {
  switch (table.kind) {
    case schema::TableKind::View:
      return "a view: it has no rows of its own";
    case schema::TableKind::MaterializedView:
      return "a materialized view: nothing can be written to it";
    case schema::TableKind::Foreign:
      return "a foreign table: what is written to it is not in this database's transaction";
    default:
      return {};
  }
}

Diagnostic not_a_table(const schema::Table& table, std::string_view what, Span span) {
  Diagnostic diagnostic{.code = Code::NoKey, .span = span};
  diagnostic.message = fmt::format("`{}` is {}", table.qualified_name(), what);
  diagnostic.help = "name the table whose rows are meant";
  return diagnostic;
}

// Each child has keys of its own: none is unique over parent and children.
bool check_no_children(Context& context, Span span) {
  if (!context.table().inherited) return true;
  Diagnostic diagnostic{.code = Code::KeyNotUnique, .span = span};
  diagnostic.message =
      fmt::format("tables inherit from `{}` (INHERITS), and no key is unique over its rows and theirs",
                  context.table().qualified_name());
  diagnostic.notes.push_back("to read the table is to read the rows of its children too");
  diagnostic.help = "name a child, or make it a partitioned table";
  context.report(std::move(diagnostic));
  return false;
}

void report_no_key(Context& context, Span span) {
  Diagnostic diagnostic{.code = Code::NoKey, .span = span};
  diagnostic.message = fmt::format("`{}` has no primary key, and the spec names none", context.table().name);
  diagnostic.help = "name a unique key: `table ... key (...)`";
  context.report(std::move(diagnostic));
}

}  // namespace

bool find_table(const syntax::Backfill& spec, std::size_t index, const schema::Catalog& catalog,
                diagnostic::Sink& sink, ir::Backfill& out) {
  if (!spec.target) {
    sink.report(no_table(spec));
    return false;
  }
  if (spec.target->kind == syntax::TargetKind::Documents) {
    sink.report(not_supported_yet(spec.target->span, "`documents`"));
    return false;
  }
  const syntax::QualifiedName& name = spec.target->tables[index];
  const schema::Table* const found =
      find_table(name, catalog, [&](Diagnostic diagnostic) { sink.report(std::move(diagnostic)); });
  if (found == nullptr) return false;
  const std::string_view what = without_keys(*found);
  if (!what.empty()) {
    sink.report(not_a_table(*found, what, name.span));
    return false;
  }
  out.table = found;
  return true;
}

const schema::Table* find_table(const syntax::QualifiedName& name, const schema::Catalog& catalog,
                                const std::function<void(Diagnostic)>& report) {
  const auto found = tables_named(name, catalog);
  if (found.empty()) report(unknown_table(name, catalog));
  if (found.size() > 1) report(ambiguous_table(name, found));
  return found.size() == 1 ? found.front() : nullptr;
}

void check_key(Context& context) {
  const syntax::Target& target = *context.spec().target;
  std::vector<int>& key = context.out().key;
  const schema::Key* primary = context.table().primary_key();
  if (!check_no_children(context, target.span)) return;
  if (!target.key.empty()) {
    key = key_columns(context, target);
  } else if (primary != nullptr) {
    key = primary->columns;
  } else {
    report_no_key(context, target.span);
  }
  bool fits = !key.empty();
  for (int column : key) {
    fits = check_key_column(context, column, target.span) && fits;
    context.input(column, target.span);
  }
  if (fits && !context.table().unique(key)) report_not_unique(context, target.span, key);
}

std::string names_of(const schema::Table& table, const std::vector<int>& columns) {
  std::vector<std::string> names;
  for (const int column : columns) names.push_back(table.columns[static_cast<std::size_t>(column)].name);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace backfill::check
