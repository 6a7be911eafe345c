// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/literals.h"

#include <fmt/format.h>

#include <regex>

namespace backfill::test {

namespace {

// One token of interest; what is not one of these is copied.
const std::regex& token() {
  static const std::regex pattern(
      R"((date|timestamp) '([^']*)')"          // 1, 2
      R"(|/(?:[^/\\\s]|\\.)(?:[^/\\]|\\.)*/)"  // copied: patterns are literals
      R"(|like '(?:[^']|'')*')"
      R"(|x'([0-9a-fA-F]*)')"                                      // 3
      R"(|('(?:[^']|'')*'))"                                       // 4
      R"(|missing as (bool|int64|float64|text|date|timestamp)\b)"  // 5
      R"(|decimal\([^)]*\))"                                       // copied: its numbers are no values
      R"(|[0-9]+ (?:days?|hours?|minutes?|s|ms)\b)"                // copied: intervals have no column
      R"(|\b(true|false)\b)"                                       // 6
      R"(|\b([0-9]+\.?[0-9]*[eE][-+]?[0-9]+)\b)"                   // 7: a float
      R"(|\b([0-9]+)\.([0-9]+)\b)"                                 // 8, 9: a decimal
      R"(|\b([0-9]+)\b)"                                           // 10
      R"(|[A-Za-z_][A-Za-z0-9_]*)");
  return pattern;
}

std::string declared(const std::string& type) {
  if (type == "bool") return "BOOLEAN";
  if (type == "int64") return "BIGINT";
  if (type == "float64") return "DOUBLE";
  return type;
}

// No column for more digits than SQLite's doubles keep, nor for integers that are none.
Column column_of(const std::smatch& match) {
  // A column of SQLite's has instants in UTC only.
  if (match[1].str() == "timestamp" && !match[2].str().ends_with("Z")) return {};
  if (match[1].matched) return {match[1].str(), "'" + match[2].str() + "'"};
  if (match[3].matched) return {"BLOB", "x'" + match[3].str() + "'"};
  if (match[4].matched) return {"TEXT", match[4].str()};
  if (match[5].matched) return {declared(match[5].str()), "NULL"};
  if (match[6].matched) return {"BOOLEAN", match[6].str() == "true" ? "1" : "0"};
  if (match[7].matched) return {"DOUBLE", match[7].str()};
  const std::size_t digits = static_cast<std::size_t>(match[8].length() + match[9].length());
  if (match[8].matched && digits <= 15) {
    return {fmt::format("DECIMAL({}, {})", digits, match[9].length()), match[0].str()};
  }
  if (match[10].matched && match[10].length() <= 18) return {"BIGINT", match[10].str()};
  return {};
}

}  // namespace

Lifted lifted(const std::string& expression, Integers integers) {
  Lifted out;
  auto rest = expression.cbegin();
  for (std::sregex_iterator at(expression.begin(), expression.end(), token()), end; at != end; ++at) {
    const std::smatch& match = *at;
    out.expression.append(rest, match[0].first);
    rest = match[0].second;
    const Column column = column_of(match);
    const bool kept = column.type.empty() || (column.type == "BIGINT" && integers == Integers::Literal);
    if (kept) {
      out.expression += match[0].str();
      continue;
    }
    const std::string name = fmt::format("c{}", out.columns.size());
    const bool narrowed = column.type == "BIGINT" && integers == Integers::Narrowed;
    out.expression += narrowed ? fmt::format("({} as int32)", name) : name;
    out.columns.push_back(column);
  }
  out.expression.append(rest, expression.cend());
  // `missing < 2` is refused as it stands: what is missing has a column of the other side's type.
  const std::string bare = "missing ";
  const bool converted = out.expression.find(" as ") != std::string::npos;
  if (out.expression.starts_with(bare) && !out.columns.empty() && !converted) {
    out.expression.replace(0, bare.size(), fmt::format("c{} ", out.columns.size()));
    out.columns.push_back({out.columns[0].type, "NULL"});
  }
  return out;
}

}  // namespace backfill::test
