// SPDX-License-Identifier: Apache-2.0
// What texts spell.
#include <fmt/format.h>

#include "stdlib/conversion_row.h"
#include "stdlib/postgres_form.h"

namespace backfill::stdlib {
namespace {

// PostgreSQL reads more forms than we do (tabs, words, other calendars), and ends the statement at what it
// does not read: guards keep it to ours.
constexpr std::string_view kFraction = "[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)";

std::string_view postgres_integer(Kind kind) {
  return keep(fmt::format(
      "CASE WHEN {{0:100}} ~ '^ *[-+]?0*[0-9]{{{{1,19}}}} *$' THEN CASE WHEN {{0:100}}::numeric {} THEN "
      "{{0:100}}::{} END END",
      postgres_form::range(kind), postgres_form::type_of(kind)));
}

// The day must be one of its month.
constexpr std::string_view kDateForm = "(?!0000)[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
std::string postgres_moment(std::string_view rest, std::string_view type) {
  return fmt::format(
      "CASE WHEN {{0:100}} ~ '^ *{}{} *$' THEN CASE WHEN substr(ltrim({{0}}), 9, 2)::int4 <= extract(day "
      "FROM "
      "(substr(ltrim({{0}}), 1, 8) || '01')::date + interval '1 month -1 day') THEN {{0:100}}::{} END END",
      kDateForm, rest, type);
}
constexpr std::string_view kTimeForm = "[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{{1,6}})?)?";
constexpr std::string_view kZoneForm = "(Z|[-+](0[0-9]|1[0-4]):[0-5][0-9])";

// A zone may move it out of the years 1 to 9999.
std::string postgres_instant() {
  return fmt::format(
      "(SELECT CASE WHEN n.n BETWEEN '0001-01-01 00:00:00+00'::timestamptz AND '9999-12-31 "
      "23:59:59.999999+00'::timestamptz THEN n.n END FROM (SELECT {} AS n OFFSET 0) AS n)",
      postgres_moment(fmt::format("{}{}", kTimeForm, kZoneForm), "timestamptz"));
}

// SQLite reads any prefix and clamps: only a sign and digits may pass, and only what stays an integer.
std::string_view sqlite_integer_from_text(std::string_view range) {
  return keep(
      fmt::format("CASE WHEN trim({{0}}) GLOB '[-+0-9]*' AND trim({{0}}) GLOB '*[0-9]' AND "
                  "substr(trim({{0}}), 2) NOT GLOB '*[^0-9]*' AND "
                  "typeof(CAST(trim({{0}}) AS NUMERIC)) = 'integer'{} THEN CAST(trim({{0}}) AS INTEGER) END",
                  range));
}

// Behind the last character: `$` also stands in front of a newline at the end. No backslash, which some
// sessions take out of literals.
constexpr std::string_view kEnd = "(?!.|[[:cntrl:]])";

std::string mariadb_form(std::string_view pattern) {
  return fmt::format("{{0:41}} REGEXP '^ *{} *{}'", pattern, kEnd);
}

// Too long a number becomes the greatest of the wider type: outside the range, too.
std::string_view mariadb_integer_from_text(std::string_view range) {
  return keep(fmt::format(
      "CASE WHEN {} AND CAST(TRIM({{0}}) AS DECIMAL(65)) BETWEEN {} THEN CAST(TRIM({{0}}) AS SIGNED) END",
      mariadb_form("[-+]?[0-9]+"), range));
}

// At most 38 digits, zeros in front apart.
std::string_view mariadb_decimal_from_text() {
  return keep(fmt::format(
      "CASE WHEN {} AND CHAR_LENGTH(REGEXP_REPLACE(REPLACE(TRIM({{0}}), '.', ''), '^[-+]?0*', '')) <= 38 AND "
      "CAST(TRIM({{0}}) AS DECIMAL({{p}}, {{s}})) = CAST(TRIM({{0}}) AS DECIMAL(65, {{s}})) "
      "THEN CAST(TRIM({{0}}) AS DECIMAL({{p}}, {{s}})) END",
      mariadb_form("[-+]?([0-9]+[.]?[0-9]{{0,38}}|[.][0-9]{{1,38}})")));
}

// MariaDB gives the greatest float for what is too great, and 0 for what is too small.
std::string_view mariadb_float_from_text() {
  const std::string form = mariadb_form("[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?");
  return keep(
      fmt::format("CASE WHEN {} AND (ABS(CAST(TRIM({{0}}) AS DOUBLE)) < 1.7976931348623157e308 OR "
                  "{{0:41}} REGEXP '^ *[-+]?1[.]7976931348623157[eE][+]?308 *{}') AND "
                  "(CAST(TRIM({{0}}) AS DOUBLE) <> 0 OR {{0:41}} NOT REGEXP '^[^eE]*[1-9]') THEN "
                  "CAST(TRIM({{0}}) AS DOUBLE) END",
                  form, kEnd));
}

// Beside another date MariaDB's CAST keeps 2024-02-30: the day is asked of the month.
constexpr std::string_view kDay = "[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
constexpr std::string_view kValid =
    "TRIM({0}) >= '0001' AND SUBSTR(TRIM({0}), 9, 2) <= DAYOFMONTH(LAST_DAY(CONCAT(LEFT(TRIM({0}), 8), "
    "'01')))";
constexpr std::string_view kMoment =
    "[0-9]{{4}}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[T "
    "]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{{1,6}})?)?";

std::string_view mariadb_date_from_text() {
  return keep(
      fmt::format("CASE WHEN {} AND {} THEN CAST(TRIM({{0}}) AS DATE) END", mariadb_form(kDay), kValid));
}

std::string_view mariadb_local_from_text() {
  return keep(fmt::format("CASE WHEN {} AND {} THEN CAST(TRIM({{0}}) AS DATETIME(6)) END",
                          mariadb_form(kMoment), kValid));
}

std::string_view mariadb_instant_from_text() {
  const std::string offset = "REGEXP_SUBSTR(TRIM({0}), '[-+][0-9]{{2}}(:[0-9]{{2}})?$')";
  const std::string with_z = "CAST(TRIM(TRAILING 'Z' FROM TRIM({0})) AS DATETIME(6))";
  const std::string with_offset = fmt::format(
      "CAST(LEFT(TRIM({{0}}), CHAR_LENGTH(TRIM({{0}})) - CHAR_LENGTH({0})) AS DATETIME(6)) - "
      "INTERVAL LEFT(CONCAT({0}, ':00'), 6) HOUR_MINUTE",
      offset);
  const std::string form = mariadb_form(fmt::format("{}(Z|[-+](0[0-9]|1[0-5])(:[0-5][0-9])?)", kMoment));
  return keep(fmt::format("CASE WHEN {} AND {} THEN CASE WHEN {{0:41}} LIKE '%Z%' THEN {} ELSE {} END END",
                          form, kValid, with_z, with_offset));
}

void add_integers_from_text(std::vector<Function>& table) {
  const std::string_view doc = "the whole number that the text spells: a sign and digits, spaces around them";
  add(table, {Kind::Text,
              target<Kind::Int16>,
              native<&int16_from_text>("bf_int16_from_text"),
              wrong_form_or_range(),
              wrapped(postgres_integer(Kind::Int16)),
              wrapped(sqlite_integer_from_text(" AND CAST(trim({0}) AS INTEGER) BETWEEN -32768 AND 32767")),
              doc,
              {{"' -7 ' as int16", "-7"},
               {"'7x' as int16", "error: conversion failed"},
               {"'40000' as int16", "error: overflow"},
               {"(missing as text) as int16", "missing"}},
              wrapped(mariadb_integer_from_text("-32768 AND 32767"))});
  add(table, {Kind::Text,
              target<Kind::Int32>,
              native<&int32_from_text>("bf_int32_from_text"),
              wrong_form_or_range(),
              wrapped(postgres_integer(Kind::Int32)),
              wrapped(sqlite_integer_from_text(
                  " AND CAST(trim({0}) AS INTEGER) BETWEEN -2147483648 AND 2147483647")),
              doc,
              {{"'+5' as int32", "5"},
               {"'1e3' as int32", "error: conversion failed"},
               {"'2147483648' as int32", "error: overflow"},
               {"(missing as text) as int32", "missing"}},
              wrapped(mariadb_integer_from_text("-2147483648 AND 2147483647"))});
  add(table, {Kind::Text,
              target<Kind::Int64>,
              native<&int64_from_text>("bf_int64_from_text"),
              wrong_form_or_range(),
              wrapped(postgres_integer(Kind::Int64)),
              wrapped(sqlite_integer_from_text("")),
              doc,
              {{"' 12 ' as int64", "12"},
               {"'12abc' as int64", "error: conversion failed"},
               {"'99999999999999999999' as int64", "error: overflow"},
               {"(missing as text) as int64", "missing"}},
              wrapped(mariadb_integer_from_text("-9223372036854775808 AND 9223372036854775807"))});
}

// What overflows or becomes 0 is an error to us too; numerics hold it to compare. 2^1024 - 2^970 is the first
// that rounds to infinity, 2^-1075 the last that rounds to 0.
std::string_view postgres_float() {
  return keep(
      fmt::format("CASE WHEN {{0:100}} ~ '^ *{}([eE][-+]?0*[0-9]{{{{1,3}}}})? *$' AND length({{0}}) <= 1000 "
                  "THEN CASE WHEN "
                  "{{0:100}}::numeric = 0 OR abs({{0:100}}::numeric) > 2.4703282292062328e-324 AND "
                  "abs({{0:100}}::numeric) < "
                  "1.79769313486231580793e308 THEN {{0:100}}::float8 END END",
                  kFraction));
}

void add_fractions_from_text(std::vector<Function>& table) {
  const SqlTemplate no_decimal = unavailable(kNoExactDecimals);
  const SqlTemplate no_float = unavailable("SQLite 3.40 does not round decimal digits to the nearest float");
  add(table,
      {Kind::Text,
       target<Kind::Decimal>,
       native<&decimal_from_text>("bf_decimal_from_text"),
       wrong_form_or_range(),
       wrapped(keep(fmt::format("CASE WHEN {{0:100}} ~ '^ *{} *$' AND length({{0}}) <= 1000 THEN CASE WHEN "
                                "abs(round({{0:100}}::numeric, {{s}})) < 1e{{w}}::numeric THEN "
                                "{{0:100}}::numeric({{p}}, {{s}}) END END",
                                kFraction))),
       no_decimal,
       "the number that the text spells, rounded to the scale, half away from zero",
       {{"' 1.50 ' as decimal(5, 2)", "1.50"},
        {"'1,000' as decimal(9, 2)", "error: conversion failed"},
        {"'1000' as decimal(5, 2)", "error: overflow"}},
       wrapped(mariadb_decimal_from_text())});
  add(table, {Kind::Text,
              target<Kind::Float64>,
              native<&float64_from_text>("bf_float64_from_text"),
              wrong_form_or_range(),
              wrapped(postgres_float()),
              no_float,
              "the nearest float to the number that the text spells",
              {{"'0.5' as float64", "0.5e0"},
               {"'NaN' as float64", "error: conversion failed"},
               {"'1e999' as float64", "error: overflow"}},
              wrapped(mariadb_float_from_text())});
}

void add_moments_from_text(std::vector<Function>& table) {
  const SqlTemplate no_stamp = unavailable("SQLite's date functions accept and keep invalid dates");
  add(table,
      {Kind::Text,
       target<Kind::Date>,
       native<&date_from_text>("bf_date_from_text"),
       wrong_form(),
       wrapped(keep(postgres_moment("", "date"))),
       // date() with a modifier normalises 2024-02-30, so what comes back unchanged was valid
       wrapped(
           "CASE WHEN trim({0}) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND trim({0}) >= '0001' "
           "AND date(trim({0}), '+0 days') = trim({0}) THEN trim({0}) END"),
       "the ISO date that the text spells",
       {{"'2024-02-29' as date", "date '2024-02-29'"},
        {"'2024-02-30' as date", "error: conversion failed"},
        {"'2024-1-5' as date", "error: conversion failed"},
        {"(missing as text) as date", "missing"}},
       wrapped(mariadb_date_from_text())});
  add(table, {Kind::Text,
              target<Kind::Timestamp>,
              native<&timestamp_from_text>("bf_timestamp_from_text"),
              wrong_form(),
              wrapped(keep(postgres_instant())),
              no_stamp,
              "the instant that the ISO text with its zone spells",
              {{"'2024-01-31T10:00:00+02:00' as timestamp", "timestamp '2024-01-31T08:00:00Z'"},
               {"'2024-01-31T10:00:00' as timestamp", "error: conversion failed"},
               {"'2024-01-31T24:00:00Z' as timestamp", "error: conversion failed"}},
              wrapped(mariadb_instant_from_text())});
  add(table, {Kind::Text,
              target<Kind::LocalTimestamp>,
              native<&local_timestamp_from_text>("bf_local_timestamp_from_text"),
              wrong_form(),
              wrapped(keep(postgres_moment(kTimeForm, "timestamp"))),
              no_stamp,
              "the moment that the ISO text spells; it must have no zone",
              {{"('2024-01-31 10:00' as local_timestamp) as text", "'2024-01-31T10:00:00'"},
               {"'2024-01-31T10:00:00Z' as local_timestamp", "error: conversion failed"},
               {"(missing as text) as local_timestamp", "missing"}},
              wrapped(mariadb_local_from_text())});
  add(table,
      {Kind::Text,
       target<Kind::Uuid>,
       native<&uuid_from_text>("bf_uuid_from_text"),
       wrong_form(),
       wrapped("CASE WHEN {0:100} ~ '^ *[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}} *$' THEN "
               "btrim({0})::uuid END"),
       unavailable(kNotProven),
       "the UUID that the text spells, in lower case",
       {{"('AAAAAAAA-0000-0000-0000-000000000001' as uuid) as text",
         "'aaaaaaaa-0000-0000-0000-000000000001'"},
        {"'x' as uuid", "error: conversion failed"},
        {"(missing as text) as uuid", "missing"}},
       wrapped(
           keep(fmt::format("CASE WHEN {} THEN LOWER(TRIM({{0}})) END",
                            mariadb_form("[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}"))))});
}

}  // namespace

void add_conversions_from_text(std::vector<Function>& table) {
  add_integers_from_text(table);
  add_fractions_from_text(table);
  add_moments_from_text(table);
}

}  // namespace backfill::stdlib
