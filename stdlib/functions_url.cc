// SPDX-License-Identifier: Apache-2.0
// Parts of addresses, and what is there at all: functions that may answer missing.
#include <fmt/format.h>

#include "stdlib/native_text_shape.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_text;

const Parameter kValue = {"value", text()};
constexpr std::string_view kNoSuch = "SQLite has no such function";
constexpr std::string_view kNone = "there is no such function there";
constexpr std::string_view kNoPostgres = "PostgreSQL has no such function";

Type optional_text(std::span<const Type>) {
  return text().or_missing();
}

template <auto native_body>
void add_part(std::vector<Function>& table, std::string_view name, std::string_view postgres,
              std::string_view doc, std::vector<Example> examples) {
  Row(table, "address", name, {kValue}, optional_text)
      .nulls(NullRule::Decides)
      .body(native<native_body>(keep(fmt::format("bf_{}", name))))
      .postgres(wrapped(postgres))
      .sqlite(assisted(keep(fmt::format("backfill_{}({{0}})", name)), kNoSuch))
      .mariadb(unavailable(kNotProven))
      .doc(doc)
      .examples(std::move(examples));
}

void add_parts(std::vector<Function>& table) {
  add_part<&body::email_local>(table, "email_local", "substring({0} from '^(.+)@[^@]+$')",
                               "what stands before the last @, missing where that is no address",
                               {{"email_local('ann.lee@example.org')", "'ann.lee'"},
                                {"email_local('ann')", "missing"},
                                {"email_local('é@b')", "'é'"},
                                {"email_local(missing)", "missing"}});
  add_part<&body::email_domain>(table, "email_domain", "substring({0} from '^.+@([^@]+)$')",
                                "what stands behind the last @, missing where that is no address",
                                {{"email_domain('ann@Example.org')", "'Example.org'"},
                                 {"email_domain('@example.org')", "missing"},
                                 {"email_domain('ann@')", "missing"},
                                 {"email_domain(missing)", "missing"}});
  add_part<&body::url_scheme>(table, "url_scheme",
                              "lower(substring({0} from '^([A-Za-z][A-Za-z0-9+.-]*)://') COLLATE \"C\")",
                              "what stands before ://, in lower case; missing where there is none",
                              {{"url_scheme('HTTPS://example.org')", "'https'"},
                               {"url_scheme('example.org')", "missing"},
                               {"url_scheme(missing)", "missing"}});
  add_part<&body::url_host>(
      table, "url_host",
      "lower(substring({0} from '^[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:]+)') COLLATE \"C\")",
      "the host behind ://, in lower case, without user and port; missing where there is none",
      {{"url_host('https://ann@Example.org:8080/a?b')", "'example.org'"},
       {"url_host('/path')", "missing"},
       {"url_host('http:///x')", "missing"},
       {"url_host(missing)", "missing"}});
  add_part<&body::url_path>(table, "url_path",
                            "substring({0} from '^[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*([^?#]*)')",
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
