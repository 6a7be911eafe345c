// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_date.h"

#include <algorithm>
#include <string_view>

#include "stdlib/calendar.h"

namespace backfill::stdlib::native_date {
namespace {

std::int64_t time_of_day(std::int64_t at) {
  return at - day_of(at) * kDay;
}

// The start of the unit that the day lies in; false if it is no unit of days.
bool truncate_day(std::string_view unit, std::int32_t& day) {
  if (unit == "day") return true;
  if (unit == "week") {
    Context unused;
    day -= weekday_of_date(unused, day) - 1;
    return true;
  }
  Civil civil = civil_from_days(day);
  civil.day = 1;
  if (unit == "year") {
    civil.month = 1;
  } else if (unit == "quarter") {
    civil.month = (civil.month - 1) / 3 * 3 + 1;
  } else if (unit != "month") {
    return false;
  }
  day = days_from_civil(civil);
  return true;
}

std::int64_t unit_length(std::string_view unit) {
  if (unit == "hour") return kHour;
  if (unit == "minute") return kMinute;
  return unit == "second" ? kSecond : 0;
}

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}

std::int32_t in_range(Context& context, std::int64_t days) {
  if (!day_in_range(days)) return fail(context, RowError::Overflow);
  return static_cast<std::int32_t>(days);
}

}  // namespace

std::int32_t year_of_date(Context&, std::int32_t date) {
  return civil_from_days(date).year;
}
std::int32_t month_of_date(Context&, std::int32_t date) {
  return civil_from_days(date).month;
}
std::int32_t day_of_date(Context&, std::int32_t date) {
  return civil_from_days(date).day;
}
// 1970-01-01 was a Thursday.
std::int32_t weekday_of_date(Context&, std::int32_t date) {
  return ((date + 3) % 7 + 7) % 7 + 1;
}
std::int32_t year_of_instant(Context& context, std::int64_t at) {
  return year_of_date(context, day_of(at));
}
std::int32_t month_of_instant(Context& context, std::int64_t at) {
  return month_of_date(context, day_of(at));
}
std::int32_t day_of_instant(Context& context, std::int64_t at) {
  return day_of_date(context, day_of(at));
}
std::int32_t weekday_of_instant(Context& context, std::int64_t at) {
  return weekday_of_date(context, day_of(at));
}
std::int32_t hour(Context&, std::int64_t at) {
  return static_cast<std::int32_t>(time_of_day(at) / kHour);
}
std::int32_t minute(Context&, std::int64_t at) {
  return static_cast<std::int32_t>(time_of_day(at) / kMinute % 60);
}
std::int32_t second(Context&, std::int64_t at) {
  return static_cast<std::int32_t>(time_of_day(at) / kSecond % 60);
}

std::int32_t last_day(Context&, std::int32_t date) {
  Civil civil = civil_from_days(date);
  civil.day = days_in_month(civil.year, civil.month);
  return days_from_civil(civil);
}

std::int32_t add_days(Context& context, std::int32_t date, std::int32_t days) {
  return in_range(context, std::int64_t{date} + days);
}

std::int32_t add_months(Context& context, std::int32_t date, std::int32_t months) {
  Civil civil = civil_from_days(date);
  const std::int64_t month = std::int64_t{civil.year} * 12 + civil.month - 1 + months;  // counted from year 0
  if (month < 12 || month >= 10000 * 12) return fail(context, RowError::Overflow);
  civil.year = static_cast<std::int32_t>(month / 12);
  civil.month = static_cast<std::int32_t>(month % 12) + 1;
  civil.day = std::min(civil.day, days_in_month(civil.year, civil.month));
  return days_from_civil(civil);
}

std::int32_t days_between(Context&, std::int32_t from, std::int32_t to) {
  return to - from;
}
std::int32_t minus(Context&, std::int32_t left, std::int32_t right) {
  return left - right;
}

std::int32_t make_date(Context& context, std::int32_t year, std::int32_t month, std::int32_t day) {
  const Civil civil{year, month, day};
  if (!is_valid(civil)) return fail(context, RowError::OutOfDomain);
  return days_from_civil(civil);
}

std::int64_t date_trunc(Context& context, Text unit, std::int64_t at) {
  std::int32_t day = day_of(at);
  if (truncate_day(view(unit), day)) return day * kDay;
  const std::int64_t length = unit_length(view(unit));
  if (length == 0) return fail(context, RowError::OutOfDomain);
  return day * kDay + time_of_day(at) / length * length;
}

std::int32_t date_trunc_date(Context& context, Text unit, std::int32_t date) {
  if (!truncate_day(view(unit), date)) return fail(context, RowError::OutOfDomain);
  return date;
}

std::int64_t later(Context& context, std::int64_t at, std::int64_t interval) {
  std::int64_t result = 0;
  if (__builtin_add_overflow(at, interval, &result) || !instant_in_range(result))
    return fail(context, RowError::Overflow);
  return result;
}

std::int64_t earlier(Context& context, std::int64_t at, std::int64_t interval) {
  std::int64_t result = 0;
  if (__builtin_sub_overflow(at, interval, &result) || !instant_in_range(result))
    return fail(context, RowError::Overflow);
  return result;
}

}  // namespace backfill::stdlib::native_date
