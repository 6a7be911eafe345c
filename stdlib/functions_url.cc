// SPDX-License-Identifier: Apache-2.0
// Parts of addresses, and what is there at all: functions that may answer missing.
#include <fmt/format.h>

#include "stdlib/mariadb_form.h"
#include "stdlib/native_text_shape.h"
#include "stdlib/text_row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

constexpr std::string_view kNoPostgres = "PostgreSQL has no such function";

Type optional_text(std::span<const Type>) {
  return text().or_missing();
}

struct Forms {
  std::string_view postgres, mariadb;
  SqlTemplate sqlite;
};

template <auto native_body>
void add_part(std::vector<Function>& table, std::string_view name, const Forms& forms, std::string_view doc,
              std::vector<Example> examples) {
  Row(table, "address", name, {kValue}, optional_text)
      .nulls(NullRule::Decides)
      .body(native<native_body>(keep(fmt::format("bf_{}", name))))
      .postgres(wrapped(forms.postgres))
      .sqlite(forms.sqlite)
      .mariadb(wrapped(forms.mariadb))
      .doc(doc)
      .examples(std::move(examples));
}

// What rtrim leaves ends with the last @.
constexpr std::string_view kSqliteLocal =
    "CASE WHEN length(rtrim({0}, replace({0}, '@', ''))) BETWEEN 2 AND length({0}) - 1 THEN substr({0}, 1, "
    "length(rtrim({0}, replace({0}, '@', ''))) - 1) END";
constexpr std::string_view kSqliteDomain =
    "CASE WHEN length(rtrim({0}, replace({0}, '@', ''))) BETWEEN 2 AND length({0}) - 1 THEN substr({0}, "
    "length(rtrim({0}, replace({0}, '@', ''))) + 1) END";
constexpr std::string_view kMariaDbLocal =
    "CASE WHEN CHAR_LENGTH(SUBSTRING_INDEX({0}, '@', -1)) BETWEEN 1 AND CHAR_LENGTH({0}) - 2 THEN LEFT({0}, "
    "CHAR_LENGTH({0}) - CHAR_LENGTH(SUBSTRING_INDEX({0}, '@', -1)) - 1) END";
constexpr std::string_view kMariaDbDomain =
    "CASE WHEN CHAR_LENGTH(SUBSTRING_INDEX({0}, '@', -1)) BETWEEN 1 AND CHAR_LENGTH({0}) - 2 THEN "
    "SUBSTRING_INDEX({0}, '@', -1) END";

void add_emails(std::vector<Function>& table) {
  add_part<&body::email_local>(table, "email_local",
                               {"substring({0} from '^(.+)@[^@]+$')", kMariaDbLocal, wrapped(kSqliteLocal)},
                               "what stands before the last @, missing where that is no address",
                               {{"email_local('ann.lee@example.org')", "'ann.lee'"},
                                {"email_local('ann')", "missing"},
                                {"email_local('é@b')", "'é'"},
                                {"email_local(missing)", "missing"}});
  add_part<&body::email_domain>(
      table, "email_domain", {"substring({0} from '^.+@([^@]+)$')", kMariaDbDomain, wrapped(kSqliteDomain)},
      "what stands behind the last @, missing where that is no address",
      {{"email_domain('ann@Example.org')", "'Example.org'"},
       {"email_domain('@example.org')", "missing"},
       {"email_domain('ann@')", "missing"},
       {"email_domain(missing)", "missing"}});
}

// A scheme in front of the first ://.
constexpr std::string_view kSqliteScheme =
    "{0:100} GLOB '[A-Za-z]*://*' AND substr({0}, 1, instr({0}, '://') - 1) NOT GLOB '*[^A-Za-z0-9+.-]*'";

// Up to ? and then up to #, from the first slash on.
std::string_view sqlite_path() {
  return keep(fmt::format(
      "CASE WHEN {} THEN (SELECT CASE WHEN instr(rest, '/') > 0 THEN substr(rest, instr(rest, '/')) ELSE '' "
      "END FROM (SELECT substr(rest, 1, instr(rest || '#', '#') - 1) AS rest FROM (SELECT substr(rest, 1, "
      "instr(rest || '?', '?') - 1) AS rest FROM (SELECT substr({{0}}, instr({{0}}, '://') + 3) AS rest)))) "
      "END",
      kSqliteScheme));
}

constexpr std::string_view kMariaDbScheme = "{0:100} REGEXP '^[A-Za-z][A-Za-z0-9+.-]*://'";

// Up to the first @ it is a user, where there is one.
constexpr std::string_view kHost = "^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@|(?![^/?#@]*@)){}[^/?#:]+";

void add_parts(std::vector<Function>& table) {
  add_part<&body::url_scheme>(
      table, "url_scheme",
      {"lower(substring({0} from '^([A-Za-z][A-Za-z0-9+.-]*)://') COLLATE \"C\")",
       keep(fmt::format("CASE WHEN {} THEN LOWER(SUBSTRING_INDEX({{0}}, '://', 1)) END", kMariaDbScheme)),
       wrapped(keep(fmt::format("CASE WHEN {} THEN lower(substr({{0}}, 1, instr({{0}}, '://') - 1)) END",
                                kSqliteScheme)))},
      "what stands before ://, in lower case; missing where there is none",
      {{"url_scheme('HTTPS://example.org')", "'https'"},
       {"url_scheme('example.org')", "missing"},
       {"url_scheme(missing)", "missing"}});
  const std::string postgres_host = fmt::format(kHost, "(");
  const std::string mariadb_host = fmt::format(kHost, "\\K");
  add_part<&body::url_host>(
      table, "url_host",
      {keep(fmt::format("lower(substring({{0}} from '{})') COLLATE \"C\")", postgres_host)),
       keep(fmt::format(
           "CASE WHEN {{0:100}} REGEXP '{0}' THEN {1} END", mariadb_host,
           mariadb_form::ascii_case("LOWER", fmt::format("REGEXP_SUBSTR({{0}}, '{}')", mariadb_host)))),
       assisted("backfill_url_host({0})", kNoSuch)},
      "the host behind ://, in lower case, without user and port; missing where there is none",
      {{"url_host('https://ann@Example.org:8080/a?b')", "'example.org'"},
       {"url_host('/path')", "missing"},
       {"url_host('http:///x')", "missing"},
       {"url_host(missing)", "missing"}});
  add_part<&body::url_path>(table, "url_path",
                            {"substring({0} from '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*([^?#]*)')",
                             keep(fmt::format("CASE WHEN {} THEN REGEXP_SUBSTR({{0}}, "
                                              "'^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*\\K[^?#]*') END",
                                              kMariaDbScheme)),
                             wrapped(sqlite_path())},
                            "the path of a URL with ://, '' where it has none",
                            {{"url_path('https://example.org/a/b?c#d')", "'/a/b'"},
                             {"url_path('https://example.org?x')", "''"},
                             {"url_path('a/b')", "missing"},
                             {"url_path(missing)", "missing"}});
}

void add_queries(std::vector<Function>& table) {
  Row(table, "address", "url_query_param", {kValue, {"name", text()}}, optional_text)
      .nulls(NullRule::Decides)
      .body(native<&body::url_query_param>("bf_url_query_param"))
      .fails({RowError::ConversionFailed, RowError::InvalidUtf8})
      .postgres(unavailable(kNoPostgres))
      .sqlite(assisted("backfill_url_query_param({0}, {1})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc(
          "the value of the first parameter of that name behind ?, with its % signs resolved; missing where "
          "there is none")
      .examples({{"url_query_param('https://example.org/?a=1&q=x%20y', 'q')", "'x y'"},
                 {"url_query_param('/?a=1', 'b')", "missing"},
                 {"url_query_param('/?a=%zz', 'a')", "error: conversion failed"},
                 {"url_query_param(missing, 'a')", "missing"}});
  Row(table, "address", "url_encode", {kValue}, always<Kind::Text>)
      .body(native<&body::url_encode>("bf_url_encode"))
      .postgres(unavailable(kNoPostgres))
      .sqlite(assisted("backfill_url_encode({0})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc("with % signs for every byte that is no ASCII letter, digit or one of - . _ ~")
      .examples({{"url_encode('a b/é')", "'a%20b%2F%C3%A9'"},
                 {"url_encode('')", "''"},
                 {"url_encode(missing)", "missing"}});
  Row(table, "address", "url_decode", {kValue}, always<Kind::Text>)
      .body(native<&body::url_decode>("bf_url_decode"))
      .fails({RowError::ConversionFailed, RowError::InvalidUtf8})
      .postgres(unavailable(kNoPostgres))
      .sqlite(assisted("backfill_url_decode({0})", kNoSuch))
      .mariadb(unavailable(kNone))
      .doc("with its % signs resolved; + stays")
      .examples({{"url_decode('a%20b%2F%C3%A9')", "'a b/é'"},
                 {"url_decode('%4')", "error: conversion failed"},
                 {"url_decode('%ff')", "error: invalid UTF-8"},
                 {"url_decode(missing)", "missing"}});
}

// How many of them satisfy `test`, as a sum of 0 and 1.
std::string summed(std::size_t count, std::string_view test) {
  std::string sql = "(";
  for (std::size_t i = 0; i < count; ++i)
    sql += fmt::format("{}CASE WHEN {{{}:41}} {} THEN 1 ELSE 0 END", i == 0 ? "" : " + ", i, test);
  return sql + ")";
}
std::string nulls(std::span<const Value* const> arguments) {
  return summed(arguments.size(), "IS NULL");
}
std::string nonnulls(std::span<const Value* const> arguments) {
  return summed(arguments.size(), "IS NOT NULL");
}

}  // namespace

void add_urls(std::vector<Function>& table) {
  add_emails(table);
  add_parts(table);
  add_queries(table);
}

void add_presence(std::vector<Function>& table) {
  Row(table, "choice", "blank_to_missing", {kValue}, optional_text)
      .nulls(NullRule::Decides)
      .body(native<&body::blank_to_missing>("bf_blank_to_missing"))
      .everywhere(wrapped("CASE WHEN trim({0}) <> '' THEN {0} END"))
      .doc("the text, or missing where it is empty or only spaces (U+0020)")
      .examples({{"blank_to_missing('  ')", "missing"},
                 {"blank_to_missing(' a')", "' a'"},
                 {"blank_to_missing('')", "missing"},
                 {"blank_to_missing(missing)", "missing"}});
  SqlTemplate count_nulls = wrapped("CASE WHEN {0:41} IS NULL THEN 1 ELSE 0 END");
  count_nulls.special = nulls;
  SqlTemplate count_nonnulls = wrapped("CASE WHEN {0:41} IS NOT NULL THEN 1 ELSE 0 END");
  count_nonnulls.special = nonnulls;
  Row(table, "choice", "num_nulls", {kValue}, always<Kind::Int32>)
      .variadic()
      .nulls(NullRule::NeverMissing)
      .body(native<&body::num_nulls>("bf_num_nulls"))
      .everywhere(count_nulls)
      .doc("how many of the texts are missing")
      .examples({{"num_nulls('a', missing, '')", "1"},
                 {"num_nulls('a')", "0"},
                 {"num_nulls(missing, missing)", "2"}});
  Row(table, "choice", "num_nonnulls", {kValue}, always<Kind::Int32>)
      .variadic()
      .nulls(NullRule::NeverMissing)
      .body(native<&body::num_nonnulls>("bf_num_nonnulls"))
      .everywhere(count_nonnulls)
      .doc("how many of the texts are present")
      .examples({{"num_nonnulls('a', missing, '')", "2"},
                 {"num_nonnulls('a')", "1"},
                 {"num_nonnulls(missing, missing)", "0"}});
}

}  // namespace backfill::stdlib
