// SPDX-License-Identifier: Apache-2.0
// Arithmetic. Integers keep their width, nothing wraps; decimals are exact; floats never become infinite.
#include <fmt/format.h>

#include <algorithm>

#include "stdlib/decimal.h"
#include "stdlib/postgres_form.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

struct Operator {
  std::string_view name;
  Inline inlined;
  int strength;
  std::string_view doc;
  std::vector<Example> on_integers;
  std::vector<Example> on_decimals;
  std::vector<Example> on_floats;
};

const std::vector<Operator>& operators() {
  static const std::vector<Operator> rows = {
      {"+",
       Inline::Add,
       70,
       "the sum",
       {{"2 + 3", "5"}, {"missing + 1", "missing"}, {"9223372036854775807 + 1", "error: overflow"}},
       {{"1.50 + 0.5", "2.00"}, {"missing + 1.5", "missing"}, {"-0.1 + 0.1", "0.0"}},
       {{"1e0 + 2e0", "3e0"}, {"missing + 1e0", "missing"}, {"1e308 + 1e308", "error: overflow"}}},
      {"-",
       Inline::Subtract,
       70,
       "the difference",
       {{"2 - 3", "-1"}, {"missing - 1", "missing"}, {"-9223372036854775807 - 2", "error: overflow"}},
       {{"1.50 - 0.5", "1.00"}, {"missing - 1.5", "missing"}, {"0.1 - 0.25", "-0.15"}},
       {{"1e0 - 2e0", "-1e0"}, {"missing - 1e0", "missing"}, {"-1e308 - 1e308", "error: overflow"}}},
      {"*",
       Inline::Multiply,
       80,
       "the product",
       {{"2 * 3", "6"}, {"missing * 2", "missing"}, {"9223372036854775807 * 2", "error: overflow"}},
       {{"1.10 * 1.10", "1.2100"}, {"missing * 1.5", "missing"}, {"-0.5 * 0.5", "-0.25"}},
       {{"2e0 * 3e0", "6e0"}, {"missing * 1e0", "missing"}, {"1e308 * 1e1", "error: overflow"}}},
      {"/",
       Inline::Divide,
       80,
       "the quotient; integers are cut toward zero",
       {{"-7 / 2", "-3"}, {"missing / 2", "missing"}, {"1 / 0", "error: division by zero"}},
       {},
       {{"1e0 / 2e0", "0.5e0"}, {"missing / 1e0", "missing"}, {"1e0 / 0e0", "error: division by zero"}}},
      {"%",
       Inline::Modulo,
       80,
       "the remainder, with the sign of the dividend",
       {{"-7 % 2", "-1"}, {"missing % 2", "missing"}, {"1 % 0", "error: division by zero"}},
       {{"5.50 % 2.0", "1.50"}, {"missing % 1.5", "missing"}, {"-7.5 % 2.0", "-1.5"}},
       {}},
  };
  return rows;
}

std::vector<RowError> errors_of(Inline op) {
  if (op == Inline::Divide) return {RowError::Overflow, RowError::DivisionByZero};
  return {op == Inline::Modulo ? RowError::DivisionByZero : RowError::Overflow};
}

std::string infix(const Operator& op, std::string_view name) {
  return fmt::format("{{0:{}}} {} {{1:{}}}", op.strength, name, op.strength + 1);
}

std::string_view bounds(Kind kind) {
  return kind == Kind::Int16 ? "BETWEEN -32768 AND 32767" : "BETWEEN -2147483648 AND 2147483647";
}

// SQLite computes with 64 bits and goes over to REAL past them; an overflow must be NULL, not another number.
SqlTemplate sqlite_integers(const Operator& op, Kind kind) {
  const std::string plain = infix(op, op.name);
  if (op.inlined == Inline::Modulo) return same(keep(plain), op.strength);
  if (kind == Kind::Int64)
    return wrapped(keep(fmt::format("CASE WHEN typeof({0}) = 'integer' THEN {0} END", plain)));
  return wrapped(keep(fmt::format("CASE WHEN {0} {1} THEN {0} END", plain, bounds(kind))));
}

namespace pg = postgres_form;

// A divisor that is written out and neither 0 nor -1 needs no guard.
template <char op>
std::string postgres_plain_divisor(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->integer() == 0 || literals[1]->integer() == -1) return {};
  return fmt::format("({{0:80}} {} {{1:81}})", op);
}

SqlTemplate postgres_integers(const Operator& op, Kind kind) {
  if (op.inlined == Inline::Modulo) {
    SqlTemplate sql = wrapped("({0:80} % nullif({1}, 0))");
    sql.special = postgres_plain_divisor<'%'>;
    return sql;
  }
  if (op.inlined == Inline::Divide) {
    SqlTemplate sql = wrapped(keep(fmt::format(
        "CASE WHEN {{1:41}} <> 0 AND ({{0:41}} <> {} OR {{1:41}} <> -1) THEN {{0:80}} / {{1:81}} END",
        pg::least(kind))));
    sql.special = postgres_plain_divisor<'/'>;
    return sql;
  }
  return wrapped(keep(fmt::format("CASE WHEN {{0:100}}::{} {} {{1:{}}} {} THEN {} END", pg::wider(kind),
                                  op.name, op.strength + 1, pg::range(kind), infix(op, op.name))));
}

// PostgreSQL raises an error where a float overflows and where it becomes 0; for us only the former is one.
std::string_view postgres_floats(const Operator& op) {
  // Where the sum is close to overflow half of it rounds alike; half of the smallest float would be an error.
  constexpr std::string_view kSum =
      "CASE WHEN ({{0:41}} > 0) {0} ({{1:41}} > 0) OR abs({{0}}) <= {1} - abs({{1}}) THEN {2} WHEN "
      "greatest(abs({{0}}), 1e-200) * 0.5 + greatest(abs({{1}}), 1e-200) * 0.5 < "
      "'8.98846567431158e307'::float8 THEN {2} END";
  const std::string plain = infix(op, op.name);
  switch (op.inlined) {
    case Inline::Add:
      return keep(fmt::format(kSum, "<>", pg::kGreatestFloat, plain));
    case Inline::Subtract:
      return keep(fmt::format(kSum, "=", pg::kGreatestFloat, plain));
    // Powers of two beside the operands keep what is compared away from both ends: 2^1000 and 2^-75, for what
    // rounds to 0 is at most 2^-1075.
    case Inline::Multiply:
      return keep(fmt::format(
          "CASE WHEN {{0:41}} = 0 OR {{1:41}} = 0 THEN 0 * sign({{0}}) * sign({{1}}) WHEN abs({{0}}) <= {0} "
          "/ "
          "greatest(abs({{1}}), 1) THEN CASE WHEN least(abs({{0}}), abs({{1}}), 1) * {1} * "
          "least(greatest(abs({{0}}), abs({{1}}), 1e-200), 1) > {2} THEN {3} ELSE 0 * sign({{1}}) END END",
          pg::kGreatestFloat, pg::kScale, pg::kScaledSmallest, plain));
    default:
      return keep(fmt::format(
          "CASE WHEN {{1:41}} <> 0 AND abs({{0}}) <= {0} * least(abs({{1}}), 1) THEN CASE WHEN {{0:41}} <> 0 "
          "AND "
          "least(abs({{0}}), 1) * {1} / greatest(abs({{1}}), 1) > {2} THEN {3} ELSE 0::float8 END END",
          pg::kGreatestFloat, pg::kScale, pg::kScaledSmallest, plain));
  }
}

// MariaDB computes with 64 bits and ends the statement where these do not do.
SqlTemplate mariadb_integers(const Operator& op, Kind kind) {
  const std::string plain = infix(op, op.name);
  if (op.inlined == Inline::Modulo) return same(keep(plain), op.strength);
  if (op.inlined == Inline::Divide) {
    const std::string_view least = kind == Kind::Int16   ? "-32768"
                                   : kind == Kind::Int32 ? "-2147483648"
                                                         : "-9223372036854775807 - 1";
    return wrapped(
        keep(fmt::format("CASE WHEN {{1:41}} <> -1 OR {{0:41}} > {} THEN {} END", least, infix(op, "DIV"))));
  }
  if (kind != Kind::Int64)
    return wrapped(keep(fmt::format("CASE WHEN {0} {1} THEN {0} END", plain, bounds(kind))));
  return wrapped(
      keep(fmt::format("CASE WHEN {{0:{0}}} {1} CAST({{1}} AS DECIMAL(20)) BETWEEN "
                       "-9223372036854775808 AND 9223372036854775807 THEN {2} END",
                       op.strength, op.name, plain)));
}

template <Kind kind>
void add_integers(std::vector<Function>& table) {
  for (const Operator& op : operators()) {
    Row(table, "operator", op.name, {{"left", make(kind)}, {"right", make(kind)}}, always<kind>)
        .as_operator()
        .inlined(op.inlined)
        .fails(errors_of(op.inlined))
        .postgres(postgres_integers(op, kind))
        .sqlite(sqlite_integers(op, kind))
        .mariadb(mariadb_integers(op, kind))
        .doc(op.doc)
        .examples(op.on_integers);
  }
}

// Aligned arguments: both have one scale.
Type sum_type(std::span<const Type> types) {
  const int scale = std::max(types[0].scale, types[1].scale);
  const int whole = std::max(types[0].precision - types[0].scale, types[1].precision - types[1].scale);
  return decimal(std::min(kMaxDigits, whole + scale + 1), scale);
}

Type product_type(std::span<const Type> types) {
  const int scale = types[0].scale + types[1].scale;
  if (scale > kMaxDigits) return make(Kind::Error);
  return decimal(std::min(kMaxDigits, types[0].precision + types[1].precision), scale);
}

Type remainder_type(std::span<const Type> types) {
  return sum_type(types);
}

ResultRule decimal_rule(Inline op) {
  if (op == Inline::Multiply) return product_type;
  return op == Inline::Modulo ? remainder_type : sum_type;
}

int words(int digits) {
  return (digits + 8) / 9;
}

// MariaDB computes with nine words of nine digits, each side of the point apart, and cuts what is too long.
std::string mariadb_product(std::span<const Type> types, const Type& result) {
  const int before = types[0].precision - types[0].scale + types[1].precision - types[1].scale;
  if (words(before) + words(types[0].scale) + words(types[1].scale) > 9) return {};
  if (types[0].precision + types[1].precision <= kMaxDigits)
    return "CAST({0:80} * {1:81} AS DECIMAL({p}, {s}))";
  static_cast<void>(result);
  return "CASE WHEN CAST({0:80} * {1:81} AS DECIMAL({p}, {s})) = {0:80} * {1:81} THEN CAST({0:80} * {1:81} "
         "AS "
         "DECIMAL({p}, {s})) END";
}

template <char sign>
std::string mariadb_sum(std::span<const Type>, const Type& result) {
  const std::string plain = fmt::format("{{0:70}} {} {{1:71}}", sign);
  if (result.precision < kMaxDigits) return fmt::format("({})", plain);
  return fmt::format(
      "CASE WHEN CAST({0} AS DECIMAL({{p}}, {{s}})) = {0} THEN CAST({0} AS DECIMAL({{p}}, {{s}})) END",
      plain);
}

SqlTemplate mariadb_decimals(Inline op) {
  if (op == Inline::Modulo) return wrapped("({0:80} % {1:81} + 0)");  // its -0 is less than 0
  SqlTemplate sql = wrapped("");
  sql.reason = "MariaDB cuts a product of so many digits";
  sql.typed = op == Inline::Multiply ? mariadb_product
              : op == Inline::Add    ? mariadb_sum<'+'>
                                     : mariadb_sum<'-'>;
  return sql;
}

template <char sign>
std::string postgres_guarded(std::span<const Type> types, const Type& result) {
  const int digits =
      sign == '*' ? types[0].precision + types[1].precision
                  : std::max(types[0].precision - types[0].scale, types[1].precision - types[1].scale) +
                        result.scale + 1;
  if (digits <= kMaxDigits) return {};
  return postgres_form::bounded(sign == '*' ? "{0:80} * {1:81}" : fmt::format("{{0:70}} {} {{1:71}}", sign));
}

SqlTemplate postgres_decimals(const Operator& op) {
  if (op.inlined == Inline::Modulo) return wrapped("({0:80} % nullif({1}, 0))");
  SqlTemplate sql = same(keep(infix(op, op.name)), op.strength);
  sql.typed = op.inlined == Inline::Multiply ? postgres_guarded<'*'>
              : op.inlined == Inline::Add    ? postgres_guarded<'+'>
                                             : postgres_guarded<'-'>;
  return sql;
}

void add_decimals(std::vector<Function>& table) {
  for (const Operator& op : operators()) {
    if (op.on_decimals.empty()) continue;
    Row(table, "operator", op.name, {{"left", make(Kind::Decimal)}, {"right", make(Kind::Decimal)}},
        decimal_rule(op.inlined))
        .as_operator()
        .inlined(op.inlined)
        .fails(errors_of(op.inlined))
        .postgres(postgres_decimals(op))
        .sqlite(unavailable(kNoExactDecimals))
        .mariadb(mariadb_decimals(op.inlined))
        .doc(op.doc)
        .examples(op.on_decimals);
  }
}

// An infinite result ends MariaDB's statement: the guards compute it with other exponents, which rounds
// alike.
std::string_view mariadb_floats(Inline op) {
  switch (op) {
    case Inline::Multiply:
      return "CASE WHEN ABS(({0:80} * 7.458340731200207e-155) * ({1:80} * 7.458340731200207e-155)) < 1 "
             "THEN {0:80} * {1:81} END";
    case Inline::Divide:
      return "CASE WHEN ABS({1}) >= 1 THEN {0:80} / {1:81} "
             "WHEN ABS(({0:80} * 7.458340731200207e-155) / ({1:80} * 3.019169939857233e169)) < "
             "4.440892098500626e-16 THEN {0:80} / {1:81} END";
    default:
      return op == Inline::Add ? "CASE WHEN ABS({0:80} * 0.5e0 + {1:80} * 0.5e0) < 8.98846567431158e307 THEN "
                                 "{0:70} + {1:71} END"
                               : "CASE WHEN ABS({0:80} * 0.5e0 - {1:80} * 0.5e0) < 8.98846567431158e307 THEN "
                                 "{0:70} - {1:71} END";
  }
}

void add_floats(std::vector<Function>& table) {
  for (const Operator& op : operators()) {
    if (op.on_floats.empty()) continue;
    const std::string plain = infix(op, op.name);
    Row(table, "operator", op.name, {{"left", make(Kind::Float64)}, {"right", make(Kind::Float64)}},
        always<Kind::Float64>)
        .as_operator()
        .inlined(op.inlined)
        .fails(errors_of(op.inlined))
        .postgres(wrapped(postgres_floats(op)))
        .sqlite(wrapped(
            keep(fmt::format("CASE WHEN ({0}) - ({0}) = 0 THEN {0} END", plain))))  // Inf - Inf is NULL
        .mariadb(wrapped(mariadb_floats(op.inlined)))
        .doc(op.doc)
        .examples(op.on_floats);
  }
}

template <Kind kind>
void add_integer_negation(std::vector<Function>& table) {
  const std::string_view sqlite =
      kind == Kind::Int64 ? "CASE WHEN typeof(-({0})) = 'integer' THEN -({0}) END"
                          : keep(fmt::format("CASE WHEN -({{0}}) {} THEN -({{0}}) END", bounds(kind)));
  const std::string_view mariadb =
      kind == Kind::Int64 ? "CASE WHEN {0:41} > -9223372036854775807 - 1 THEN -({0}) END" : sqlite;
  Row(table, "operator", "-", {{"value", make(kind)}}, always<kind>)
      .as_operator()
      .inlined(Inline::Negate)
      .fails({RowError::Overflow})
      .postgres(wrapped(keep(fmt::format("CASE WHEN {{0:41}} <> {} THEN -({{0}}) END", pg::least(kind)))))
      .sqlite(wrapped(sqlite))
      .mariadb(wrapped(mariadb))
      .doc("the number with the other sign")
      .examples({{"-(2)", "-2"}, {"-(-2)", "2"}, {"-(0)", "0"}});
}

void add_other_negation(std::vector<Function>& table) {
  Row(table, "operator", "-", {{"value", make(Kind::Decimal)}}, like_first)
      .as_operator()
      .inlined(Inline::Negate)
      .postgres(same("-({0})", 90))
      .sqlite(same("-({0})", 90))
      .mariadb(same("-({0})", 90))
      .doc("the number with the other sign")
      .examples({{"-(1.50)", "-1.50"}, {"-(-1.50)", "1.50"}, {"-(0.0)", "0.0"}});
  Row(table, "operator", "-", {{"value", make(Kind::Float64)}}, always<Kind::Float64>)
      .as_operator()
      .inlined(Inline::Negate)
      .everywhere(same("-({0})", 90))
      .doc("the number with the other sign")
      .examples({{"-(1e0)", "-1e0"}, {"-(-1e0)", "1e0"}, {"-(2e3)", "-2e3"}});
}

}  // namespace

void add_arithmetic(std::vector<Function>& table) {
  add_integers<Kind::Int16>(table);
  add_integers<Kind::Int32>(table);
  add_integers<Kind::Int64>(table);
  add_decimals(table);
  add_floats(table);
  add_integer_negation<Kind::Int16>(table);
  add_integer_negation<Kind::Int32>(table);
  add_integer_negation<Kind::Int64>(table);
  add_other_negation(table);
}

}  // namespace backfill::stdlib
