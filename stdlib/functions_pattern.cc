// SPDX-License-Identifier: Apache-2.0
// `like` and regular expressions (pattern.h). Patterns are written out in the spec, checked there, and
// spelled anew for each database. Parameters named `pattern` must be literals.
#include <fmt/format.h>

#include "stdlib/native_pattern.h"
#include "stdlib/pattern.h"
#include "stdlib/text_row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_pattern;

const Parameter kPattern = {"pattern", text()};
const Parameter kTo = {"to", text()};

constexpr std::string_view kTwoReadings =
    "PostgreSQL takes the longest alternative, others the first: write the pattern so that it can match in "
    "one way";
constexpr std::string_view kNoRegex = "SQLite has no regular expressions";
constexpr std::string_view kWritten = "the pattern must be written out";

// As a literal within a template.
std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'' || c == '{' || c == '}') result += c;
    result += c;
  }
  return result + "'";
}

std::optional<Pattern> pattern_of(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing()) return std::nullopt;
  return parse_pattern(literals[1]->text()).pattern;
}

enum class Asks { Whether, Which };  // whether it matches, or what and where

// `form` has %s where the pattern's literal goes.
std::string with(std::string_view form, const std::string& literal) {
  std::string result(form);
  for (std::size_t at = result.find("%s"); at != std::string::npos;
       at = result.find("%s", at + literal.size()))
    result.replace(at, 2, literal);
  return result;
}

struct Forms {
  std::string_view postgres, mariadb;
};
constexpr Forms kTest = {"{0:100} COLLATE \"C\" ~ %s",
                         "CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin REGEXP %s"};
constexpr Forms kSubstr = {"regexp_substr({0:100} COLLATE \"C\", %s)",
                           "CASE WHEN CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin REGEXP %s THEN "
                           "REGEXP_SUBSTR(CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin, %s) END"};
constexpr Forms kCapture = {"regexp_substr({0:100} COLLATE \"C\", %s, 1, 1, '', 1)", ""};
constexpr Forms kCount = {"regexp_count({0:100} COLLATE \"C\", %s)", ""};
constexpr Forms kInstr = {"regexp_instr({0:100} COLLATE \"C\", %s)",
                          "REGEXP_INSTR(CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin, %s)"};
constexpr Forms kReplace = {"regexp_replace({0:100} COLLATE \"C\", %s, {2}, 'g')",
                            "REGEXP_REPLACE(CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin, %s, {2})"};
constexpr Forms kReplaceFirst = {"regexp_replace({0:100} COLLATE \"C\", %s, {2})", ""};

template <const Forms& forms, Asks asks>
std::string postgres_form(std::span<const Value* const> literals) {
  const std::optional<Pattern> pattern = pattern_of(literals);
  if (!pattern || (asks == Asks::Which && !pattern->one_reading)) return {};
  if (&forms == &kCapture && pattern->groups == 0) return "CAST(NULL AS text)";  // fails in every row
  return with(forms.postgres, quoted(pattern->postgres));
}

// PCRE2 and RE2 prefer alike.
template <const Forms& forms>
std::string mariadb_form(std::span<const Value* const> literals) {
  const std::optional<Pattern> pattern = pattern_of(literals);
  return pattern ? with(forms.mariadb, quoted(pattern->re2)) : std::string();
}

// MariaDB replaces every match: the first one is cut out, where nothing in `to` speaks of groups.
std::string mariadb_replace_first(std::span<const Value* const> literals) {
  const std::optional<Pattern> pattern = pattern_of(literals);
  if (!pattern || literals[2] == nullptr || literals[2]->text().find('\\') != std::string::npos) return {};
  constexpr std::string_view kText = "CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin";
  return with(
      fmt::format("CASE WHEN {0} REGEXP %s THEN CONCAT(LEFT({{0}}, REGEXP_INSTR({0}, %s) - 1), {{2}}, "
                  "SUBSTR({{0}}, REGEXP_INSTR({0}, %s) + CHAR_LENGTH(REGEXP_SUBSTR({0}, %s)))) WHEN "
                  "{{0:41}} IS NOT NULL THEN {{0}} END",
                  kText),
      quoted(pattern->re2));
}

template <const Forms& forms, Asks asks>
void add_sql(Row& row, int strength = 100) {
  SqlTemplate postgres = wrapped("", strength);
  postgres.reason = asks == Asks::Which ? kTwoReadings : kWritten;
  postgres.special = postgres_form<forms, asks>;
  row.postgres(postgres);
  if (forms.mariadb.empty()) {
    row.mariadb(unavailable("MariaDB has no such function"));
    return;
  }
  SqlTemplate mariadb = wrapped("", strength);
  mariadb.reason = kWritten;
  mariadb.special = mariadb_form<forms>;
  row.mariadb(mariadb);
}

// SQLite's LIKE knows no case; its GLOB does, and has other signs.
std::string sqlite_like(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing()) return {};
  const auto parts = parse_like(literals[1]->text());
  if (!parts) return {};
  std::string glob;
  for (const LikePart& part : *parts) {
    const char c = part.literal[0];
    if (static_cast<unsigned char>(c) < 0x20) return {};
    if (part.kind == LikePart::Literal) {
      glob += c == '*' || c == '?' || c == '[' ? fmt::format("[{}]", c) : std::string(part.literal);
    } else {
      glob += part.kind == LikePart::Any ? '*' : '?';
    }
  }
  return "{0:100} GLOB " + quoted(glob);
}

// With ! as the escape, which needs no escape of its own in a literal.
std::string standard_like(std::string_view value, std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing()) return {};
  const auto parts = parse_like(literals[1]->text());
  if (!parts) return {};
  std::string form;
  for (const LikePart& part : *parts) {
    const bool sign = part.literal == "!" || part.literal == "%" || part.literal == "_";
    form +=
        part.kind == LikePart::Literal && sign ? "!" + std::string(part.literal) : std::string(part.literal);
  }
  return fmt::format("{} LIKE {} ESCAPE '!'", value, quoted(form));
}
std::string postgres_like(std::span<const Value* const> literals) {
  return standard_like("{0:100} COLLATE \"C\"", literals);
}
std::string mariadb_like(std::span<const Value* const> literals) {
  return standard_like("CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin", literals);
}

SqlTemplate written(std::string (*special)(std::span<const Value* const>)) {
  SqlTemplate sql = wrapped("", 40);
  sql.reason = kWritten;
  sql.special = special;
  return sql;
}

void add_tests(std::vector<Function>& table) {
  Row(table, "operator", "like", {kValue, kPattern}, always<Kind::Bool>)
      .as_operator()
      .body(native<&body::like>("bf_like"))
      .fails({RowError::OutOfDomain})
      .postgres(written(postgres_like))
      .sqlite(written(sqlite_like))
      .mariadb(written(mariadb_like))
      .doc("is the whole text of that form: % is any text, _ any code point, \\ takes the next one as it is")
      .examples({{"'Ann Lee' like 'Ann%'", "true"},
                 {"'ann' like 'A%'", "false"},
                 {"'é' like '_'", "true"},
                 {"'50%' like '%\\%'", "true"},
                 {"missing like 'a%'", "missing"}});
  Row test(table, "pattern", "regexp_like", {kValue, kPattern}, always<Kind::Bool>);
  test.body(native<&body::test>("bf_regexp_like"))
      .fails({RowError::OutOfDomain})
      .sqlite(assisted("backfill_regexp_like({0}, {1})", kNoRegex))
      .doc("does the pattern match somewhere in it (what `matches` asks)")
      .examples({{"regexp_like('ann@example.org', /@[a-z.]+$/)", "true"},
                 {"regexp_like('Ann', /^a/)", "false"},
                 {"regexp_like('a', /^(b|c)$/)", "false"},
                 {"regexp_like('é1', /^.\\d$/)", "true"},
                 {"regexp_like(missing, /a/)", "missing"}});
  add_sql<kTest, Asks::Whether>(test, 40);
}

void add_finds(std::vector<Function>& table) {
  const auto optional_text = [](std::span<const Type>) { return text().or_missing(); };
  Row substr(table, "pattern", "regexp_substr", {kValue, kPattern}, optional_text);
  substr.nulls(NullRule::Decides)
      .body(native<&body::substr>("bf_regexp_substr"))
      .fails({RowError::OutOfDomain})
      .sqlite(assisted("backfill_regexp_substr({0}, {1})", kNoRegex))
      .doc("the first part that the pattern matches, missing where it matches nothing")
      .examples({{"regexp_substr('order 4711 of 12', /[0-9]+/)", "'4711'"},
                 {"regexp_substr('none', /[0-9]+/)", "missing"},
                 {"regexp_substr('aé', /[^a]/)", "'é'"},
                 {"regexp_substr(missing, /a/)", "missing"}});
  add_sql<kSubstr, Asks::Which>(substr);
  Row capture(table, "pattern", "regexp_capture", {kValue, kPattern}, optional_text);
  capture.nulls(NullRule::Decides)
      .body(native<&body::capture>("bf_regexp_capture"))
      .fails({RowError::OutOfDomain})
      .sqlite(assisted("backfill_regexp_capture({0}, {1})", kNoRegex))
      .doc("what the first group holds where the pattern matches first, missing where it does not")
      .examples({{"regexp_capture('id=42;', /id=([0-9]+);/)", "'42'"},
                 {"regexp_capture('id=;', /id=([0-9]+);/)", "missing"},
                 {"regexp_capture('a-é', /-(.)$/)", "'é'"},
                 {"regexp_capture(missing, /(a)/)", "missing"}});
  add_sql<kCapture, Asks::Which>(capture);
  Row count(table, "pattern", "regexp_count", {kValue, kPattern}, always<Kind::Int32>);
  count.body(native<&body::count>("bf_regexp_count"))
      .fails({RowError::OutOfDomain})
      .sqlite(assisted("backfill_regexp_count({0}, {1})", kNoRegex))
      .doc("how many parts, one behind the other, the pattern matches")
      .examples({{"regexp_count('a1b22c', /[0-9]+/)", "2"},
                 {"regexp_count('', /a/)", "0"},
                 {"regexp_count('aaa', /aa/)", "1"},
                 {"regexp_count(missing, /a/)", "missing"}});
  add_sql<kCount, Asks::Which>(count);
  Row instr(table, "pattern", "regexp_instr", {kValue, kPattern}, always<Kind::Int32>);
  instr.body(native<&body::instr>("bf_regexp_instr"))
      .fails({RowError::OutOfDomain})
      .sqlite(assisted("backfill_regexp_instr({0}, {1})", kNoRegex))
      .doc("where the first match begins (1 is the first code point), 0 where there is none")
      .examples({{"regexp_instr('éa1', /[0-9]/)", "3"},
                 {"regexp_instr('abc', /x/)", "0"},
                 {"regexp_instr('abc', /^a/)", "1"},
                 {"regexp_instr(missing, /a/)", "missing"}});
  add_sql<kInstr, Asks::Which>(instr);
}

void add_replacements(std::vector<Function>& table) {
  Row all(table, "pattern", "regexp_replace", {kValue, kPattern, kTo}, always<Kind::Text>);
  all.body(native<&body::replace>("bf_regexp_replace"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .sqlite(assisted("backfill_regexp_replace({0}, {1}, {2})", kNoRegex))
      .doc("every match replaced (PostgreSQL's 'g'); in `to`, \\1 to \\9 are groups and \\\\ is a backslash")
      .examples({{"regexp_replace('a  b   c', /\\s+/, ' ')", "'a b c'"},
                 {"regexp_replace('Lee, Ann', /^([^,]+), (.+)$/, '\\2 \\1')", "'Ann Lee'"},
                 {"regexp_replace('abc', /x/, 'y')", "'abc'"},
                 {"regexp_replace('abc', /b/, '\\9')", "error: argument out of domain"},
                 {"regexp_replace(missing, /a/, 'b')", "missing"}});
  add_sql<kReplace, Asks::Which>(all);
  Row first(table, "pattern", "regexp_replace_first", {kValue, kPattern, kTo}, always<Kind::Text>);
  first.body(native<&body::replace_first>("bf_regexp_replace_first"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .sqlite(assisted("backfill_regexp_replace_first({0}, {1}, {2})", kNoRegex))
      .doc("the first match replaced; `to` as in regexp_replace")
      .examples({{"regexp_replace_first('a1b2', /[0-9]/, '')", "'ab2'"},
                 {"regexp_replace_first('abc', /x/, 'y')", "'abc'"},
                 {"regexp_replace_first('é-é', /é/, 'e')", "'e-é'"},
                 {"regexp_replace_first(missing, /a/, 'b')", "missing"}});
  add_sql<kReplaceFirst, Asks::Which>(first);
  SqlTemplate mariadb = wrapped("");
  mariadb.reason = "MariaDB replaces every match; write the replacement out, without groups";
  mariadb.special = mariadb_replace_first;
  first.mariadb(mariadb);
}

}  // namespace

void add_patterns(std::vector<Function>& table) {
  add_tests(table);
  add_finds(table);
  add_replacements(table);
}

}  // namespace backfill::stdlib
