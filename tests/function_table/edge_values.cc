// SPDX-License-Identifier: Apache-2.0
#include "tests/function_table/edge_values.h"

#include <cstdint>
#include <memory>
#include <random>

#include "stdlib/calendar.h"
#include "stdlib/decimal.h"

namespace backfill::test {

namespace {

using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;
using Values = std::vector<Value>;

Values texts() {
  static const char* const all[] = {"",
                                    " ",
                                    "a",
                                    "A",
                                    "ab",
                                    "abc",
                                    "ABC",
                                    "a ",
                                    " a",
                                    "  a b ",
                                    "é",
                                    "É",
                                    "e",
                                    "ß",
                                    "ss",
                                    "ÄÖÜ",
                                    "漢字",
                                    "😀",
                                    "😁",
                                    "x😀y",
                                    "\u00A0a",
                                    "\t7",
                                    "a\nb",
                                    "e\u0301",
                                    "a\u200Db",
                                    "İıſK",
                                    "ﬁ",
                                    "ασΣς",
                                    "0",
                                    "7",
                                    "-7",
                                    "+7",
                                    "+-7",
                                    "12abc",
                                    " 12 ",
                                    "1e3",
                                    "1.9",
                                    "-0",
                                    "00012",
                                    "0.5",
                                    ".5",
                                    "5.",
                                    "-1.50",
                                    "1,000",
                                    "1e400",
                                    "-1e-400",
                                    "NaN",
                                    "Infinity",
                                    "0x1F",
                                    "1_000",
                                    "32767",
                                    "32768",
                                    "-32769",
                                    "2147483647",
                                    "2147483648",
                                    "-2147483648",
                                    "-2147483649",
                                    "9223372036854775807",
                                    "9223372036854775808",
                                    "-9223372036854775808",
                                    "-9223372036854775809",
                                    "99999999999999999999",
                                    "12345678901234567890123456789012345678",
                                    "123456789012345678901234567890123456789",
                                    "0.12345678901234567890123456789",
                                    "2024-01-31",
                                    "2024-02-30",
                                    "2024-02-29",
                                    "2023-02-29",
                                    "2024-1-5",
                                    "0000-01-01",
                                    "0001-01-01",
                                    "9999-12-31",
                                    "10000-01-01",
                                    " 2024-01-31 ",
                                    "2024-01-31T10:00:00Z",
                                    "2024-01-31 10:00:00.5+02:00",
                                    "2024-01-31T10:00:00.1234567Z",
                                    "2024-01-31T10:00:00",
                                    "2024-01-31 10:00",
                                    "2024-01-31T24:00:00Z",
                                    "2024-01-31T23:59:60Z",
                                    "0001-01-01T00:00:00+14:00",
                                    "9999-12-31T23:59:59-12:00",
                                    "2024-01-31T10:00:00.5",
                                    "2024-01-31t10:00:00z",
                                    "AAAAAAAA-0000-0000-0000-00000000000f",
                                    "aaaaaaaa-0000-0000-0000-000000000001",
                                    "aaaaaaaa00000000000000000000000001",
                                    "true",
                                    "false",
                                    "year",
                                    "month",
                                    "day",
                                    "week",
                                    "quarter",
                                    "hour",
                                    "minute",
                                    "second",
                                    "DAY",
                                    "a@b",
                                    "ann@example.org",
                                    "@",
                                    "@@",
                                    "a,b,,c",
                                    ",",
                                    "%",
                                    "_",
                                    "a%",
                                    "\\",
                                    "a\\b",
                                    "'",
                                    "it's",
                                    "!",
                                    "!!",
                                    "[a-c]*?",
                                    "xyxabcyx",
                                    "xy",
                                    "aaa",
                                    "aa",
                                    "abcabc",
                                    "bc",
                                    "B"};
  Values values;
  for (const char* text : all) values.emplace_back(std::string(text));
  values.emplace_back(std::string(300, 'x') + "é");
  return values;
}

Values integers(std::int64_t low, std::int64_t high) {
  Values values;
  for (const std::int64_t n :
       {0, 1, -1, 2, -2, 3, 4, 5, 7, 10, 12, 29, 31, 100, -100, 2024, 9999, 32767, -32768})
    values.emplace_back(n);
  for (const std::int64_t n :
       {std::int64_t{2147483647}, std::int64_t{-2147483648}, std::int64_t{3037000500},
        std::int64_t{9007199254740993}, INT64_MAX, INT64_MIN, INT64_MAX - 1, INT64_MIN + 1})
    if (n >= low && n <= high) values.emplace_back(n);
  return values;
}

Values floats() {
  Values values;
  for (const double n : {0.0,
                         -0.0,
                         1.0,
                         -1.0,
                         0.5,
                         -0.5,
                         1.5,
                         2.5,
                         -2.5,
                         0.1,
                         0.2,
                         0.30000000000000004,
                         1e15,
                         1e16,
                         1e-5,
                         1e22,
                         1e300,
                         -1e300,
                         1.7976931348623157e308,
                         -1.7976931348623157e308,
                         8.98846567431158e307,
                         5e-324,
                         2.2250738585072014e-308,
                         4.0,
                         1e10,
                         2147483647.0,
                         2147483648.0,
                         -2147483648.0,
                         9007199254740993.0,
                         9223372036854775807.0,
                         -9223372036854775808.0,
                         1e20,
                         41090.236492,
                         1.005,
                         2.675,
                         1.0000000000000002,
                         0.9999999999999999,
                         1e154,
                         1.5e154,
                         3.0,
                         1e-160,
                         1e308,
                         2e-308})
    values.emplace_back(n);
  return values;
}

Values decimals(const Type& type) {
  const stdlib::Int128 most = stdlib::power_of_ten(type.precision) - 1;
  const stdlib::Int128 one = stdlib::power_of_ten(type.scale);
  Values values;
  for (const stdlib::Int128 n : {stdlib::Int128{0},
                                 stdlib::Int128{1},
                                 stdlib::Int128{-1},
                                 stdlib::Int128{5},
                                 stdlib::Int128{-5},
                                 most,
                                 -most,
                                 most - 1,
                                 most / 2,
                                 most / 3,
                                 one,
                                 -one,
                                 one / 2,
                                 -one / 2,
                                 one * 2,
                                 one + one / 2,
                                 -one - one / 2,
                                 one * 2 + one / 2,
                                 one * 7,
                                 one / 100 * 345,
                                 one / 100 * 355,
                                 one / 1000 * 2345})
    if (n <= most && n >= -most) values.emplace_back(stdlib::Decimal{n, type.scale});
  return values;
}

Values days() {
  Values values;
  for (const char* text :
       {"2024-01-31", "2024-02-28", "2024-02-29", "2023-02-28", "2024-03-31", "2024-12-31", "2024-12-30",
        "2021-01-03", "1970-01-01", "1969-12-31", "1900-02-28", "1900-03-01", "2000-02-29", "0001-01-01",
        "0001-01-02", "0001-12-31", "0004-02-29", "9999-12-01", "9999-12-31", "9998-12-31", "2024-03-03",
        "2024-05-31", "2024-08-15", "2024-11-30", "2038-01-19", "1582-10-15"})
    values.emplace_back(std::int64_t{*stdlib::parse_date(text)});
  return values;
}

Values moments() {
  Values values;
  for (const char* text :
       {"2024-01-31T10:00:00Z", "2024-02-29T23:59:59.999999Z", "1969-12-31T23:59:59.5Z",
        "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000001Z",
        "9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59Z", "2038-01-19T03:14:08Z", "2024-03-31T01:30:00Z",
        "2024-12-30T00:00:00Z", "2021-01-03T12:34:56.000123Z", "1900-03-01T00:00:00.1Z"})
    values.emplace_back(*stdlib::parse_timestamp(text));
  return values;
}

}  // namespace

std::vector<Value> edge_values(const Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return {true, false};
    case Kind::Int16:
      return integers(INT16_MIN, INT16_MAX);
    case Kind::Int32:
      return integers(INT32_MIN, INT32_MAX);
    case Kind::Int64:
      return integers(INT64_MIN, INT64_MAX);
    case Kind::Float32:
      return {0.0,
              -0.0,
              0.5,
              -1.0,
              static_cast<double>(0.1F),
              16777216.0,
              static_cast<double>(3.4028234e38F),
              static_cast<double>(1.4e-45F)};
    case Kind::Float64:
      return floats();
    case Kind::Decimal:
      return decimals(type);
    case Kind::Text:
      return texts();
    case Kind::Bytes:
      return {std::string(),          std::string("\0", 1),    std::string("A"),        std::string("a"),
              std::string("a\0b", 3), std::string("\xff\xfe"), std::string("\xc3\xa9"), std::string("a ")};
    case Kind::Enum:
      return {std::string("a"), std::string("b"), std::string("B")};
    case Kind::Date:
      return days();
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return moments();
    case Kind::Interval:
      return {std::int64_t{0},          std::int64_t{1}, std::int64_t{-1}, std::int64_t{20'000},
              90 * stdlib::kSecond,     stdlib::kHour,   3 * stdlib::kDay, -400 * stdlib::kDay,
              4'000'000 * stdlib::kDay, INT64_MAX,       INT64_MIN};
    case Kind::Uuid:
      return {std::string("00000000-0000-0000-0000-000000000001"),
              std::string("aaaaaaaa-0000-4000-8000-00000000000f"),
              std::string("10000000-0000-1000-8000-000000000000"),
              std::string("ffffffff-ffff-ffff-ffff-ffffffffffff")};
    default:
      return {};
  }
}

namespace {

Type example_type(const Type& type, int shape) {
  if (type.kind == Kind::Decimal) {
    constexpr int shapes[][2] = {{9, 2}, {38, 10}, {18, 18}, {38, 0}, {5, 5}, {38, 38}};
    return stdlib::decimal(shapes[shape % 6][0], shapes[shape % 6][1]).or_missing();
  }
  Type result = type.or_missing();
  if (type.kind == Kind::Enum)
    result.labels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"b", "a", "B"});
  return result;
}

}  // namespace

std::vector<std::vector<Type>> argument_types(const stdlib::Function& function) {
  bool decimal = false;
  for (const auto& each : function.parameters) decimal = decimal || each.type.kind == Kind::Decimal;
  std::vector<std::vector<Type>> lists;
  const std::size_t count = function.parameters.size() + (function.variadic ? 2 : 0);
  for (int shape = 0; shape < (decimal ? 6 : 1); ++shape)
    for (int second = 0; second < (decimal && function.inlined == stdlib::Inline::Multiply ? 6 : 1);
         ++second) {
      std::vector<Type> types;
      for (std::size_t i = 0; i < count; ++i)
        types.push_back(example_type(function.parameters[std::min(i, function.parameters.size() - 1)].type,
                                     i == 0 ? shape : shape + second));
      lists.push_back(std::move(types));
    }
  return lists;
}

std::vector<Type> result_types(const stdlib::Function& function, const std::vector<Type>& arguments) {
  if (function.name == "as" && function.result(arguments).kind == Kind::Decimal)
    return {stdlib::decimal(5, 2), stdlib::decimal(38, 10), stdlib::decimal(38, 0), stdlib::decimal(20, 19),
            stdlib::decimal(38, 38)};
  return {function.result(arguments)};
}

std::vector<std::vector<Value>> tuples(const std::vector<Type>& types, std::size_t most) {
  std::vector<Values> each;
  std::size_t all = 1;
  for (const Type& type : types) {
    each.push_back(edge_values(type));
    if (each.back().empty()) return {};
    each.back().emplace_back();
    all = all > most * 1000 ? all : all * each.back().size();
  }
  std::mt19937 random(7);
  std::vector<std::vector<Value>> out;
  for (std::size_t k = 0; k < std::min(all, most); ++k) {
    std::size_t rest = k;
    std::vector<Value>& tuple = out.emplace_back();
    for (const Values& values : each) {
      tuple.push_back(all > most ? values[random() % values.size()] : values[rest % values.size()]);
      rest /= values.size();
    }
  }
  return out;
}

}  // namespace backfill::test
