// SPDX-License-Identifier: Apache-2.0
// How rows of the function table are written down: one expression per row, read from top to bottom.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "stdlib/function.h"
#include "stdlib/native.h"

namespace backfill::stdlib {

// The table's texts live as long as the process; names put together in loops are kept here. Not thread safe:
// only while the table is built.
std::string_view keep(std::string text);

inline SqlTemplate same(std::string_view text, int strength = 100) {
  return {Availability::Same, text, strength, {}, nullptr};
}
inline SqlTemplate wrapped(std::string_view text, int strength = 100) {
  return {Availability::Wrapped, text, strength, {}, nullptr};
}
// `special` leaves the guard out where literals show that it holds.
inline SqlTemplate guarded(std::string_view text, std::string (*special)(std::span<const Value* const>)) {
  return {Availability::Wrapped, text, 100, {}, special};
}
inline SqlTemplate pinned(std::string_view text, int strength = 100) {
  return {Availability::Pinned, text, strength, {}, nullptr};
}
inline SqlTemplate assisted(std::string_view text, std::string_view reason) {
  return {Availability::Assisted, text, 100, reason, nullptr};
}
inline SqlTemplate unavailable(std::string_view reason) {
  return {Availability::Unavailable, {}, 100, reason, nullptr};
}

constexpr std::string_view kNotProven = "its SQL form is not proven equal yet";
constexpr std::string_view kNoExactJson =
    "it reads the first of duplicate keys and numbers as doubles, and keeps members in any order";
constexpr std::string_view kNoExactDecimals = "SQLite has no exact decimals";

// The evaluator's reading of the rows that native code emits inline.
Value evaluate_inline(const Function& function, std::span<const Value> arguments, std::span<const Type> types,
                      const Type& result, EvaluateContext& context);

// Lossless, or a row error; never another value.
bool converts_implicitly(const Type& from, const Type& to);

using ResultRule = Type (*)(std::span<const Type> arguments);
template <Kind kind>
Type always(std::span<const Type>) {
  return make(kind);
}
// The first argument's type, without a length limit.
Type like_first(std::span<const Type> arguments);

// Adds the row to the table when the expression ends.
class Row {
 public:
  Row(std::vector<Function>& table, std::string_view group, std::string_view name,
      std::vector<Parameter> parameters, ResultRule result)
      : table_(table) {
    row_.group = group;
    row_.name = name;
    row_.parameters = std::move(parameters);
    row_.result = result;
    for (SqlTemplate& sql : row_.sql) sql = unavailable(kNotProven);
  }
  Row(const Row&) = delete;
  Row& operator=(const Row&) = delete;
  ~Row() { table_.push_back(std::move(row_)); }

  Row& as_operator() { return row_.is_operator = true, *this; }
  Row& variadic() { return row_.variadic = true, *this; }
  Row& nulls(NullRule rule) { return row_.null_rule = rule, *this; }
  Row& fails(std::vector<RowError> errors) { return row_.errors = std::move(errors), *this; }
  Row& inlined(Inline kind) { return row_.inlined = kind, row_.evaluate = evaluate_inline, *this; }
  Row& body(Body body) { return row_.native = std::move(body.native), row_.evaluate = body.evaluate, *this; }
  Row& postgres(SqlTemplate sql) { return row_.sql[0] = sql, *this; }
  Row& sqlite(SqlTemplate sql) { return row_.sql[1] = sql, *this; }
  Row& mariadb(SqlTemplate sql) { return row_.sql[2] = sql, *this; }
  Row& everywhere(SqlTemplate sql) { return postgres(sql).sqlite(sql).mariadb(sql); }
  Row& doc(std::string_view text) { return row_.doc = text, *this; }
  Row& examples(std::vector<Example> examples) { return row_.examples = std::move(examples), *this; }

 private:
  std::vector<Function>& table_;
  Function row_;
};

// One per file functions_<group>.cc; functions.cc calls them.
void add_arithmetic(std::vector<Function>& table);
void add_comparisons(std::vector<Function>& table);
void add_conversions(std::vector<Function>& table);
void add_conversions_from_text(std::vector<Function>& table);
void add_conversions_to_text(std::vector<Function>& table);
void add_text(std::vector<Function>& table);
void add_text_parts(std::vector<Function>& table);
void add_text_changes(std::vector<Function>& table);
void add_text_shapes(std::vector<Function>& table);
void add_words(std::vector<Function>& table);
void add_urls(std::vector<Function>& table);
void add_patterns(std::vector<Function>& table);
void add_bytes(std::vector<Function>& table);
void add_hashes(std::vector<Function>& table);
void add_bits(std::vector<Function>& table);
void add_decimals_exact(std::vector<Function>& table);
void add_float_functions(std::vector<Function>& table);
void add_integer_functions(std::vector<Function>& table);
void add_date_fields(std::vector<Function>& table);
void add_date_steps(std::vector<Function>& table);
void add_date_forms(std::vector<Function>& table);
void add_zones(std::vector<Function>& table);
void add_local_times(std::vector<Function>& table);  // behind all that have to do with instants
void add_presence(std::vector<Function>& table);
void add_numbers(std::vector<Function>& table);
void add_dates(std::vector<Function>& table);
void add_json(std::vector<Function>& table);
void add_json_conversions(std::vector<Function>& table);
void add_lists(std::vector<Function>& table);
void add_choices(std::vector<Function>& table);  // nullif, greatest, least

}  // namespace backfill::stdlib
