// SPDX-License-Identifier: Apache-2.0
#include "tests/semantics/row.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <charconv>

#include "compiler/compile.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/json.h"
#include "tests/differential/five_ways.h"

namespace backfill::test::semantics {

namespace {

using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

// At a separator that stands outside of quotes and parentheses.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  bool quoted = false;
  int depth = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\'') quoted = !quoted;
    if (!quoted) depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
    if (quoted || depth != 0 || text[at] != separator) continue;
    parts.push_back(trimmed(text.substr(begin, at - begin)));
    begin = at + 1;
  }
  parts.push_back(trimmed(text.substr(begin)));
  return parts;
}

Type type_of(std::string_view name) {
  if (name.starts_with("decimal(")) {
    const auto digits = split(name.substr(8, name.size() - 9), ',');
    return stdlib::decimal(std::stoi(std::string(digits.at(0))), std::stoi(std::string(digits.at(1))));
  }
  for (int kind = 0; kind <= static_cast<int>(Kind::Json); ++kind)
    if (stdlib::to_string(stdlib::make(static_cast<Kind>(kind))) == name)
      return stdlib::make(static_cast<Kind>(kind));
  FAIL("no type is called " << name);
  return {};
}

template <typename T>
Value number(std::string_view text) {
  T value{};
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value).ptr;
  if (end != text.data() + text.size()) FAIL("no number: " << text);
  return value;
}

std::string unquoted(std::string_view text) {
  if (text.size() < 2 || text.front() != '\'' || text.back() != '\'') FAIL("no quotes around " << text);
  std::string out;
  for (std::size_t at = 1; at + 1 < text.size(); ++at) {
    out += text[at];
    if (text[at] == '\'') ++at;
  }
  return out;
}

template <typename T>
Value found(const std::optional<T>& value, std::string_view text) {
  if (!value) FAIL("no value: " << text);
  if constexpr (std::is_same_v<T, std::int32_t>)
    return std::int64_t{*value};
  else
    return *value;
}

Value value_of(std::string_view text, const Type& type) {
  if (text == "missing") return {};
  switch (type.kind) {
    case Kind::Bool:
      return text == "true";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return number<std::int64_t>(text);
    case Kind::Float32:
    case Kind::Float64:
      return number<double>(text);
    case Kind::Decimal: {
      const Value parsed = found(stdlib::parse_decimal(text), text);
      return stdlib::Decimal{
          stdlib::rescale(parsed.decimal().unscaled, parsed.decimal().scale, type.scale).value(), type.scale};
    }
    case Kind::Date:
      return found(stdlib::parse_date(text), text);
    case Kind::Timestamp:
      return found(stdlib::parse_timestamp(text), text);
    case Kind::LocalTimestamp:
      return found(stdlib::parse_local_timestamp(text), text);
    case Kind::Json:
      return found(stdlib::json::canonical(unquoted(text)), text);
    default:
      return unquoted(text);
  }
}

struct Named {
  std::string name;
  Type type;
};

std::vector<Named> columns_of(std::string_view text) {
  std::vector<Named> columns;
  if (trimmed(text).empty()) return columns;
  for (const std::string_view part : split(text, ',')) {
    const std::size_t blank = part.find(' ');
    columns.push_back({std::string(part.substr(0, blank)), type_of(trimmed(part.substr(blank)))});
  }
  return columns;
}

schema::Column column_of(const std::string& name, Type type) {
  schema::Column column;
  column.name = name;
  column.type = std::move(type);
  column.not_null = !column.type.optional;
  return column;
}

// A spec that derives `out` of the table t (id, columns, out). Not to be moved.
struct Derived {
  Derived(const std::vector<Named>& columns, std::string_view expression, const Type& result)
      : file("semantics.backfill",
             fmt::format("backfill semantics {{\n  table t\n  intent recompute\n  derive out = {}\n}}\n",
                         expression)),
        catalog(catalog_of(columns, result)),
        sink(file) {
    programs = compiler::compile(file, catalog, sink);
  }
  static schema::Catalog catalog_of(const std::vector<Named>& columns, const Type& result) {
    schema::Table table;
    table.name = "t";
    table.columns.push_back(column_of("id", stdlib::make(Kind::Int64)));
    for (const Named& each : columns) table.columns.push_back(column_of(each.name, each.type.or_missing()));
    table.columns.push_back(column_of("out", result.or_missing()));
    schema::Key key;
    key.columns = {0};
    key.primary = true;
    table.keys.push_back(key);
    schema::Catalog catalog;
    catalog.dialect = "sqlite";
    catalog.tables.push_back(std::move(table));
    return catalog;
  }

  source::File file;
  schema::Catalog catalog;
  diagnostic::Sink sink;
  std::vector<ir::Backfill> programs;
};

// One row: what the columns of the program's inputs hold, and the answer.
struct Row {
  std::vector<Value> inputs;
  std::string answer;
};

Row row_of(std::string_view text, std::size_t index, const std::vector<Named>& columns,
           const ir::RowFunction& program) {
  const std::size_t arrow = text.rfind("->");
  if (arrow == std::string_view::npos) FAIL("no answer: " << text);
  const auto cells = columns.empty() ? std::vector<std::string_view>() : split(text.substr(0, arrow), '|');
  if (cells.size() != columns.size()) FAIL("as many values as columns: " << text);
  Row row;
  row.answer = trimmed(text.substr(arrow + 2));
  for (const ir::Input& input : program.inputs) {
    const auto column = static_cast<std::size_t>(input.column);
    if (column == 0)
      row.inputs.emplace_back(static_cast<std::int64_t>(index));
    else
      row.inputs.push_back(column > columns.size() ? Value()
                                                   : value_of(cells[column - 1], columns[column - 1].type));
  }
  return row;
}

void check_answer(const ir::Expr& expr, const evaluate::Row& inputs, const Row& row, const Type& result) {
  const evaluate::Outcome outcome = evaluate::evaluate(expr, inputs, evaluate::Moment{1'700'000'000'000'000});
  const std::string error =
      outcome.failure ? fmt::format("error: {}", stdlib::text(outcome.failure->error)) : "";
  INFO("answer " << row.answer << ", evaluator "
                 << (error.empty() ? stdlib::literal(outcome.value, result) : error));
  if (row.answer.starts_with("error: "))
    CHECK(error == row.answer);
  else
    CHECK((error.empty() && outcome.value == value_of(row.answer, result)));
}

char letter(std::string_view database) {
  return database == "sqlite" ? 'S' : database == "postgres" ? 'P' : 'M';
}

void check(const Agreement& agreement) {
  const std::vector<Named> columns = columns_of(agreement.columns);
  const Type result = type_of(agreement.result);
  const Derived derived(columns, agreement.expression, result);
  INFO(agreement.number << ": " << agreement.why << "\n"
                        << derived.file.text() << diagnostic::render(derived.sink, false));
  REQUIRE_FALSE(derived.sink.has_errors());
  const ir::RowFunction& program = derived.programs.at(0).row;
  const ir::Expr& expr = *program.outputs.at(0).final;
  std::vector<Type> types;
  for (const ir::Input& input : program.inputs) types.push_back(input.type);
  std::vector<std::vector<Value>> values;
  std::vector<Row> rows;
  for (const std::string_view text : agreement.rows) {
    rows.push_back(row_of(text, rows.size(), columns, program));
    values.push_back(rows.back().inputs);
  }
  TypedTable table(fmt::format("semantics_{}", agreement.number), types, values);
  Report report;
  FiveWays five_ways(table, all_servers(), report);
  for (std::size_t k = 0; k < rows.size(); ++k) check_answer(expr, table.row(k), rows[k], result);
  five_ways.compare({&expr});
  for (const Difference& difference : report.differences) FAIL_CHECK(difference.text);
  CHECK(report.not_native == 0);
  for (const auto& [name, tally] : report.databases) {
    INFO(name << " says it in SQL: " << tally.by_sql);
    if (agreement.by.find(letter(name)) != std::string_view::npos) CHECK(tally.by_sql == 1);
    if (agreement.not_by.find(letter(name)) != std::string_view::npos) CHECK(tally.by_sql == 0);
  }
}

void check(const Refusal& refusal) {
  const Derived derived(columns_of(refusal.columns), refusal.expression, type_of(refusal.result));
  INFO(refusal.number << ": " << refusal.why << "\n"
                      << derived.file.text() << diagnostic::render(derived.sink, false));
  std::vector<std::string> codes;
  for (const diagnostic::Diagnostic& one : derived.sink.sorted())
    codes.emplace_back(diagnostic::text(one.code));
  CHECK(derived.sink.has_errors());
  CHECK(std::find(codes.begin(), codes.end(), refusal.code) != codes.end());
}

}  // namespace

namespace {

std::set<int>& numbers() {
  static std::set<int> all;
  return all;
}

}  // namespace

Covers::Covers(std::initializer_list<int> all) {
  numbers().insert(all.begin(), all.end());
}
Covers::Covers(const std::vector<Agreement>& agreements) {
  for (const Agreement& each : agreements) numbers().insert(each.number);
}
Covers::Covers(const std::vector<Refusal>& refusals) {
  for (const Refusal& each : refusals) numbers().insert(each.number);
}

const std::set<int>& covered() {
  return numbers();
}

void check(const std::vector<Agreement>& agreements) {
  for (const Agreement& agreement : agreements) check(agreement);
}

void check(const std::vector<Refusal>& refusals) {
  for (const Refusal& refusal : refusals) check(refusal);
}

}  // namespace backfill::test::semantics
