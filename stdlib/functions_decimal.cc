// SPDX-License-Identifier: Apache-2.0
// Exact division, rounding by a stated mode, and what else is asked of decimals. In templates {s} is the
// result type's scale.
#include <fmt/format.h>

#include <algorithm>

#include "stdlib/decimal.h"
#include "stdlib/native_decimal.h"
#include "stdlib/postgres_form.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_decimal;

constexpr int kQuotientScale = 6;

// A static type cannot have PostgreSQL's scale, which depends on the values (SEMANTICS 25).
Type quotient_type(std::span<const Type> types) {
  const int scale = std::max({int{types[0].scale}, int{types[1].scale}, kQuotientScale});
  const int whole = types[0].precision - types[0].scale + types[1].scale;
  return decimal(std::clamp(whole + scale, scale, kMaxDigits), scale);
}

Type whole_quotient_type(std::span<const Type> types) {
  return decimal(std::clamp(types[0].precision - types[0].scale + types[1].scale, 1, kMaxDigits), 0);
}

Type one_digit_more(std::span<const Type> types) {
  return decimal(std::min(types[0].precision + 1, kMaxDigits), types[0].scale);
}

Type widest(std::span<const Type> types) {
  int scale = 0;
  int whole = 0;
  for (const Type& type : types) {
    scale = std::max(scale, int{type.scale});
    whole = std::max(whole, type.precision - type.scale);
  }
  return decimal(std::clamp(whole + scale, 1, kMaxDigits), scale);
}

Parameter number(std::string_view name) {
  return {name, make(Kind::Decimal)};
}

// Rounded half away from zero in whole numbers, since PostgreSQL's own quotient is rounded already.
constexpr std::string_view kPostgresQuotient =
    "CASE WHEN {1:41} <> 0 THEN sign({0}) * sign({1}) * div(abs({0}) * 2 * CAST('1e{s}' AS numeric) + "
    "abs({1}), "
    "2 * abs({1})) * CAST('1e-{s}' AS numeric) END";

std::string postgres_bounded_quotient(std::span<const Type> types, const Type& result) {
  const int digits = types[0].precision - types[0].scale + types[1].scale + result.scale;
  return digits <= kMaxDigits ? "" : postgres_form::bounded(kPostgresQuotient);
}

int words(int digits) {
  return (digits + 8) / 9;
}

// MariaDB cuts a quotient at whole words of nine digits, at least four behind the dividend's scale: enough to
// round, where its nine words hold them all (SEMANTICS 26).
std::string mariadb_quotient(std::span<const Type> types, const Type& result) {
  const int scale = result.scale;
  const int digits = types[0].precision - types[0].scale + scale;
  const int left = words(scale) * 9;
  const int right = words(types[1].scale) * 9;
  const int behind = words(left + right + std::max(0, 4 - (left - scale) - (right - types[1].scale)));
  if (digits > 65 || words(types[0].precision - types[0].scale + types[1].scale) + 1 + behind > 9) return {};
  const std::string rounded =
      fmt::format("ROUND(CAST({{0}} AS DECIMAL({}, {{s}})) / {{1:81}}, {{s}})", digits);
  return fmt::format(
      "CASE WHEN CAST({0} AS DECIMAL({{p}}, {{s}})) = {0} THEN CAST({0} AS DECIMAL({{p}}, {{s}})) END",
      rounded);
}

std::string mariadb_whole_quotient(std::span<const Type> types, const Type&) {
  if (words(types[0].precision - types[0].scale + types[1].scale) + 3 > 9) return {};
  return "CASE WHEN CAST(TRUNCATE({0:80} / {1:81}, 0) AS DECIMAL({p})) = TRUNCATE({0:80} / {1:81}, 0) "
         "THEN CAST(TRUNCATE({0:80} / {1:81}, 0) AS DECIMAL({p})) END";
}

SqlTemplate postgres_typed(std::string_view text, std::string (*typed)(std::span<const Type>, const Type&)) {
  SqlTemplate sql = wrapped(text);
  sql.typed = typed;
  return sql;
}

SqlTemplate mariadb_typed(std::string (*typed)(std::span<const Type>, const Type&)) {
  SqlTemplate sql = wrapped("");
  sql.reason = "MariaDB has no room for so many digits";
  sql.typed = typed;
  return sql;
}

void add_quotients(std::vector<Function>& table) {
  Row(table, "operator", "/", {number("left"), number("right")}, quotient_type)
      .as_operator()
      .body(native<&body::divide>("bf_decimal_divide"))
      .fails({RowError::Overflow, RowError::DivisionByZero})
      .postgres(postgres_typed(kPostgresQuotient, postgres_bounded_quotient))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(mariadb_typed(mariadb_quotient))
      .doc("the quotient, rounded half away from zero to the greatest of both scales and 6")
      .examples({{"1.0 / 3.0", "0.333333"},
                 {"-2.0 / 3.0", "-0.666667"},
                 {"0.0000001 / 2.0", "0.0000001"},
                 {"1.5 / 0.0", "error: division by zero"},
                 {"missing / 1.5", "missing"}});
  Row(table, "number", "div", {number("dividend"), number("divisor")}, whole_quotient_type)
      .body(native<&body::whole_quotient>("bf_decimal_div"))
      .fails({RowError::Overflow, RowError::DivisionByZero})
      .postgres(wrapped("CASE WHEN {1:41} <> 0 THEN div({0}, {1}) END"))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(mariadb_typed(mariadb_whole_quotient))
      .doc("how often the divisor goes into the dividend, cut toward zero")
      .examples({{"div(7.5, 2.0)", "3"},
                 {"div(-7.5, 2.0)", "-3"},
                 {"div(1.0, 0.25)", "4"},
                 {"div(1.0, 0.0)", "error: division by zero"},
                 {"div(1.5, missing)", "missing"}});
}

enum class Mode { Floor, Ceil, HalfUp, HalfDown };

// y is the value with its kept digits before the point.
template <Mode mode>
std::string in_units() {
  const std::string y = "({0:80} * CAST('1e' || {1} AS numeric))";
  const std::string rounded = mode == Mode::Floor    ? fmt::format("floor({})", y)
                              : mode == Mode::Ceil   ? fmt::format("ceil({})", y)
                              : mode == Mode::HalfUp ? fmt::format("floor({} + 0.5)", y)
                                                     : fmt::format("(sign({{0}}) * ceil(abs({}) - 0.5))", y);
  return fmt::format("CASE WHEN {{1:41}} BETWEEN -38 AND 38 THEN {} * CAST('1e' || -({{1}}) AS numeric) END",
                     rounded);
}

// One digit more in front may be one too many; 0.1 goes up to 10 where tens are asked for.
template <Mode mode>
std::string postgres_mode(std::span<const Type> types, const Type&) {
  const bool fits = types[0].precision < kMaxDigits && mode != Mode::Floor && mode != Mode::Ceil;
  return fits ? in_units<mode>() : postgres_form::bounded(in_units<mode>());
}

// 10^-digits times a digit, as a literal.
std::string unit(char digit, std::int64_t digits) {
  if (digits <= 0) return digit + std::string(static_cast<std::size_t>(-digits), '0');
  return "0." + std::string(static_cast<std::size_t>(digits) - 1, '0') + digit;
}

// From TRUNCATE, which cuts toward zero, and a unit of the last digit kept.
template <Mode mode>
std::string mariadb_mode(std::span<const Value* const> literals) {
  if (literals[1] == nullptr) return {};
  const std::int64_t digits = literals[1]->integer();
  if (digits < -37 || digits > 38)
    return digits < -38 || digits > 38 ? "CAST(NULL AS DECIMAL({p}, {s}))" : "";
  if (digits == 38) return "{0:100}";
  const std::string half = unit('5', digits + 1);
  const std::string moved = mode == Mode::HalfUp     ? fmt::format("({{0:70}} + {})", half)
                            : mode == Mode::HalfDown ? fmt::format("(ABS({{0}}) - {})", half)
                                                     : "{0:100}";
  const bool up = mode == Mode::Ceil || mode == Mode::HalfDown;
  std::string kept = fmt::format("TRUNCATE({0}, {1})", moved, digits);
  kept = fmt::format("({0} {1} CASE WHEN {0} {2} {3} THEN {4} ELSE 0 END)", kept, up ? '+' : '-',
                     up ? '<' : '>', moved, unit('1', digits));
  if (mode == Mode::HalfDown) kept = fmt::format("(SIGN({{0}}) * {})", kept);
  return fmt::format(
      "CASE WHEN {{s0}} <= {0} THEN {{0}} WHEN CAST({1} AS DECIMAL({{p}}, {{s}})) = {1} THEN CAST({1} AS "
      "DECIMAL({{p}}, {{s}})) END",
      digits, kept);
}

SqlTemplate mariadb_special(std::string (*special)(std::span<const Value* const>)) {
  SqlTemplate sql = wrapped("");
  sql.reason = "MariaDB rounds half away from zero only; digits that are written out are exact";
  sql.special = special;
  return sql;
}

template <auto native_body, Mode mode>
void add_mode(std::vector<Function>& table, std::string_view name, std::string_view symbol,
              std::string_view doc, std::vector<Example> examples) {
  Row(table, "number", name, {number("value"), {"digits", make(Kind::Int32)}}, one_digit_more)
      .body(native<native_body>(symbol))
      .fails({RowError::Overflow, RowError::OutOfDomain})
      .postgres(postgres_typed(keep(in_units<mode>()), postgres_mode<mode>))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(mariadb_special(mariadb_mode<mode>))
      .doc(doc)
      .examples(std::move(examples));
}

void add_modes(std::vector<Function>& table) {
  add_mode<&body::floor_to, Mode::Floor>(
      table, "floor", "bf_floor_to",
      "the greatest number of so many digits that is not greater; the scale stays",
      {{"floor(-2.345, 2)", "-2.350"},
       {"floor(1299.9, -2)", "1200.0"},
       {"floor(1.5, 39)", "error: argument out of domain"},
       {"floor(missing * 1.5, 1)", "missing"}});
  add_mode<&body::ceil_to, Mode::Ceil>(table, "ceil", "bf_ceil_to",
                                       "the least number of so many digits that is not less; the scale stays",
                                       {{"ceil(2.341, 2)", "2.350"},
                                        {"ceil(-1299.9, -2)", "-1200.0"},
                                        {"ceil(1.5, 39)", "error: argument out of domain"},
                                        {"ceil(missing * 1.5, 1)", "missing"}});
  add_mode<&body::round_half_up, Mode::HalfUp>(
      table, "round_half_up", "bf_round_half_up",
      "rounded to digits behind the point, half up (-2.5 to -2); the scale stays",
      {{"round_half_up(2.345, 2)", "2.350"},
       {"round_half_up(-2.345, 2)", "-2.340"},
       {"round_half_up(-2.346, 2)", "-2.350"},
       {"round_half_up(1.5, -39)", "error: argument out of domain"},
       {"round_half_up(missing * 1.5, 1)", "missing"}});
  add_mode<&body::round_half_down, Mode::HalfDown>(
      table, "round_half_down", "bf_round_half_down",
      "rounded to digits behind the point, half toward zero; the scale stays",
      {{"round_half_down(2.345, 2)", "2.340"},
       {"round_half_down(-2.345, 2)", "-2.340"},
       {"round_half_down(2.346, 2)", "2.350"},
       {"round_half_down(1.5, -39)", "error: argument out of domain"},
       {"round_half_down(missing * 1.5, 1)", "missing"}});
}

std::string mariadb_min_scale(std::span<const Type> types, const Type&) {
  if (types[0].scale == 0) return "CASE WHEN {0:41} IS NOT NULL THEN 0 END";
  return "CHAR_LENGTH(TRIM(TRAILING '0' FROM SUBSTRING_INDEX(CAST(CAST({0} AS DECIMAL({p0}, {s0})) AS CHAR), "
         "'.', -1)))";
}

void add_questions(std::vector<Function>& table) {
  Row(table, "number", "min_scale", {number("value")}, always<Kind::Int32>)
      .body(native<&body::min_scale>("bf_min_scale"))
      .postgres(same("min_scale({0})"))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(mariadb_typed(mariadb_min_scale))
      .doc("how many digits behind the point it needs")
      .examples(
          {{"min_scale(1.50)", "1"}, {"min_scale(2.00)", "0"}, {"min_scale(missing * 1.5)", "missing"}});
  Row(table, "number", "width_bucket",
      {number("value"), number("low"), number("high"), {"count", make(Kind::Int32)}}, always<Kind::Int32>)
      .body(native<&body::width_bucket>("bf_width_bucket"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(unavailable("PostgreSQL computes where the exact steps do not fit 38 digits"))
      .sqlite(unavailable(kNoExactDecimals))
      .doc("in which of `count` equal parts from `low` to `high` it lies; 0 below, count + 1 from `high` on")
      .examples({{"width_bucket(5.35, 0.0, 10.0, 5)", "3"},
                 {"width_bucket(10.0, 0.0, 10.0, 5)", "6"},
                 {"width_bucket(-0.1, 0.0, 10.0, 5)", "0"},
                 {"width_bucket(1.0, 2.0, 2.0, 5)", "error: argument out of domain"},
                 {"width_bucket(missing * 1.5, 0.0, 1.0, 5)", "missing"}});
  Row(table, "number", "clamp", {number("value"), number("low"), number("high")}, widest)
      .body(native<&body::clamp>("bf_clamp_decimal"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(wrapped("CASE WHEN {1:41} <= {2:41} THEN CASE WHEN {0:41} < {1:41} THEN {1} WHEN {0:41} > "
                        "{2:41} THEN {2} WHEN {0:41} IS NOT NULL THEN {0} END END"))
      .sqlite(wrapped("CASE WHEN {1:41} <= {2:41} THEN CASE WHEN {0:41} < {1:41} THEN {1} WHEN {0:41} > "
                      "{2:41} THEN {2} WHEN {0:41} IS NOT NULL THEN {0} END END"))
      .mariadb(wrapped("CASE WHEN {1:41} <= {2:41} THEN CASE WHEN {0:41} < {1:41} THEN {1} WHEN {0:41} > "
                       "{2:41} THEN {2} WHEN {0:41} IS NOT NULL THEN {0} END END"))
      .doc("the value, or the end of the range that it lies beyond")
      .examples({{"clamp(1.5, 0.0, 1.25)", "1.25"},
                 {"clamp(-1.5, 0.0, 1.0)", "0.0"},
                 {"clamp(0.5, 0.0, 1.0)", "0.5"},
                 {"clamp(0.5, 1.0, 0.0)", "error: argument out of domain"},
                 {"clamp(missing * 1.5, 0.0, 1.0)", "missing"}});
  Row(table, "number", "format_thousands", {number("value")}, always<Kind::Text>)
      .body(native<&body::format_thousands>("bf_format_thousands"))
      .postgres(wrapped("regexp_replace(split_part(round({0}, {s0})::text, '.', 1), "
                        "'([0-9])(?=([0-9]{{3}})+$)', '\\1,', 'g') || substr(round({0}, {s0})::text, "
                        "length(split_part(round({0}, {s0})::text, '.', 1)) + 1)",
                        60))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(pinned("FORMAT({0}, {s0})"))
      .doc("its digits with a comma at every thousand")
      .examples({{"format_thousands(1234567.50)", "'1,234,567.50'"},
                 {"format_thousands(-123.0)", "'-123.0'"},
                 {"format_thousands(-1234.0)", "'-1,234.0'"},
                 {"format_thousands(missing * 1.5)", "missing"}});
}

Type target_decimal(std::span<const Type>) {
  return decimal(38, 0);
}

}  // namespace

void add_decimals_exact(std::vector<Function>& table) {
  add_quotients(table);
  add_modes(table);
  add_questions(table);
  Row(table, "conversion", "as", {{"value", make(Kind::Float64)}}, target_decimal)
      .body(native<&body::from_float64>("bf_decimal_from_float64"))
      .fails({RowError::Overflow})
      .postgres(pinned("CASE WHEN abs(round({0:100}::text::numeric, {s})) < 1e{w}::numeric THEN "
                       "{0:100}::text::numeric::numeric({p}, {s}) END"))
      .sqlite(unavailable(kNoExactDecimals))
      .doc("the shortest digits that give this float, rounded to the scale, half away from zero")
      .examples({{"0.1e0 as decimal(5, 2)", "0.10"},
                 {"2.675e0 as decimal(5, 2)", "2.68"},
                 {"-2.5e0 as decimal(5, 0)", "-3"},
                 {"1e30 as decimal(5, 2)", "error: overflow"},
                 {"(missing as float64) as decimal(5, 2)", "missing"}});
}

}  // namespace backfill::stdlib
