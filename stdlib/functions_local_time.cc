// SPDX-License-Identifier: Apache-2.0
// A local timestamp is computed with as an instant is: what a clock shows instead of what a clock in UTC
// shows. So its rows are those of instants, without the zone. (Seconds since 1970 and zones ask for an
// instant.)
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "stdlib/date_format.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

constexpr std::array<std::string_view, 2> kOfInstantsAlone = {"epoch", "epoch_ms"};

bool has_twin(const Function& row) {
  const auto is_instant = [](const Parameter& one) { return one.type.kind == Kind::Timestamp; };
  const auto is_zone = [](const Parameter& one) { return one.name == "zone"; };
  const bool difference =
      row.name == "-" && std::all_of(row.parameters.begin(), row.parameters.end(), is_instant);
  return (row.group == "date" || difference) &&
         std::any_of(row.parameters.begin(), row.parameters.end(), is_instant) &&
         std::none_of(row.parameters.begin(), row.parameters.end(), is_zone) &&
         std::find(kOfInstantsAlone.begin(), kOfInstantsAlone.end(), row.name) == kOfInstantsAlone.end();
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

std::string without_zone(std::string_view sql) {
  std::string text = replaced(std::string(sql), " AT TIME ZONE 'UTC'", "");
  text = replaced(std::move(text), ", 'UTC')", ")");
  return replaced(std::move(text), "timestamptz", "timestamp");
}

std::string postgres_to_char(std::span<const Value* const> literals) {
  const bool known =
      literals[1] != nullptr && !literals[1]->missing() && parse_date_format(literals[1]->text()).has_value();
  return known ? "to_char({0:100}, {1})" : "";
}

std::string postgres_date_trunc(std::span<const Value* const> literals) {
  constexpr std::array<std::string_view, 8> kUnits = {"year", "quarter", "month",  "week",
                                                      "day",  "hour",    "minute", "second"};
  const bool known = literals[0] != nullptr && !literals[0]->missing() &&
                     std::find(kUnits.begin(), kUnits.end(), literals[0]->text()) != kUnits.end();
  return known ? "date_trunc({0}, {1})" : "";
}

// `timestamp '...Z'` has the form `(timestamp '...Z' as local_timestamp)`, and no literal.
std::string local_literals(std::string_view expression) {
  constexpr std::string_view kBegin = "timestamp '";
  std::string text;
  while (!expression.empty()) {
    const std::size_t at = expression.find(kBegin);
    if (at == std::string_view::npos) break;
    const std::size_t end = expression.find('\'', at + kBegin.size()) + 1;
    text +=
        fmt::format("{}({} as local_timestamp)", expression.substr(0, at), expression.substr(at, end - at));
    expression.remove_prefix(end);
  }
  return replaced(text + std::string(expression), "missing as timestamp", "missing as local_timestamp");
}

Example local_example(const Example& instant) {
  const std::string expression = local_literals(instant.expression);
  if (!instant.result.starts_with("timestamp '")) return {keep(expression), instant.result};
  std::string shown(instant.result.substr(std::string_view("timestamp ").size()));
  shown.erase(shown.size() - 2, 1);  // the Z
  if (const std::size_t point = shown.find('.'); point != std::string::npos)
    shown.insert(shown.size() - 1, 6 - (shown.size() - 2 - point), '0');
  return {keep(fmt::format("{} as text", expression)), keep(std::move(shown))};
}

Function twin(Function row) {
  for (Parameter& parameter : row.parameters) {
    if (parameter.type.kind == Kind::Timestamp) parameter.type = make(Kind::LocalTimestamp);
  }
  row.native.symbol = keep("bf_local_" + std::string(row.native.symbol.substr(3)));
  if (row.result == always<Kind::Timestamp>) row.result = always<Kind::LocalTimestamp>;
  SqlTemplate& postgres = row.sql[static_cast<std::size_t>(Dialect::Postgres)];
  postgres.text = keep(without_zone(postgres.text));
  if (row.name == "to_char") postgres.special = postgres_to_char;
  if (row.name == "date_trunc") postgres.special = postgres_date_trunc;
  row.doc = keep(replaced(replaced(replaced(std::string(row.doc), " in UTC", ""), ", in UTC", ""),
                          "the instant", "the local time"));
  for (Example& example : row.examples) example = local_example(example);
  return row;
}

}  // namespace

void add_local_times(std::vector<Function>& table) {
  const std::vector<Function> instants = table;
  for (const Function& row : instants) {
    if (has_twin(row)) table.push_back(twin(row));
  }
}

}  // namespace backfill::stdlib
