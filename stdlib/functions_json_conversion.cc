// SPDX-License-Identifier: Apache-2.0
// `document as T` reads a value of that type, `to_json` makes one.
#include <fmt/format.h>

#include "stdlib/native_json_conversion.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_json;

template <Kind kind>
Type target(std::span<const Type>) {
  return kind == Kind::Decimal ? decimal(38, 0) : make(kind);
}

struct Conversion {
  Kind from;
  ResultRule to;
  Body body;
  std::vector<RowError> errors;
  SqlTemplate postgres;
  std::string_view doc;
  std::vector<Example> examples;
};

void add(std::vector<Function>& table, Conversion conversion, NullRule rule) {
  Row(table, "json", "as", {{"value", make(conversion.from)}}, conversion.to)
      .body(std::move(conversion.body))
      .nulls(rule)
      .fails(std::move(conversion.errors))
      .postgres(conversion.postgres)
      .sqlite(unavailable(kNoExactJson))
      .mariadb(unavailable(kNoExactJson))
      .doc(conversion.doc)
      .examples(std::move(conversion.examples));
}

// A cast of a number in `range`, a whole one if it is to be an integer.
SqlTemplate number(std::string_view guard, std::string_view type) {
  return wrapped(
      keep(fmt::format("CASE jsonb_typeof({{0}}) WHEN 'number' THEN CASE WHEN {} THEN CAST(CAST({{0}} AS "
                       "numeric) AS {}) END END",
                       guard, type)));
}
SqlTemplate integer(std::string_view low, std::string_view high, std::string_view type) {
  return number(
      fmt::format("CAST({{0}} AS numeric) BETWEEN {} AND {} AND CAST({{0}} AS numeric) = trunc(CAST({{0}} "
                  "AS numeric))",
                  low, high),
      type);
}

void add_readings(std::vector<Function>& table) {
  const std::vector<RowError> form = {RowError::ConversionFailed};
  const std::vector<RowError> form_or_range = {RowError::ConversionFailed, RowError::Overflow};
  const std::string_view whole = "the whole number that it holds (2.0 is one); missing where it is null";
  const auto read = [&](Conversion conversion) { add(table, std::move(conversion), NullRule::Finds); };
  read({Kind::Json,
        target<Kind::Text>,
        native<&body::text_from_json>("bf_text_from_json"),
        form,
        wrapped("CASE WHEN jsonb_typeof({0}) NOT IN ('object', 'array') THEN {0:100} #>> '{{}}' END"),
        "a string's text; a number, true and false as they are spelled; missing where it is null",
        {{R"('"d\u00e9j\u00e0"' as json as text)", "'déjà'"},
         {"'1.50' as json as text", "'1.50'"},
         {"'null' as json as text", "missing"},
         {"'[1]' as json as text", "error: conversion failed"},
         {R"('"\u0000"' as json as text)", "error: conversion failed"}}});
  read({Kind::Json,
        target<Kind::Bool>,
        native<&body::bool_from_json>("bf_bool_from_json"),
        form,
        wrapped("CASE jsonb_typeof({0}) WHEN 'boolean' THEN CAST({0} AS bool) END"),
        "true or false; missing where it is null",
        {{"'true' as json as bool", "true"},
         {"'null' as json as bool", "missing"},
         {"'1' as json as bool", "error: conversion failed"}}});
  read({Kind::Json,
        target<Kind::Int16>,
        native<&body::int16_from_json>("bf_int16_from_json"),
        form_or_range,
        integer("-32768", "32767", "int2"),
        whole,
        {{"'-7' as json as int16", "-7"},
         {"'null' as json as int16", "missing"},
         {"'40000' as json as int16", "error: overflow"}}});
  read({Kind::Json,
        target<Kind::Int32>,
        native<&body::int32_from_json>("bf_int32_from_json"),
        form_or_range,
        integer("-2147483648", "2147483647", "int4"),
        whole,
        {{"'2.0' as json as int32", "2"},
         {"'null' as json as int32", "missing"},
         {"'2.5' as json as int32", "error: conversion failed"},
         {R"('"2"' as json as int32)", "error: conversion failed"}}});
  read({Kind::Json,
        target<Kind::Int64>,
        native<&body::int64_from_json>("bf_int64_from_json"),
        form_or_range,
        integer("-9223372036854775808", "9223372036854775807", "int8"),
        whole,
        {{"'1e3' as json as int64", "1000"},
         {"'9223372036854775807' as json as int64", "9223372036854775807"},
         {"'12345678901234567890' as json as int64", "error: overflow"}}});
  read(
      {Kind::Json,
       target<Kind::Decimal>,
       native<&body::decimal_from_json>("bf_decimal_from_json"),
       form_or_range,
       number("abs(round(CAST({0} AS numeric), {s})) < power(CAST(10 AS numeric), {w})", "numeric({p}, {s})"),
       "the number at that scale, half rounded away from zero; missing where it is null",
       {{"'1.005' as json as decimal(5, 2)", "1.01"},
        {"'12345678901234567890.5' as json as decimal(30, 1)", "12345678901234567890.5"},
        {"'1000' as json as decimal(5, 2)", "error: overflow"}}});
  read({Kind::Json,
        target<Kind::Float64>,
        native<&body::float64_from_json>("bf_float64_from_json"),
        form_or_range,
        unavailable(kNotProven),
        "the nearest float; missing where it is null",
        {{"'0.5' as json as float64", "0.5e0"},
         {"'null' as json as float64", "missing"},
         {"'1e400' as json as float64", "error: overflow"}}});
  read({Kind::Json,
        target<Kind::Date>,
        native<&body::date_from_json>("bf_date_from_json"),
        form,
        unavailable(kNotProven),
        "the ISO date that the string spells; missing where it is null",
        {{R"('"2024-02-29"' as json as date)", "date '2024-02-29'"},
         {"'null' as json as date", "missing"},
         {R"('"2024-02-30"' as json as date)", "error: conversion failed"}}});
  read({Kind::Json,
        target<Kind::Timestamp>,
        native<&body::timestamp_from_json>("bf_timestamp_from_json"),
        form,
        unavailable(kNotProven),
        "the instant that the ISO string with its zone spells; missing where it is null",
        {{R"('"2024-01-31T10:00:00+02:00"' as json as timestamp)", "timestamp '2024-01-31T08:00:00Z'"},
         {"'null' as json as timestamp", "missing"},
         {"'1706695200' as json as timestamp", "error: conversion failed"}}});
  read({Kind::Json,
        target<Kind::LocalTimestamp>,
        native<&body::local_timestamp_from_json>("bf_local_timestamp_from_json"),
        form,
        unavailable(kNotProven),
        "the moment that the ISO string without a zone spells; missing where it is null",
        {{R"('"2024-01-31 10:00"' as json as local_timestamp as text)", "'2024-01-31T10:00:00'"},
         {"'null' as json as local_timestamp", "missing"},
         {R"('"2024"' as json as local_timestamp)", "error: conversion failed"}}});
  read({Kind::Json,
        target<Kind::Uuid>,
        native<&body::uuid_from_json>("bf_uuid_from_json"),
        form,
        unavailable(kNotProven),
        "the UUID that the string spells, in lower case; missing where it is null",
        {{R"('"AAAAAAAA-0000-0000-0000-000000000001"' as json as uuid as text)",
          "'aaaaaaaa-0000-0000-0000-000000000001'"},
         {"'null' as json as uuid", "missing"},
         {R"('"x"' as json as uuid)", "error: conversion failed"}}});
}

void add_parsing(std::vector<Function>& table) {
  add(table,
      {Kind::Text,
       target<Kind::Json>,
       native<&body::json_from_text>("bf_json_from_text"),
       {RowError::ConversionFailed},
       unavailable(
           "PostgreSQL 15 cannot ask whether a text is JSON before it is read, and jsonb has no \\u0000"),
       "the document that the text holds; the last of equal keys stays",
       {{R"(json_text('{"b":1, "a":1.50, "b":12345678901234567890}' as json))",
         R"('{"a":1.50,"b":12345678901234567890}')"},
        {"'{a: 1}' as json", "error: conversion failed"},
        {"'[1,]' as json", "error: conversion failed"},
        {"(missing as text) as json", "missing"}}},
      NullRule::MissingIfAny);
  add(table,
      {Kind::List,
       target<Kind::Json>,
       native<&body::json_from_list>("bf_json_from_list"),
       {},
       same("{0:100}"),
       "the list as an array",
       {{R"(json_keys('{"a": 1}' as json) as json)", R"('["a"]' as json)"},
        {"json_keys('{}' as json) as json", "'[]' as json"},
        {"json_keys(missing as json) as json", "missing"}}},
      NullRule::MissingIfAny);
}

void add_value(std::vector<Function>& table, Kind kind, Body body, SqlTemplate postgres,
               std::vector<Example> examples, bool may_fail = false) {
  Row row(table, "json", "to_json", {{"value", make(kind)}}, always<Kind::Json>);
  row.body(std::move(body)).postgres(postgres).doc("the value as JSON").examples(std::move(examples));
  row.sqlite(unavailable(kNoExactJson)).mariadb(unavailable(kNoExactJson));
  if (may_fail) row.fails({RowError::Overflow});
}

void add_values(std::vector<Function>& table) {
  const SqlTemplate plain = same("to_jsonb({0})");
  add_value(table, Kind::Text, native<&body::text_to_json>("bf_text_to_json"),
            wrapped("to_jsonb(CAST({0} AS text))"),
            {{"to_json('say \"é\"')", R"('"say \"é\""' as json)"},
             {"to_json('')", R"('""' as json)"},
             {"to_json(missing as text)", "missing"}});
  add_value(table, Kind::Bool, native<&body::bool_to_json>("bf_bool_to_json"), plain,
            {{"to_json(true)", "'true' as json"},
             {"to_json(false)", "'false' as json"},
             {"to_json(missing as bool)", "missing"}});
  add_value(table, Kind::Int16, native<&body::int16_to_json>("bf_int16_to_json"), plain,
            {{"to_json(7 as int16)", "'7' as json"},
             {"to_json(-7 as int16)", "'-7' as json"},
             {"to_json(missing as int16)", "missing"}});
  add_value(table, Kind::Int32, native<&body::int32_to_json>("bf_int32_to_json"), plain,
            {{"to_json(7 as int32)", "'7' as json"},
             {"to_json(-7 as int32)", "'-7' as json"},
             {"to_json(missing as int32)", "missing"}});
  add_value(table, Kind::Int64, native<&body::int64_to_json>("bf_int64_to_json"), plain,
            {{"to_json(9223372036854775807)", "'9223372036854775807' as json"},
             {"to_json(7 as int64)", "'7' as json"},
             {"to_json(missing as int64)", "missing"}});
  add_value(table, Kind::Decimal, native<&body::decimal_to_json>("bf_decimal_to_json"), plain,
            {{"to_json(1.50)", "'1.50' as json"},
             {"to_json(-0.05)", "'-0.05' as json"},
             {"to_json(missing as decimal(5, 2))", "missing"}});
  add_value(table, Kind::Float64, native<&body::float64_to_json>("bf_float64_to_json"),
            unavailable("the shortest digits of a number half way between two are not PostgreSQL's"),
            {{"to_json(0.1e0)", "'0.1' as json"},
             {"to_json(1e20)", "'100000000000000000000' as json"},
             {"to_json(missing as float64)", "missing"}},
            true);
  add_value(table, Kind::Date, native<&body::date_to_json>("bf_date_to_json"), plain,
            {{"to_json(date '2024-01-31')", R"('"2024-01-31"' as json)"},
             {"to_json(date '0001-01-01')", R"('"0001-01-01"' as json)"},
             {"to_json(missing as date)", "missing"}});
  add_value(table, Kind::Timestamp, native<&body::timestamp_to_json>("bf_timestamp_to_json"),
            unavailable("PostgreSQL writes +00:00 for Z"),
            {{"to_json(timestamp '2024-01-31T10:00:00Z')", R"('"2024-01-31T10:00:00Z"' as json)"},
             {"to_json(timestamp '2024-01-31T10:00:00.5Z')", R"('"2024-01-31T10:00:00.500000Z"' as json)"},
             {"to_json(missing as timestamp)", "missing"}});
  add_value(table, Kind::LocalTimestamp, native<&body::local_timestamp_to_json>("bf_local_timestamp_to_json"),
            unavailable(kNotProven),
            {{"to_json('2024-01-31T10:00:00' as local_timestamp)", R"('"2024-01-31T10:00:00"' as json)"},
             {"to_json('2024-01-31 10:00:00' as local_timestamp)", R"('"2024-01-31T10:00:00"' as json)"},
             {"to_json(missing as local_timestamp)", "missing"}});
  add_value(table, Kind::Uuid, native<&body::uuid_to_json>("bf_uuid_to_json"), plain,
            {{"to_json('AAAAAAAA-0000-0000-0000-000000000001' as uuid)",
              R"('"aaaaaaaa-0000-0000-0000-000000000001"' as json)"},
             {"to_json('00000000-0000-0000-0000-000000000001' as uuid)",
              R"('"00000000-0000-0000-0000-000000000001"' as json)"},
             {"to_json(missing as uuid)", "missing"}});
  add_value(table, Kind::Enum, native<&body::enum_to_json>("bf_enum_to_json"),
            wrapped("to_jsonb(CAST({0} AS text))"), {});
  add_value(table, Kind::Json, native<&body::json_to_json>("bf_json_to_json"), same("{0:100}"),
            {{"to_json('[1]' as json)", "'[1]' as json"},
             {"to_json('null' as json)", "'null' as json"},
             {"to_json(missing as json)", "missing"}});
  add_value(table, Kind::List, native<&body::list_to_json>("bf_list_to_json"), same("{0:100}"),
            {{R"(to_json(json_keys('{"a": 1}' as json)))", R"('["a"]' as json)"},
             {"to_json(json_keys('{}' as json))", "'[]' as json"},
             {"to_json(json_keys(missing as json))", "missing"}});
}

}  // namespace

void add_json_conversions(std::vector<Function>& table) {
  add_readings(table);
  add_parsing(table);
  add_values(table);
}

}  // namespace backfill::stdlib
