// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/source_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

using stdlib::Kind;
using stdlib::Type;

namespace {

// How a column of the kind is declared; empty: the database has none that says the same.
struct Stored {
  Kind kind;
  std::string_view postgres, sqlite;
};
constexpr std::array kStored = {
    Stored{Kind::Bool, "boolean", "BOOLEAN"},
    Stored{Kind::Int16, "smallint", ""},
    Stored{Kind::Int32, "integer", ""},
    Stored{Kind::Int64, "bigint", "BIGINT"},
    Stored{Kind::Float32, "real", ""},
    Stored{Kind::Float64, "double precision", "REAL"},
    Stored{Kind::Decimal, "numeric", "DECIMAL"},
    Stored{Kind::Text, "text", "TEXT"},
    Stored{Kind::Date, "date", "DATE"},
    Stored{Kind::Timestamp, "timestamp with time zone", "TIMESTAMP"},
    Stored{Kind::LocalTimestamp, "timestamp without time zone", ""},
    Stored{Kind::Uuid, "uuid", ""},
    Stored{Kind::Json, "jsonb", "JSON"},
};

// Those that a table has whatever it is declared with: ours, then PostgreSQL's.
constexpr std::array<std::string_view, 7> kTaken = {"backfill_line", "tableoid", "xmin", "cmin",
                                                    "xmax",          "cmax",     "ctid"};

std::string_view declared(const Type& type, bool sqlite) {
  const auto found = std::ranges::find(kStored, type.kind, &Stored::kind);
  if (found == kStored.end()) return {};
  const bool readable = type.kind == Kind::Text || type.kind == Kind::Bool ||
                        stdlib::conversion(stdlib::text(), type.required(), false) != nullptr;
  return !readable ? std::string_view() : sqlite ? found->sqlite : found->postgres;
}

std::string_view instead_of(Kind kind) {
  switch (kind) {
    case Kind::Int16:
    case Kind::Int32:
      return "say `int64`: this database's integers are";
    case Kind::Float32:
      return "say `float64`: this database's numbers are";
    default:
      return "say `text`, and convert it where it is used: `... as ...`";
  }
}

std::string lower(std::string_view name) {
  std::string result(name);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

class Checker {
 public:
  Checker(Context& context, const syntax::SourceFile& source)
      : context_(context), source_(source), sqlite_(context.catalog().dialect == "sqlite") {}

  void check();

 private:
  void refuse(Span span, std::string message, std::string help) {
    context_.report(Code::SourceField, span, std::move(message), std::move(help));
    fits_ = false;
  }
  void check_name();
  void check_path();
  void add(const syntax::SourceField& field);
  std::optional<schema::Column> column(const syntax::SourceField& field, const Type& type);

  Context& context_;
  const syntax::SourceFile& source_;
  const bool sqlite_;
  bool fits_ = true;
  schema::Key key_{.name = {}};
  ir::SourceFile out_;
};

void Checker::check() {
  if (context_.catalog().dialect == "mariadb")
    return context_.not_supported_yet(source_.span, "`source` with MariaDB");
  out_.span = source_.span;
  out_.table.name = source_.name.text;
  out_.table.exact_names = !sqlite_;
  check_name();
  check_path();
  for (const syntax::SourceField& field : source_.fields) add(field);
  if (source_.fields.empty())
    refuse(source_.span, fmt::format("`{}` names no field", source_.name.text), "name those that are read");
  if (!fits_) {
    context_.failed_sources.insert(source_.name.text);
    return;
  }
  if (!key_.columns.empty()) {
    key_.name = "(" + names_of(out_.table, key_.columns) + ")";
    out_.table.keys.push_back(std::move(key_));
  }
  context_.out().sources->push_back(std::move(out_));
}

void Checker::check_name() {
  const std::string& name = source_.name.text;
  const auto tables = context_.catalog().named("", name);
  const auto& known = *context_.out().sources;
  const bool twice = std::ranges::any_of(known, [&](const auto& one) { return one.table.name == name; });
  if (tables.empty() && !twice) return;
  context_.report(Code::DuplicateName, source_.name.span,
                  fmt::format("`{}` is {} already", name, twice ? "a source" : "a table of the schema"),
                  "choose another name");
  fits_ = false;
}

void Checker::check_path() {
  namespace fs = std::filesystem;
  const std::string& path = source_.path.text;
  const std::string ending = lower(fs::path(path).extension().string());
  if (ending != ".csv" && ending != ".jsonl" && ending != ".ndjson")
    refuse(source_.path.span, fmt::format("\"{}\" does not say by its ending what it holds", path),
           "name it .csv (values between commas, with a header) or .jsonl (a JSON object on each line)");
  out_.path = path;
  out_.file = (fs::path(context_.sink().file().name()).parent_path() / path).lexically_normal().string();
}

std::optional<schema::Column> Checker::column(const syntax::SourceField& field, const Type& type) {
  const std::string& name = field.name.text;
  const auto taken = std::ranges::find(kTaken, lower(name));
  if (taken == kTaken.begin() || (taken != kTaken.end() && !sqlite_)) {
    refuse(field.name.span, fmt::format("a table cannot have a column `{}` beside the one it has", name),
           "name the field differently in the file");
    return std::nullopt;
  }
  const std::string_view stored = declared(type, sqlite_);
  if (stored.empty()) {
    refuse(field.type.span, fmt::format("{} is nothing that a source's field can be here", to_string(type)),
           std::string(instead_of(type.kind)));
    return std::nullopt;
  }
  schema::Column column{.name = name, .sql_type = std::string(stored), .type = type};
  if (type.kind == Kind::Decimal) column.sql_type += fmt::format("({},{})", type.precision, type.scale);
  column.not_null = !type.optional;
  return column;
}

void Checker::add(const syntax::SourceField& field) {
  const Type type = type_of(context_, field.type);
  if (out_.table.find(field.name.text) >= 0) {
    context_.report(Code::DuplicateName, field.name.span,
                    fmt::format("`{}` names the field `{}` twice", source_.name.text, field.name.text),
                    "leave one of them out");
    fits_ = false;
  }
  if (type.kind == Kind::Error) {
    fits_ = false;
    return;
  }
  if (field.is_key && (type.optional || type.kind == Kind::Json))
    refuse(field.type.span,
           type.optional ? fmt::format("the key `{}` may be missing, and what is missing equals nothing",
                                       field.name.text)
                         : fmt::format("the key `{}` is a document, which is no key", field.name.text),
           type.optional ? "leave the `?` out, or the `key`" : "leave the `key` out");
  std::optional<schema::Column> made = column(field, type);
  if (!made) return;
  if (field.is_key) key_.columns.push_back(static_cast<int>(out_.table.columns.size()));
  out_.table.columns.push_back(*std::move(made));
}

bool leads(const std::vector<int>& columns, const std::vector<int>& by) {
  return !columns.empty() && std::ranges::find(by, columns.front()) != by.end();
}

}  // namespace

void check_sources(Context& context) {
  {
    std::optional<Context::Silence> silence;
    if (!context.reports_file) silence.emplace(context);
    for (const syntax::SourceFile& source : context.file().sources) Checker(context, source).check();
  }
  for (const syntax::SourceFile& source : context.spec().sources) Checker(context, source).check();
}

void index_sources(Context& context) {
  const auto index = [&](const ir::Query& query) {
    if (query.table == nullptr || query.by.empty()) return;
    const auto source =
        std::ranges::find_if(*context.out().sources, [&](auto& one) { return &one.table == query.table; });
    if (source == context.out().sources->end()) return;
    schema::Table& table = source->table;
    const auto serves = [&](const auto& one) { return leads(one.columns, query.by); };
    if (std::ranges::any_of(table.keys, serves) || std::ranges::any_of(table.indexes, serves)) return;
    table.indexes.push_back({.name = "of (" + names_of(table, query.by) + ")", .columns = query.by});
  };
  for (const ir::Query& query : context.out().row.queries) {
    index(query);
    for (const ir::Query* inner : ir::inner_queries(query)) index(*inner);
  }
}

const schema::Table* find_rows(Context& context, const syntax::QualifiedName& name) {
  // Of a name that is a table's too the table is meant: that it is one was reported.
  if (context.failed_sources.contains(name.text()) && context.catalog().named("", name.text()).empty())
    return nullptr;
  if (name.parts.size() == 1)
    for (const ir::SourceFile& source : *context.out().sources)
      if (source.table.name == name.parts.front().text) return &source.table;
  return find_table(name, context.catalog(),
                    [&](Diagnostic diagnostic) { context.report(std::move(diagnostic)); });
}

}  // namespace backfill::check
