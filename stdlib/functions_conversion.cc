// SPDX-License-Identifier: Apache-2.0
// Conversions: rows named `as` with one parameter. A decimal result's precision and scale are those of the
// target.
#include <fmt/format.h>

#include "stdlib/native_conversion.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

// decimal: the target's precision and scale are not known here; the widest stands for them.
template <Kind kind>
Type target(std::span<const Type>) {
  return kind == Kind::Decimal ? decimal(38, 0) : make(kind);
}

SqlTemplate cast_sqlite(Kind from, Kind to) {
  if (from == Kind::Decimal || to == Kind::Decimal) return unavailable(kNoExactDecimals);
  if (is_integer(from) && to == Kind::Int16)
    return wrapped("CASE WHEN {0:41} BETWEEN -32768 AND 32767 THEN {0} END");
  if (is_integer(from) && to == Kind::Int32) {
    return wrapped("CASE WHEN {0:41} BETWEEN -2147483648 AND 2147483647 THEN {0} END");
  }
  if (is_integer(from) && to == Kind::Int64) return same("CAST({0} AS INTEGER)");
  if (to == Kind::Float64) return same("CAST({0} AS REAL)");
  return unavailable("SQLite has no 32-bit floats");
}

SqlTemplate cast_postgres(Kind to) {
  switch (to) {
    case Kind::Int16:
      return same("CAST({0} AS int2)");
    case Kind::Int32:
      return same("CAST({0} AS int4)");
    case Kind::Int64:
      return same("CAST({0} AS int8)");
    case Kind::Float32:
      return same("CAST({0} AS float4)");
    case Kind::Float64:
      return same("CAST({0} AS float8)");
    default:
      return unavailable("the target's precision is not part of the template yet");
  }
}

template <Kind from, Kind to>
void add_number(std::vector<Function>& table, bool may_fail, std::string_view doc,
                std::vector<Example> examples) {
  Row row(table, "conversion", "as", {{"value", make(from)}}, target<to>);
  row.inlined(Inline::Convert).postgres(cast_postgres(to)).sqlite(cast_sqlite(from, to)).doc(doc);
  row.examples(std::move(examples));
  if (may_fail) row.fails({RowError::Overflow});
}

void add_widenings(std::vector<Function>& table) {
  const std::string_view doc = "the same number, in a wider type";
  add_number<Kind::Int16, Kind::Int32>(table, false, doc,
                                       {{"(1 as int16) as int32", "1"},
                                        {"(-1 as int16) as int32", "-1"},
                                        {"(missing as int16) as int32", "missing"}});
  add_number<Kind::Int16, Kind::Int64>(table, false, doc,
                                       {{"(1 as int16) as int64", "1"},
                                        {"(-1 as int16) as int64", "-1"},
                                        {"(missing as int16) as int64", "missing"}});
  add_number<Kind::Int32, Kind::Int64>(table, false, doc,
                                       {{"(1 as int32) as int64", "1"},
                                        {"(-1 as int32) as int64", "-1"},
                                        {"(missing as int32) as int64", "missing"}});
  add_number<Kind::Int16, Kind::Float64>(table, false, doc,
                                         {{"(1 as int16) as float64", "1e0"},
                                          {"(-1 as int16) as float64", "-1e0"},
                                          {"(missing as int16) as float64", "missing"}});
  add_number<Kind::Int32, Kind::Float64>(table, false, doc,
                                         {{"(1 as int32) as float64", "1e0"},
                                          {"(-1 as int32) as float64", "-1e0"},
                                          {"(missing as int32) as float64", "missing"}});
  add_number<Kind::Float32, Kind::Float64>(table, false, doc,
                                           {{"(0.5e0 as float32) as float64", "0.5e0"},
                                            {"(-1e0 as float32) as float64", "-1e0"},
                                            {"(missing as float32) as float64", "missing"}});
  add_number<Kind::Int16, Kind::Decimal>(table, true, doc,
                                         {{"(1 as int16) as decimal(5, 2)", "1.00"},
                                          {"(1000 as int16) as decimal(5, 2)", "error: overflow"},
                                          {"(missing as int16) as decimal(5, 2)", "missing"}});
  add_number<Kind::Int32, Kind::Decimal>(table, true, doc,
                                         {{"(1 as int32) as decimal(5, 2)", "1.00"},
                                          {"(1000 as int32) as decimal(5, 2)", "error: overflow"},
                                          {"(missing as int32) as decimal(5, 2)", "missing"}});
  add_number<Kind::Int64, Kind::Decimal>(table, true, doc,
                                         {{"(1 as int64) as decimal(5, 2)", "1.00"},
                                          {"(1000 as int64) as decimal(5, 2)", "error: overflow"},
                                          {"(missing as int64) as decimal(5, 2)", "missing"}});
  add_number<Kind::Decimal, Kind::Decimal>(table, true,
                                           "the number at another scale; half is rounded away from zero",
                                           {{"2.345 as decimal(5, 2)", "2.35"},
                                            {"-2.345 as decimal(5, 2)", "-2.35"},
                                            {"999.995 as decimal(5, 2)", "error: overflow"}});
}

void add_narrowings(std::vector<Function>& table) {
  const std::string_view doc = "the same number in a narrower type, if it fits";
  add_number<Kind::Int64, Kind::Int32>(table, true, doc,
                                       {{"(7 as int64) as int32", "7"},
                                        {"2147483648 as int32", "error: overflow"},
                                        {"(missing as int64) as int32", "missing"}});
  add_number<Kind::Int64, Kind::Int16>(table, true, doc,
                                       {{"(7 as int64) as int16", "7"},
                                        {"2147483648 as int16", "error: overflow"},
                                        {"(missing as int64) as int16", "missing"}});
  add_number<Kind::Int32, Kind::Int16>(table, true, doc,
                                       {{"(7 as int32) as int16", "7"},
                                        {"(32768 as int32) as int16", "error: overflow"},
                                        {"(missing as int32) as int16", "missing"}});
  add_number<Kind::Float64, Kind::Float32>(table, true, "the nearest 32-bit float",
                                           {{"0.5e0 as float32", "0.5e0"},
                                            {"1e300 as float32", "error: overflow"},
                                            {"(missing as float64) as float32", "missing"}});
  // Exact only beyond this point of digits; offered because it must be asked for.
  add_number<Kind::Int64, Kind::Float64>(table, false, "the nearest float",
                                         {{"(1 as int64) as float64", "1e0"},
                                          {"(-1 as int64) as float64", "-1e0"},
                                          {"(missing as int64) as float64", "missing"}});
}

struct Bodied {
  Kind from;
  ResultRule to;
  Body body;
  std::vector<RowError> errors;
  SqlTemplate postgres, sqlite;
  std::string_view doc;
  std::vector<Example> examples;
};

void add(std::vector<Function>& table, Bodied conversion) {
  Row(table, "conversion", "as", {{"value", make(conversion.from)}}, conversion.to)
      .body(std::move(conversion.body))
      .fails(std::move(conversion.errors))
      .postgres(conversion.postgres)
      .sqlite(conversion.sqlite)
      .doc(conversion.doc)
      .examples(std::move(conversion.examples));
}

const std::vector<RowError> kForm = {RowError::ConversionFailed};
const std::vector<RowError> kFormOrRange = {RowError::ConversionFailed, RowError::Overflow};

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

void add_integers_from_text(std::vector<Function>& table) {
  const std::string_view doc = "the whole number that the text spells: a sign and digits, spaces around them";
  const std::string_view form = "[-+]?[0-9]+";
  add(table, {Kind::Text,
              target<Kind::Int16>,
              native<&int16_from_text>("bf_int16_from_text"),
              kFormOrRange,
              wrapped(postgres_from_text(form, "int2")),
              wrapped(sqlite_integer_from_text(" AND CAST(trim({0}) AS INTEGER) BETWEEN -32768 AND 32767")),
              doc,
              {{"' -7 ' as int16", "-7"},
               {"'7x' as int16", "error: conversion failed"},
               {"'40000' as int16", "error: overflow"},
               {"(missing as text) as int16", "missing"}}});
  add(table, {Kind::Text,
              target<Kind::Int32>,
              native<&int32_from_text>("bf_int32_from_text"),
              kFormOrRange,
              wrapped(postgres_from_text(form, "int4")),
              wrapped(sqlite_integer_from_text(
                  " AND CAST(trim({0}) AS INTEGER) BETWEEN -2147483648 AND 2147483647")),
              doc,
              {{"'+5' as int32", "5"},
               {"'1e3' as int32", "error: conversion failed"},
               {"'2147483648' as int32", "error: overflow"},
               {"(missing as text) as int32", "missing"}}});
  add(table, {Kind::Text,
              target<Kind::Int64>,
              native<&int64_from_text>("bf_int64_from_text"),
              kFormOrRange,
              wrapped(postgres_from_text(form, "int8")),
              wrapped(sqlite_integer_from_text("")),
              doc,
              {{"' 12 ' as int64", "12"},
               {"'12abc' as int64", "error: conversion failed"},
               {"'99999999999999999999' as int64", "error: overflow"},
               {"(missing as text) as int64", "missing"}}});
}

void add_others_from_text(std::vector<Function>& table) {
  const SqlTemplate no_decimal = unavailable(kNoExactDecimals);
  const SqlTemplate no_float = unavailable("SQLite 3.40 does not round decimal digits to the nearest float");
  const SqlTemplate no_stamp = unavailable("SQLite's date functions accept and keep invalid dates");
  add(table, {Kind::Text,
              target<Kind::Decimal>,
              native<&decimal_from_text>("bf_decimal_from_text"),
              kFormOrRange,
              unavailable("the target's precision is not part of the template yet"),
              no_decimal,
              "the number that the text spells, rounded to the scale, half away from zero",
              {{"' 1.50 ' as decimal(5, 2)", "1.50"},
               {"'1,000' as decimal(9, 2)", "error: conversion failed"},
               {"'1000' as decimal(5, 2)", "error: overflow"}}});
  add(table, {Kind::Text,
              target<Kind::Float64>,
              native<&float64_from_text>("bf_float64_from_text"),
              kFormOrRange,
              wrapped(postgres_from_text("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?", "float8")),
              no_float,
              "the nearest float to the number that the text spells",
              {{"'0.5' as float64", "0.5e0"},
               {"'NaN' as float64", "error: conversion failed"},
               {"'1e999' as float64", "error: overflow"}}});
  add(table,
      {Kind::Text,
       target<Kind::Date>,
       native<&date_from_text>("bf_date_from_text"),
       kForm,
       wrapped(postgres_from_text("[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}", "date")),
       // date() with a modifier normalises 2024-02-30, so what comes back unchanged was valid
       wrapped(
           "CASE WHEN trim({0}) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND trim({0}) >= '0001' "
           "AND date(trim({0}), '+0 days') = trim({0}) THEN trim({0}) END"),
       "the ISO date that the text spells",
       {{"'2024-02-29' as date", "date '2024-02-29'"},
        {"'2024-02-30' as date", "error: conversion failed"},
        {"'2024-1-5' as date", "error: conversion failed"},
        {"(missing as text) as date", "missing"}}});
  add(table, {Kind::Text,
              target<Kind::Timestamp>,
              native<&timestamp_from_text>("bf_timestamp_from_text"),
              kForm,
              unavailable(kNotProven),
              no_stamp,
              "the instant that the ISO text with its zone spells",
              {{"'2024-01-31T10:00:00+02:00' as timestamp", "timestamp '2024-01-31T08:00:00Z'"},
               {"'2024-01-31T10:00:00' as timestamp", "error: conversion failed"},
               {"'2024-01-31T24:00:00Z' as timestamp", "error: conversion failed"}}});
  add(table, {Kind::Text,
              target<Kind::LocalTimestamp>,
              native<&local_timestamp_from_text>("bf_local_timestamp_from_text"),
              kForm,
              unavailable(kNotProven),
              no_stamp,
              "the moment that the ISO text spells; it must have no zone",
              {{"('2024-01-31 10:00' as local_timestamp) as text", "'2024-01-31T10:00:00'"},
               {"'2024-01-31T10:00:00Z' as local_timestamp", "error: conversion failed"},
               {"(missing as text) as local_timestamp", "missing"}}});
  add(table, {Kind::Text,
              target<Kind::Uuid>,
              native<&uuid_from_text>("bf_uuid_from_text"),
              kForm,
              unavailable(kNotProven),
              unavailable(kNotProven),
              "the UUID that the text spells, in lower case",
              {{"('AAAAAAAA-0000-0000-0000-000000000001' as uuid) as text",
                "'aaaaaaaa-0000-0000-0000-000000000001'"},
               {"'x' as uuid", "error: conversion failed"},
               {"(missing as text) as uuid", "missing"}}});
}

void add_to_text(std::vector<Function>& table) {
  const SqlTemplate cast = same("CAST({0} AS text)");
  const SqlTemplate sqlite = same("CAST({0} AS TEXT)");
  const std::string_view digits = "its digits";
  add(table, {Kind::Int16,
              target<Kind::Text>,
              native<&text_from_int16>("bf_text_from_int16"),
              {},
              cast,
              sqlite,
              digits,
              {{"(7 as int16) as text", "'7'"},
               {"(-7 as int16) as text", "'-7'"},
               {"(missing as int16) as text", "missing"}}});
  add(table, {Kind::Int32,
              target<Kind::Text>,
              native<&text_from_int32>("bf_text_from_int32"),
              {},
              cast,
              sqlite,
              digits,
              {{"(7 as int32) as text", "'7'"},
               {"(-7 as int32) as text", "'-7'"},
               {"(missing as int32) as text", "missing"}}});
  add(table, {Kind::Int64,
              target<Kind::Text>,
              native<&text_from_int64>("bf_text_from_int64"),
              {},
              cast,
              sqlite,
              digits,
              {{"(7 as int64) as text", "'7'"},
               {"9223372036854775807 as text", "'9223372036854775807'"},
               {"(missing as int64) as text", "missing"}}});
  add(table,
      {Kind::Decimal,
       target<Kind::Text>,
       native<&text_from_decimal>("bf_text_from_decimal"),
       {},
       unavailable("PostgreSQL prints the scale of the value, which may not be the declared one"),
       unavailable(kNoExactDecimals),
       "all digits of the declared scale",
       {{"1.50 as text", "'1.50'"}, {"(-0.05) as text", "'-0.05'"}, {"(1.50 * 2) as text", "'3.00'"}}});
  add(table,
      {Kind::Bool,
       target<Kind::Text>,
       native<&text_from_bool>("bf_text_from_bool"),
       {},
       cast,
       wrapped("CASE {0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"),
       "`true` or `false`",
       {{"true as text", "'true'"}, {"false as text", "'false'"}, {"(missing as bool) as text", "missing"}}});
  add(table, {Kind::Date,
              target<Kind::Text>,
              native<&text_from_date>("bf_text_from_date"),
              {},
              pinned("CAST({0} AS text)"),
              same("{0}"),
              "the ISO form: 2024-01-31",
              {{"date '2024-01-31' as text", "'2024-01-31'"},
               {"date '0001-01-01' as text", "'0001-01-01'"},
               {"(missing as date) as text", "missing"}}});
  add(table, {Kind::Timestamp,
              target<Kind::Text>,
              native<&text_from_timestamp>("bf_text_from_timestamp"),
              {},
              unavailable(kNotProven),
              unavailable(kNotProven),
              "the ISO form in UTC: 2024-01-31T10:00:00Z, six digits of a second where there are any",
              {{"timestamp '2024-01-31T10:00:00Z' as text", "'2024-01-31T10:00:00Z'"},
               {"timestamp '2024-01-31T10:00:00.5Z' as text", "'2024-01-31T10:00:00.500000Z'"},
               {"(missing as timestamp) as text", "missing"}}});
  add(table, {Kind::LocalTimestamp,
              target<Kind::Text>,
              native<&text_from_local_timestamp>("bf_text_from_local_timestamp"),
              {},
              unavailable(kNotProven),
              unavailable(kNotProven),
              "the ISO form without a zone",
              {{"('2024-01-31T10:00' as local_timestamp) as text", "'2024-01-31T10:00:00'"},
               {"('1969-12-31T23:59:59.999999' as local_timestamp) as text", "'1969-12-31T23:59:59.999999'"},
               {"(missing as local_timestamp) as text", "missing"}}});
  add(table, {Kind::Enum,
              target<Kind::Text>,
              native<&text_from_text>("bf_text_from_enum"),
              {},
              cast,
              same("{0}"),
              "the label",
              {}});
  add(table, {Kind::Uuid,
              target<Kind::Text>,
              native<&text_from_text>("bf_text_from_uuid"),
              {},
              cast,
              unavailable(kNotProven),
              "lower case, with hyphens",
              {{"('AAAAAAAA-0000-0000-0000-000000000001' as uuid) as text",
                "'aaaaaaaa-0000-0000-0000-000000000001'"},
               {"('aaaaaaaa-0000-0000-0000-000000000001' as uuid) as text",
                "'aaaaaaaa-0000-0000-0000-000000000001'"},
               {"(missing as uuid) as text", "missing"}}});
}

void add_exact(std::vector<Function>& table) {
  const std::string_view doc =
      "the same whole number; one with a fraction does not convert (use round, trunc, floor or ceil first)";
  const SqlTemplate no_decimal = unavailable(kNoExactDecimals);
  add(table, {Kind::Decimal,
              target<Kind::Int16>,
              native<&int16_from_decimal>("bf_int16_from_decimal"),
              kFormOrRange,
              wrapped("CASE WHEN {0:100} = trunc({0}) THEN CAST({0} AS int2) END"),
              no_decimal,
              doc,
              {{"2.0 as int16", "2"},
               {"2.5 as int16", "error: conversion failed"},
               {"40000.0 as int16", "error: overflow"}}});
  add(table, {Kind::Decimal,
              target<Kind::Int32>,
              native<&int32_from_decimal>("bf_int32_from_decimal"),
              kFormOrRange,
              wrapped("CASE WHEN {0:100} = trunc({0}) THEN CAST({0} AS int4) END"),
              no_decimal,
              doc,
              {{"2.0 as int32", "2"},
               {"2.5 as int32", "error: conversion failed"},
               {"3000000000.0 as int32", "error: overflow"}}});
  add(table, {Kind::Decimal,
              target<Kind::Int64>,
              native<&int64_from_decimal>("bf_int64_from_decimal"),
              kFormOrRange,
              wrapped("CASE WHEN {0:100} = trunc({0}) THEN CAST({0} AS int8) END"),
              no_decimal,
              doc,
              {{"-2.0 as int64", "-2"},
               {"-2.5 as int64", "error: conversion failed"},
               {"9223372036854775808.0 as int64", "error: overflow"}}});
  add(table, {Kind::Float64,
              target<Kind::Int32>,
              native<&int32_from_float64>("bf_int32_from_float64"),
              kFormOrRange,
              wrapped("CASE WHEN {0:100} = trunc({0}) THEN CAST({0} AS int4) END"),
              wrapped("CASE WHEN {0:41} BETWEEN -2147483648 AND 2147483647 AND CAST({0} AS INTEGER) = {0:41} "
                      "THEN CAST({0} AS INTEGER) END"),
              doc,
              {{"2e0 as int32", "2"},
               {"2.5e0 as int32", "error: conversion failed"},
               {"3e9 as int32", "error: overflow"}}});
  add(table, {Kind::Float64,
              target<Kind::Int64>,
              native<&int64_from_float64>("bf_int64_from_float64"),
              kFormOrRange,
              wrapped("CASE WHEN {0:100} = trunc({0}) THEN CAST({0} AS int8) END"),
              wrapped("CASE WHEN {0:41} >= -9223372036854775808 AND {0:41} < 9223372036854775808.0 AND "
                      "CAST({0} AS INTEGER) = {0:41} THEN CAST({0} AS INTEGER) END"),
              doc,
              {{"-2e0 as int64", "-2"},
               {"2.5e0 as int64", "error: conversion failed"},
               {"1e20 as int64", "error: overflow"}}});
  add(table, {Kind::Decimal,
              target<Kind::Float64>,
              native<&float64_from_decimal>("bf_float64_from_decimal"),
              {},
              same("CAST({0} AS float8)"),
              no_decimal,
              "the nearest float",
              {{"0.5 as float64", "0.5e0"},
               {"-2.0 as float64", "-2e0"},
               {"(missing as decimal(5, 2)) as float64", "missing"}}});
}

void add_dates_and_instants(std::vector<Function>& table) {
  Row(table, "conversion", "as", {{"value", make(Kind::Timestamp)}}, target<Kind::Date>)
      .inlined(Inline::DateFromTimestamp)
      .postgres(pinned("CAST({0} AT TIME ZONE 'UTC' AS date)"))
      .doc("the day in UTC")
      .examples({{"timestamp '2024-01-31T23:59:59Z' as date", "date '2024-01-31'"},
                 {"timestamp '1969-12-31T23:59:59Z' as date", "date '1969-12-31'"},
                 {"(missing as timestamp) as date", "missing"}});
  Row(table, "conversion", "as", {{"value", make(Kind::LocalTimestamp)}}, target<Kind::Date>)
      .inlined(Inline::DateFromTimestamp)
      .postgres(same("CAST({0} AS date)"))
      .doc("the day")
      .examples({{"('2024-01-31T23:59' as local_timestamp) as date", "date '2024-01-31'"},
                 {"('1969-12-31T23:59' as local_timestamp) as date", "date '1969-12-31'"},
                 {"(missing as local_timestamp) as date", "missing"}});
  Row(table, "conversion", "as", {{"value", make(Kind::Date)}}, target<Kind::Timestamp>)
      .inlined(Inline::TimestampFromDate)
      .postgres(pinned("CAST({0} AS timestamp) AT TIME ZONE 'UTC'", 90))
      .doc("midnight in UTC")
      .examples({{"date '2024-01-31' as timestamp", "timestamp '2024-01-31T00:00:00Z'"},
                 {"date '1969-12-31' as timestamp", "timestamp '1969-12-31T00:00:00Z'"},
                 {"(missing as date) as timestamp", "missing"}});
  add(table,
      {Kind::Timestamp,
       target<Kind::LocalTimestamp>,
       native<&same_instant>("bf_local_from_timestamp"),
       {},
       wrapped("({0:100} AT TIME ZONE 'UTC')"),
       unavailable(kNotProven),
       "what a clock in UTC shows",
       {{"(timestamp '2024-01-31T10:00:00Z' as local_timestamp) as text", "'2024-01-31T10:00:00'"},
        {"(timestamp '2024-01-31T10:00:00+02:00' as local_timestamp) as text", "'2024-01-31T08:00:00'"},
        {"(missing as timestamp) as local_timestamp", "missing"}}});
}

}  // namespace

void add_conversions(std::vector<Function>& table) {
  add_widenings(table);
  add_narrowings(table);
  add_integers_from_text(table);
  add_others_from_text(table);
  add_to_text(table);
  add_exact(table);
  add_dates_and_instants(table);
}

}  // namespace backfill::stdlib
