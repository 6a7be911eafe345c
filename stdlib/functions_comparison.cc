// SPDX-License-Identifier: Apache-2.0
// Comparisons, one row per operator and type. Text compares by bytes, missing spreads, `is [not] distinct
// from` decides.
#include <fmt/format.h>

#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

struct Comparison {
  std::string_view name;
  std::string_view sql;
  Inline inlined;
  std::string_view doc;
  bool less, equal, greater;  // the answer where left is less than, equal to, greater than right
};

constexpr Comparison kComparisons[] = {
    {"=", "=", Inline::Equal, "both are the same", false, true, false},
    {"!=", "<>", Inline::NotEqual, "they are not the same", true, false, true},
    {"<", "<", Inline::Less, "the left one comes before the right one", true, false, false},
    {"<=", "<=", Inline::LessEqual, "the left one does not come after the right one", true, true, false},
    {">", ">", Inline::Greater, "the left one comes after the right one", false, false, true},
    {">=", ">=", Inline::GreaterEqual, "the left one does not come before the right one", false, true, true},
};

struct Compared {
  Kind kind;
  std::string_view low, high;  // two literals, in order
  bool bytes;                  // is text in SQL: needs a collation
  bool ordered = true;         // has < and >
};

constexpr Compared kCompared[] = {
    {Kind::Bool, "false", "true", false},
    {Kind::Int16, "1", "2", false},
    {Kind::Int32, "1", "2", false},
    {Kind::Int64, "1", "2", false},
    {Kind::Float64, "1e0", "2e0", false},
    {Kind::Decimal, "1.5", "1.75", false},
    {Kind::Text, "'Z'", "'a'", true},
    {Kind::Bytes, "x'00'", "x'ff'", false},
    {Kind::Date, "date '2024-01-31'", "date '2024-02-01'", true},
    {Kind::Timestamp, "timestamp '2024-01-31T10:00:00Z'", "timestamp '2024-01-31T10:00:01Z'", true},
    {Kind::LocalTimestamp, "(timestamp '2024-01-31T10:00:00Z' as local_timestamp)",
     "(timestamp '2024-01-31T10:00:01Z' as local_timestamp)", true},
    {Kind::Time, "('10:00:00' as time)", "('10:00:01' as time)", false},
    {Kind::Interval, "1 hour", "2 hours", false},
    {Kind::Uuid, "('00000000-0000-0000-0000-000000000001' as uuid)",
     "('00000000-0000-0000-0000-000000000002' as uuid)", true},
    {Kind::Enum, "'a'", "'b'", true, false},
};

std::string_view example(std::string_view left, std::string_view name, std::string_view right) {
  return keep(fmt::format("{} {} {}", left, name, right));
}

std::string_view answer(bool value) {
  return value ? "true" : "false";
}

// Enums have no literals of their own: the checker's tests cover them with a schema.
std::vector<Example> examples_of(const Comparison& op, const Compared& type) {
  return {{example(type.low, op.name, type.high), answer(op.less)},
          {example(type.high, op.name, type.high), answer(op.equal)},
          {example("missing", op.name, type.high), "missing"}};
}

SqlTemplate postgres(const Comparison& op, Kind kind) {
  // Equality is by bytes in every collation that the dialect lets through.
  const bool ordered = op.inlined != Inline::Equal && op.inlined != Inline::NotEqual;
  if (kind != Kind::Text || !ordered) return same(keep(fmt::format("{{0:41}} {} {{1:41}}", op.sql)), 40);
  return wrapped(keep(fmt::format("{{0:100}} COLLATE \"C\" {} {{1:41}}", op.sql)), 40);
}

// An explicit collation on the left wins over that of any column on either side.
SqlTemplate sqlite(std::string_view op, const Compared& type) {
  // The dialect's form of decimals is the nearest double, up to 15 digits, where that keeps order and
  // equality; it has no form for longer ones.
  if (type.kind == Kind::Decimal) return wrapped(keep(fmt::format("{{0:41}} {} {{1:41}}", op)), 40);
  if (!type.bytes) return same(keep(fmt::format("{{0:41}} {} {{1:41}}", op)), 40);
  return wrapped(keep(fmt::format("{{0:100}} COLLATE BINARY {} {{1:41}}", op)), 40);
}

// Text is in utf8mb4_nopad_bin: the dialect reads columns into it, the session makes it of everything else.
SqlTemplate mariadb(std::string_view op, const Compared& type) {
  const std::string_view sql = keep(fmt::format("{{0:41}} {} {{1:41}}", op));
  return type.kind == Kind::Text ? pinned(sql, 40) : same(sql, 40);
}

void add_comparison(std::vector<Function>& table, const Comparison& op, const Compared& type) {
  Row(table, "operator", op.name, {{"left", make(type.kind)}, {"right", make(type.kind)}}, always<Kind::Bool>)
      .as_operator()
      .inlined(op.inlined)
      .postgres(postgres(op, type.kind))
      .sqlite(sqlite(op.sql, type))
      .mariadb(mariadb(op.sql, type))
      .doc(op.doc)
      .examples(examples_of(op, type));
}

void add_distinction(std::vector<Function>& table, const Compared& type, bool distinct) {
  const std::string_view name = distinct ? "is distinct from" : "is not distinct from";
  const std::string_view standard = distinct ? "IS DISTINCT FROM" : "IS NOT DISTINCT FROM";
  Row(table, "operator", name, {{"left", make(type.kind)}, {"right", make(type.kind)}}, always<Kind::Bool>)
      .as_operator()
      .inlined(distinct ? Inline::Distinct : Inline::NotDistinct)
      .nulls(NullRule::NeverMissing)
      .postgres(same(keep(fmt::format("{{0:41}} {} {{1:41}}", standard)), 40))
      .sqlite(sqlite(distinct ? "IS NOT" : "IS", type))
      .mariadb(distinct ? wrapped("NOT ({0:41} <=> {1:41})", 30) : wrapped("{0:41} <=> {1:41}", 40))
      .doc(distinct ? "they differ, missing being the same as missing"
                    : "they are the same, missing being the same as missing")
      .examples({{example(type.low, name, type.high), answer(distinct)},
                 {example(type.low, name, type.low), answer(!distinct)},
                 {example("missing", name, type.high), answer(distinct)}});
}

}  // namespace

void add_comparisons(std::vector<Function>& table) {
  for (const Compared& type : kCompared) {
    for (const Comparison& op : kComparisons) {
      if (type.ordered || op.inlined == Inline::Equal || op.inlined == Inline::NotEqual) {
        add_comparison(table, op, type);
      }
    }
    add_distinction(table, type, true);
    add_distinction(table, type, false);
  }
}

}  // namespace backfill::stdlib
