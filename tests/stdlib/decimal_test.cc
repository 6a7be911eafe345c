// SPDX-License-Identifier: Apache-2.0
#include "stdlib/decimal.h"

#include <catch2/catch.hpp>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "stdlib/function.h"

namespace backfill::stdlib {
namespace {

Decimal parsed(std::string_view text) {
  return parse_decimal(text).value();
}

const std::string kGreatest(38, '9');

TEST_CASE("decimals keep every digit up to 38") {
  CHECK(to_string(parsed(kGreatest)) == kGreatest);
  CHECK(to_string(parsed("-" + kGreatest)) == "-" + kGreatest);
  CHECK(to_string(parsed("0." + kGreatest)) == "0." + kGreatest);
  CHECK(!parse_decimal("1" + kGreatest));
  CHECK(!parse_decimal("0.0" + kGreatest));
  // 4e38 is within 38 digits again once it has wrapped around 128 bits.
  for (char first = '1'; first <= '9'; ++first) {
    INFO(first);
    CHECK(!parse_decimal(first + std::string(38, '0')));
    CHECK(!parse_decimal(first + std::string(37, '9') + ".9"));
  }
}

TEST_CASE("SEMANTICS 34: what is a decimal's text") {
  CHECK(to_string(parsed(" 1.50 ")) == "1.50");
  CHECK(to_string(parsed(".5")) == "0.5");
  CHECK(to_string(parsed("5.")) == "5");
  CHECK(to_string(parsed("+007")) == "7");
  CHECK(to_string(parsed("-0.05")) == "-0.05");
  for (const char* wrong : {"", " ", ".", "-", "1,000", "NaN", "1e3", "1 2", "--1", "1.2.3", "\t1", "0x1"}) {
    INFO(wrong);
    CHECK(!parse_decimal(wrong));
  }
}

TEST_CASE("SEMANTICS 28, 29: rescaling rounds half away from zero and never loses a digit before the point") {
  CHECK(*rescale(25, 1, 0) == 3);
  CHECK(*rescale(-25, 1, 0) == -3);
  CHECK(*rescale(24, 1, 0) == 2);
  CHECK(*rescale(15, 1, 4) == 15000);
  CHECK(*rescale(0, 0, 38) == 0);
  CHECK(!rescale(1, 0, 38));
  CHECK(!rescale(parsed(kGreatest).unscaled, 0, 1));
  CHECK(*rescale(parsed(kGreatest).unscaled, 38, 0) == 1);
}

TEST_CASE("rounding by every rule agrees with a division done digit by digit") {
  std::mt19937_64 random(11);
  for (int i = 0; i < 20000; ++i) {
    const auto value = static_cast<std::int64_t>(random()) % 100000;
    const int digits = static_cast<int>(random() % 4);
    const double exact = static_cast<double>(value);
    const double power[] = {1, 10, 100, 1000};
    CHECK(divide_power(value, digits, Toward::Floor) ==
          static_cast<std::int64_t>(std::floor(exact / power[digits])));
    CHECK(divide_power(value, digits, Toward::Ceiling) ==
          static_cast<std::int64_t>(std::ceil(exact / power[digits])));
    CHECK(divide_power(value, digits, Toward::Zero) == value / static_cast<std::int64_t>(power[digits]));
    const auto step = static_cast<std::int64_t>(power[digits]);
    const auto twice = 2 * std::abs(value) + step;  // half away: floor(|v| / s + 1/2)
    CHECK(divide_power(value, digits, Toward::HalfAway) == (value < 0 ? -1 : 1) * (twice / (2 * step)));
    if (twice % (2 * step) != 0) {
      CHECK(divide_power(value, digits, Toward::HalfEven) == divide_power(value, digits, Toward::HalfAway));
    }
  }
  CHECK(divide_power(25, 1, Toward::HalfEven) == 2);
  CHECK(divide_power(35, 1, Toward::HalfEven) == 4);
  CHECK(divide_power(-25, 1, Toward::HalfEven) == -2);
  CHECK(divide_power(-1, 60, Toward::Floor) == -1);
  CHECK(divide_power(-1, 60, Toward::HalfAway) == 0);
}

TEST_CASE("comparison is of the number, at any two scales") {
  CHECK(parsed("1.50") == parsed("1.5"));
  CHECK((compare(parsed("-1.5"), parsed("-1.49")) < 0));
  CHECK((compare(parsed(kGreatest), parsed("0." + kGreatest)) > 0));
  CHECK((compare(parsed("-" + kGreatest), parsed("0." + kGreatest)) < 0));
  CHECK((compare(parsed("0." + kGreatest), parsed("1")) < 0));
  CHECK((compare(parsed("0"), parsed("0." + std::string(38, '0'))) == 0));
  std::mt19937_64 random(13);
  for (int i = 0; i < 20000; ++i) {
    const auto left = static_cast<std::int32_t>(random()), right = static_cast<std::int32_t>(random());
    const int left_scale = static_cast<int>(random() % 10), right_scale = static_cast<int>(random() % 10);
    const Int128 a = Int128{left} * power_of_ten(9 - left_scale),
                 b = Int128{right} * power_of_ten(9 - right_scale);
    CHECK((compare({left, left_scale}, {right, right_scale}) < 0) == (a < b));
    CHECK((Decimal{left, left_scale} == Decimal{right, right_scale}) == (a == b));
  }
}

TEST_CASE("the table's decimal arithmetic is exact against 128 bits") {
  std::mt19937_64 random(17);
  const std::vector<Type> types = {decimal(12, 3), decimal(12, 3)};
  for (const std::string_view name : {"+", "-", "*", "%"}) {
    const Resolution op = resolve(name, types);
    REQUIRE(op.function != nullptr);
    for (int i = 0; i < 3000; ++i) {
      const Int128 a = static_cast<std::int64_t>(random()) % 1'000'000'000'000,
                   b = static_cast<std::int32_t>(random());
      const std::vector<Value> arguments = {Decimal{a, 3}, Decimal{b, 3}};
      EvaluateContext context;
      const Value result = op.function->evaluate(*op.function, arguments, types, op.result, context);
      REQUIRE(context.error == RowError::None);
      const Int128 expected = name == "+" ? a + b : name == "-" ? a - b : name == "*" ? a * b : a % b;
      CHECK(result.decimal().unscaled == expected);
      CHECK(result.decimal().scale == op.result.scale);
    }
  }
}

TEST_CASE("past 38 digits is a row error") {
  const std::vector<Type> types = {decimal(38, 0), decimal(38, 0)};
  const std::vector<Value> arguments = {parsed(kGreatest), parsed(kGreatest)};
  for (const std::string_view name : {"+", "*"}) {
    const Resolution op = resolve(name, types);
    EvaluateContext context;
    CHECK(op.function->evaluate(*op.function, arguments, types, op.result, context).missing());
    CHECK(context.error == RowError::Overflow);
  }
}

TEST_CASE("literals and texts of values") {
  CHECK(literal(Decimal{150, 2}, decimal(10, 2)) == "1.50");
  CHECK(literal(Decimal{15, 1}, decimal(10, 4)) == "1.5000");
  CHECK(literal(std::string("it's"), text()) == "'it''s'");
  CHECK(display(std::string("it's"), text()) == "it's");
  CHECK(literal(Value(), text()) == "missing");
  CHECK(literal(1.0, make(Kind::Float64)) == "1e0");
  CHECK(literal(std::string("\x00\xff", 2), make(Kind::Bytes)) == "x'00ff'");
  CHECK(literal(std::int64_t{0}, make(Kind::Date)) == "date '1970-01-01'");
  CHECK(literal(std::int64_t{-1}, make(Kind::Timestamp)) == "timestamp '1969-12-31T23:59:59.999999Z'");
  CHECK(Value(Decimal{150, 2}) == Value(Decimal{15, 1}));
  CHECK(Value(0.0) == Value(-0.0));
  CHECK(!(Value() == Value(false)));
  CHECK(Value() == Value());
}

}  // namespace
}  // namespace backfill::stdlib
