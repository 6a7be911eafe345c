// SPDX-License-Identifier: Apache-2.0
// Functions on numbers.
#include <fmt/format.h>

#include <algorithm>

#include "stdlib/decimal.h"
#include "stdlib/native_number.h"
#include "stdlib/postgres_form.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_number;

const Parameter kDecimal = {"value", make(Kind::Decimal)};
const Parameter kFloat = {"value", make(Kind::Float64)};
const Parameter kDigits = {"digits", make(Kind::Int32)};
constexpr std::string_view kFloats = "SQLite may be built without its math functions";

// Room for one more digit before the point, for what rounds up.
Type whole(std::span<const Type> types) {
  return decimal(std::clamp(types[0].precision - types[0].scale + 1, 1, kMaxDigits), 0);
}
Type one_digit_more(std::span<const Type> types) {
  return decimal(std::min(types[0].precision + 1, kMaxDigits), types[0].scale);
}

template <Kind kind>
void add_sign_and_absolute(std::vector<Function>& table) {
  const bool exact = kind == Kind::Decimal;
  const bool integer = is_integer(kind);
  // SQLite's abs() ends the statement at the smallest int64.
  const SqlTemplate absolute =
      exact      ? wrapped("CASE WHEN {0:41} < 0 THEN -({0}) ELSE {0} END")
      : !integer ? same("abs({0})")
      : kind == Kind::Int32
          ? wrapped("CASE WHEN {0:41} >= 0 THEN {0} WHEN {0:41} > -2147483648 THEN -({0}) END")
          : wrapped("CASE WHEN {0:41} >= 0 THEN {0} WHEN typeof(-({0})) = 'integer' THEN -({0}) END");
  const std::string_view mariadb_absolute =
      !integer              ? "ABS({0})"
      : kind == Kind::Int32 ? "CASE WHEN {0:41} > -2147483648 THEN ABS({0}) END"
                            : "CASE WHEN {0:41} > -9223372036854775807 - 1 THEN ABS({0}) END";
  Row abs(table, "number", "abs", {{"value", make(kind)}}, like_first);
  abs.inlined(Inline::Absolute)
      .postgres(integer ? wrapped(keep(fmt::format("CASE WHEN {{0:41}} <> {} THEN abs({{0}}) END",
                                                   postgres_form::least(kind))))
                        : same("abs({0})"))
      .sqlite(absolute)
      .mariadb(integer ? wrapped(mariadb_absolute) : same(mariadb_absolute))
      .doc("without its sign");
  Row sign(table, "number", "sign", {{"value", make(kind)}}, always<Kind::Int32>);
  sign.inlined(Inline::Sign).postgres(wrapped("CAST(sign({0}) AS int4)")).doc("-1, 0 or 1");
  sign.mariadb(same("SIGN({0})"));
  sign.sqlite(wrapped("CASE WHEN {0:41} > 0 THEN 1 WHEN {0:41} < 0 THEN -1 WHEN {0:41} = 0 THEN 0 END"));
  if (exact) {
    abs.examples({{"abs(-1.50)", "1.50"}, {"abs(0.0)", "0.0"}, {"abs(1.5 + missing)", "missing"}});
    sign.examples({{"sign(-1.50)", "-1"}, {"sign(0.0)", "0"}, {"sign(0.01)", "1"}});
  } else if (!integer) {
    abs.examples({{"abs(-1e0)", "1e0"}, {"abs(0e0)", "0e0"}, {"abs(1e0 + missing)", "missing"}});
    sign.examples({{"sign(-1e0)", "-1"}, {"sign(0e0)", "0"}, {"sign(5e0)", "1"}});
  } else {
    abs.fails({RowError::Overflow});
    abs.examples({{"abs(-7)", "7"},
                  {"abs(-9223372036854775807 - 1)", "error: overflow"},
                  {"abs(missing)", "missing"}});
    sign.examples({{"sign(-7)", "-1"}, {"sign(0)", "0"}, {"sign(missing)", "missing"}});
  }
}

template <Kind kind>
void add_mod(std::vector<Function>& table) {
  const bool exact = kind == Kind::Decimal;
  const auto aligned = [](std::span<const Type> types) {
    return decimal(std::max(types[0].precision, types[1].precision),
                   std::max(types[0].scale, types[1].scale));
  };
  Row row(table, "number", "mod", {{"dividend", make(kind)}, {"divisor", make(kind)}},
          exact ? static_cast<ResultRule>(aligned) : always<kind>);
  row.inlined(Inline::Modulo).fails({RowError::DivisionByZero}).postgres(wrapped("mod({0}, nullif({1}, 0))"));
  row.sqlite(exact ? unavailable(kNoExactDecimals) : wrapped("({0:80} % {1:81})"));
  row.mariadb(exact ? wrapped("(MOD({0}, {1}) + 0)") : same("MOD({0}, {1})"));  // its -0 is less than 0
  row.doc("the remainder, with the sign of the dividend");
  if (exact) {
    row.examples({{"mod(5.50, 2.0)", "1.50"},
                  {"mod(-7.5, 2.0)", "-1.5"},
                  {"mod(1.5, 0.0)", "error: division by zero"}});
  } else {
    row.examples({{"mod(-7, 2)", "-1"},
                  {"mod(7, -2)", "1"},
                  {"mod(1, 0)", "error: division by zero"},
                  {"mod(missing, 2)", "missing"}});
  }
}

// Whole numbers and halves are doubles, and none of up to 15 digits beside them is the same double.
template <char form>
std::string sqlite_whole(std::span<const Type> types, const Type&) {
  if (types[0].precision > 15) return {};
  switch (form) {
    case 'f':
      return "(CAST({0} AS INTEGER) - CASE WHEN {0:41} < CAST({0} AS INTEGER) THEN 1 ELSE 0 END)";
    case 'c':
      return "(CAST({0} AS INTEGER) + CASE WHEN {0:41} > CAST({0} AS INTEGER) THEN 1 ELSE 0 END)";
    case 'r':
      return "CAST({0:70} + CASE WHEN {0:41} < 0 THEN -0.5 ELSE 0.5 END AS INTEGER)";
    default:
      return "CAST({0} AS INTEGER)";
  }
}

SqlTemplate sqlite_whole_of(std::string (*typed)(std::span<const Type>, const Type&)) {
  SqlTemplate sql = wrapped("");
  sql.reason = "SQLite computes decimals as doubles, which are exact to 15 digits";
  sql.typed = typed;
  return sql;
}

template <auto native_body, char form>
void add_whole(std::vector<Function>& table, std::string_view name, std::string_view symbol,
               std::string_view mariadb, std::string_view doc, std::vector<Example> examples) {
  Row(table, "number", name, {kDecimal}, whole)
      .body(native<native_body>(symbol))
      .postgres(same(keep(fmt::format("{}({{0}})", name))))
      .sqlite(sqlite_whole_of(sqlite_whole<form>))
      // FLOOR of few digits is a BIGINT, and so would be a product of it.
      .mariadb(wrapped(keep(fmt::format("CAST({} AS DECIMAL({{p}}))", mariadb))))
      .doc(doc)
      .examples(std::move(examples));
}

template <auto native_body>
void add_float(std::vector<Function>& table, std::string_view name, std::string_view symbol,
               std::string_view mariadb, std::string_view doc, std::vector<Example> examples) {
  Row(table, "number", name, {kFloat}, always<Kind::Float64>)
      .body(native<native_body>(symbol))
      .postgres(same(keep(fmt::format("{}({{0}})", name))))
      .sqlite(unavailable(kFloats))
      // Without the factor its digits behind the point are fixed, and those of what is computed from it.
      .mariadb(wrapped(keep(fmt::format("({} * 1e0)", mariadb))))
      .doc(doc)
      .examples(std::move(examples));
}

void add_wholes(std::vector<Function>& table) {
  add_whole<&body::floor, 'f'>(
      table, "floor", "bf_floor", "FLOOR({0})", "the greatest whole number that is not greater",
      {{"floor(-1.5)", "-2"}, {"floor(1.5)", "1"}, {"floor(missing * 1.5)", "missing"}});
  add_whole<&body::ceil, 'c'>(table, "ceil", "bf_ceil", "CEILING({0})",
                              "the least whole number that is not less",
                              {{"ceil(-1.5)", "-1"}, {"ceil(1.5)", "2"}, {"ceil(missing * 1.5)", "missing"}});
  add_whole<&body::trunc, 't'>(
      table, "trunc", "bf_trunc", "TRUNCATE({0}, 0)", "cut toward zero",
      {{"trunc(-1.9)", "-1"}, {"trunc(1.9)", "1"}, {"trunc(missing * 1.5)", "missing"}});
  add_whole<&body::round, 'r'>(table, "round", "bf_round", "ROUND({0}, 0)",
                               "the nearest whole number, half away from zero",
                               {{"round(2.5)", "3"}, {"round(-2.5)", "-3"}, {"round(2.4999)", "2"}});
  add_float<&body::floor_float>(
      table, "floor", "bf_floor_float", "FLOOR({0})", "the greatest whole number that is not greater",
      {{"floor(-1.5e0)", "-2e0"}, {"floor(1.5e0)", "1e0"}, {"floor(missing * 1e0)", "missing"}});
  add_float<&body::ceil_float>(
      table, "ceil", "bf_ceil_float", "CEILING({0})", "the least whole number that is not less",
      {{"ceil(-1.5e0)", "-1e0"}, {"ceil(1.5e0)", "2e0"}, {"ceil(missing * 1e0)", "missing"}});
  add_float<&body::trunc_float>(
      table, "trunc", "bf_trunc_float", "TRUNCATE({0}, 0)", "cut toward zero",
      {{"trunc(-1.9e0)", "-1e0"}, {"trunc(1.9e0)", "1e0"}, {"trunc(missing * 1e0)", "missing"}});
  add_float<&body::round_float>(
      table, "round", "bf_round_float", "ROUND({0}, 0)", "the nearest whole number, half to even",
      {{"round(2.5e0)", "2e0"}, {"round(3.5e0)", "4e0"}, {"round(missing * 1e0)", "missing"}});
}

// PostgreSQL rounds half away from zero; half of a tie is none.
constexpr std::string_view kPostgresHalfEven =
    "CASE WHEN {1:41} >= -38 THEN CASE WHEN abs({0}) * CAST('1e' || least({1}, 38) AS numeric) - "
    "trunc(abs({0}) * CAST('1e' || least({1}, 38) AS "
    "numeric)) = 0.5 THEN round({0:80} * CAST('1e' || least({1}, 38) AS numeric) * 0.5) * 2 * CAST('1e' || "
    "-least({1}, 38) AS numeric) ELSE "
    "round({0}, {1}) END WHEN {1:41} < -38 THEN {0:80} * 0 END";

// One digit more in front may be one too many.
std::string postgres_round(std::span<const Type> types, const Type&) {
  return types[0].precision < kMaxDigits ? "" : postgres_form::bounded("round({0}, {1})");
}
std::string postgres_half_even(std::span<const Type> types, const Type&) {
  return types[0].precision < kMaxDigits ? "" : postgres_form::bounded(kPostgresHalfEven);
}
SqlTemplate postgres_rounded(std::string_view text,
                             std::string (*typed)(std::span<const Type>, const Type&)) {
  SqlTemplate sql = wrapped(text);
  sql.typed = typed;
  return sql;
}

// To a scale that stays; one more digit before the point may not fit.
SqlTemplate mariadb_rounded(std::string_view call) {
  const std::string_view cast = keep(fmt::format("CAST({} AS DECIMAL({{p}}, {{s}}))", call));
  return wrapped(keep(fmt::format("CASE WHEN {0} = {1} THEN {0} END", cast, call)));
}

// Half is where twice what is cut off is a unit of the last digit kept.
std::string mariadb_half_even(std::span<const Value* const> literals) {
  if (literals[1] == nullptr) return {};
  const std::int64_t digits = literals[1]->integer();
  if (digits < -36 || digits > 37) return {};
  const auto unit = [digits](char first) {
    std::string text(1, first);
    if (digits <= 0) return text + std::string(static_cast<std::size_t>(-digits), '0');
    return "0." + std::string(static_cast<std::size_t>(digits) - 1, '0') + text;
  };
  return fmt::format(
      "CASE WHEN ABS({{0:80}} - TRUNCATE({{0}}, {0})) * 2 = {1} AND TRUNCATE({{0}}, {0}) % {2} + 0 = 0 "
      "THEN CAST(TRUNCATE({{0}}, {0}) AS DECIMAL({{p}}, {{s}})) "
      "WHEN CAST(ROUND({{0}}, {0}) AS DECIMAL({{p}}, {{s}})) = ROUND({{0}}, {0}) "
      "THEN CAST(ROUND({{0}}, {0}) AS DECIMAL({{p}}, {{s}})) END",
      digits, unit('1'), unit('2'));
}

void add_roundings(std::vector<Function>& table) {
  Row(table, "number", "round", {kDecimal, kDigits}, one_digit_more)
      .body(native<&body::round_to>("bf_round_to"))
      .fails({RowError::Overflow})
      .postgres(postgres_rounded("round({0}, {1})", postgres_round))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(mariadb_rounded("ROUND({0}, {1})"))
      .doc(
          "rounded to digits behind the point (before it, if negative), half away from zero; the scale stays")
      .examples({{"round(2.345, 2)", "2.350"},
                 {"round(-2.345, 2)", "-2.350"},
                 {"round(1250.0, -2)", "1300.0"},
                 {"round(missing * 1.5, 1)", "missing"}});
  Row(table, "number", "trunc", {kDecimal, kDigits}, like_first)
      .body(native<&body::trunc_to>("bf_trunc_to"))
      .postgres(same("trunc({0}, {1})"))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(wrapped("CAST(TRUNCATE({0}, {1}) AS DECIMAL({p}, {s}))"))
      .doc("cut toward zero at digits behind the point (before it, if negative); the scale stays")
      .examples(
          {{"trunc(2.345, 2)", "2.340"}, {"trunc(-2.345, 2)", "-2.340"}, {"trunc(1250.0, -2)", "1200.0"}});
  SqlTemplate half_even = wrapped("");
  half_even.reason =
      "MariaDB rounds decimals half away from zero only; digits that are written out are exact";
  half_even.special = mariadb_half_even;
  Row(table, "number", "round_half_even", {kDecimal, kDigits}, one_digit_more)
      .body(native<&body::round_half_even>("bf_round_half_even"))
      .fails({RowError::Overflow})
      .postgres(postgres_rounded(kPostgresHalfEven, postgres_half_even))
      .sqlite(unavailable(kNoExactDecimals))
      .mariadb(half_even)
      .doc("rounded to digits behind the point, half to even; the scale stays")
      .examples({{"round_half_even(2.345, 2)", "2.340"},
                 {"round_half_even(2.355, 2)", "2.360"},
                 {"round_half_even(missing * 1.5, 1)", "missing"}});
  Row(table, "number", "sqrt", {kFloat}, always<Kind::Float64>)
      .body(native<&body::sqrt>("bf_sqrt"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {0:41} >= 0 THEN sqrt({0}) END"))
      .sqlite(assisted("backfill_sqrt({0})", kFloats))
      .mariadb(same("SQRT({0})"))
      .doc("the square root")
      .examples({{"sqrt(4e0)", "2e0"},
                 {"sqrt(-1e0)", "error: argument out of domain"},
                 {"sqrt(missing)", "missing"}});
}

}  // namespace

void add_numbers(std::vector<Function>& table) {
  add_sign_and_absolute<Kind::Int32>(table);
  add_sign_and_absolute<Kind::Int64>(table);
  add_sign_and_absolute<Kind::Decimal>(table);
  add_sign_and_absolute<Kind::Float64>(table);
  add_mod<Kind::Int32>(table);
  add_mod<Kind::Int64>(table);
  add_mod<Kind::Decimal>(table);
  add_wholes(table);
  add_roundings(table);
}

}  // namespace backfill::stdlib
