// SPDX-License-Identifier: Apache-2.0
#include "stdlib/calendar.h"

#include <catch2/catch.hpp>

namespace backfill::stdlib {
namespace {

TEST_CASE("every day from 0001 to 9999 is one later than the day before") {
  Civil expected{1, 1, 1};
  int wrong = 0;
  for (std::int32_t day = kFirstDay; day <= kLastDay; ++day) {
    const Civil civil = civil_from_days(day);
    const bool same =
        civil.year == expected.year && civil.month == expected.month && civil.day == expected.day;
    if (!same || days_from_civil(expected) != day || !is_valid(expected)) ++wrong;
    if (++expected.day > days_in_month(expected.year, expected.month)) {
      expected.day = 1;
      if (++expected.month > 12) expected = {expected.year + 1, 1, 1};
    }
  }
  CHECK(wrong == 0);
  CHECK(expected.year == 10000);
}

TEST_CASE("known days") {
  CHECK(days_from_civil({1970, 1, 1}) == 0);
  CHECK(days_from_civil({2000, 2, 29}) == 11016);
  CHECK(*parse_date("1900-02-28") == -25509);
  CHECK(format_date(-1) == "1969-12-31");
}

TEST_CASE("SEMANTICS 81, 82: only valid ISO dates") {
  for (const char* wrong :
       {"2024-02-30", "2023-02-29", "1900-02-29", "0000-01-01", "2024-00-10", "2024-1-5", "20240115",
        "24-01-05", "2024/01/05", "2024-01-15 ", "", "Jan 5 2024", "10000-01-01", "-001-01-01"}) {
    INFO(wrong);
    CHECK(!parse_date(wrong));
  }
  CHECK(parse_date("2000-02-29"));
}

TEST_CASE("SEMANTICS 87, 88, 89: instants") {
  CHECK(*parse_timestamp("1970-01-01T00:00:00Z") == 0);
  CHECK(*parse_timestamp("1970-01-01 00:00:00.000001Z") == 1);
  CHECK(*parse_timestamp("1970-01-01T01:00:00+01:00") == 0);
  CHECK(*parse_timestamp("1969-12-31T23:30-00:30") == 0);
  CHECK(*parse_timestamp("1969-12-31T23:59:59.9Z") == -100'000);
  for (const char* wrong :
       {"1970-01-01T00:00:00", "1970-01-01T24:00:00Z", "1970-01-01T00:00:60Z", "1970-01-01T00:60:00Z",
        "1970-01-01T00:00:00.1234567Z", "1970-01-01T00:00:00.Z", "1970-01-01", "1970-01-01T00:00:00z",
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-00:01", "1970-01-01T00:00:00+1:00"}) {
    INFO(wrong);
    CHECK(!parse_timestamp(wrong));
  }
  CHECK(!parse_local_timestamp("1970-01-01T00:00:00Z"));
  CHECK(parse_local_timestamp("1970-01-01T00:00:00"));
}

TEST_CASE("what is written reads back the same") {
  for (std::int64_t at = kFirstInstant; at <= kLastInstant - 7'654'321'098'765; at += 7'654'321'098'765) {
    REQUIRE(*parse_timestamp(format_timestamp(at)) == at);
  }
  CHECK(*parse_timestamp(format_timestamp(kLastInstant)) == kLastInstant);
  CHECK(format_timestamp(-1) == "1969-12-31T23:59:59.999999Z");
  CHECK(format_time(36'000 * kSecond) == "10:00:00");
  CHECK(*parse_time("10:00:00.5") == 36'000 * kSecond + 500'000);
}

}  // namespace
}  // namespace backfill::stdlib
