// SPDX-License-Identifier: Apache-2.0
// Text functions, named and meaning as in PostgreSQL. Positions and lengths count code points; case is
// Unicode's simple mapping, whatever the database's locale.
#include <fmt/format.h>

#include "stdlib/native_text.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

constexpr std::string_view kCase =
    "the database's case mapping depends on its locale and version; lower_ascii and upper_ascii are portable";
constexpr std::string_view kSqliteCase = "SQLite maps ASCII only; lower_ascii and upper_ascii need no help";
constexpr std::string_view kNoSuch = "SQLite has no such function";

const Parameter kValue = {"value", text()};
const auto as_text = always<Kind::Text>;
const auto as_bool = always<Kind::Bool>;
const auto as_int32 = always<Kind::Int32>;

Parameter text_parameter(std::string_view name) {
  return {name, text()};
}
Parameter count_parameter(std::string_view name) {
  return {name, make(Kind::Int32)};
}

void add_case(std::vector<Function>& table) {
  Row(table, "text", "lower", {kValue}, as_text)
      .body(native<&body::lower>("bf_lower"))
      .postgres(unavailable(kCase))
      .sqlite(assisted("backfill_lower({0})", kSqliteCase))
      .mariadb(unavailable(kCase))
      .doc("in lower case, by Unicode's simple mapping")
      .examples({{"lower('ÀÉ Straße')", "'àé straße'"},
                 {"lower('İΣ')", "'iσ'"},
                 {"lower('')", "''"},
                 {"lower(missing)", "missing"}});
  Row(table, "text", "upper", {kValue}, as_text)
      .body(native<&body::upper>("bf_upper"))
      .postgres(unavailable(kCase))
      .sqlite(assisted("backfill_upper({0})", kSqliteCase))
      .mariadb(unavailable(kCase))
      .doc("in upper case, by Unicode's simple mapping")
      .examples(
          {{"upper('àé straße')", "'ÀÉ STRAßE'"}, {"upper('ı')", "'I'"}, {"upper(missing)", "missing"}});
  Row(table, "text", "lower_ascii", {kValue}, as_text)
      .body(native<&body::lower_ascii>("bf_lower_ascii"))
      .postgres(wrapped("lower({0:100} COLLATE \"C\")"))
      .sqlite(same("lower({0})"))
      .doc("A to Z in lower case, everything else as it is")
      .examples({{"lower_ascii('ABC É')", "'abc É'"},
                 {"lower_ascii('')", "''"},
                 {"lower_ascii(missing)", "missing"}});
  Row(table, "text", "upper_ascii", {kValue}, as_text)
      .body(native<&body::upper_ascii>("bf_upper_ascii"))
      .postgres(wrapped("upper({0:100} COLLATE \"C\")"))
      .sqlite(same("upper({0})"))
      .doc("a to z in upper case, everything else as it is")
      .examples({{"upper_ascii('abc é')", "'ABC é'"},
                 {"upper_ascii('')", "''"},
                 {"upper_ascii(missing)", "missing"}});
}

void add_lengths(std::vector<Function>& table) {
  Row(table, "text", "length", {kValue}, as_int32)
      .body(native<&body::length>("bf_length"))
      .everywhere(same("length({0})"))
      .mariadb(wrapped("CHAR_LENGTH({0})"))
      .doc("number of code points")
      .examples({{"length('héllo')", "5"},
                 {"length('😀')", "1"},
                 {"length('')", "0"},
                 {"length(missing)", "missing"}});
  Row(table, "text", "octet_length", {kValue}, as_int32)
      .body(native<&body::octet_length>("bf_octet_length"))
      .postgres(same("octet_length({0})"))
      .sqlite(wrapped("length(CAST({0} AS BLOB))"))
      .doc("number of bytes in UTF-8")
      .examples(
          {{"octet_length('héllo')", "6"}, {"octet_length('')", "0"}, {"octet_length(missing)", "missing"}});
}

void add_trims(std::vector<Function>& table) {
  Row(table, "text", "trim", {kValue}, as_text)
      .body(native<&body::trim>("bf_trim"))
      .everywhere(same("trim({0})"))
      .doc("without the spaces (U+0020 alone) at both ends")
      .examples({{"trim('  a b ')", "'a b'"}, {"trim('   ')", "''"}, {"trim(missing)", "missing"}});
  Row(table, "text", "ltrim", {kValue}, as_text)
      .body(native<&body::ltrim>("bf_ltrim"))
      .everywhere(same("ltrim({0})"))
      .doc("without the spaces (U+0020 alone) in front")
      .examples({{"ltrim('  a ')", "'a '"}, {"ltrim('')", "''"}, {"ltrim(missing)", "missing"}});
  Row(table, "text", "rtrim", {kValue}, as_text)
      .body(native<&body::rtrim>("bf_rtrim"))
      .everywhere(same("rtrim({0})"))
      .doc("without the spaces (U+0020 alone) behind")
      .examples({{"rtrim(' a  ')", "' a'"}, {"rtrim('é ')", "'é'"}, {"rtrim(missing)", "missing"}});
  Row(table, "text", "btrim", {kValue, text_parameter("characters")}, as_text)
      .body(native<&body::btrim>("bf_btrim"))
      .postgres(same("btrim({0}, {1})"))
      .sqlite(same("trim({0}, {1})"))
      .mariadb(unavailable("MariaDB trims a whole string, not a set of characters"))
      .doc("without any of the characters at both ends")
      .examples({{"btrim('xyaéyx', 'xyé')", "'a'"},
                 {"btrim('abc', '')", "'abc'"},
                 {"btrim(missing, 'x')", "missing"}});
}

void add_parts(std::vector<Function>& table) {
  Row(table, "text", "substr", {kValue, count_parameter("start")}, as_text)
      .body(native<&body::substr_from>("bf_substr_from"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 1 THEN substr({0}, {1}) END"))
      .doc("from the code point at `start` (1 is the first) to the end")
      .examples({{"substr('héllo', 2)", "'éllo'"},
                 {"substr('abc', 9)", "''"},
                 {"substr('abc', 0)", "error: argument out of domain"},
                 {"substr(missing, 1)", "missing"}});
  Row(table, "text", "substr", {kValue, count_parameter("start"), count_parameter("count")}, as_text)
      .body(native<&body::substr>("bf_substr"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 1 AND {2:41} >= 0 THEN substr({0}, {1}, {2}) END"))
      .doc("`count` code points from the one at `start` (1 is the first)")
      .examples({{"substr('héllo', 2, 3)", "'éll'"},
                 {"substr('abc', 2, 99)", "'bc'"},
                 {"substr('abc', 1, -1)", "error: argument out of domain"},
                 {"substr('abc', missing, 1)", "missing"}});
  Row(table, "text", "left", {kValue, count_parameter("count")}, as_text)
      .body(native<&body::left>("bf_left"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 0 THEN left({0}, {1}) END"))
      .sqlite(wrapped("CASE WHEN {1:41} >= 0 THEN substr({0}, 1, {1}) END"))
      .doc("the first code points")
      .examples({{"left('héllo', 2)", "'hé'"},
                 {"left('a', 9)", "'a'"},
                 {"left('a', -1)", "error: argument out of domain"},
                 {"left(missing, 1)", "missing"}});
  Row(table, "text", "right", {kValue, count_parameter("count")}, as_text)
      .body(native<&body::right>("bf_right"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 0 THEN right({0}, {1}) END"))
      .sqlite(wrapped("CASE WHEN {1:41} >= length({0}) THEN {0} WHEN {1:41} > 0 THEN substr({0}, -({1})) "
                      "WHEN {1:41} = 0 THEN substr({0}, 1, 0) END"))
      .doc("the last code points")
      .examples({{"right('hellö', 2)", "'lö'"},
                 {"right('a', 9)", "'a'"},
                 {"right('a', -1)", "error: argument out of domain"},
                 {"right('abc', 0)", "''"},
                 {"right(missing, 1)", "missing"}});
}

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

void add_splits(std::vector<Function>& table) {
  SqlTemplate sqlite = wrapped("");
  sqlite.reason = "SQLite has no split_part; write field 1 or 2 at a delimiter that is a literal";
  sqlite.special = sqlite_split_part;
  Row(table, "text", "split_part", {kValue, text_parameter("delimiter"), count_parameter("field")}, as_text)
      .body(native<&body::split_part>("bf_split_part"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {2:41} >= 1 THEN split_part({0}, {1}, {2}) END"))
      .sqlite(sqlite)
      .doc("the n-th field (from 1) between delimiters; '' where there are fewer")
      .examples({{"split_part('ann@example.org', '@', 2)", "'example.org'"},
                 {"split_part('añbñc', 'ñ', 3)", "'c'"},
                 {"split_part('a', '@', 2)", "''"},
                 {"split_part('a@b', '', 1)", "'a@b'"},
                 {"split_part('a', '@', 0)", "error: argument out of domain"},
                 {"split_part(missing, '@', 1)", "missing"}});
  Row(table, "text", "strpos", {kValue, text_parameter("part")}, as_int32)
      .body(native<&body::strpos>("bf_strpos"))
      .postgres(same("strpos({0}, {1})"))
      .sqlite(same("instr({0}, {1})"))
      .doc("where the part begins (1 is the first code point), 0 where it is not; 1 for ''")
      .examples({{"strpos('héllo', 'l')", "3"},
                 {"strpos('abc', 'B')", "0"},
                 {"strpos('abc', '')", "1"},
                 {"strpos(missing, 'a')", "missing"}});
  Row(table, "text", "contains", {kValue, text_parameter("part")}, as_bool)
      .body(native<&body::contains>("bf_contains"))
      .postgres(wrapped("strpos({0}, {1}) > 0", 40))
      .sqlite(wrapped("instr({0}, {1}) > 0", 40))
      .doc("is the part somewhere in it")
      .examples({{"contains('héllo', 'éll')", "true"},
                 {"contains('abc', 'B')", "false"},
                 {"contains('abc', '')", "true"},
                 {"contains('abc', missing)", "missing"}});
  Row(table, "text", "starts_with", {kValue, text_parameter("prefix")}, as_bool)
      .body(native<&body::starts_with>("bf_starts_with"))
      .postgres(same("starts_with({0}, {1})"))
      .sqlite(wrapped("substr({0}, 1, length({1})) COLLATE BINARY = {1:41}", 40))
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
  Row(table, "text", "concat", {kValue}, as_text)
      .variadic()
      .nulls(NullRule::NeverMissing)
      .body(native<&body::concat>("bf_concat"))
      .fails({RowError::Overflow})
      .postgres(same("concat({*0})"))
      .sqlite(concat)
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
      .postgres(same("repeat({0}, {1})"))
      .sqlite(assisted("backfill_repeat({0}, {1})", kNoSuch))
      .doc("the text `count` times over; '' for none and fewer")
      .examples({{"repeat('aé', 3)", "'aéaéaé'"},
                 {"repeat('a', -1)", "''"},
                 {"repeat('ab', 2000000000)", "error: overflow"},
                 {"repeat(missing, 2)", "missing"}});
}

void add_changes(std::vector<Function>& table) {
  Row(table, "text", "replace", {kValue, text_parameter("from"), text_parameter("to")}, as_text)
      .body(native<&body::replace>("bf_replace"))
      .fails({RowError::Overflow})
      .postgres(same("replace({0}, {1}, {2})"))
      // With an empty part SQLite does not look at the third argument.
      .sqlite(wrapped("CASE WHEN {2:41} IS NOT NULL THEN replace({0}, {1}, {2}) END"))
      .mariadb(unavailable(kNotProven))
      .doc("every occurrence of one part replaced; an empty part changes nothing")
      .examples({{"replace('añaña', 'ñ', 'nn')", "'annanna'"},
                 {"replace('abc', '', 'x')", "'abc'"},
                 {"replace('aaa', 'aa', '')", "'a'"},
                 {"replace('a', 'b', missing)", "missing"}});
  Row(table, "text", "translate", {kValue, text_parameter("from"), text_parameter("to")}, as_text)
      .body(native<&body::translate>("bf_translate"))
      .fails({RowError::Overflow})
      .postgres(same("translate({0}, {1}, {2})"))
      .sqlite(assisted("backfill_translate({0}, {1}, {2})", kNoSuch))
      .doc(
          "each code point of `from` replaced by the one at its place in `to`, or dropped where there is "
          "none")
      .examples({{"translate('12345', '143', 'ax')", "'a2x5'"},
                 {"translate('é', 'é', 'e')", "'e'"},
                 {"translate('abc', '', 'x')", "'abc'"},
                 {"translate(missing, 'a', 'b')", "missing"}});
  Row(table, "text", "reverse", {kValue}, as_text)
      .body(native<&body::reverse>("bf_reverse"))
      .postgres(same("reverse({0})"))
      .sqlite(assisted("backfill_reverse({0})", kNoSuch))
      .doc("the code points from the last to the first")
      .examples({{"reverse('aé😀')", "'😀éa'"}, {"reverse('')", "''"}, {"reverse(missing)", "missing"}});
  Row(table, "text", "strip_prefix", {kValue, text_parameter("prefix")}, as_text)
      .body(native<&body::strip_prefix>("bf_strip_prefix"))
      .postgres(wrapped("CASE WHEN starts_with({0}, {1}) THEN substr({0}, length({1}) + 1) WHEN {1:41} IS "
                        "NOT NULL THEN {0} END"))
      .sqlite(wrapped("CASE WHEN substr({0}, 1, length({1})) COLLATE BINARY = {1:41} THEN substr({0}, "
                      "length({1}) + 1) WHEN {1:41} IS NOT NULL THEN {0} END"))
      .doc("without the prefix, where it has it")
      .examples({{"strip_prefix('éab', 'é')", "'ab'"},
                 {"strip_prefix('ab', 'b')", "'ab'"},
                 {"strip_prefix('a', missing)", "missing"}});
  Row(table, "text", "strip_suffix", {kValue, text_parameter("suffix")}, as_text)
      .body(native<&body::strip_suffix>("bf_strip_suffix"))
      .postgres(wrapped("CASE WHEN right({0}, length({1})) = {1:41} THEN left({0}, length({0}) - "
                        "length({1})) WHEN {1:41} IS NOT NULL THEN {0} END"))
      .sqlite(wrapped("CASE WHEN length({0}) >= length({1}) AND substr({0}, length({0}) - length({1}) + 1) "
                      "COLLATE BINARY = {1:41} "
                      "THEN substr({0}, 1, length({0}) - length({1})) WHEN {1:41} IS NOT NULL THEN {0} END"))
      .doc("without the suffix, where it has it")
      .examples({{"strip_suffix('abé', 'é')", "'ab'"},
                 {"strip_suffix('ab', 'a')", "'ab'"},
                 {"strip_suffix('a', missing)", "missing"}});
  // A row that does not fit is quarantined and not compared, so the SQL is the value itself, where the length
  // is there.
  SqlTemplate fits = wrapped("CASE WHEN {1:41} IS NOT NULL THEN {0} END");
  fits.special = [](std::span<const Value* const> literals) -> std::string {
    return literals[1] == nullptr ? "" : "{0:100}";
  };
  Row(table, "text", "fit_length", {kValue, count_parameter("most")}, as_text)
      .body(native<&body::fit_length>("bf_fit_length"))
      .fails({RowError::TextTooLong})
      .everywhere(fits)
      .doc("the text, where it has at most so many code points; else the row fails. What varchar(n) asks for")
      .examples({{"fit_length('aé', 2)", "'aé'"},
                 {"fit_length('abc', 2)", "error: text too long"},
                 {"fit_length(missing, 2)", "missing"}});
  Row(table, "text", "is_blank", {kValue}, as_bool)
      .nulls(NullRule::NeverMissing)
      .body(native<&body::is_blank>("bf_is_blank"))
      .postgres(wrapped("trim(coalesce({0}, '')) = ''", 40))
      .sqlite(wrapped("trim(coalesce({0}, '')) = ''", 40))
      .doc("is it missing, empty or only spaces (U+0020)")
      .examples({{"is_blank('  ')", "true"},
                 {"is_blank(missing)", "true"},
                 {"is_blank(' é')", "false"},
                 {"is_blank('')", "true"}});
}

template <auto with_fill, auto with_blanks>
void add_pad(std::vector<Function>& table, std::string_view name, std::string_view symbol,
             std::string_view blank_symbol, std::vector<Example> filled, std::vector<Example> blank) {
  const std::string_view fill_call = keep(fmt::format("{}({{0}}, {{1}}, {{2}})", name));
  const std::string_view blank_call = keep(fmt::format("{}({{0}}, {{1}})", name));
  const auto guarded = [](std::string_view condition, std::string_view call) {
    return wrapped(keep(fmt::format("CASE WHEN {} THEN {} END", condition, call)));
  };
  Row(table, "text", name, {kValue, count_parameter("length"), text_parameter("fill")}, as_text)
      .body(native<with_fill>(symbol))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(guarded("{1:41} >= 0", fill_call))
      .sqlite(assisted(keep(fmt::format("backfill_{}", fill_call)), kNoSuch))
      .doc("filled up, or cut, to a number of code points")
      .examples(std::move(filled));
  Row(table, "text", name, {kValue, count_parameter("length")}, as_text)
      .body(native<with_blanks>(blank_symbol))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(guarded("{1:41} >= 0", blank_call))
      .sqlite(assisted(keep(fmt::format("backfill_{}", blank_call)), kNoSuch))
      .doc("filled up with spaces, or cut, to a number of code points")
      .examples(std::move(blank));
}

}  // namespace

void add_text(std::vector<Function>& table) {
  add_case(table);
  add_lengths(table);
  add_trims(table);
  add_parts(table);
  add_splits(table);
  add_joins(table);
  add_changes(table);
  add_pad<&body::lpad, &body::lpad_blank>(table, "lpad", "bf_lpad", "bf_lpad_blank",
                                          {{"lpad('7', 3, '0')", "'007'"},
                                           {"lpad('é', 4, 'xy')", "'xyxé'"},
                                           {"lpad('a', 2, '')", "error: argument out of domain"},
                                           {"lpad(missing, 3, '0')", "missing"}},
                                          {{"lpad('a', 3)", "'  a'"},
                                           {"lpad('abc', 2)", "'ab'"},
                                           {"lpad('a', -1)", "error: argument out of domain"},
                                           {"lpad(missing, 3)", "missing"}});
  add_pad<&body::rpad, &body::rpad_blank>(table, "rpad", "bf_rpad", "bf_rpad_blank",
                                          {{"rpad('7', 3, '0')", "'700'"},
                                           {"rpad('é', 4, 'xy')", "'éxyx'"},
                                           {"rpad('a', 2, '')", "error: argument out of domain"},
                                           {"rpad(missing, 3, '0')", "missing"}},
                                          {{"rpad('a', 3)", "'a  '"},
                                           {"rpad('abc', 2)", "'ab'"},
                                           {"rpad('a', -1)", "error: argument out of domain"},
                                           {"rpad(missing, 3)", "missing"}});
}

}  // namespace backfill::stdlib
