// SPDX-License-Identifier: Apache-2.0
// Text functions, named and meaning as in PostgreSQL. Positions and lengths count code points; case is
// Unicode's simple mapping, whatever the database's locale.
#include "stdlib/mariadb_form.h"
#include "stdlib/native_text.h"
#include "stdlib/text_row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

constexpr std::string_view kCase =
    "the database's case mapping depends on its locale and version; lower_ascii and upper_ascii are portable";
constexpr std::string_view kSqliteCase = "SQLite maps ASCII only; lower_ascii and upper_ascii need no help";

const auto as_text = always<Kind::Text>;
const auto as_int32 = always<Kind::Int32>;

void add_case(std::vector<Function>& table) {
  // The system's own C.utf8 maps as Unicode 15.0 does; the connection checks it (case_mapping.h). The result
  // keeps no collation that could meet another one.
  Row(table, "text", "lower", {kValue}, as_text)
      .body(native<&body::lower>("bf_lower"))
      .postgres(pinned("(lower({0:100} COLLATE \"C.utf8\") COLLATE \"C\")"))
      .sqlite(assisted("backfill_lower({0})", kSqliteCase))
      .mariadb(unavailable(kCase))
      .doc("in lower case, by Unicode's simple mapping")
      .examples({{"lower('ÀÉ Straße')", "'àé straße'"},
                 {"lower('İΣ')", "'iσ'"},
                 {"lower('')", "''"},
                 {"lower(missing)", "missing"}});
  Row(table, "text", "upper", {kValue}, as_text)
      .body(native<&body::upper>("bf_upper"))
      .postgres(pinned("(upper({0:100} COLLATE \"C.utf8\") COLLATE \"C\")"))
      .sqlite(assisted("backfill_upper({0})", kSqliteCase))
      .mariadb(unavailable(kCase))
      .doc("in upper case, by Unicode's simple mapping")
      .examples(
          {{"upper('àé straße')", "'ÀÉ STRAßE'"}, {"upper('ı')", "'I'"}, {"upper(missing)", "missing"}});
  Row(table, "text", "lower_ascii", {kValue}, as_text)
      .body(native<&body::lower_ascii>("bf_lower_ascii"))
      .postgres(wrapped("lower({0:100} COLLATE \"C\")"))
      .sqlite(same("lower({0})"))
      .mariadb(wrapped(mariadb_form::ascii_case("LOWER")))
      .doc("A to Z in lower case, everything else as it is")
      .examples({{"lower_ascii('ABC É')", "'abc É'"},
                 {"lower_ascii('')", "''"},
                 {"lower_ascii(missing)", "missing"}});
  Row(table, "text", "upper_ascii", {kValue}, as_text)
      .body(native<&body::upper_ascii>("bf_upper_ascii"))
      .postgres(wrapped("upper({0:100} COLLATE \"C\")"))
      .sqlite(same("upper({0})"))
      .mariadb(wrapped(mariadb_form::ascii_case("UPPER")))
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
      .mariadb(same("LENGTH({0})"))
      .doc("number of bytes in UTF-8")
      .examples(
          {{"octet_length('héllo')", "6"}, {"octet_length('')", "0"}, {"octet_length(missing)", "missing"}});
}

// As a class of a regular expression: `]` first and `-` last mean themselves there; a backslash does not in
// every session.
std::string mariadb_btrim(std::span<const Value* const> literals) {
  if (literals[1] == nullptr) return {};
  const std::string& set = literals[1]->text();
  if (set.empty()) return "{0:100}";
  std::string middle;
  for (const char c : set) {
    if (c == '\\' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    if (c == '\'')
      middle += "''";
    else if (c == '{' || c == '}')
      middle += std::string(2, c);
    else if (c != ']' && c != '-' && c != '^' && c != '[')
      middle += c;
  }
  const auto has = [&](char c) { return set.find(c) != std::string::npos; };
  if (middle.empty() && !has(']') && !has('[') && !has('-')) return {};  // ^ alone
  const std::string characters = fmt::format("[{}{}{}{}{}]+", has(']') ? "]" : "", middle,
                                             has('[') ? "[" : "", has('^') ? "^" : "", has('-') ? "-" : "");
  if (has('^') && characters.starts_with("[^")) return {};
  return fmt::format("REGEXP_REPLACE(REGEXP_REPLACE({{0}}, '^{0}', ''), '{0}(?!.|[[:cntrl:]])', '')",
                     characters);
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
  SqlTemplate mariadb = wrapped("");
  mariadb.reason = "MariaDB trims a whole string, not a set of characters, unless these are written out";
  mariadb.special = mariadb_btrim;
  Row(table, "text", "btrim", {kValue, text_parameter("characters")}, as_text)
      .body(native<&body::btrim>("bf_btrim"))
      .postgres(same("btrim({0}, {1})"))
      .sqlite(same("trim({0}, {1})"))
      .mariadb(mariadb)
      .doc("without any of the characters at both ends")
      .examples({{"btrim('xyaéyx', 'xyé')", "'a'"},
                 {"btrim('abc', '')", "'abc'"},
                 {"btrim(missing, 'x')", "missing"}});
}

bool at_least(const Value* literal, std::int64_t least) {
  return literal != nullptr && literal->integer() >= least;
}
std::string plain_substr(std::span<const Value* const> literals) {
  if (!at_least(literals[1], 1)) return {};
  if (literals.size() == 2) return "substr({0}, {1})";
  return at_least(literals[2], 0) ? "substr({0}, {1}, {2})" : "";
}
template <char side>
std::string plain_end(std::span<const Value* const> literals) {
  if (!at_least(literals[1], 0)) return {};
  return side == 'l' ? "left({0}, {1})" : "right({0}, {1})";
}

void add_parts(std::vector<Function>& table) {
  Row(table, "text", "substr", {kValue, count_parameter("start")}, as_text)
      .body(native<&body::substr_from>("bf_substr_from"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 1 THEN substr({0}, {1}) END"))
      .postgres(guarded("CASE WHEN {1:41} >= 1 THEN substr({0}, {1}) END", plain_substr))
      .doc("from the code point at `start` (1 is the first) to the end")
      .examples({{"substr('héllo', 2)", "'éllo'"},
                 {"substr('abc', 9)", "''"},
                 {"substr('abc', 0)", "error: argument out of domain"},
                 {"substr(missing, 1)", "missing"}});
  Row(table, "text", "substr", {kValue, count_parameter("start"), count_parameter("count")}, as_text)
      .body(native<&body::substr>("bf_substr"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 1 AND {2:41} >= 0 THEN substr({0}, {1}, {2}) END"))
      .postgres(guarded("CASE WHEN {1:41} >= 1 AND {2:41} >= 0 THEN substr({0}, {1}, {2}) END", plain_substr))
      .doc("`count` code points from the one at `start` (1 is the first)")
      .examples({{"substr('héllo', 2, 3)", "'éll'"},
                 {"substr('abc', 2, 99)", "'bc'"},
                 {"substr('abc', 1, -1)", "error: argument out of domain"},
                 {"substr('abc', missing, 1)", "missing"}});
  Row(table, "text", "left", {kValue, count_parameter("count")}, as_text)
      .body(native<&body::left>("bf_left"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 0 THEN left({0}, {1}) END"))
      .postgres(guarded("CASE WHEN {1:41} >= 0 THEN left({0}, {1}) END", plain_end<'l'>))
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
      .postgres(guarded("CASE WHEN {1:41} >= 0 THEN right({0}, {1}) END", plain_end<'r'>))
      .sqlite(wrapped("CASE WHEN {1:41} >= length({0}) THEN {0} WHEN {1:41} > 0 THEN substr({0}, -({1})) "
                      "WHEN {1:41} = 0 THEN substr({0}, 1, 0) END"))
      .doc("the last code points")
      .examples({{"right('hellö', 2)", "'lö'"},
                 {"right('a', 9)", "'a'"},
                 {"right('a', -1)", "error: argument out of domain"},
                 {"right('abc', 0)", "''"},
                 {"right(missing, 1)", "missing"}});
}

}  // namespace

void add_text(std::vector<Function>& table) {
  add_case(table);
  add_lengths(table);
  add_trims(table);
  add_parts(table);
}

}  // namespace backfill::stdlib
