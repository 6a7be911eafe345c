// SPDX-License-Identifier: Apache-2.0
// Answers from standards, and laws that hold for every argument.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include <random>
#include <string>

#include "stdlib/calendar.h"
#include "stdlib/native_bytes.h"
#include "stdlib/native_date.h"
#include "stdlib/native_date_step.h"
#include "stdlib/native_decimal.h"
#include "stdlib/native_text_shape.h"
#include "stdlib/zone.h"

namespace backfill::stdlib {
namespace {

struct Fixture {
  Arena arena;
  Context context{0, 0, &arena};
  Text text(std::string_view value) { return arena.copy(value); }
  static std::string string(Text value) { return {value.data, static_cast<std::size_t>(value.size)}; }
};

TEST_CASE_METHOD(Fixture, "RFC 4648: base64 of every remainder, and back") {
  const std::pair<const char*, const char*> kVectors[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : kVectors) {
    CHECK(string(native_bytes::encode(context, text(plain), text("base64"))) == encoded);
    CHECK(string(native_bytes::decode(context, text(encoded), text("base64"))) == plain);
  }
  CHECK(context.errors == 0);
  for (const char* wrong : {"Zg", "Zg=", "Zg===", "Z===", "Zh==", "Zm9v\n", "Zm 9v", "====", "Zg==Zg=="}) {
    INFO(wrong);
    context.errors = 0;
    native_bytes::decode(context, text(wrong), text("base64"));
    CHECK(context.errors == static_cast<std::uint32_t>(RowError::ConversionFailed));
  }
}

TEST_CASE_METHOD(Fixture, "FIPS 180: a million times a") {
  const std::string million(1'000'000, 'a');
  const auto hex = [&](Text bytes) { return string(native_bytes::encode(context, bytes, text("hex"))); };
  CHECK(hex(native_bytes::sha1(context, text(million))) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
  CHECK(hex(native_bytes::sha256(context, text(million))) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  CHECK(string(native_bytes::md5(context, text(million))) == "7707d6ae4e027c70eea2a935c2296f21");
}

TEST_CASE_METHOD(Fixture, "every day's ISO week follows from the one before") {
  std::int32_t week = native_date::iso_week(context, kFirstDay),
               year = native_date::iso_year(context, kFirstDay);
  CHECK(week == 1);
  int wrong = 0;
  for (std::int32_t day = kFirstDay + 1; day <= kLastDay; ++day) {
    const std::int32_t next = native_date::iso_week(context, day),
                       next_year = native_date::iso_year(context, day);
    const bool monday = native_date::weekday_of_date(context, day) == 1;
    const bool steps = !monday ? next == week && next_year == year
                               : (next == week + 1 && next_year == year) ||
                                     (next == 1 && week >= 52 && next_year == year + 1);
    wrong += steps ? 0 : 1;
    week = next;
    year = next_year;
  }
  CHECK(wrong == 0);
}

TEST_CASE_METHOD(Fixture, "truncation: not later, in the same unit, and again the same") {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    const auto at =
        static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(kLastInstant - kFirstInstant)) +
        kFirstInstant;
    for (const char* unit : {"year", "quarter", "month", "week", "day", "hour", "minute", "second"}) {
      const std::int64_t start = native_date::date_trunc(context, text(unit), at);
      REQUIRE(start <= at);
      REQUIRE(native_date::date_trunc(context, text(unit), start) == start);
      REQUIRE((start == kFirstInstant || native_date::date_trunc(context, text(unit), start - 1) < start));
    }
    arena.reset();
  }
  CHECK(context.errors == 0);
}

TEST_CASE_METHOD(Fixture, "months between and add_months agree where the day is there") {
  std::mt19937 random(7);
  for (int i = 0; i < 20'000; ++i) {
    const auto from = static_cast<std::int32_t>(random() % 700'000);
    const std::int32_t first = from - civil_from_days(from).day + 1;
    const auto months = static_cast<std::int32_t>(random() % 2000) - 1000;
    CHECK(native_date::months_between(context, first, native_date::add_months(context, first, months)) ==
          months);
  }
}

// Digit by digit on small numbers: |q - a/b| * 2 <= one unit of the last place, ties away from zero.
TEST_CASE_METHOD(Fixture, "the quotient of decimals is the nearest one") {
  std::mt19937_64 random(9);
  for (int i = 0; i < 20'000; ++i) {
    const auto a = static_cast<std::int64_t>(random() >> (random() % 60 + 4)) * (i % 2 == 0 ? 1 : -1);
    const auto b = static_cast<std::int64_t>(random() >> (random() % 60 + 4)) * (i % 3 == 0 ? 1 : -1);
    if (b == 0) continue;
    const DecimalResult quotient = native_decimal::divide(context, {a, 2}, {b, 3}, {38, 6});
    // a/10^2 : b/10^3 at scale 6 is a * 10^7 / b.
    const Int128 numerator = Int128{a} * 10'000'000;
    const Int128 twice = 2 * (quotient.unscaled * b - numerator);
    REQUIRE((twice < 0 ? -twice : twice) <= (b < 0 ? -Int128{b} : Int128{b}));
  }
  CHECK(context.errors == 0);
  CHECK(native_decimal::divide(context, {1, 0}, {3, 0}, {38, 37}).unscaled ==
        (Int128{333333333333333333LL} * 1'000'000'000'000'000'000LL + 333333333333333333LL) * 10 + 3);
  CHECK(native_decimal::divide(context, {5, 0}, {10, 0}, {38, 0}).unscaled == 1);
  CHECK(native_decimal::divide(context, {-5, 0}, {10, 0}, {38, 0}).unscaled == -1);
}

TEST_CASE("zones: gaps, overlaps, and names that are none") {
  const auto at = [](const char* text) { return parse_local_timestamp(text).value(); };
  const auto utc = [](const char* text) { return parse_timestamp(text).value(); };
  CHECK(*instant_of_local(at("2024-03-31T02:30:00"), "Europe/Zurich") == utc("2024-03-31T01:30:00Z"));
  CHECK(*instant_of_local(at("2024-10-27T02:30:00"), "Europe/Zurich") == utc("2024-10-27T01:30:00Z"));
  CHECK(*zone_offset(utc("1880-01-01T00:00:00Z"), "Europe/Amsterdam") != 0);
  CHECK(*zone_offset(utc("2500-07-01T00:00:00Z"), "America/New_York") == -4 * kHour);
  CHECK(*zone_offset(utc("2011-12-31T00:00:00Z"), "Pacific/Apia") == 14 * kHour);
  for (const char* name : {"", "EST", "CET", "UTC+5", "utc", "Europe/", "/etc/passwd",
                           "Europe/../Europe/Zurich", "Fixed/UTC+01:00:00", "+01:00"}) {
    INFO(name);
    CHECK_FALSE(is_zone(name));
  }
  CHECK_FALSE(zone_data_version().empty());
}

TEST_CASE_METHOD(Fixture, "normal forms: Hangul, stacked marks, and all of ASCII as it is") {
  const std::string_view apart = "\u1100\u1161\u11a8", whole = "\uac01";
  CHECK(string(native_text::normalize(context, text(apart), text("NFC"))) == whole);
  CHECK(string(native_text::normalize(context, text(whole), text("NFD"))) == apart);
  CHECK(string(native_text::normalize(context, text("e\u0302\u0323"), text("NFC"))) == "\u1ec7");
  CHECK(string(native_text::strip_marks(context, text("Việt Nam Ångström"))) == "Viet Nam Angstrom");
}

}  // namespace
}  // namespace backfill::stdlib
