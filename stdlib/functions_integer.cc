// SPDX-License-Identifier: Apache-2.0
// Functions on integers: divisors, bits, other bases.
#include <fmt/format.h>

#include "stdlib/native_integer.h"
#include "stdlib/postgres_form.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_integer;

const auto as_int64 = always<Kind::Int64>;
constexpr std::string_view kNone = "there is no such function there";

Parameter whole(std::string_view name, Kind kind = Kind::Int64) {
  return {name, make(kind)};
}

constexpr std::string_view kClamped =
    "CASE WHEN {1:41} <= {2:41} THEN CASE WHEN {0:41} < {1:41} THEN {1} WHEN {0:41} > {2:41} THEN {2} "
    "WHEN {0:41} IS NOT NULL THEN {0} END END";

template <auto gcd, auto lcm, auto clamp>
void add_width(std::vector<Function>& table, Kind kind, std::string_view suffix) {
  const auto symbol = [&](std::string_view name) { return keep(fmt::format("bf_{}{}", name, suffix)); };
  const auto help = [&](std::string_view name) {
    return assisted(keep(fmt::format("backfill_{}{}({{0}}, {{1}})", name, suffix)), kNone);
  };
  const ResultRule result = kind == Kind::Int32 ? always<Kind::Int32> : as_int64;
  const std::string_view least = kind == Kind::Int32 ? "-2147483648" : "-9223372036854775808";
  Row(table, "number", "gcd", {whole("left", kind), whole("right", kind)}, result)
      .body(native<gcd>(symbol("gcd")))
      .fails({RowError::Overflow})
      .postgres(
          wrapped(keep(fmt::format("CASE WHEN {{0:41}} > {0} AND {{1:41}} > {0} THEN gcd({{0}}, {{1}}) WHEN "
                                   "{{0:41}} <> 0 AND {{1:41}} <> 0 AND {{0:41}} <> {{1:41}} THEN "
                                   "gcd({{0:100}}::numeric, {{1:100}}::numeric)::{1} END",
                                   least, postgres_form::type_of(kind)))))
      .sqlite(help("gcd"))
      .doc("the greatest number that divides both; 0 of two zeros")
      .examples(
          {{"gcd(12, -18)", "6"}, {"gcd(0, 0)", "0"}, {"gcd(-7, 0)", "7"}, {"gcd(missing, 2)", "missing"}});
  Row(table, "number", "lcm", {whole("left", kind), whole("right", kind)}, result)
      .body(native<lcm>(symbol("lcm")))
      .fails({RowError::Overflow})
      // In numerics it cannot overflow.
      .postgres(wrapped(keep(fmt::format(
          "CASE WHEN lcm({{0:100}}::numeric, {{1:100}}::numeric) <= {} THEN lcm({{0:100}}::numeric, "
          "{{1:100}}::numeric)::{} END",
          postgres_form::most(kind), postgres_form::type_of(kind)))))
      .sqlite(help("lcm"))
      .doc("the least positive number that both divide; 0 if one is 0")
      .examples({{"lcm(4, -6)", "12"},
                 {"lcm(0, 5)", "0"},
                 {"lcm(9223372036854775807, 2)", "error: overflow"},
                 {"lcm(missing, 2)", "missing"}});
  Row(table, "number", "clamp", {whole("value", kind), whole("low", kind), whole("high", kind)}, result)
      .body(native<clamp>(symbol("clamp")))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped(kClamped))
      .doc("the value, or the end of the range that it lies beyond")
      .examples({{"clamp(15, 0, 10)", "10"},
                 {"clamp(-1, 0, 10)", "0"},
                 {"clamp(5, 10, 0)", "error: argument out of domain"},
                 {"clamp(missing, 0, 10)", "missing"}});
}

template <Kind kind>
void add_div(std::vector<Function>& table) {
  Row(table, "number", "div", {whole("dividend", kind), whole("divisor", kind)}, always<kind>)
      .inlined(Inline::Divide)
      .fails({RowError::Overflow, RowError::DivisionByZero})
      .postgres(wrapped(kind == Kind::Int32
                            ? "CASE WHEN {1:41} > 0 OR {1:41} < -1 THEN {0:80} / {1:81} WHEN {1:41} = -1 AND "
                              "{0:41} > -2147483648 THEN -({0}) END"
                            : "CASE WHEN {1:41} > 0 OR {1:41} < -1 THEN {0:80} / {1:81} WHEN {1:41} = -1 AND "
                              "{0:41} > -9223372036854775808 THEN -({0}) END"))
      .sqlite(wrapped(
          kind == Kind::Int32
              ? "CASE WHEN {0:80} / {1:81} BETWEEN -2147483648 AND 2147483647 THEN {0:80} / {1:81} END"
              : "CASE WHEN typeof({0:80} / {1:81}) = 'integer' THEN {0:80} / {1:81} END"))
      .mariadb(wrapped(
          kind == Kind::Int32
              ? "CASE WHEN {1:41} <> -1 OR {0:41} > -2147483648 THEN {0:80} DIV {1:81} END"
              : "CASE WHEN {1:41} <> -1 OR {0:41} > -9223372036854775807 - 1 THEN {0:80} DIV {1:81} END"))
      .doc("how often the divisor goes into the dividend, cut toward zero")
      .examples({{"div(-7, 2)", "-3"},
                 {"div(7, 2)", "3"},
                 {"div(1, 0)", "error: division by zero"},
                 {"div(missing, 2)", "missing"}});
}

struct Pairwise {
  std::string_view name, postgres, sqlite, mariadb, doc;
  std::vector<Example> examples;
};

template <auto native_body>
void add_pairwise(std::vector<Function>& table, Pairwise row) {
  Row(table, "bits", row.name, {whole("left"), whole("right")}, as_int64)
      .body(native<native_body>(keep(fmt::format("bf_{}", row.name))))
      .postgres(wrapped(row.postgres))
      .sqlite(wrapped(row.sqlite))
      .mariadb(wrapped(row.mariadb))
      .doc(row.doc)
      .examples(std::move(row.examples));
}

// By pairs, nibbles and bytes, half a number at a time: the sums stay positive.
std::string_view sqlite_bit_count() {
  return keep(
      "(SELECT (n >> 24 & 63) + (n >> 16 & 63) + (n >> 8 & 63) + (n & 63) FROM (SELECT (a + (a >> 4) & "
      "252645135) + (b + (b >> 4) & 252645135) AS n FROM (SELECT (a & 858993459) + (a >> 2 & 858993459) AS "
      "a, (b & 858993459) + (b >> 2 & 858993459) AS b FROM (SELECT (a & 1431655765) + (a >> 1 & 1431655765) "
      "AS a, (b & 1431655765) + (b >> 1 & 1431655765) AS b FROM (SELECT {0:100} & 4294967295 AS a, {0:100} "
      ">> 32 & 4294967295 AS b)))))");
}

void add_logic(std::vector<Function>& table) {
  add_pairwise<&body::bit_and>(
      table, {"bit_and",
              "({0:100} & {1:100})",
              "({0:100} & {1:100})",
              "CAST({0:100} & {1:100} AS SIGNED)",
              "the bits that both have",
              {{"bit_and(12, 10)", "8"}, {"bit_and(-1, 7)", "7"}, {"bit_and(missing, 1)", "missing"}}});
  add_pairwise<&body::bit_or>(
      table, {"bit_or",
              "({0:100} | {1:100})",
              "({0:100} | {1:100})",
              "CAST({0:100} | {1:100} AS SIGNED)",
              "the bits that one has or both have",
              {{"bit_or(12, 10)", "14"}, {"bit_or(-8, 7)", "-1"}, {"bit_or(missing, 1)", "missing"}}});
  add_pairwise<&body::bit_xor>(
      table, {"bit_xor",
              "({0:100} # {1:100})",
              "(({0:100} | {1:100}) - ({0:100} & {1:100}))",
              "CAST({0:100} ^ {1:100} AS SIGNED)",
              "the bits that one has and not the other",
              {{"bit_xor(12, 10)", "6"}, {"bit_xor(-1, 0)", "-1"}, {"bit_xor(missing, 1)", "missing"}}});
  Row(table, "bits", "bit_not", {whole("value")}, as_int64)
      .body(native<&body::bit_not>("bf_bit_not"))
      .postgres(wrapped("(~{0:100})"))
      .sqlite(wrapped("(~{0:100})"))
      .mariadb(wrapped("CAST(~{0:100} AS SIGNED)"))
      .doc("every bit the other way round")
      .examples({{"bit_not(5)", "-6"}, {"bit_not(-1)", "0"}, {"bit_not(missing)", "missing"}});
  Row(table, "bits", "bit_count", {whole("value")}, always<Kind::Int32>)
      .body(native<&body::bit_count>("bf_bit_count"))
      .postgres(wrapped("CAST(bit_count(CAST({0:100} AS bit(64))) AS int4)"))
      .sqlite(wrapped(sqlite_bit_count()))
      .mariadb(same("BIT_COUNT({0})"))
      .doc("how many of its 64 bits are set")
      .examples({{"bit_count(255)", "8"},
                 {"bit_count(-1)", "64"},
                 {"bit_count(0)", "0"},
                 {"bit_count(missing)", "missing"}});
}

void add_shifts(std::vector<Function>& table) {
  const Parameter by = {"by", make(Kind::Int32)};
  Row(table, "bits", "shift_left", {whole("value"), by}, as_int64)
      .body(native<&body::shift_left>("bf_shift_left"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 AND ((CAST({0} AS int8) << {1:100}) >> {1:100}) = "
                        "{0:41} THEN CAST({0} AS int8) << {1:100} END"))
      .sqlite(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 AND (({0:100} << {1:100}) >> {1:100}) = {0:41} THEN "
                      "{0:100} << {1:100} END"))
      .mariadb(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 AND {0:41} BETWEEN -1 - CAST(9223372036854775807 "
                       ">> {1:100} AS SIGNED) AND CAST(9223372036854775807 >> {1:100} AS SIGNED) THEN "
                       "CAST({0:100} << {1:100} AS SIGNED) END"))
      .doc("the bits moved up by 0 to 63 places; none may be lost")
      .examples({{"shift_left(1, 4)", "16"},
                 {"shift_left(-1, 63)", "-9223372036854775807 - 1"},
                 {"shift_left(1, 63)", "error: overflow"},
                 {"shift_left(1, 64)", "error: argument out of domain"},
                 {"shift_left(missing, 1)", "missing"}});
  Row(table, "bits", "shift_right", {whole("value"), by}, as_int64)
      .body(native<&body::shift_right>("bf_shift_right"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 THEN CAST({0} AS int8) >> {1:100} END"))
      .sqlite(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 THEN {0:100} >> {1:100} END"))
      .mariadb(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 THEN CASE WHEN {0:41} >= 0 THEN CAST({0:100} >> "
                       "{1:100} AS SIGNED) WHEN {0:41} < 0 THEN "
                       "-1 - CAST((-1 - {0:100}) >> {1:100} AS SIGNED) END END"))
      .doc("the bits moved down by 0 to 63 places; the sign stays")
      .examples({{"shift_right(16, 4)", "1"},
                 {"shift_right(-1, 63)", "-1"},
                 {"shift_right(1, -1)", "error: argument out of domain"},
                 {"shift_right(missing, 1)", "missing"}});
  Row(table, "bits", "has_bit", {whole("value"), {"bit", make(Kind::Int32)}}, always<Kind::Bool>)
      .body(native<&body::has_bit>("bf_has_bit"))
      .fails({RowError::OutOfDomain})
      .postgres(
          wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 THEN ((CAST({0} AS int8) >> {1:100}) & 1) = 1 END"))
      .sqlite(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 THEN (({0:100} >> {1:100}) & 1) = 1 END"))
      .mariadb(wrapped("CASE WHEN {1:41} BETWEEN 0 AND 63 THEN (({0:100} >> {1:100}) & 1) = 1 END"))
      .doc("is the bit set; 0 is the lowest one, 63 the sign")
      .examples({{"has_bit(5, 2)", "true"},
                 {"has_bit(5, 1)", "false"},
                 {"has_bit(-1, 63)", "true"},
                 {"has_bit(1, 64)", "error: argument out of domain"},
                 {"has_bit(missing, 1)", "missing"}});
}

std::string_view sqlite_from_hex() {
  std::string sum;
  for (int place = 1; place <= 16; ++place)
    sum += fmt::format("{}(instr('123456789abcdef', substr(v, {}, 1)) << {})", place == 1 ? "" : " | ", place,
                       64 - 4 * place);
  return keep(
      fmt::format("CASE WHEN length({{0}}) BETWEEN 1 AND 16 AND {{0:100}} NOT GLOB '*[^0-9a-fA-F]*' THEN "
                  "(SELECT {} FROM (SELECT substr('000000000000000' || lower({{0}}), -16) AS v)) END",
                  sum));
}

void add_bases(std::vector<Function>& table) {
  Row(table, "number", "to_hex", {whole("value")}, always<Kind::Text>)
      .body(native<&body::to_hex>("bf_to_hex"))
      .postgres(wrapped("to_hex(CAST({0} AS int8))"))
      .sqlite(wrapped("CASE WHEN {0:41} IS NOT NULL THEN printf('%llx', {0}) END"))
      .mariadb(wrapped("LOWER(HEX({0}))"))
      .doc("its 64 bits in base 16, lower case, without zeros in front")
      .examples({{"to_hex(255)", "'ff'"},
                 {"to_hex(-1)", "'ffffffffffffffff'"},
                 {"to_hex(0)", "'0'"},
                 {"to_hex(missing)", "missing"}});
  Row(table, "number", "from_hex", {{"digits", text()}}, as_int64)
      .body(native<&body::from_hex>("bf_from_hex"))
      .fails({RowError::ConversionFailed, RowError::Overflow})
      .postgres(wrapped("CASE WHEN {0:100} ~ '^[0-9a-fA-F]{{1,16}}$' THEN CAST(CAST('x' || lpad({0}, 16, "
                        "'0') AS bit(64)) AS int8) END"))
      .sqlite(wrapped(sqlite_from_hex()))
      .mariadb(wrapped("CASE WHEN {0:41} REGEXP '^[0-9a-fA-F]{{1,16}}(?!.|[[:cntrl:]])' THEN "
                       "CAST(CAST(CONV({0}, 16, 10) AS UNSIGNED) AS SIGNED) END"))
      .doc("the integer whose 64 bits the base 16 digits spell")
      .examples({{"from_hex('ff')", "255"},
                 {"from_hex('FFFFFFFFFFFFFFFF')", "-1"},
                 {"from_hex('0x1')", "error: conversion failed"},
                 {"from_hex('10000000000000000')", "error: overflow"},
                 {"from_hex(missing)", "missing"}});
}

}  // namespace

void add_integer_functions(std::vector<Function>& table) {
  add_width<&body::gcd_narrow, &body::lcm_narrow, &body::clamp_narrow>(table, Kind::Int32, "_int32");
  add_width<&body::gcd, &body::lcm, &body::clamp>(table, Kind::Int64, "_int64");
  add_div<Kind::Int32>(table);
  add_div<Kind::Int64>(table);
  add_bases(table);
}

void add_bits(std::vector<Function>& table) {
  add_logic(table);
  add_shifts(table);
}

}  // namespace backfill::stdlib
