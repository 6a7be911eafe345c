// SPDX-License-Identifier: Apache-2.0
#include "stdlib/calendar.h"

#include <fmt/format.h>

namespace backfill::stdlib {
namespace {

bool leap(std::int32_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// Exactly `count` digits from the front; nullopt leaves `text` in an unknown state.
std::optional<std::int32_t> take_digits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  std::int32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int32_t> take_date(std::string_view& text) {
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day) return std::nullopt;
  const Civil civil{*year, *month, *day};
  if (!is_valid(civil)) return std::nullopt;
  return days_from_civil(civil);
}

// One to six digits behind the point, as microseconds.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  std::int64_t value = 0;
  int digits = 0;
  while (!text.empty() && text.front() >= '0' && text.front() <= '9' && digits < 7) {
    value = value * 10 + (text.front() - '0');
    text.remove_prefix(1);
    ++digits;
  }
  if (digits == 0 || digits > 6) return std::nullopt;
  for (; digits < 6; ++digits) value *= 10;
  return value;
}

std::optional<std::int64_t> take_time(std::string_view& text) {
  const auto hour = take_digits(text, 2);
  if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || *minute > 59) return std::nullopt;
  std::int64_t result = *hour * kHour + *minute * kMinute;
  if (!take(text, ':')) return result;
  const auto second = take_digits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  result += *second * kSecond;
  if (!take(text, '.')) return result;
  const auto fraction = take_fraction(text);
  if (!fraction) return std::nullopt;
  return result + *fraction;
}

std::optional<std::int64_t> take_local(std::string_view& text) {
  const auto days = take_date(text);
  if (!days || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
  const auto time = take_time(text);
  if (!time) return std::nullopt;
  return *days * kDay + *time;
}

// Z, +hh:mm or -hh:mm as the offset from UTC.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return 0;
  const bool negative = !text.empty() && text.front() == '-';
  if (!take(text, '+') && !take(text, '-')) return std::nullopt;
  const auto hours = take_digits(text, 2);
  if (!hours || *hours > 15) return std::nullopt;
  std::int32_t minutes = 0;
  if (!text.empty()) {
    if (!take(text, ':')) return std::nullopt;
    const auto taken = take_digits(text, 2);
    if (!taken || *taken > 59) return std::nullopt;
    minutes = *taken;
  }
  const std::int64_t offset = *hours * kHour + minutes * kMinute;
  return negative ? -offset : offset;
}

}  // namespace

std::int32_t days_in_month(std::int32_t year, std::int32_t month) {
  constexpr std::int32_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && leap(year) ? 29 : kDays[month - 1];
}

bool is_valid(const Civil& civil) {
  return civil.year >= 1 && civil.year <= 9999 && civil.month >= 1 && civil.month <= 12 && civil.day >= 1 &&
         civil.day <= days_in_month(civil.year, civil.month);
}

// Years begin in March, so that the leap day is the last one; an era is 400 years (146097 days).
std::int32_t days_from_civil(const Civil& civil) {
  const std::int32_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
  const std::int32_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int32_t year_of_era = year - era * 400;
  const std::int32_t month = (civil.month + 9) % 12;
  const std::int32_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
  const std::int32_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

Civil civil_from_days(std::int32_t days) {
  const std::int32_t shifted = days + 719468;
  const std::int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const std::int32_t day_of_era = shifted - era * 146097;
  const std::int32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int32_t month = (5 * day_of_year + 2) / 153;
  Civil civil;
  civil.day = day_of_year - (153 * month + 2) / 5 + 1;
  civil.month = month < 10 ? month + 3 : month - 9;
  civil.year = year_of_era + era * 400 + (civil.month <= 2 ? 1 : 0);
  return civil;
}

std::int32_t day_of(std::int64_t instant) {
  return static_cast<std::int32_t>(floor_divide(instant, kDay));
}

std::optional<std::int32_t> parse_date(std::string_view text) {
  const auto days = take_date(text);
  if (!text.empty()) return std::nullopt;
  return days;
}

std::optional<std::int64_t> parse_time(std::string_view text) {
  const auto time = take_time(text);
  if (!text.empty()) return std::nullopt;
  return time;
}

std::optional<std::int64_t> parse_timestamp(std::string_view text) {
  const auto local = take_local(text);
  if (!local) return std::nullopt;
  const auto offset = take_offset(text);
  if (!offset || !text.empty() || !instant_in_range(*local - *offset)) return std::nullopt;
  return *local - *offset;
}

std::optional<std::int64_t> parse_local_timestamp(std::string_view text) {
  const auto local = take_local(text);
  if (!text.empty()) return std::nullopt;
  return local;
}

std::string format_date(std::int64_t days) {
  const Civil civil = civil_from_days(static_cast<std::int32_t>(days));
  return fmt::format("{:04}-{:02}-{:02}", civil.year, civil.month, civil.day);
}

std::string format_time(std::int64_t microseconds) {
  std::string result = fmt::format("{:02}:{:02}:{:02}", microseconds / kHour, microseconds / kMinute % 60,
                                   microseconds / kSecond % 60);
  if (microseconds % kSecond != 0) result += fmt::format(".{:06}", microseconds % kSecond);
  return result;
}

std::string format_local_timestamp(std::int64_t local) {
  const std::int32_t day = day_of(local);
  return format_date(day) + "T" + format_time(local - day * kDay);
}

std::string format_timestamp(std::int64_t instant) {
  return format_local_timestamp(instant) + "Z";
}

}  // namespace backfill::stdlib
