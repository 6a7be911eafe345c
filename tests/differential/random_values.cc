// SPDX-License-Identifier: Apache-2.0
// The values of random rows and literals: likely ones, and the ends of their types.
#include "tests/differential/expressions.h"

#include <algorithm>
#include <array>
#include <limits>

#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/json.h"

namespace backfill::test {

using stdlib::Decimal;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

namespace {

const std::vector<std::string>& texts() {
  static const std::vector<std::string> all = {"",
                                               " ",
                                               "a",
                                               "ann@example.org",
                                               "  Padded ",
                                               "12",
                                               "-7",
                                               "+7",
                                               "1e3",
                                               "2024-01-31",
                                               "month",
                                               "2024-02-30",
                                               "true",
                                               "a,b,c",
                                               "@",
                                               "@@",
                                               "ÄÖÜß",
                                               "naïve café",
                                               "day",
                                               "x y",
                                               "it's",
                                               "%_",
                                               "[a-c]*?",
                                               "\\",
                                               "9223372036854775808",
                                               "\u00A0a",
                                               "İıſK",
                                               "\t7",
                                               "a\nb",
                                               "00012",
                                               "year",
                                               "1.50",
                                               "-0.005",
                                               "0x1F",
                                               " 12 ",
                                               "12abc",
                                               "1_000",
                                               "Infinity",
                                               "NaN",
                                               "1e400",
                                               "e\u0301",
                                               "👨‍👩‍👧",
                                               "\u3000x",
                                               "ŉǅﬁẞ",
                                               "ΑΣΊΑΣ",
                                               "𐐀𐐨",
                                               "aAbB",
                                               "--",
                                               "a\\b",
                                               "\"q\"",
                                               "2024-01-31T10:00:00Z",
                                               "2024-01-31 10:00:00.123456+02:00",
                                               "0001-01-01",
                                               "9999-12-31",
                                               "10000-01-01",
                                               "23:59:60",
                                               "AAAAAAAA-0000-0000-0000-000000000001",
                                               "false",
                                               "TRUE",
                                               "-9223372036854775808",
                                               "170141183460469231731687303715884105727",
                                               "10:00",
                                               "23:59:59.999999",
                                               "{\"a\":1,\"a\":{\"b\":[true,null]}}",
                                               "[1, 2.50, \"x\", 1e2]",
                                               "\"\\u00e9\"",
                                               "null",
                                               "[1,]"};
  return all;
}

std::string encoded(char32_t point) {
  std::string out;
  if (point < 0x80) return std::string(1, static_cast<char>(point));
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr std::array<char32_t, 4> heads = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(heads[static_cast<std::size_t>(more)] | (point >> (6 * more)));
  for (int k = more - 1; k >= 0; --k) out += static_cast<char>(0x80 | ((point >> (6 * k)) & 0x3F));
  return out;
}

}  // namespace

std::int64_t Expressions::integer(std::int64_t low, std::int64_t high) {
  if (chance(4)) return low;
  if (chance(4)) return high;
  if (chance(60)) return std::clamp<std::int64_t>(static_cast<std::int64_t>(pick(25)) - 12, low, high);
  return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
}

std::string Expressions::letters(std::size_t most) {
  static const std::vector<std::string> known = {"a",  "B",  "@", ".", " ", "7",      "é", "Ж",
                                                 "漢", "😀", "-", "_", "%", "\u0301", "ſ", "\t"};
  std::string out;
  for (std::size_t k = pick(most + 1); k-- > 0;) {
    char32_t point = 1 + static_cast<char32_t>(pick(chance(50) ? 0x2FF : 0x10FFFF));
    if (point >= 0xD800 && point < 0xE000) point = 0x1F600;
    out += chance(75) ? one_of(known) : encoded(point);
  }
  return out;
}

std::string Expressions::text() {
  if (chance(55)) return one_of(texts());
  return letters(chance(5) ? 120 : 10);
}

std::string Expressions::document(int depth) {
  constexpr std::array plain = {"1",
                                "2.50",
                                "-7",
                                "100",
                                "null",
                                "true",
                                "false",
                                "\"a\"",
                                "\"b\"",
                                "0",
                                "1.0",
                                "\"é\\n\"",
                                "\"\"",
                                "12345678901234567890.10",
                                "9223372036854775807",
                                "\"2024-01-31\""};
  const std::size_t form = pick(depth > 0 ? 4 : 2);
  if (form < 2) return one_of(plain);
  std::string made;
  for (std::size_t count = pick(4); count-- > 0;) {
    constexpr std::array keys = {"\"a\"", "\"b\"", "\"ids\"", "\"x y\"", "\"theme\"", "\"tags\""};
    made += made.empty() ? "" : ",";
    if (form == 2) made += std::string(one_of(keys)) + ":";
    made += document(depth - 1);
  }
  return form == 2 ? "{" + made + "}" : "[" + made + "]";
}

std::string Expressions::list(const Type& element) {
  std::string made;
  for (std::size_t count = pick(5); count-- > 0;) {
    made += made.empty() ? "" : ",";
    if (chance(10)) {
      made += "null";
    } else if (element.kind == Kind::Text) {
      constexpr std::array all = {"\"a\"", "\"b\"", "\"Z\"", "\"é\"", "\"\"", "\"a b\"", "\"10\"", "\"9\""};
      made += one_of(all);
    } else {
      made += std::to_string(value(element).integer());
    }
  }
  return "[" + made + "]";
}

Value Expressions::value(const Type& type) {
  switch (type.kind) {
    case Kind::Json:
      return stdlib::json::canonical(document(chance(50) ? 0 : 3)).value();
    case Kind::List:
      return stdlib::json::canonical(list(*type.element)).value();
    case Kind::Enum:
      return std::string(one_of(*type.labels));
    case Kind::Float32: {
      constexpr std::array special = {0.0F,  -0.0F,  1.5F,   0.1F,        -2.5F,
                                      3e38F, -3e38F, 1e-45F, 16777217.0F, 123456.789F};
      return static_cast<double>(chance(50) ? one_of(special)
                                            : static_cast<float>(integer(-1000000, 1000000)) / 8);
    }
    case Kind::Bool:
      return chance(50);
    case Kind::Int16:
      return integer(-32768, 32767);
    case Kind::Int32:
      return integer(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    case Kind::Int64:
      return integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    case Kind::Float64: {
      constexpr std::array special = {0.0,    -0.0,      1.5, -2.5, 1e300, -1e300,
                                      5e-324, 0.1,       0.5, 1e15, 2.5,   9007199254740993.0,
                                      1e-7,   123456.789};
      return chance(50) ? one_of(special) : static_cast<double>(integer(-1000000, 1000000)) / 8;
    }
    case Kind::Decimal: {
      const stdlib::Int128 limit = stdlib::power_of_ten(type.precision) - 1;
      if (chance(3)) return Decimal{limit, type.scale};
      if (chance(3)) return Decimal{-limit, type.scale};
      const int digits = chance(70) ? std::min<int>(type.precision, type.scale + 2) : type.precision;
      stdlib::Int128 unscaled = 0;
      for (int k = 0; k < digits; ++k) unscaled = unscaled * 10 + static_cast<int>(chance(20) ? 5 : pick(10));
      return Decimal{chance(50) ? -unscaled : unscaled, type.scale};
    }
    case Kind::Bytes: {
      std::string out;
      for (std::size_t k = pick(6); k-- > 0;) out += static_cast<char>(chance(30) ? 0 : pick(256));
      return out;
    }
    case Kind::Uuid: {
      std::string out;
      for (int k = 0; k < 32; ++k) {
        if (k == 8 || k == 12 || k == 16 || k == 20) out += '-';
        out += "0123456789abcdef"[pick(16)];
      }
      return out;
    }
    case Kind::Date:
      return chance(70) ? 19000 + static_cast<std::int64_t>(pick(1000))
                        : integer(stdlib::kFirstDay, stdlib::kLastDay);
    case Kind::Time:
      return integer(0, stdlib::kDay - 1);
    case Kind::Interval: {
      constexpr std::array units = {stdlib::kSecond, stdlib::kMinute, stdlib::kHour,
                                    stdlib::kDay,    std::int64_t{1}, stdlib::kDay * 400};
      return (static_cast<std::int64_t>(pick(41)) - 20) * one_of(units);
    }
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
      return chance(70) ? kNow + static_cast<std::int64_t>(pick(1'000'000'000)) * (chance(50) ? 100'000 : 97)
                        : integer(stdlib::kFirstInstant, stdlib::kLastInstant);
    default:
      return text();
  }
}

}  // namespace backfill::test
