// SPDX-License-Identifier: Apache-2.0
// Texts changed: replaced, stripped, filled up.
#include <fmt/format.h>

#include <algorithm>

#include "stdlib/native_text.h"
#include "stdlib/text_row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

const auto as_text = always<Kind::Text>;
const auto as_bool = always<Kind::Bool>;

std::vector<std::string> code_points(const std::string& text) {
  std::vector<std::string> points;
  for (const char c : text) {
    if (points.empty() || (static_cast<unsigned char>(c) & 0xc0) != 0x80) points.emplace_back();
    points.back() += c;
  }
  return points;
}

// One after the other: what one writes, no later one may read.
std::string mariadb_translate(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[2] == nullptr) return {};
  const std::vector<std::string> from = code_points(literals[1]->text());
  const std::vector<std::string> to = code_points(literals[2]->text());
  std::string result = "{0:100}";
  std::vector<std::string> written;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (std::find(from.begin(), from.begin() + static_cast<std::ptrdiff_t>(i), from[i]) !=
        from.begin() + static_cast<std::ptrdiff_t>(i))
      continue;
    const std::string target = i < to.size() ? to[i] : "";
    if (std::find(written.begin(), written.end(), from[i]) != written.end()) return {};
    for (const std::string& point : {from[i], target})
      if (point.find_first_of("'\\{}") != std::string::npos ||
          (point.size() == 1 && (point[0] < 0x20 || point[0] == 0x7f)))
        return {};
    result = fmt::format("REPLACE({}, '{}', '{}')", result, from[i], target);
    written.push_back(target);
  }
  return result;
}

void add_changes(std::vector<Function>& table) {
  Row(table, "text", "replace", {kValue, text_parameter("from"), text_parameter("to")}, as_text)
      .body(native<&body::replace>("bf_replace"))
      .fails({RowError::Overflow})
      .postgres(same("replace({0}, {1}, {2})"))
      // With an empty part SQLite does not look at the third argument.
      .sqlite(wrapped("CASE WHEN {2:41} IS NOT NULL THEN replace({0}, {1}, {2}) END"))
      .mariadb(wrapped("CASE WHEN {2:41} IS NOT NULL THEN REPLACE({0}, {1}, {2}) END"))
      .doc("every occurrence of one part replaced; an empty part changes nothing")
      .examples({{"replace('añaña', 'ñ', 'nn')", "'annanna'"},
                 {"replace('abc', '', 'x')", "'abc'"},
                 {"replace('aaa', 'aa', '')", "'a'"},
                 {"replace('a', 'b', missing)", "missing"}});
  SqlTemplate mariadb = wrapped("");
  mariadb.reason = "MariaDB has no such function; write characters that do not depend on each other";
  mariadb.special = mariadb_translate;
  Row(table, "text", "translate", {kValue, text_parameter("from"), text_parameter("to")}, as_text)
      .body(native<&body::translate>("bf_translate"))
      .fails({RowError::Overflow})
      .postgres(same("translate({0}, {1}, {2})"))
      .sqlite(assisted("backfill_translate({0}, {1}, {2})", kNoSuch))
      .mariadb(mariadb)
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
      .mariadb(same("REVERSE({0})"))
      .doc("the code points from the last to the first")
      .examples({{"reverse('aé😀')", "'😀éa'"}, {"reverse('')", "''"}, {"reverse(missing)", "missing"}});
}

void add_strips(std::vector<Function>& table) {
  Row(table, "text", "strip_prefix", {kValue, text_parameter("prefix")}, as_text)
      .body(native<&body::strip_prefix>("bf_strip_prefix"))
      .postgres(wrapped("CASE WHEN starts_with({0}, {1}) THEN substr({0}, length({1}) + 1) WHEN {1:41} IS "
                        "NOT NULL THEN {0} END"))
      .sqlite(wrapped("CASE WHEN substr({0}, 1, length({1})) COLLATE BINARY = {1:41} THEN substr({0}, "
                      "length({1}) + 1) WHEN {1:41} IS NOT NULL THEN {0} END"))
      .mariadb(wrapped("CASE WHEN LEFT({0}, CHAR_LENGTH({1})) = {1:41} THEN SUBSTR({0}, CHAR_LENGTH({1}) + "
                       "1) WHEN {1:41} IS NOT NULL THEN {0} END"))
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
      .mariadb(wrapped("CASE WHEN RIGHT({0}, CHAR_LENGTH({1})) = {1:41} THEN LEFT({0}, CHAR_LENGTH({0}) - "
                       "CHAR_LENGTH({1})) WHEN {1:41} IS NOT NULL THEN {0} END"))
      .doc("without the suffix, where it has it")
      .examples({{"strip_suffix('abé', 'é')", "'ab'"},
                 {"strip_suffix('ab', 'a')", "'ab'"},
                 {"strip_suffix('a', missing)", "missing"}});
}

void add_checks(std::vector<Function>& table) {
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
  Row(table, "text", "one_of", {kValue, text_parameter("choice")},
      [](std::span<const Type> types) { return types[0].optional ? text().or_missing() : text(); })
      .variadic()
      .nulls(NullRule::Decides)
      .body(native<&body::one_of>("bf_one_of"))
      .fails({RowError::NotInEnum})
      .everywhere(wrapped("CASE WHEN {0:41} IN ({*1}) THEN {0} END"))
      .doc(
          "the text, where it is one of the choices; else the row fails. What a conversion to an enum asks "
          "for")
      .examples({{"one_of('é', 'a', 'é')", "'é'"},
                 {"one_of('A', 'a', 'é')", "error: not in enum"},
                 {"one_of('a ', 'a', missing)", "error: not in enum"},
                 {"one_of('a', 'a', missing)", "'a'"},
                 {"one_of(missing, 'a')", "missing"}});
  Row(table, "text", "is_blank", {kValue}, as_bool)
      .nulls(NullRule::NeverMissing)
      .body(native<&body::is_blank>("bf_is_blank"))
      .postgres(wrapped("trim(coalesce({0}, '')) = ''", 40))
      .sqlite(wrapped("trim(coalesce({0}, '')) = ''", 40))
      .mariadb(wrapped("TRIM(COALESCE({0}, '')) = ''", 40))
      .doc("is it missing, empty or only spaces (U+0020)")
      .examples({{"is_blank('  ')", "true"},
                 {"is_blank(missing)", "true"},
                 {"is_blank(' é')", "false"},
                 {"is_blank('')", "true"}});
}

// So many blanks or more, cut to the ones that are missing; `fill` is not ''.
std::string_view sqlite_pad(bool left, bool blank) {
  const std::string missing = "{1:70} - length({0})";
  const std::string room =
      blank ? fmt::format("replace(hex(zeroblob({})), '00', ' ')", missing)
            : fmt::format("substr(replace(hex(zeroblob(({}) / length({{2}}) + 1)), '00', {{2}}), 1, {})",
                          missing, missing);
  const std::string padded =
      left ? fmt::format("{} || {{0:100}}", room) : fmt::format("{{0:100}} || {}", room);
  return keep(fmt::format(
      "CASE WHEN {{1:41}} BETWEEN 0 AND 67108864{} THEN CASE WHEN length({{0}}) >= {{1:41}} THEN "
      "substr({{0}}, "
      "1, {{1}}) {} END END",
      blank ? "" : " AND {2:41} IS NOT NULL",
      fmt::format("{} THEN {}", blank ? "WHEN {0:41} IS NOT NULL" : "WHEN {2:41} <> ''", padded)));
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
      .postgres(guarded("{1:41} BETWEEN 0 AND 67108864", fill_call))
      .sqlite(wrapped(sqlite_pad(name == "lpad", false)))
      .mariadb(guarded("{1:41} >= 0 AND CHAR_LENGTH({0}) >= {1:41} AND {2:41} IS NOT NULL THEN LEFT({0}, "
                       "{1}) WHEN {1:41} >= 0",
                       fill_call))
      .doc("filled up, or cut, to a number of code points")
      .examples(std::move(filled));
  Row(table, "text", name, {kValue, count_parameter("length")}, as_text)
      .body(native<with_blanks>(blank_symbol))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(guarded("{1:41} BETWEEN 0 AND 67108864", blank_call))
      .sqlite(wrapped(sqlite_pad(name == "lpad", true)))
      .mariadb(guarded("{1:41} >= 0", blank_call))
      .doc("filled up with spaces, or cut, to a number of code points")
      .examples(std::move(blank));
}

}  // namespace

void add_text_changes(std::vector<Function>& table) {
  add_changes(table);
  add_strips(table);
  add_checks(table);
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
