// SPDX-License-Identifier: Apache-2.0
// Texts by their code points and normal forms, their words, and how alike two are.
#include <fmt/format.h>

#include <algorithm>

#include "stdlib/native_text_shape.h"
#include "stdlib/text_row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

const auto as_text = always<Kind::Text>;
const auto as_int32 = always<Kind::Int32>;
const auto as_bool = always<Kind::Bool>;

void add_points(std::vector<Function>& table) {
  Row(table, "text", "chr", {count_parameter("point")}, as_text)
      .body(native<&body::chr>("bf_chr"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped(
          "CASE WHEN {0:41} BETWEEN 1 AND 55295 OR {0:41} BETWEEN 57344 AND 1114111 THEN chr({0}) END"))
      .sqlite(wrapped(
          "CASE WHEN {0:41} BETWEEN 1 AND 55295 OR {0:41} BETWEEN 57344 AND 1114111 THEN char({0}) END"))
      .mariadb(wrapped("CASE WHEN {0:41} BETWEEN 1 AND 55295 OR {0:41} BETWEEN 57344 AND 1114111 THEN "
                       "CONVERT(CONVERT(UNHEX(LPAD(HEX({0}), 8, '0')) USING utf32) USING utf8mb4) COLLATE "
                       "utf8mb4_nopad_bin END"))
      .doc("the text of one code point")
      .examples({{"chr(233)", "'é'"},
                 {"chr(128512)", "'😀'"},
                 {"chr(0)", "error: argument out of domain"},
                 {"chr(missing)", "missing"}});
  Row(table, "text", "ascii", {kValue}, as_int32)
      .body(native<&body::ascii>("bf_ascii"))
      .postgres(same("ascii({0})"))
      .sqlite(wrapped("CASE WHEN {0:41} = '' THEN 0 ELSE unicode({0}) END"))
      .mariadb(wrapped("ORD(CONVERT({0} USING utf32))"))
      .doc("its first code point, 0 of ''")
      .examples({{"ascii('é')", "233"},
                 {"ascii('😀a')", "128512"},
                 {"ascii('')", "0"},
                 {"ascii(missing)", "missing"}});
  Row(table, "text", "is_ascii", {kValue}, as_bool)
      .body(native<&body::is_ascii>("bf_is_ascii"))
      .postgres(wrapped("octet_length({0}) = length({0})", 40))
      .sqlite(wrapped("length(CAST({0} AS BLOB)) = length({0})", 40))
      .mariadb(wrapped("LENGTH(CONVERT({0} USING utf8mb4)) = CHAR_LENGTH({0})", 40))
      .doc("has it only code points below 128")
      .examples({{"is_ascii('abc')", "true"},
                 {"is_ascii('é')", "false"},
                 {"is_ascii('')", "true"},
                 {"is_ascii(missing)", "missing"}});
  Row(table, "text", "bit_length", {kValue}, as_int32)
      .body(native<&body::bit_length>("bf_bit_length"))
      .fails({RowError::Overflow})
      .postgres(same("bit_length({0})"))
      .sqlite(wrapped("(8 * length(CAST({0} AS BLOB)))"))
      .mariadb(wrapped("BIT_LENGTH(CONVERT({0} USING utf8mb4))"))
      .doc("number of bits in UTF-8")
      .examples({{"bit_length('é')", "16"}, {"bit_length('')", "0"}, {"bit_length(missing)", "missing"}});
  Row(table, "text", "overlay",
      {kValue, text_parameter("part"), count_parameter("start"), count_parameter("count")}, as_text)
      .body(native<&body::overlay>("bf_overlay"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(wrapped("CASE WHEN {2:41} >= 1 AND {3:41} >= 0 THEN left({0}, {2:70} - 1) || {1:100} "
                        "|| substr(substr({0}, {2}), least({3}, 2147483646) + 1) END"))
      .sqlite(wrapped("CASE WHEN {2:41} >= 1 AND {3:41} >= 0 THEN substr({0}, 1, {2} - 1) || {1:100} || "
                      "substr(substr({0}, {2}), {3} + 1) END"))
      .mariadb(wrapped("CASE WHEN {2:41} >= 1 AND {3:41} >= 0 THEN CONCAT(LEFT({0}, {2:70} - 1), {1}, "
                       "SUBSTR(SUBSTR({0}, {2}), {3:70} + 1)) END"))
      .doc("`count` code points from the one at `start` replaced by the part")
      .examples({{"overlay('Txxxxas', 'hom', 2, 4)", "'Thomas'"},
                 {"overlay('é', 'e', 1, 1)", "'e'"},
                 {"overlay('ab', 'c', 9, 1)", "'abc'"},
                 {"overlay('ab', 'c', 0, 1)", "error: argument out of domain"},
                 {"overlay(missing, 'c', 1, 1)", "missing"}});
}

std::string postgres_normalize(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing()) return {};
  const std::string& form = literals[1]->text();
  const bool known = form == "NFC" || form == "NFD" || form == "NFKC" || form == "NFKD";
  return known ? fmt::format("normalize({{0}}, {})", form) : "";
}

constexpr std::string_view kPostgresPlain =
    "normalize(regexp_replace(normalize({0}, NFD), '[\\u0300-\\u036f]', '', 'g'), NFC)";

void add_forms(std::vector<Function>& table) {
  SqlTemplate postgres = wrapped("");
  postgres.reason = "the form must be written out";
  postgres.special = postgres_normalize;
  Row(table, "text", "normalize", {kValue, text_parameter("form")}, as_text)
      .body(native<&body::normalize>("bf_normalize"))
      .fails({RowError::OutOfDomain})
      .postgres(postgres)
      .sqlite(assisted("backfill_normalize({0}, {1})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc("in Unicode's normal form 'NFC', 'NFD', 'NFKC' or 'NFKD'")
      .examples({{"length(normalize('é', 'NFD'))", "2"},
                 {"normalize('ﬁ', 'NFKC')", "'fi'"},
                 {"normalize('abc', 'NFX')", "error: argument out of domain"},
                 {"normalize(missing, 'NFC')", "missing"}});
  Row(table, "text", "strip_marks", {kValue}, as_text)
      .body(native<&body::strip_marks>("bf_strip_marks"))
      .postgres(wrapped(kPostgresPlain))
      .sqlite(assisted("backfill_strip_marks({0})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc("without accents: the combining marks U+0300 to U+036F of its decomposition, in NFC")
      .examples({{"strip_marks('Éàü ñ')", "'Eau n'"},
                 {"strip_marks('ø')", "'ø'"},
                 {"strip_marks(missing)", "missing"}});
  Row(table, "text", "slugify", {kValue}, as_text)
      .body(native<&body::slugify>("bf_slugify"))
      .postgres(wrapped(keep(fmt::format(
          "btrim(regexp_replace(lower({} COLLATE \"C\"), '[^a-z0-9]+', '-', 'g'), '-')", kPostgresPlain))))
      .sqlite(assisted("backfill_slugify({0})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc("without accents, in lower case, and a hyphen for all that is no ASCII letter or digit")
      .examples({{"slugify(' Crème brûlée, 2! ')", "'creme-brulee-2'"},
                 {"slugify('漢字')", "''"},
                 {"slugify(missing)", "missing"}});
  Row(table, "text", "initcap", {kValue}, as_text)
      .body(native<&body::initcap>("bf_initcap"))
      .postgres(unavailable("the database's case mapping depends on its locale and version"))
      .sqlite(assisted("backfill_initcap({0})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc(
          "the first letter of each word in upper case, the others in lower case; words are letters and "
          "digits")
      .examples({{"initcap('hello WORLD o''neil')", "'Hello World O''Neil'"},
                 {"initcap('élan vital')", "'Élan Vital'"},
                 {"initcap(missing)", "missing"}});
}

// Tabs and newlines become spaces, so that a tab and a newline can mark both ends of each one.
std::string_view sqlite_squeezed(std::string_view argument) {
  std::string sql(argument);
  for (const int blank : {9, 10, 12, 13}) sql = fmt::format("replace({}, char({}), ' ')", sql, blank);
  return keep(fmt::format(
      "trim(replace(replace(replace({}, ' ', char(9, 10)), char(10, 9), ''), char(9, 10), ' '))", sql));
}

constexpr std::string_view kSpaces = "E'[ \\t\\n\\f\\r]+'";

void add_words_of(std::vector<Function>& table) {
  Row(table, "text", "squeeze", {kValue}, as_text)
      .body(native<&body::squeeze>("bf_squeeze"))
      .postgres(wrapped(keep(fmt::format("btrim(regexp_replace({{0}}, {}, ' ', 'g'))", kSpaces))))
      .sqlite(wrapped(sqlite_squeezed("{0}")))
      .mariadb(wrapped("TRIM(REGEXP_REPLACE({0}, '[ \\t\\n\\f\\r]+', ' '))"))
      .doc("each run of spaces, tabs and newlines as one space, none at the ends")
      .examples(
          {{"squeeze('  a   b ')", "'a b'"}, {"squeeze('   ')", "''"}, {"squeeze(missing)", "missing"}});
  Row(table, "text", "word_count", {kValue}, as_int32)
      .body(native<&body::word_count>("bf_word_count"))
      .postgres(wrapped("regexp_count({0}, E'[^ \\t\\n\\f\\r]+')"))
      .sqlite(wrapped(keep(
          fmt::format("(SELECT length(v) - length(replace(v, ' ', '')) + (v <> '') FROM (SELECT {} AS v))",
                      sqlite_squeezed("{0}")))))
      .mariadb(wrapped("CHAR_LENGTH(REGEXP_REPLACE(REGEXP_REPLACE({0}, '[^ \\t\\n\\f\\r]+', 'x'), "
                       "'[ \\t\\n\\f\\r]+', ''))"))
      .doc("how many words, parted by spaces, tabs and newlines")
      .examples({{"word_count(' to be  or not')", "4"},
                 {"word_count('')", "0"},
                 {"word_count(missing)", "missing"}});
  Row(table, "text", "digits_only", {kValue}, as_text)
      .body(native<&body::digits_only>("bf_digits_only"))
      .postgres(wrapped("regexp_replace({0}, '[^0-9]+', '', 'g')"))
      .sqlite(assisted("backfill_digits_only({0})", kNoSuch))
      .mariadb(wrapped("REGEXP_REPLACE({0}, '[^0-9]+', '')"))
      .doc("its digits 0 to 9, without everything else")
      .examples({{"digits_only('+41 (0)44 123')", "'41044123'"},
                 {"digits_only('a٣')", "''"},
                 {"digits_only(missing)", "missing"}});
  const std::string_view nested =
      "replace(replace(replace(replace(replace({0}, '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '\"', "
      "'&quot;'), '''', '&#39;')";
  Row(table, "text", "html_escape", {kValue}, as_text)
      .body(native<&body::html_escape>("bf_html_escape"))
      .fails({RowError::Overflow})
      .everywhere(wrapped(nested))
      .doc("with & < > \" and ' as HTML spells them")
      .examples({{"html_escape('<a href=\"x\">&')", "'&lt;a href=&quot;x&quot;&gt;&amp;'"},
                 {"html_escape('it''s')", "'it&#39;s'"},
                 {"html_escape(missing)", "missing"}});
}

// What rtrim leaves ends with the last one, where it is one character.
std::string sqlite_after_last(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing()) return {};
  const std::string& part = literals[1]->text();
  if (std::count_if(part.begin(), part.end(),
                    [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }) != 1)
    return {};
  return "CASE WHEN instr({0}, {1}) > 0 THEN substr({0}, length(rtrim({0}, replace({0}, {1}, ''))) + 1) WHEN "
         "{0:41} IS NOT NULL THEN '' END";
}

void add_finds(std::vector<Function>& table) {
  SqlTemplate after_last = wrapped("");
  after_last.reason =
      "SQLite finds the last place of one character only, and only of one that is written out";
  after_last.special = sqlite_after_last;
  const std::string_view counted =
      "CASE WHEN {1:41} <> '' THEN (length({0}) - length(replace({0}, {1}, ''))) / length({1}) END";
  Row(table, "text", "count_of", {kValue, text_parameter("part")}, as_int32)
      .body(native<&body::count_of>("bf_count_of"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped(counted))
      .sqlite(wrapped(counted))
      .mariadb(wrapped("CASE WHEN {1:41} <> '' THEN (CHAR_LENGTH({0}) - CHAR_LENGTH(REPLACE({0}, {1}, ''))) "
                       "DIV CHAR_LENGTH({1}) END"))
      .doc("how often the part is in it, one behind the other")
      .examples({{"count_of('banana', 'an')", "2"},
                 {"count_of('aaa', 'aa')", "1"},
                 {"count_of('a', '')", "error: argument out of domain"},
                 {"count_of(missing, 'a')", "missing"}});
  Row(table, "text", "before", {kValue, text_parameter("part")}, as_text)
      .body(native<&body::before>("bf_before"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN strpos({0}, {1}) > 0 THEN left({0}, "
                        "strpos({0}, {1}) - 1) ELSE {0} END END"))
      .sqlite(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN instr({0}, {1}) > 0 THEN substr({0}, 1, "
                      "instr({0}, {1}) - 1) ELSE {0} END END"))
      .mariadb(wrapped("CASE WHEN {1:41} <> '' THEN SUBSTRING_INDEX({0}, {1}, 1) END"))
      .doc("what stands before the part's first place; all of it where it is nowhere")
      .examples({{"before('key=value=x', '=')", "'key'"},
                 {"before('é', '=')", "'é'"},
                 {"before('a', '')", "error: argument out of domain"},
                 {"before(missing, '=')", "missing"}});
  Row(table, "text", "after", {kValue, text_parameter("part")}, as_text)
      .body(native<&body::after>("bf_after"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN strpos({0}, {1}) > 0 THEN substr({0}, "
                        "strpos({0}, {1}) + length({1})) WHEN {0:41} IS NOT NULL THEN '' END END"))
      .sqlite(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN instr({0}, {1}) > 0 THEN substr({0}, instr({0}, "
                      "{1}) + length({1})) WHEN {0:41} IS NOT NULL THEN '' END END"))
      .mariadb(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN LOCATE({1}, {0}) > 0 THEN SUBSTR({0}, "
                       "LOCATE({1}, {0}) + CHAR_LENGTH({1})) WHEN {0:41} IS NOT NULL THEN '' END END"))
      .doc("what stands behind the part's first place; '' where it is nowhere")
      .examples({{"after('key=value=x', '=')", "'value=x'"},
                 {"after('é', '=')", "''"},
                 {"after('a', '')", "error: argument out of domain"},
                 {"after(missing, '=')", "missing"}});
  Row(table, "text", "after_last", {kValue, text_parameter("part")}, as_text)
      .body(native<&body::after_last>("bf_after_last"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN strpos({0}, {1}) > 0 THEN right({0}, "
                        "strpos(reverse({0}), reverse({1})) - 1) WHEN {0:41} IS NOT NULL THEN '' END END"))
      .sqlite(after_last)
      .mariadb(wrapped("CASE WHEN {1:41} <> '' THEN CASE WHEN LOCATE({1}, {0}) > 0 THEN RIGHT({0}, "
                       "LOCATE(REVERSE({1}), REVERSE({0})) - 1) WHEN {0:41} IS NOT NULL THEN '' END END"))
      .doc("what stands behind the part's last place; '' where it is nowhere")
      .examples({{"after_last('a/b/c.txt', '/')", "'c.txt'"},
                 {"after_last('é', '/')", "''"},
                 {"after_last('a', '')", "error: argument out of domain"},
                 {"after_last(missing, '/')", "missing"}});
  Row(table, "text", "levenshtein", {text_parameter("left"), text_parameter("right")}, as_int32)
      .body(native<&body::levenshtein>("bf_levenshtein"))
      .fails({RowError::OutOfDomain})
      .postgres(unavailable("PostgreSQL has it in an extension only"))
      .sqlite(assisted("backfill_levenshtein({0}, {1})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc("how many code points to insert, delete or change; texts of up to 4096")
      .examples({{"levenshtein('kitten', 'sitting')", "3"},
                 {"levenshtein('é', 'e')", "1"},
                 {"levenshtein('', 'abc')", "3"},
                 {"levenshtein(missing, 'a')", "missing"}});
  Row(table, "text", "soundex", {kValue}, as_text)
      .body(native<&body::soundex>("bf_soundex"))
      .postgres(unavailable("PostgreSQL has it in an extension only"))
      .sqlite(assisted("backfill_soundex({0})", kNoSuch))
      .mariadb(unavailable("SOUNDEX of MariaDB does not stop at four"))
      .doc("the sound of an English name, as fuzzystrmatch of PostgreSQL codes it")
      .examples({{"soundex('Robert')", "'R163'"},
                 {"soundex('Anne')", "'A500'"},
                 {"soundex('')", "''"},
                 {"soundex(missing)", "missing"}});
}

}  // namespace

void add_text_shapes(std::vector<Function>& table) {
  add_points(table);
  add_forms(table);
}

void add_words(std::vector<Function>& table) {
  add_words_of(table);
  add_finds(table);
}

}  // namespace backfill::stdlib
