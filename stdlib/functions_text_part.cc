// SPDX-License-Identifier: Apache-2.0
// Texts taken apart and put together.
#include <fmt/format.h>

#include "stdlib/native_text.h"
#include "stdlib/text_row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

const auto as_text = always<Kind::Text>;
const auto as_bool = always<Kind::Bool>;
const auto as_int32 = always<Kind::Int32>;

// SQLite's instr is bytewise; only a delimiter that is written out can be split at (an empty one has its own
// rule).
std::string sqlite_split_part(std::span<const Value* const> literals) {
  const Value* delimiter = literals[1];
  const Value* field = literals[2];
  if (delimiter == nullptr || delimiter->missing() || delimiter->text().empty()) return {};
  if (field == nullptr || field->missing() || field->integer() < 1 || field->integer() > 2) return {};
  if (field->integer() == 1)
    return "CASE WHEN instr({0}, {1}) > 0 THEN substr({0}, 1, instr({0}, {1}) - 1) ELSE {0} END";
  // With the delimiter put behind, the second field always ends at one.
  return "CASE WHEN instr({0}, {1}) > 0 THEN substr(substr({0}, instr({0}, {1}) + length({1})), 1, "
         "instr(substr({0}, instr({0}, {1}) + length({1})) || {1:100}, {1}) - 1) WHEN instr({0}, {1}) = 0 "
         "THEN '' END";
}

// Behind the n - 1 fields in front, up to the next delimiter.
std::string mariadb_field(std::string_view n) {
  return fmt::format(
      "SUBSTRING_INDEX(SUBSTR({{0}}, CHAR_LENGTH(SUBSTRING_INDEX({{0}}, {{1}}, {} - 1)) + CHAR_LENGTH({{1}}) "
      "+ 1), {{1}}, 1)",
      n);
}

std::string mariadb_split_part(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing() || literals[1]->text().empty()) return {};
  if (literals[2] == nullptr || literals[2]->missing() || literals[2]->integer() < 1) return {};
  return literals[2]->integer() == 1 ? "SUBSTRING_INDEX({0}, {1}, 1)" : mariadb_field("{2}");
}

// From the end: the delimiters are counted from the front, where they overlap.
std::string_view mariadb_any_field() {
  const std::string_view from_end =
      "({2:70} + 2 + (CHAR_LENGTH({0}) - CHAR_LENGTH(REPLACE({0}, {1}, ''))) DIV CHAR_LENGTH({1}))";
  return keep(
      fmt::format("CASE WHEN {{2:41}} = 0 OR {{2:41}} IS NULL THEN NULL "
                  "WHEN {{1:41}} = '' THEN CASE WHEN {{2:41}} IN (1, -1) THEN {{0}} WHEN {{0:41}} IS NOT "
                  "NULL THEN '' END "
                  "WHEN {{2:41}} = 1 OR {0} = 1 AND {{2:41}} < 0 THEN SUBSTRING_INDEX({{0}}, {{1}}, 1) WHEN "
                  "{{2:41}} > 1 THEN {1} "
                  "WHEN {0} > 1 THEN {2} WHEN {0} < 1 THEN '' END",
                  from_end, mariadb_field("{2:70}"), mariadb_field(from_end)));
}

// A field that is written out and one needs no guard.
std::string postgres_split_part(std::span<const Value* const> literals) {
  const bool plain = literals[2] != nullptr && literals[2]->integer() >= 1;
  return plain ? "split_part({0}, {1}, {2})" : "";
}

void add_splits(std::vector<Function>& table) {
  SqlTemplate sqlite = wrapped("");
  sqlite.reason = "SQLite has no split_part; write field 1 or 2 at a delimiter that is a literal";
  sqlite.special = sqlite_split_part;
  SqlTemplate mariadb = wrapped(mariadb_any_field());
  mariadb.special = mariadb_split_part;
  Row(table, "text", "split_part", {kValue, text_parameter("delimiter"), count_parameter("field")}, as_text)
      .body(native<&body::split_part>("bf_split_part"))
      .fails({RowError::OutOfDomain})
      .postgres(guarded("CASE WHEN {2:41} <> 0 THEN split_part({0}, {1}, greatest({2}, -2147483646)) END",
                        postgres_split_part))
      .sqlite(sqlite)
      .mariadb(mariadb)
      .doc("the n-th field (from 1, or from the end by -1) between delimiters; '' where there are fewer")
      .examples({{"split_part('ann@example.org', '@', 2)", "'example.org'"},
                 {"split_part('añbñc', 'ñ', 3)", "'c'"},
                 {"split_part('a', '@', 2)", "''"},
                 {"split_part('a@b', '', 1)", "'a@b'"},
                 {"split_part('a/b/c', '/', -1)", "'c'"},
                 {"split_part('a', '@', 0)", "error: argument out of domain"},
                 {"split_part(missing, '@', 1)", "missing"}});
  Row(table, "text", "strpos", {kValue, text_parameter("part")}, as_int32)
      .body(native<&body::strpos>("bf_strpos"))
      .postgres(same("strpos({0}, {1})"))
      .sqlite(same("instr({0}, {1})"))
      .mariadb(same("LOCATE({1}, {0})"))
      .doc("where the part begins (1 is the first code point), 0 where it is not; 1 for ''")
      .examples({{"strpos('héllo', 'l')", "3"},
                 {"strpos('abc', 'B')", "0"},
                 {"strpos('abc', '')", "1"},
                 {"strpos(missing, 'a')", "missing"}});
  Row(table, "text", "contains", {kValue, text_parameter("part")}, as_bool)
      .body(native<&body::contains>("bf_contains"))
      .postgres(wrapped("strpos({0}, {1}) > 0", 40))
      .sqlite(wrapped("instr({0}, {1}) > 0", 40))
      .mariadb(wrapped("LOCATE({1}, {0}) > 0", 40))
      .doc("is the part somewhere in it")
      .examples({{"contains('héllo', 'éll')", "true"},
                 {"contains('abc', 'B')", "false"},
                 {"contains('abc', '')", "true"},
                 {"contains('abc', missing)", "missing"}});
  Row(table, "text", "starts_with", {kValue, text_parameter("prefix")}, as_bool)
      .body(native<&body::starts_with>("bf_starts_with"))
      .postgres(same("starts_with({0}, {1})"))
      .sqlite(wrapped("substr({0}, 1, length({1})) COLLATE BINARY = {1:41}", 40))
      .mariadb(wrapped("LEFT({0}, CHAR_LENGTH({1})) = {1:41}", 40))
      .doc("does it begin with the prefix")
      .examples({{"starts_with('éa', 'é')", "true"},
                 {"starts_with('a', 'ab')", "false"},
                 {"starts_with('a', '')", "true"},
                 {"starts_with(missing, 'a')", "missing"}});
  Row(table, "text", "ends_with", {kValue, text_parameter("suffix")}, as_bool)
      .body(native<&body::ends_with>("bf_ends_with"))
      .postgres(wrapped("right({0}, length({1})) = {1:41}", 40))
      .sqlite(wrapped("length({0}) >= length({1}) AND "
                      "substr({0}, length({0}) - length({1}) + 1) COLLATE BINARY = {1:41}",
                      20))
      .mariadb(wrapped("RIGHT({0}, CHAR_LENGTH({1})) = {1:41}", 40))
      .doc("does it end with the suffix")
      .examples({{"ends_with('aé', 'é')", "true"},
                 {"ends_with('b', 'ab')", "false"},
                 {"ends_with('a', '')", "true"},
                 {"ends_with(missing, 'a')", "missing"}});
}

std::string sqlite_concat(std::span<const Value* const> arguments) {
  std::string result = "(";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    result += fmt::format("{}coalesce({{{}}}, '')", i == 0 ? "" : " || ", i);
  }
  return result + ")";
}

std::string mariadb_concat_of(std::span<const Value* const> arguments) {
  std::string result = "CONCAT(";
  for (std::size_t i = 0; i < arguments.size(); ++i)
    result += fmt::format("{}COALESCE({{{}}}, '')", i == 0 ? "" : ", ", i);
  return result + ")";
}

// A missing separator makes all missing; a missing value takes its separator with it.
std::string sqlite_concat_ws(std::span<const Value* const> arguments) {
  std::string result = "substr(";
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    result += fmt::format("{}coalesce({{0:100}} || {{{}:100}}, '')", i == 1 ? "" : " || ", i);
  }
  return result + ", length({0}) + 1)";
}

Type as_optional_as_first(std::span<const Type> types) {
  Type type = text();
  type.optional = types[0].optional;
  return type;
}

void add_joins(std::vector<Function>& table) {
  Row(table, "operator", "||", {text_parameter("left"), text_parameter("right")}, as_text)
      .as_operator()
      .body(native<&body::join>("bf_join"))
      .fails({RowError::Overflow})
      .postgres(same("{0:100} || {1:100}", 60))
      .sqlite(same("{0:100} || {1:100}", 60))
      .mariadb(wrapped("CONCAT({0}, {1})"))
      .doc("one text after the other")
      .examples({{"'a' || 'é'", "'aé'"}, {"'' || ''", "''"}, {"'a' || missing", "missing"}});
  SqlTemplate concat = wrapped("coalesce({0}, '')");
  concat.special = sqlite_concat;
  SqlTemplate mariadb_concat = wrapped("");
  mariadb_concat.reason = "the form depends on the number of arguments";
  mariadb_concat.special = mariadb_concat_of;
  Row(table, "text", "concat", {kValue}, as_text)
      .variadic()
      .nulls(NullRule::NeverMissing)
      .body(native<&body::concat>("bf_concat"))
      .fails({RowError::Overflow})
      .postgres(same("concat({*0})"))
      .sqlite(concat)
      .mariadb(mariadb_concat)
      .doc("one text after the other; missing ones are ''")
      .examples({{"concat('a', 'é', 'c')", "'aéc'"},
                 {"concat('a', missing)", "'a'"},
                 {"concat(missing, missing)", "''"}});
  SqlTemplate concat_ws = wrapped("substr(coalesce({0:100} || {1:100}, ''), length({0}) + 1)");
  concat_ws.special = sqlite_concat_ws;
  Row(table, "text", "concat_ws", {text_parameter("separator"), kValue}, as_optional_as_first)
      .variadic()
      .nulls(NullRule::Decides)
      .body(native<&body::concat_ws>("bf_concat_ws"))
      .fails({RowError::Overflow})
      .postgres(same("concat_ws({*0})"))
      .sqlite(concat_ws)
      .mariadb(same("CONCAT_WS({*0})"))
      .doc("the texts that are present, with the separator between them; missing if the separator is")
      .examples({{"concat_ws(', ', 'a', missing, 'é')", "'a, é'"},
                 {"concat_ws('-', '', 'b')", "'-b'"},
                 {"concat_ws(missing, 'a')", "missing"},
                 {"concat_ws('-', missing)", "''"}});
  Row(table, "text", "repeat", {kValue, count_parameter("count")}, as_text)
      .body(native<&body::repeat>("bf_repeat"))
      .fails({RowError::Overflow})
      .postgres(
          wrapped("CASE WHEN octet_length({0})::int8 * greatest({1}, 0) <= 67108864 AND {1:41} IS NOT NULL "
                  "THEN repeat({0}, {1}) END"))
      .sqlite(wrapped("CASE WHEN {0:41} = '' AND {1:41} IS NOT NULL OR {1:41} <= 0 AND {0:41} IS NOT NULL "
                      "THEN '' WHEN {1:41} <= 67108864 / length(CAST({0} AS BLOB)) THEN "
                      "replace(hex(zeroblob({1})), '00', {0}) END"))
      .mariadb(same("REPEAT({0}, {1})"))
      .doc("the text `count` times over; '' for none and fewer")
      .examples({{"repeat('aé', 3)", "'aéaéaé'"},
                 {"repeat('a', -1)", "''"},
                 {"repeat('ab', 2000000000)", "error: overflow"},
                 {"repeat(missing, 2)", "missing"}});
}

}  // namespace

void add_text_parts(std::vector<Function>& table) {
  add_splits(table);
  add_joins(table);
}

}  // namespace backfill::stdlib
