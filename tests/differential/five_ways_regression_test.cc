// SPDX-License-Identifier: Apache-2.0
// Differences between evaluator, native code and the databases that were found and mended, by name. Literals
// become columns; each expression is also computed with every operand missing.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cmath>

#include "tests/differential/five_ways.h"
#include "tests/differential/lift.h"

namespace {

using namespace backfill;

void agrees(const std::string& expression, test::Lift how = test::Lift::All) {
  const auto lifted = test::lift(expression, how);
  INFO(expression);
  REQUIRE(lifted);
  std::vector<std::vector<stdlib::Value>> rows(lifted->types.size() + 1, lifted->values);
  for (std::size_t k = 0; k < lifted->types.size(); ++k) rows[k][k] = {};
  test::TypedTable table("regression", lifted->types, std::move(rows));
  test::Report report;
  test::FiveWays(table, test::all_servers(), report).compare({lifted->expr});
  test::expect_no_difference(report);
}

}  // namespace

// The template's `{*1}` had nothing to stand for: the program ended.
TEST_CASE("the greatest of one text") {
  agrees("greatest('a')");
}

// A bare NULL: PostgreSQL does not know which abs is meant.
TEST_CASE("a missing argument that is a constant") {
  agrees("case { 1 = 1 and true -> abs(missing as int32), else -> 5 }");
  agrees("concat_ws('-', missing, 'a')", test::Lift::Texts);
}

// `t.c AT TIME ZONE 'UTC'` between other operators was a syntax error.
TEST_CASE("a date as a timestamp, and so much later") {
  agrees("(date '2024-01-31' as timestamp) + 2000 days");
  agrees("(date '2024-01-31' as timestamp) < timestamp '2024-01-31T00:00:01Z'");
}

// gcd of two int32 was an int8 there, and make_interval takes no int8.
TEST_CASE("the width of gcd") {
  agrees("add_months(date '2024-01-31', gcd(12, 2))");
}

// PostgreSQL refuses floats that become 0; to us they are 0.
TEST_CASE("floats that become zero") {
  agrees("radians(5e-324)");
  agrees("5e-324 * 1e-1");
  agrees("5e-324 * 0.625e0");
  agrees("5e-324 / 1.5e0");
  agrees("5e-324 / 1e1");
  agrees("1e-200 * 1e-200");
  agrees("-1e-200 / 1e200");
}

// All digits of the binary number, instead of the shortest ones that give it.
TEST_CASE("a large float as a decimal") {
  agrees("8.112963841460668e31 as decimal(38, 6)");
  agrees("-9.5e0 as decimal(38, 0)");
}

// Half way to the next float: the same number to us, another spelling to PostgreSQL.
TEST_CASE("floats as decimals where two spellings are as short") {
  for (int power = 53; power < 126; ++power)
    for (const double each : {std::ldexp(1.0, power), std::nextafter(std::ldexp(1.0, power), 0.0),
                              std::nextafter(std::ldexp(1.0, power), HUGE_VAL),
                              std::ldexp(9007199254740991.0, power - 53), std::ldexp(7.0, power - 3) * 1.1})
      agrees(fmt::format("{:e} as decimal(38, 0)", each));
  for (int power = 15; power < 38; ++power) agrees(fmt::format("1e{} as decimal(38, 0)", power));
  agrees("5e22 as decimal(38, 0)");
  agrees("2e25 as decimal(38, 0)");
}

TEST_CASE("floats at the edge of overflow") {
  agrees("1.7976931348623157e308 * 1e0");
  agrees("1.7976931348623157e308 + 1e0");
  agrees("1.7976931348623157e308 - 1.7976931348623157e308");
  agrees("8.98846567431158e307 * 2e0");
  agrees("1e308 * 1e1");
  agrees("1e308 / 1e-1");
}

// Two explicit collations in one comparison end PostgreSQL's statement.
TEST_CASE("case mapping and collations meet") {
  agrees("lower('ÀB') < lower('az')");
  agrees("upper('straße') || lower_ascii('X') >= 'a'");
  agrees("replace(lower('ABA'), lower_ascii('B'), upper('x')) = 'aXa'");
}

TEST_CASE("a row that fails ends no statement") {
  agrees("9223372036854775807 + 1", test::Lift::Wide);
  agrees("2147483647 * 2");
  agrees("1 / 0");
  agrees("1 % 0");
  agrees("-9223372036854775807 - 2", test::Lift::Wide);
  agrees("make_date(2023, 2, 29)");
  agrees("'2024-02-30' as date");
  agrees("'99999999999999999999' as int64");
  agrees("'1e999' as float64");
  agrees("repeat('ab', 2000000000)");
  agrees("lpad('a', 2000000000)");
}

// PostgreSQL went back over the user where nothing stood behind it.
TEST_CASE("a host of nothing behind a user") {
  for (const char* url :
       {"http://ann@/x", "http://@", "http://@h", "http://u@v@h/", "http://u:p@h:8/", "x://:80",
        "http://h:80@x", "a+b.c-d://H", "1a://h", "://h", "a b://h", "http:/h", "x://h?a://b"})
    for (const char* function : {"url_scheme", "url_host", "url_path"})
      agrees(fmt::format("{}('{}')", function, url));
}

// They are row errors of ours, and a number like any other to PostgreSQL.
TEST_CASE("decimals of 39 digits") {
  for (const char* expression :
       {"9999999999999999999999999999.9999999999 + 0.0000000001",
        "-9999999999999999999999999999.9999999999 - 0.0000000001",
        "9999999999999999999999999999.9999999999 * 2.5", "9999999999999999999999999999.9999999999 / 0.5",
        "round(9999999999999999999999999999.9999999999, 5)",
        "ceil(9999999999999999999999999999.9999999999, 5)", "round_half_even(1.50, -39)"})
    agrees(expression);
}

// What SQLite computes with strings of zeros.
TEST_CASE("texts that are filled up") {
  for (const char* expression :
       {"lpad('é', 5, 'xyz')", "rpad('é', 5, 'xyz')", "lpad('abc', 2, '')", "lpad('a', 2, '')",
        "lpad('', 0, '')", "lpad('é', 5)", "rpad('00', 5)", "lpad('a', 3, '00')", "repeat('00', 3)",
        "repeat('', 2000000000)", "repeat('é', 0)", "repeat('ab', 2000000000)", "lpad('a', 2147483647, 'b')"})
    agrees(expression);
}

// MariaDB showed four digits behind the point of what it computed from a TRUNCATE of a float.
TEST_CASE("a quotient of whole floats") {
  agrees("trunc(123456.789e0) / floor(-1e300)");
  agrees("round(1.5e0) / ceil(2.5e0)");
}

// PostgreSQL gave the document itself.
TEST_CASE("a document that is asked for a text") {
  agrees(R"(('{"a":1}' as json) as text or missing)");
  agrees(R"(('[1]' as json)[0] as text or missing)");
}
