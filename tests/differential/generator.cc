// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/generator.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "stdlib/function.h"

namespace backfill::test {

using stdlib::Kind;

namespace {

struct TableColumn {
  std::string_view name, declared;
  Kind kind;
  bool required;
};

constexpr std::array kColumns = {
    TableColumn{"b", "BOOLEAN", Kind::Bool, false},
    TableColumn{"b1", "BOOLEAN", Kind::Bool, true},
    TableColumn{"n", "BIGINT", Kind::Int64, false},
    TableColumn{"n1", "BIGINT", Kind::Int64, true},
    TableColumn{"f", "DOUBLE", Kind::Float64, false},
    TableColumn{"f1", "DOUBLE", Kind::Float64, true},
    TableColumn{"d", "DECIMAL(12, 2)", Kind::Decimal, false},
    TableColumn{"d1", "DECIMAL(9, 3)", Kind::Decimal, true},
    TableColumn{"m", "DECIMAL(18, 4)", Kind::Decimal, false},
    TableColumn{"s", "TEXT", Kind::Text, false},
    TableColumn{"s1", "TEXT", Kind::Text, true},
    TableColumn{"s2", "TEXT", Kind::Text, false},
    TableColumn{"x", "BLOB", Kind::Bytes, false},
    TableColumn{"day1", "DATE", Kind::Date, false},
    TableColumn{"day2", "DATE", Kind::Date, true},
    TableColumn{"at1", "TIMESTAMP", Kind::Timestamp, false},
    TableColumn{"at2", "TIMESTAMP", Kind::Timestamp, true},
};

// `type`: what the expression is converted to where its own is not it; empty: never.
struct Target {
  std::string_view name, declared, type;
  Kind kind;
};
constexpr std::array kTargets = {
    Target{"out_bool", "BOOLEAN", "", Kind::Bool},
    Target{"out_int", "BIGINT", "", Kind::Int64},
    Target{"out_float", "DOUBLE", "", Kind::Float64},
    Target{"out_decimal", "DECIMAL(38, 9)", "", Kind::Decimal},
    Target{"out_text", "TEXT", "", Kind::Text},
    Target{"out_date", "DATE", "", Kind::Date},
    Target{"out_timestamp", "TIMESTAMP", "", Kind::Timestamp},
};

constexpr std::array kTexts = {"",          " ",          "a",       "ann@example.org",
                               "  Padded ", "12",         "-7",      "+7",
                               "1e3",       "2024-01-31", "month",   "2024-02-30",
                               "true",      "a,b,c",      "@",       "@@",
                               "ÄÖÜß",      "naïve café", "day",     "x y",
                               "it's",      "%_",         "[a-c]*?", "9223372036854775808",
                               "\u00A0a",   "İıſK",       "\t7",     "a\nb",
                               "00012",     "year"};

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

// What stands in a spec; control characters are refused there.
std::string spec_text(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (static_cast<unsigned char>(c) >= 0x20) result += c;
  return quoted(result);
}

bool supported(Kind kind) {
  return kind == Kind::Bool || kind == Kind::Int16 || kind == Kind::Int32 || kind == Kind::Int64 ||
         kind == Kind::Float64 || kind == Kind::Decimal || kind == Kind::Text || kind == Kind::Date ||
         kind == Kind::Timestamp || kind == Kind::Interval;
}

std::string type_name(Kind kind) {
  return kind == Kind::Decimal ? "decimal(14, 3)" : stdlib::to_string(stdlib::make(kind));
}

Kind result_kind(const stdlib::Function& function) {
  std::vector<stdlib::Type> types;
  for (const stdlib::Parameter& parameter : function.parameters) {
    types.push_back(parameter.type.kind == Kind::Decimal ? stdlib::decimal(9, 2) : parameter.type);
  }
  return function.result(types).kind;
}

struct Row {
  const stdlib::Function* function;
  Kind result;
};
const std::vector<Row>& rows_of_functions() {
  static const std::vector<Row> rows = [] {
    std::vector<Row> list;
    for (const stdlib::Function& function : stdlib::functions()) {
      if (function.name == "as") continue;
      const bool usable = std::all_of(function.parameters.begin(), function.parameters.end(),
                                      [](const auto& each) { return supported(each.type.kind); });
      if (usable) list.push_back({&function, result_kind(function)});
    }
    return list;
  }();
  return rows;
}

}  // namespace

Kind Generator::any_kind() {
  constexpr std::array kinds = {Kind::Bool, Kind::Int64,     Kind::Float64, Kind::Decimal, Kind::Text,
                                Kind::Date, Kind::Timestamp, Kind::Int32,   Kind::Text,    Kind::Int64};
  return one_of(kinds);
}

Generator::Derivation Generator::derivation() {
  // Decimals seldom: SQLite has none, so that they are computed two ways only.
  const Target* target = &one_of(kTargets);
  if (target->kind == Kind::Decimal && chance(60)) target = &one_of(kTargets);
  return {std::string(target->name), expression(target->kind, 1 + static_cast<int>(pick(4)))};
}

std::string Generator::expression(Kind kind, int depth) {
  if (kind == Kind::Interval) return literal(kind);
  if (depth == 0) return leaf(kind);
  if (kind == Kind::Bool && chance(50)) return logic(depth);
  if (chance(25)) return choice(kind, depth);
  std::string made = chance(20) ? conversion(kind, depth) : function(kind, depth);
  return made.empty() ? leaf(kind) : made;
}

std::string Generator::leaf(Kind kind) {
  if (chance(2)) return "(missing as " + type_name(kind) + ")";
  if (chance(20)) return literal(kind);
  if (kind == Kind::Int32) return chance(70) ? "length(" + leaf(Kind::Text) + ")" : "(n as int32 or 0)";
  if (kind == Kind::Int16) return "(n as int16 or missing)";
  std::vector<std::string_view> fitting;
  for (const TableColumn& column : kColumns)
    if (column.kind == kind) fitting.push_back(column.name);
  return fitting.empty() ? literal(kind) : std::string(one_of(fitting));
}

std::string Generator::date() {
  constexpr std::array fixed = {"2024-02-29", "2024-01-31", "2023-02-28", "1970-01-01", "1969-12-31",
                                "0001-01-01", "9999-12-31", "9999-12-01", "1900-02-28", "2000-12-31"};
  if (chance(50)) return one_of(fixed);
  return fmt::format("{:04}-{:02}-{:02}", 1990 + pick(50), 1 + pick(12), 1 + pick(28));
}

std::string Generator::text() {
  if (chance(70)) return one_of(kTexts);
  constexpr std::array letters = {"a", "B", "@", ".", " ", "7", "é", "Ж", "漢", "😀", "-", ","};
  std::string result;
  for (std::size_t k = pick(chance(10) ? 300 : 12); k-- > 0;) result += one_of(letters);
  return result;
}

std::string Generator::literal(Kind kind) {
  constexpr std::array instants = {"2024-02-29T10:00:00Z", "1969-12-31T23:59:59.5Z", "2000-01-01T00:00:00Z"};
  constexpr std::array integers = {"0", "1", "2", "3", "7", "10", "(-1)", "(-3)", "100"};
  constexpr std::array wide = {"9223372036854775807", "(-9223372036854775807)", "2147483648", "32768"};
  constexpr std::array floats = {"0e0", "1.5e0", "(-2.5e0)", "1e300", "0.1e0", "2e0"};
  constexpr std::array decimals = {"0.00", "1.50", "(-2.345)", "99.99", "0.1", "3.0"};
  constexpr std::array intervals = {"3 days", "1 hour", "90 s", "20 ms"};
  switch (kind) {
    case Kind::Bool:
      return chance(50) ? "true" : "false";
    case Kind::Int64:
      return chance(10) ? one_of(wide) : one_of(integers);
    case Kind::Float64:
      return one_of(floats);
    case Kind::Decimal:
      return one_of(decimals);
    case Kind::Text:
      return spec_text(text());
    case Kind::Date:
      return "date '" + date() + "'";
    case Kind::Timestamp:
      return fmt::format("timestamp '{}'", one_of(instants));
    case Kind::Interval:
      return one_of(intervals);
    default:
      return one_of(integers);
  }
}

std::string Generator::logic(int depth) {
  const Kind kind = any_kind();
  const auto operand = [&] { return expression(kind, depth - 1); };
  const auto condition = [&] { return expression(Kind::Bool, depth - 1); };
  switch (pick(8)) {
    case 0:
      return fmt::format("({} and {})", condition(), condition());
    case 1:
      return fmt::format("({} or {})", condition(), condition());
    case 2:
      return fmt::format("(not {})", condition());
    case 3:
      return fmt::format("({} is {})", operand(), chance(50) ? "missing" : "present");
    case 4:
      return fmt::format("({} {}in ({}, {}))", operand(), chance(30) ? "not " : "", literal(kind), operand());
    case 5:
      return fmt::format("({} {}between {} and {})", operand(), chance(30) ? "not " : "", operand(),
                         operand());
    default: {
      constexpr std::array operators = {
          "=", "!=", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"};
      return fmt::format("({} {} {})", operand(), one_of(operators), operand());
    }
  }
}

std::string Generator::choice(Kind kind, int depth) {
  const auto operand = [&] { return expression(kind, depth - 1); };
  if (chance(40)) return fmt::format("({} ?? {})", operand(), operand());
  if (chance(30)) {
    const Kind subject = chance(50) ? Kind::Text : Kind::Int64;
    return fmt::format("case {} {{ {} -> {}, {} | missing -> {}, else -> {} }}",
                       expression(subject, depth - 1), literal(subject), operand(), literal(subject),
                       operand(), operand());
  }
  return fmt::format("case {{ {} -> {}, {} -> {}, else -> {} }}", expression(Kind::Bool, depth - 1),
                     operand(), expression(Kind::Bool, depth - 1), operand(), operand());
}

// Lengths and places in texts: small, for rpad to 2^31 is no test of ours.
std::string Generator::count(int depth) {
  if (depth > 0 && chance(20)) return "((n % 12) as int32 or 1)";
  if (chance(15)) return "(-" + std::to_string(1 + pick(4)) + ")";
  return std::to_string(pick(chance(10) ? 40 : 8));
}

std::string Generator::function(Kind kind, int depth) {
  std::vector<const stdlib::Function*> fitting;
  for (const Row& row : rows_of_functions())
    if (row.result == kind) fitting.push_back(row.function);
  if (fitting.empty()) return {};
  const stdlib::Function& row = *one_of(fitting);
  std::vector<std::string> arguments;
  const std::size_t more = row.variadic ? pick(3) : 0;
  for (std::size_t k = 0; k < row.parameters.size() + more; ++k) {
    const Kind wanted = row.parameters[std::min(k, row.parameters.size() - 1)].type.kind;
    const bool counts =
        (row.group == "text" || row.name.starts_with("round") || row.name == "trunc") && k > 0;
    if (wanted == Kind::Int32 && counts) {
      arguments.push_back(count(depth));
    } else if (row.name == "date_trunc" && k == 0) {
      constexpr std::array units = {"'year'", "'quarter'", "'month'", "'week'",
                                    "'day'",  "'hour'",    "'minute'"};
      arguments.push_back(one_of(units));
    } else {
      arguments.push_back(expression(wanted, depth - 1));
    }
  }
  if (!row.is_operator) return fmt::format("{}({})", row.name, fmt::join(arguments, ", "));
  if (arguments.size() == 1) return fmt::format("({} {})", row.name, arguments[0]);
  return fmt::format("({} {} {})", arguments[0], row.name, arguments[1]);
}

std::string Generator::conversion(Kind kind, int depth) {
  for (int attempt = 0; attempt < 6; ++attempt) {
    const Kind from = any_kind();
    const stdlib::Type source = from == Kind::Decimal ? stdlib::decimal(12, 2) : stdlib::make(from);
    const stdlib::Type target = kind == Kind::Decimal ? stdlib::decimal(14, 3) : stdlib::make(kind);
    if (from == kind || stdlib::conversion(source, target, false) == nullptr) continue;
    const std::string fallback = chance(60) ? " or missing" : chance(50) ? " or " + literal(kind) : "";
    return fmt::format("({} as {}{})", expression(from, depth - 1), type_name(kind), fallback);
  }
  return {};
}

std::string Generator::value(Kind kind) {
  constexpr std::array integers = {"9223372036854775807", "-9223372036854775808", "2147483647", "-2147483649",
                                   "4294967296"};
  constexpr std::array floats = {
      "0.0", "-0.0", "1.5", "-2.5", "0.5", "1e300", "-1e300", "5e-324", "0.1", "1e15", "9007199254740993.0"};
  constexpr std::array times = {"00:00:00", "23:59:59", "10:00:00.5", "12:34:56.123456"};
  switch (kind) {
    case Kind::Bool:
      return chance(50) ? "1" : "0";
    case Kind::Int64:
      return chance(12) ? one_of(integers) : std::to_string(static_cast<std::int64_t>(pick(31)) - 10);
    case Kind::Float64:
      return chance(30) ? one_of(floats) : fmt::format("{}", (static_cast<double>(pick(4000)) - 2000) / 8);
    case Kind::Decimal:
      return chance(5)
                 ? "999999.99"
                 : fmt::format("{}{}.{:02}", chance(40) ? "-" : "", pick(chance(50) ? 20 : 9999), pick(100));
    case Kind::Text:
      return quoted(text());
    case Kind::Bytes:
      return chance(50) ? "x''" : "x'00ff41'";
    case Kind::Date:
      return "'" + date() + "'";
    default:
      return fmt::format("'{}{}{}{}'", date(), chance(50) ? "T" : " ", one_of(times), chance(50) ? "Z" : "");
  }
}

std::string Generator::table(int rows) {
  std::string ddl = "CREATE TABLE t (id INTEGER PRIMARY KEY";
  std::string names = "id";
  for (const TableColumn& column : kColumns) {
    ddl += fmt::format(", {} {}{}", column.name, column.declared, column.required ? " NOT NULL" : "");
    names += fmt::format(", {}", column.name);
  }
  for (const Target& target : kTargets) ddl += fmt::format(", {} {}", target.name, target.declared);
  ddl += ");\nINSERT INTO t (" + names + ") VALUES";
  for (int row = 1; row <= rows; ++row) {
    ddl += fmt::format("{}\n  ({}", row == 1 ? "" : ",", row);
    for (const TableColumn& column : kColumns) {
      ddl += ", " + (!column.required && chance(20) ? "NULL" : value(column.kind));
    }
    ddl += ")";
  }
  return ddl + ";";
}

}  // namespace backfill::test
