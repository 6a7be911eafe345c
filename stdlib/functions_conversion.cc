// SPDX-License-Identifier: Apache-2.0
// Conversions: rows named `as` with one parameter. A decimal result's precision and scale are those of the
// target.
#include <fmt/format.h>

#include "stdlib/conversion_row.h"
#include "stdlib/postgres_form.h"

namespace backfill::stdlib {
namespace {

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

namespace pg = postgres_form;

SqlTemplate cast_postgres(Kind from, Kind to) {
  const bool narrows =
      is_integer(from) && is_integer(to) && width(physical(make(to))) < width(physical(make(from)));
  if (narrows)
    return wrapped(
        keep(fmt::format("CASE WHEN {{0:41}} {} THEN {{0:100}}::{} END", pg::range(to), pg::type_of(to))));
  if (is_integer(to)) return same(keep(fmt::format("{{0:100}}::{}", pg::type_of(to))));
  if (to == Kind::Float64) return same("{0:100}::float8");
  // Rounded to the scale half away from zero, as we do; what always fits is left out by the emitter.
  if (to == Kind::Decimal)
    return wrapped(
        "CASE WHEN abs(round({0:100}::numeric, {s})) < 1e{w}::numeric THEN {0:100}::numeric({p}, {s}) END");
  // PostgreSQL refuses what becomes 0.
  return wrapped(
      "CASE WHEN abs({0}) < '3.4028235677973366e38'::float8 THEN CASE WHEN abs({0}) > "
      "'7.006492321624085e-46'::float8 THEN {0:100}::float4 ELSE 0::float4 END END");
}

// Room for every number of the source: no guard.
bool always_fits(const Type& from, const Type& to) {
  return from.precision - from.scale + (to.scale < from.scale ? 1 : 0) <= to.precision - to.scale;
}

// A number that does not fit is cut to the nearest one that does, which is then another one.
std::string mariadb_decimal(std::span<const Type> types, const Type& result) {
  const bool exact = types[0].kind == Kind::Decimal;
  if (exact && always_fits(types[0], result)) return "CAST({0} AS DECIMAL({p}, {s}))";
  return exact ? "CASE WHEN CAST({0} AS DECIMAL({p}, {s})) = ROUND({0}, {s}) THEN CAST({0} AS DECIMAL({p}, "
                 "{s})) END"
               : "CASE WHEN CAST({0} AS DECIMAL({p}, {s})) = {0:41} THEN CAST({0} AS DECIMAL({p}, {s})) END";
}

SqlTemplate cast_mariadb(Kind from, Kind to) {
  if (to == Kind::Decimal) {
    SqlTemplate sql = wrapped("");
    sql.reason = "the guard depends on the digits";
    sql.typed = mariadb_decimal;
    return sql;
  }
  if (to == Kind::Float64) return from == Kind::Float32 ? same("{0:100}") : same("CAST({0} AS DOUBLE)");
  // Half between the greatest float and the next one is too much already.
  if (to == Kind::Float32)
    return wrapped("CASE WHEN ABS({0}) < 3.4028235677973366e38 THEN CAST({0} AS FLOAT) + 0e0 END");
  if (to == Kind::Int64 || from == Kind::Int16) return same("{0:100}");
  return wrapped(to == Kind::Int16 ? "CASE WHEN {0:41} BETWEEN -32768 AND 32767 THEN {0} END"
                                   : "CASE WHEN {0:41} BETWEEN -2147483648 AND 2147483647 THEN {0} END");
}

template <Kind from, Kind to>
void add_number(std::vector<Function>& table, bool may_fail, std::string_view doc,
                std::vector<Example> examples) {
  Row row(table, "conversion", "as", {{"value", make(from)}}, target<to>);
  row.inlined(Inline::Convert).postgres(cast_postgres(from, to)).sqlite(cast_sqlite(from, to)).doc(doc);
  row.mariadb(cast_mariadb(from, to)).examples(std::move(examples));
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

// Past int64 a float bound rounds up: 2^63 is none of them.
SqlTemplate postgres_whole(Kind to) {
  return wrapped(keep(
      fmt::format("CASE WHEN {{0:100}} = trunc({{0}}) AND {{0:41}} >= {} AND {{0:41}} < {}::numeric + 1 THEN "
                  "{{0:100}}::{} END",
                  pg::least(to), pg::most(to), pg::type_of(to))));
}

void add_exact(std::vector<Function>& table) {
  const std::string_view doc =
      "the same whole number; one with a fraction does not convert (use round, trunc, floor or ceil first)";
  const SqlTemplate no_decimal = unavailable(kNoExactDecimals);
  add(table, {Kind::Decimal,
              target<Kind::Int16>,
              native<&int16_from_decimal>("bf_int16_from_decimal"),
              wrong_form_or_range(),
              postgres_whole(Kind::Int16),
              no_decimal,
              doc,
              {{"2.0 as int16", "2"},
               {"2.5 as int16", "error: conversion failed"},
               {"40000.0 as int16", "error: overflow"}},
              wrapped("CASE WHEN {0:41} = TRUNCATE({0}, 0) AND {0:41} BETWEEN -32768 AND 32767 THEN CAST({0} "
                      "AS SIGNED) END")});
  add(table, {Kind::Decimal,
              target<Kind::Int32>,
              native<&int32_from_decimal>("bf_int32_from_decimal"),
              wrong_form_or_range(),
              postgres_whole(Kind::Int32),
              no_decimal,
              doc,
              {{"2.0 as int32", "2"},
               {"2.5 as int32", "error: conversion failed"},
               {"3000000000.0 as int32", "error: overflow"}},
              wrapped("CASE WHEN {0:41} = TRUNCATE({0}, 0) AND {0:41} BETWEEN -2147483648 AND 2147483647 "
                      "THEN CAST({0} AS SIGNED) END")});
  add(table, {Kind::Decimal,
              target<Kind::Int64>,
              native<&int64_from_decimal>("bf_int64_from_decimal"),
              wrong_form_or_range(),
              postgres_whole(Kind::Int64),
              no_decimal,
              doc,
              {{"-2.0 as int64", "-2"},
               {"-2.5 as int64", "error: conversion failed"},
               {"9223372036854775808.0 as int64", "error: overflow"}},
              wrapped("CASE WHEN {0:41} = TRUNCATE({0}, 0) AND {0:41} BETWEEN -9223372036854775808 AND "
                      "9223372036854775807 THEN CAST({0} AS SIGNED) END")});
  add(table, {Kind::Float64,
              target<Kind::Int32>,
              native<&int32_from_float64>("bf_int32_from_float64"),
              wrong_form_or_range(),
              postgres_whole(Kind::Int32),
              wrapped("CASE WHEN {0:41} BETWEEN -2147483648 AND 2147483647 AND CAST({0} AS INTEGER) = {0:41} "
                      "THEN CAST({0} AS INTEGER) END"),
              doc,
              {{"2e0 as int32", "2"},
               {"2.5e0 as int32", "error: conversion failed"},
               {"3e9 as int32", "error: overflow"}},
              wrapped("CASE WHEN {0:41} = TRUNCATE({0}, 0) AND {0:41} >= -2147483648 AND {0:41} < 2147483648 "
                      "THEN CAST({0} AS SIGNED) END")});
  add(table, {Kind::Float64,
              target<Kind::Int64>,
              native<&int64_from_float64>("bf_int64_from_float64"),
              wrong_form_or_range(),
              postgres_whole(Kind::Int64),
              wrapped("CASE WHEN {0:41} >= -9223372036854775808 AND {0:41} < 9223372036854775808.0 AND "
                      "CAST({0} AS INTEGER) = {0:41} THEN CAST({0} AS INTEGER) END"),
              doc,
              {{"-2e0 as int64", "-2"},
               {"2.5e0 as int64", "error: conversion failed"},
               {"1e20 as int64", "error: overflow"}},
              wrapped("CASE WHEN {0:41} = TRUNCATE({0}, 0) AND {0:41} >= -9223372036854775808e0 AND {0:41} < "
                      "9223372036854775808e0 THEN CAST({0} AS SIGNED) END")});
  add(table, {Kind::Decimal,
              target<Kind::Float64>,
              native<&float64_from_decimal>("bf_float64_from_decimal"),
              {},
              same("CAST({0} AS float8)"),
              no_decimal,
              "the nearest float",
              {{"0.5 as float64", "0.5e0"},
               {"-2.0 as float64", "-2e0"},
               {"(missing as decimal(5, 2)) as float64", "missing"}},
              same("CAST({0} AS DOUBLE)")});
}

void add_dates_and_instants(std::vector<Function>& table) {
  Row(table, "conversion", "as", {{"value", make(Kind::Timestamp)}}, target<Kind::Date>)
      .inlined(Inline::DateFromTimestamp)
      .postgres(pinned("({0:100} AT TIME ZONE 'UTC')::date"))
      .mariadb(same("CAST({0} AS DATE)"))
      .doc("the day in UTC")
      .examples({{"timestamp '2024-01-31T23:59:59Z' as date", "date '2024-01-31'"},
                 {"timestamp '1969-12-31T23:59:59Z' as date", "date '1969-12-31'"},
                 {"(missing as timestamp) as date", "missing"}});
  Row(table, "conversion", "as", {{"value", make(Kind::LocalTimestamp)}}, target<Kind::Date>)
      .inlined(Inline::DateFromTimestamp)
      .postgres(same("{0:100}::date"))
      .mariadb(same("CAST({0} AS DATE)"))
      .doc("the day")
      .examples({{"('2024-01-31T23:59' as local_timestamp) as date", "date '2024-01-31'"},
                 {"('1969-12-31T23:59' as local_timestamp) as date", "date '1969-12-31'"},
                 {"(missing as local_timestamp) as date", "missing"}});
  Row(table, "conversion", "as", {{"value", make(Kind::Date)}}, target<Kind::Timestamp>)
      .inlined(Inline::TimestampFromDate)
      .postgres(pinned("({0:100}::timestamp AT TIME ZONE 'UTC')"))
      .mariadb(same("CAST({0} AS DATETIME(6))"))
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
        {"(missing as timestamp) as local_timestamp", "missing"}},
       same("{0:100}")});
}

}  // namespace

void add_conversions(std::vector<Function>& table) {
  add_widenings(table);
  add_narrowings(table);
  add_exact(table);
  add_dates_and_instants(table);
}

}  // namespace backfill::stdlib
