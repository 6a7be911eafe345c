// SPDX-License-Identifier: Apache-2.0
// Functions that choose among their arguments and decide about missing ones themselves.
#include <fmt/format.h>

#include <algorithm>

#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

Type optional_first(std::span<const Type> types) {
  return like_first(types).or_missing();
}

// Missing only if all may be.
Type choice(std::span<const Type> types) {
  Type type = like_first(types);
  type.optional = std::all_of(types.begin(), types.end(), [](const Type& each) { return each.optional; });
  return type;
}

struct Chosen {
  Kind kind;
  std::string_view low, high;  // two literals in order
  bool collated = false;       // text in SQL
};

constexpr Chosen kChosen[] = {
    {Kind::Int16, "1", "2"},
    {Kind::Int32, "1", "2"},
    {Kind::Int64, "1", "2"},
    {Kind::Decimal, "1.50", "1.75"},
    {Kind::Float64, "1e0", "2e0"},
    {Kind::Text, "'Z'", "'a'", true},
    {Kind::Date, "date '2024-01-31'", "date '2024-02-01'", true},
    {Kind::Timestamp, "timestamp '2024-01-31T10:00:00Z'", "timestamp '2024-01-31T10:00:01Z'", true},
    {Kind::LocalTimestamp, "(timestamp '2024-01-31T10:00:00Z' as local_timestamp)",
     "(timestamp '2024-01-31T10:00:01Z' as local_timestamp)", true},
};

std::string_view call(std::string_view name, std::string_view first, std::string_view second) {
  return keep(fmt::format("{}({}, {})", name, first, second));
}

SqlTemplate sqlite_null_if(const Chosen& type) {
  if (!type.collated) return same("nullif({0}, {1})");
  return wrapped("CASE WHEN {0:100} COLLATE BINARY = {1:41} THEN NULL ELSE {0} END");
}

void add_null_if(std::vector<Function>& table, const Chosen& type) {
  const bool text = type.kind == Kind::Text;
  Row(table, "choice", "nullif", {{"value", make(type.kind)}, {"unwanted", make(type.kind)}}, optional_first)
      .inlined(Inline::NullIf)
      .nulls(NullRule::Decides)
      .postgres(same("nullif({0}, {1})"))
      .sqlite(sqlite_null_if(type))
      .mariadb(text ? pinned("NULLIF({0}, {1})") : same("NULLIF({0}, {1})"))
      .doc("the value, or missing where it is the unwanted one")
      .examples({{call("nullif", type.low, type.low), "missing"},
                 {call("nullif", type.low, type.high), type.low},
                 {call("nullif", type.high, "missing"), type.high}});
}

// It is missing there if any argument is: each stands in for those that are.
std::string extreme(std::string_view name, std::size_t count, std::string_view collation) {
  if (count == 1) return "{0:100}";
  std::string result;
  for (std::size_t i = 0; i < count; ++i) {
    result += i == 0 ? "coalesce(" : ", coalesce(";
    for (std::size_t k = 0; k < count; ++k)
      result += fmt::format("{}{{{}}}", k == 0 ? "" : ", ", (i + k) % count);
    result += ")";
    result += collation;
  }
  return fmt::format("{}({})", name, result);
}
template <bool greatest>
std::string mariadb_extreme(std::span<const Value* const> arguments) {
  return extreme(greatest ? "GREATEST" : "LEAST", arguments.size(), "");
}
// max() and min() of one argument are aggregates; without a collation of their own they take a column's.
template <bool greatest, bool collated>
std::string sqlite_extreme(std::span<const Value* const> arguments) {
  return extreme(greatest ? "max" : "min", arguments.size(), collated ? " COLLATE BINARY" : "");
}
template <bool greatest>
SqlTemplate sqlite_extreme_of(bool collated) {
  SqlTemplate sql = wrapped("");
  sql.reason = "the form depends on the number of arguments";
  sql.special = collated ? sqlite_extreme<greatest, true> : sqlite_extreme<greatest, false>;
  return sql;
}

void add_extreme(std::vector<Function>& table, const Chosen& type, bool greatest) {
  const std::string_view name = greatest ? "greatest" : "least";
  const SqlTemplate postgres = type.kind == Kind::Text
                                   ? wrapped(keep(fmt::format("{}({{0:100}} COLLATE \"C\", {{*1}})", name)))
                                   : same(keep(fmt::format("{}({{*0}})", name)));
  SqlTemplate mariadb = wrapped("");
  mariadb.reason = "the form depends on the number of arguments";
  mariadb.special = greatest ? mariadb_extreme<true> : mariadb_extreme<false>;
  Row(table, "choice", name, {{"value", make(type.kind)}}, choice)
      .variadic()
      .inlined(greatest ? Inline::Greatest : Inline::Least)
      .nulls(NullRule::Decides)
      .postgres(postgres)
      .sqlite(greatest ? sqlite_extreme_of<true>(type.collated) : sqlite_extreme_of<false>(type.collated))
      .mariadb(mariadb)
      .doc(greatest ? "the greatest of those that are present" : "the least of those that are present")
      .examples({{call(name, type.low, type.high), greatest ? type.high : type.low},
                 {call(name, type.high, type.high), type.high},
                 {call(name, "missing", type.low), type.low}});
}

}  // namespace

void add_choices(std::vector<Function>& table) {
  for (const Chosen& type : kChosen) add_null_if(table, type);
  for (const Chosen& type : kChosen) add_extreme(table, type, true);
  for (const Chosen& type : kChosen) add_extreme(table, type, false);
}

}  // namespace backfill::stdlib
