// SPDX-License-Identifier: Apache-2.0
// Dates and instants put together and spelled; times of day.
#include <fmt/format.h>

#include "stdlib/conversion_row.h"
#include "stdlib/date_format.h"
#include "stdlib/native_date_step.h"

namespace backfill::stdlib {
namespace {

namespace body = native_date;

const Parameter kFormat = {"format", text()};
constexpr std::string_view kWritten = "the format must be written out";
constexpr std::string_view kNoTimes = "SQLite has no times of day";

std::optional<std::vector<DateFormatPart>> format_of(std::span<const Value* const> literals, bool has_time) {
  if (literals[1] == nullptr || literals[1]->missing()) return std::nullopt;
  auto parts = parse_date_format(literals[1]->text());
  if (!parts || has_time) return parts;
  for (const DateFormatPart& part : *parts)
    if (part.field >= DateField::Hour && part.field != DateField::Separator) return std::nullopt;
  return parts;
}

template <bool has_time>
std::string postgres_to_char(std::span<const Value* const> literals) {
  if (!format_of(literals, has_time)) return {};
  return has_time ? "to_char({0:100} AT TIME ZONE 'UTC', {1})" : "to_char({0}, {1})";
}

template <bool has_time>
std::string sqlite_to_char(std::span<const Value* const> literals) {
  const auto parts = format_of(literals, has_time);
  if (!parts) return {};
  constexpr int kStart[] = {1, 6, 9, 12, 15, 18};  // in YYYY-MM-DD HH:MM:SS
  std::string sql;
  for (const DateFormatPart& part : *parts) {
    sql += sql.empty() ? "" : " || ";
    sql += part.field == DateField::Separator
               ? fmt::format("'{}'", part.separator)
               : fmt::format("substr({{0}}, {}, {})", kStart[static_cast<int>(part.field)], part.width);
  }
  return "(" + sql + ")";
}

template <bool has_time>
std::string mariadb_to_char(std::span<const Value* const> literals) {
  const auto parts = format_of(literals, has_time);
  if (!parts) return {};
  constexpr std::string_view kSigns[] = {"%Y", "%m", "%d", "%H", "%i", "%s"};
  std::string format;
  for (const DateFormatPart& part : *parts)
    format += part.field == DateField::Separator ? std::string(1, part.separator)
                                                 : std::string(kSigns[static_cast<int>(part.field)]);
  return fmt::format("DATE_FORMAT({{0}}, '{}')", format);
}

SqlTemplate by_format(std::string (*special)(std::span<const Value* const>)) {
  SqlTemplate sql = wrapped("");
  sql.reason = kWritten;
  sql.special = special;
  return sql;
}

// The text's fields as ISO, where it has the form. `part` is how a piece of it is asked for.
struct Pieces {
  std::string form, year, month, day;
};
Pieces pieces_of(const std::vector<DateFormatPart>& parts, std::string_view digit) {
  Pieces pieces{"", "", "'01'", "'01'"};
  int at = 1;
  for (const DateFormatPart& part : parts) {
    const std::string piece = fmt::format("substr({{0}}, {}, {})", at, part.width);
    if (part.field == DateField::Year) pieces.year = piece;
    if (part.field == DateField::Month) pieces.month = piece;
    if (part.field == DateField::Day) pieces.day = piece;
    for (int i = 0; part.field != DateField::Separator && i < part.width; ++i) pieces.form += digit;
    if (part.field == DateField::Separator) pieces.form += fmt::format("[{}]", part.separator);
    at += part.width;
  }
  return pieces;
}

std::string sqlite_parse(std::span<const Value* const> literals) {
  const auto parts = format_of(literals, false);
  if (!parts) return {};
  const Pieces pieces = pieces_of(*parts, "[0-9]");
  if (pieces.year.empty()) return {};
  const std::string iso = fmt::format("{} || '-' || {} || '-' || {}", pieces.year, pieces.month, pieces.day);
  return fmt::format(
      "CASE WHEN {{0:100}} GLOB '{0}' AND {1} >= '0001' AND date({2}, '+0 days') = {2} THEN {2} END",
      pieces.form, pieces.year, iso);
}

// The end stands behind the last character: `$` also stands in front of a newline.
std::string mariadb_parse(std::span<const Value* const> literals) {
  const auto parts = format_of(literals, false);
  if (!parts) return {};
  const Pieces pieces = pieces_of(*parts, "[0-9]");
  if (pieces.year.empty()) return {};
  return fmt::format(
      "CASE WHEN {{0:100}} REGEXP '^{0}(?!.|[[:cntrl:]])' AND {1} >= '0001' AND {2} BETWEEN '01' AND '12' "
      "AND "
      "{3} >= '01' AND CAST({3} AS SIGNED) <= DAYOFMONTH(LAST_DAY(CONCAT({1}, '-', {2}, '-01'))) THEN "
      "CAST(CONCAT({1}, '-', {2}, '-', {3}) AS DATE) END",
      pieces.form, pieces.year, pieces.month, pieces.day);
}

std::string postgres_parse(std::span<const Value* const> literals) {
  const auto parts = format_of(literals, false);
  if (!parts) return {};
  const Pieces pieces = pieces_of(*parts, "[0-9]");
  if (pieces.year.empty()) return {};
  const auto number = [](const std::string& piece) { return fmt::format("CAST({} AS int4)", piece); };
  const std::string first = fmt::format("make_date({}, {}, 1)", number(pieces.year), number(pieces.month));
  return fmt::format(
      "CASE WHEN {{0:100}} ~ '^{}$' THEN CASE WHEN {} >= 1 AND {} BETWEEN 1 AND 12 THEN CASE WHEN {} BETWEEN "
      "1 AND extract(day FROM {} + interval '1 month -1 day') "
      "THEN {} + {} - 1 END END END",
      pieces.form, number(pieces.year), number(pieces.month), number(pieces.day), first, first,
      number(pieces.day));
}

void add_forms(std::vector<Function>& table) {
  Row(table, "date", "to_char", {{"value", make(Kind::Date)}, kFormat}, always<Kind::Text>)
      .body(native<&body::date_to_char>("bf_to_char_date"))
      .fails({RowError::OutOfDomain})
      .postgres(by_format(postgres_to_char<false>))
      .sqlite(by_format(sqlite_to_char<false>))
      .mariadb(by_format(mariadb_to_char<false>))
      .doc("the date in a format of YYYY, MM and DD, with any of - / . : , _ and space between them")
      .examples({{"to_char(date '2024-02-29', 'DD.MM.YYYY')", "'29.02.2024'"},
                 {"to_char(date '0001-01-01', 'YYYYMMDD')", "'00010101'"},
                 {"to_char(date '2024-02-29', 'Day')", "error: argument out of domain"},
                 {"to_char(missing as date, 'YYYY')", "missing"}});
  Row(table, "date", "to_char", {{"value", make(Kind::Timestamp)}, kFormat}, always<Kind::Text>)
      .body(native<&body::instant_to_char>("bf_to_char_timestamp"))
      .fails({RowError::OutOfDomain})
      .postgres(by_format(postgres_to_char<true>))
      .sqlite(by_format(sqlite_to_char<true>))
      .mariadb(by_format(mariadb_to_char<true>))
      .doc("the instant in UTC in a format of YYYY, MM, DD, HH24, MI and SS")
      .examples(
          {{"to_char(timestamp '2024-02-29T09:05:59.9Z', 'YYYY-MM-DD HH24:MI:SS')", "'2024-02-29 09:05:59'"},
           {"to_char(timestamp '1969-12-31T23:59:59Z', 'MM/YYYY')", "'12/1969'"},
           {"to_char(timestamp '1969-12-31T23:59:59Z', '')", "error: argument out of domain"},
           {"to_char(missing as timestamp, 'YYYY')", "missing"}});
  Row(table, "date", "parse_date", {{"value", text()}, kFormat}, always<Kind::Date>)
      .body(native<&body::parse_date_as>("bf_parse_date"))
      .fails({RowError::OutOfDomain, RowError::ConversionFailed})
      .postgres(by_format(postgres_parse))
      .sqlite(by_format(sqlite_parse))
      .mariadb(by_format(mariadb_parse))
      .doc(
          "the date that the text spells in a format of YYYY, MM and DD; the first where month or day are "
          "left out")
      .examples({{"parse_date('29.02.2024', 'DD.MM.YYYY')", "date '2024-02-29'"},
                 {"parse_date('202402', 'YYYYMM')", "date '2024-02-01'"},
                 {"parse_date('30.02.2024', 'DD.MM.YYYY')", "error: conversion failed"},
                 {"parse_date('1.2.2024', 'DD.MM.YYYY')", "error: conversion failed"},
                 {"parse_date('2024', 'year')", "error: argument out of domain"},
                 {"parse_date(missing, 'YYYY')", "missing"}});
  const auto part = [](std::string_view name) { return Parameter{name, make(Kind::Int32)}; };
  Row(table, "date", "make_timestamp",
      {part("year"), part("month"), part("day"), part("hour"), part("minute"), part("second")},
      always<Kind::Timestamp>)
      .body(native<&body::make_timestamp>("bf_make_timestamp"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped(
          "CASE WHEN {0:41} BETWEEN 1 AND 9999 AND {1:41} BETWEEN 1 AND 12 AND {2:41} BETWEEN 1 AND 31 AND "
          "{3:41} "
          "BETWEEN 0 AND 23 AND {4:41} BETWEEN 0 AND 59 AND {5:41} BETWEEN 0 AND 59 THEN CASE WHEN {2:41} <= "
          "extract(day FROM make_date({0}, {1}, 1) + interval '1 month -1 day') THEN make_timestamptz({0}, "
          "{1}, {2}, "
          "{3}, {4}, {5}, 'UTC') END END"))
      .mariadb(
          wrapped("CASE WHEN {0:41} BETWEEN 1 AND 9999 AND {1:41} BETWEEN 1 AND 12 AND {2:41} BETWEEN 1 AND "
                  "DAYOFMONTH(LAST_DAY(CONCAT(LPAD({0}, 4, '0'), '-', LPAD({1}, 2, '0'), '-01'))) AND {3:41} "
                  "BETWEEN 0 AND 23 "
                  "AND {4:41} BETWEEN 0 AND 59 AND {5:41} BETWEEN 0 AND 59 THEN CAST(CONCAT(LPAD({0}, "
                  "4, '0'), '-', LPAD({1}, 2, '0'), '-', "
                  "LPAD({2}, 2, '0'), ' ', LPAD({3}, 2, '0'), ':', LPAD({4}, 2, '0'), ':', LPAD({5}, 2, "
                  "'0')) AS DATETIME(6)) END"))
      .doc("the instant in UTC of a date and a time")
      .examples({{"make_timestamp(2024, 2, 29, 10, 30, 0)", "timestamp '2024-02-29T10:30:00Z'"},
                 {"make_timestamp(2024, 2, 29, 24, 0, 0)", "error: argument out of domain"},
                 {"make_timestamp(2023, 2, 29, 0, 0, 0)", "error: argument out of domain"},
                 {"make_timestamp(missing, 1, 1, 0, 0, 0)", "missing"}});
}

void add_times_of_day(std::vector<Function>& table) {
  add(table, {Kind::Text,
              target<Kind::Time>,
              native<&body::time_from_text>("bf_time_from_text"),
              wrong_form(),
              unavailable(kNotProven),
              unavailable(kNoTimes),
              "the time of day that the text spells: 10:00, 10:00:00, 10:00:00.5",
              {{"('10:00' as time) as text", "'10:00:00'"},
               {"'24:00' as time", "error: conversion failed"},
               {"'10' as time", "error: conversion failed"},
               {"(missing as text) as time", "missing"}}});
  add(table, {Kind::Time,
              target<Kind::Text>,
              native<&body::text_from_time>("bf_text_from_time"),
              {},
              unavailable(kNotProven),
              unavailable(kNoTimes),
              "hours, minutes and seconds, six digits of a second where there are any",
              {{"('10:00:00.5' as time) as text", "'10:00:00.500000'"},
               {"('23:59:59' as time) as text", "'23:59:59'"},
               {"(missing as time) as text", "missing"}}});
  add(table, {Kind::Timestamp,
              target<Kind::Time>,
              native<&body::time_of_instant>("bf_time_from_timestamp"),
              {},
              wrapped("CAST({0:100} AT TIME ZONE 'UTC' AS time)"),
              unavailable(kNoTimes),
              "the time of day in UTC",
              {{"(timestamp '1969-12-31T23:59:59.5Z' as time) as text", "'23:59:59.500000'"},
               {"(timestamp '2024-01-31T00:00:00Z' as time) as text", "'00:00:00'"},
               {"(missing as timestamp) as time", "missing"}}});
  add(table, {Kind::LocalTimestamp,
              target<Kind::Time>,
              native<&body::time_of_instant>("bf_time_from_local_timestamp"),
              {},
              wrapped("CAST({0:100} AS time)"),
              unavailable(kNoTimes),
              "the time of day",
              {{"(('1969-12-31T23:59:59.5' as local_timestamp) as time) as text", "'23:59:59.500000'"},
               {"(('2024-01-31T00:00:00' as local_timestamp) as time) as text", "'00:00:00'"},
               {"(missing as local_timestamp) as time", "missing"}}});
}

}  // namespace

void add_date_forms(std::vector<Function>& table) {
  add_forms(table);
  add_times_of_day(table);
}

}  // namespace backfill::stdlib
