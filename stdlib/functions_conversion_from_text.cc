// SPDX-License-Identifier: Apache-2.0
// What texts spell.
#include <fmt/format.h>

#include "stdlib/conversion_row.h"

namespace backfill::stdlib {
namespace {

// PostgreSQL reads more forms than we do (tabs, words, other calendars): a guard keeps it to ours.
std::string_view postgres_from_text(std::string_view pattern, std::string_view type) {
  return keep(fmt::format("CASE WHEN {{0:100}} ~ '^ *{} *$' THEN CAST({{0}} AS {}) END", pattern, type));
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

constexpr std::string_view kMoment =
    "[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{{1,6}})?)?";

std::string_view mariadb_date_from_text() {
  return keep(fmt::format("CASE WHEN {} AND TRIM({{0}}) >= '0001' THEN CAST(TRIM({{0}}) AS DATE) END",
                          mariadb_form("[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}")));
}

std::string_view mariadb_local_from_text() {
  return keep(fmt::format("CASE WHEN {} AND TRIM({{0}}) >= '0001' THEN CAST(TRIM({{0}}) AS DATETIME(6)) END",
                          mariadb_form(kMoment)));
}

std::string_view mariadb_instant_from_text() {
  const std::string offset = "REGEXP_SUBSTR(TRIM({0}), '[-+][0-9]{{2}}(:[0-9]{{2}})?$')";
  const std::string with_z = "CAST(TRIM(TRAILING 'Z' FROM TRIM({0})) AS DATETIME(6))";
  const std::string with_offset = fmt::format(
      "CAST(LEFT(TRIM({{0}}), CHAR_LENGTH(TRIM({{0}})) - CHAR_LENGTH({0})) AS DATETIME(6)) - "
      "INTERVAL LEFT(CONCAT({0}, ':00'), 6) HOUR_MINUTE",
      offset);
  const std::string form = mariadb_form(fmt::format("{}(Z|[-+](0[0-9]|1[0-5])(:[0-5][0-9])?)", kMoment));
  return keep(fmt::format(
      "CASE WHEN {} AND TRIM({{0}}) >= '0001' THEN CASE WHEN {{0:41}} LIKE '%Z%' THEN {} ELSE {} END END",
      form, with_z, with_offset));
}

void add_integers_from_text(std::vector<Function>& table) {
  const std::string_view doc = "the whole number that the text spells: a sign and digits, spaces around them";
  const std::string_view form = "[-+]?[0-9]+";
  add(table, {Kind::Text,
              target<Kind::Int16>,
              native<&int16_from_text>("bf_int16_from_text"),
              wrong_form_or_range(),
              wrapped(postgres_from_text(form, "int2")),
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
              wrapped(postgres_from_text(form, "int4")),
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
              wrapped(postgres_from_text(form, "int8")),
              wrapped(sqlite_integer_from_text("")),
              doc,
              {{"' 12 ' as int64", "12"},
               {"'12abc' as int64", "error: conversion failed"},
               {"'99999999999999999999' as int64", "error: overflow"},
               {"(missing as text) as int64", "missing"}},
              wrapped(mariadb_integer_from_text("-9223372036854775808 AND 9223372036854775807"))});
}

void add_fractions_from_text(std::vector<Function>& table) {
  const SqlTemplate no_decimal = unavailable(kNoExactDecimals);
  const SqlTemplate no_float = unavailable("SQLite 3.40 does not round decimal digits to the nearest float");
  add(table, {Kind::Text,
              target<Kind::Decimal>,
              native<&decimal_from_text>("bf_decimal_from_text"),
              wrong_form_or_range(),
              unavailable("the target's precision is not part of the template yet"),
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
              wrapped(postgres_from_text("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?", "float8")),
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
       wrapped(postgres_from_text("[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}", "date")),
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
              unavailable(kNotProven),
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
              unavailable(kNotProven),
              no_stamp,
              "the moment that the ISO text spells; it must have no zone",
              {{"('2024-01-31 10:00' as local_timestamp) as text", "'2024-01-31T10:00:00'"},
               {"'2024-01-31T10:00:00Z' as local_timestamp", "error: conversion failed"},
               {"(missing as text) as local_timestamp", "missing"}},
              wrapped(mariadb_local_from_text())});
  add(table, {Kind::Text,
              target<Kind::Uuid>,
              native<&uuid_from_text>("bf_uuid_from_text"),
              wrong_form(),
              unavailable(kNotProven),
              unavailable(kNotProven),
              "the UUID that the text spells, in lower case",
              {{"('AAAAAAAA-0000-0000-0000-000000000001' as uuid) as text",
                "'aaaaaaaa-0000-0000-0000-000000000001'"},
               {"'x' as uuid", "error: conversion failed"},
               {"(missing as text) as uuid", "missing"}},
              wrapped(keep(
                  fmt::format("CASE WHEN {} THEN LOWER(TRIM({{0}})) END",
                              mariadb_form("[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}}"))))});
}

}  // namespace

void add_conversions_from_text(std::vector<Function>& table) {
  add_integers_from_text(table);
  add_fractions_from_text(table);
  add_moments_from_text(table);
}

}  // namespace backfill::stdlib
