// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "stdlib/bug.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

std::vector<Function> build() {
  std::vector<Function> table;
  add_arithmetic(table);
  add_comparisons(table);
  add_conversions(table);
  add_conversions_from_text(table);
  add_conversions_to_text(table);
  add_text(table);
  add_text_parts(table);
  add_text_changes(table);
  add_text_shapes(table);
  add_words(table);
  add_urls(table);
  add_presence(table);
  add_patterns(table);
  add_bytes(table);
  add_hashes(table);
  add_numbers(table);
  add_decimals_exact(table);
  add_float_functions(table);
  add_integer_functions(table);
  add_bits(table);
  add_dates(table);
  add_date_fields(table);
  add_date_steps(table);
  add_date_forms(table);
  add_zones(table);
  add_local_times(table);
  add_json(table);
  add_json_conversions(table);
  add_lists(table);
  add_choices(table);
  std::stable_sort(table.begin(), table.end(),
                   [](const Function& left, const Function& right) { return left.name < right.name; });
  return table;
}

// The rows of one name are neighbours.
std::span<const Function> rows_named(std::string_view name) {
  const std::vector<Function>& all = functions();
  const auto by_name = [](const Function& row, std::string_view wanted) { return row.name < wanted; };
  const auto first = std::lower_bound(all.begin(), all.end(), name, by_name);
  auto last = first;
  while (last != all.end() && last->name == name) ++last;
  return {first, last};
}

}  // namespace

std::string_view keep(std::string text) {
  static auto* texts = new std::deque<std::string>();  // never freed: rows point into it
  return texts->emplace_back(std::move(text));
}

Type like_first(std::span<const Type> arguments) {
  Type type = arguments[0];
  type.max_length = 0;
  return type;
}

bool detail::decided_missing(const Function& function, std::span<const Value> arguments) {
  return is_strict(function.null_rule) &&
         std::any_of(arguments.begin(), arguments.end(), [](const Value& value) { return value.missing(); });
}

const std::vector<Function>& functions() {
  static const auto* table = new std::vector<Function>(build());
  return *table;
}

std::vector<const Function*> overloads(std::string_view name) {
  std::vector<const Function*> result;
  for (const Function& row : rows_named(name)) result.push_back(&row);
  return result;
}

std::vector<std::string> names() {
  std::vector<std::string> result;
  for (const Function& row : functions()) {
    if (row.is_operator || row.name == "as") continue;
    if (result.empty() || result.back() != row.name) result.emplace_back(row.name);
  }
  return result;
}

std::string signature(const Function& function) {
  std::string result = fmt::format("{}(", function.name);
  for (std::size_t i = 0; i < function.parameters.size(); ++i) {
    if (i != 0) result += ", ";
    result += to_string(function.parameters[i].type.required());
  }
  return result + (function.variadic ? ", ...)" : ")");
}

const Function* conversion(const Type& from, const Type& to, bool implicit) {
  if (implicit && !converts_implicitly(from, to)) return nullptr;
  for (const Function& row : rows_named("as")) {
    if (row.parameters[0].type.kind == from.kind && row.result({&from, 1}).kind == to.kind) return &row;
  }
  return nullptr;
}

}  // namespace backfill::stdlib
