// SPDX-License-Identifier: Apache-2.0
// Civil dates and instants, proleptic Gregorian, years 1..9999, UTC. Days and microseconds count from
// 1970-01-01.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backfill::stdlib {

struct Civil {
  std::int32_t year = 1970;
  std::int32_t month = 1;  // 1..12
  std::int32_t day = 1;    // 1..31
};

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::int32_t kFirstDay = -719162;  // 0001-01-01
constexpr std::int32_t kLastDay = 2932896;   // 9999-12-31
constexpr std::int64_t kFirstInstant = kFirstDay * kDay;
constexpr std::int64_t kLastInstant = (kLastDay + 1) * kDay - 1;

[[nodiscard]] std::int32_t days_from_civil(const Civil& civil);  // of a valid date
[[nodiscard]] Civil civil_from_days(std::int32_t days);
[[nodiscard]] std::int32_t days_in_month(std::int32_t year, std::int32_t month);
[[nodiscard]] bool is_valid(const Civil& civil);
// Floor division: the day that an instant lies on, before 1970 too.
[[nodiscard]] std::int32_t day_of(std::int64_t instant);
[[nodiscard]] inline bool day_in_range(std::int64_t days) {
  return days >= kFirstDay && days <= kLastDay;
}
[[nodiscard]] inline bool instant_in_range(std::int64_t at) {
  return at >= kFirstInstant && at <= kLastInstant;
}

// ISO forms only (SEMANTICS 81, 82, 87, 88): no 24:00, no :60, at most six digits of a second.
[[nodiscard]] std::optional<std::int32_t> parse_date(std::string_view text);  // 2024-01-31
[[nodiscard]] std::optional<std::int64_t> parse_time(std::string_view text);  // 10:00[:00[.123456]]
// 2024-01-31T10:00:00[.123456] and then Z or +hh:mm, -hh:mm; a space may stand for the T. The zone is
// required.
[[nodiscard]] std::optional<std::int64_t> parse_timestamp(std::string_view text);
[[nodiscard]] std::optional<std::int64_t> parse_local_timestamp(
    std::string_view text);  // the same without a zone

[[nodiscard]] std::string format_date(std::int64_t days);              // 2024-01-31
[[nodiscard]] std::string format_time(std::int64_t microseconds);      // 10:00:00[.123456]
[[nodiscard]] std::string format_timestamp(std::int64_t instant);      // 2024-01-31T10:00:00[.123456]Z
[[nodiscard]] std::string format_local_timestamp(std::int64_t local);  // the same without the Z

}  // namespace backfill::stdlib
