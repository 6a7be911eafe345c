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

enum class Unit : std::uint8_t { Year, Quarter, Month, Week, Day, Hour, Minute, Second, None };

// By length and first letter, since a row asks for it.
Unit unit_of(std::string_view name) {
  const auto is = [&](std::string_view wanted, Unit unit) { return name == wanted ? unit : Unit::None; };
  switch (name.empty() ? '\0' : name[0]) {
    case 'y':
      return is("year", Unit::Year);
    case 'q':
      return is("quarter", Unit::Quarter);
    case 'm':
      return name.size() == 5 ? is("month", Unit::Month) : is("minute", Unit::Minute);
    case 'w':
      return is("week", Unit::Week);
    case 'd':
      return is("day", Unit::Day);
    case 'h':
      return is("hour", Unit::Hour);
    case 's':
      return is("second", Unit::Second);
    default:
      return Unit::None;
  }
}

// The first day of the unit, which is one of days.
std::int32_t start_of(Unit unit, std::int32_t day) {
  if (unit == Unit::Day) return day;
  if (unit == Unit::Week) return day - ((day + 3) % 7 + 7) % 7;
  const Civil civil = civil_from_days(day);
  const std::int32_t first = day - civil.day + 1;
  if (unit == Unit::Month) return first;
  const std::int32_t month = unit == Unit::Year ? 1 : (civil.month - 1) / 3 * 3 + 1;
  return month == civil.month ? first : days_from_civil({civil.year, month, 1});
}

std::int64_t length_of(Unit unit) {
  return unit == Unit::Hour ? kHour : unit == Unit::Minute ? kMinute : kSecond;
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
  const Unit asked = unit_of(view(unit));
  if (asked == Unit::None) return fail(context, RowError::OutOfDomain);
  if (asked <= Unit::Day) return start_of(asked, day_of(at)) * kDay;
  const std::int64_t rest = at % length_of(asked);
  return at - rest - (rest < 0 ? length_of(asked) : 0);
}

std::int32_t date_trunc_date(Context& context, Text unit, std::int32_t date) {
  const Unit asked = unit_of(view(unit));
  if (asked > Unit::Day) return fail(context, RowError::OutOfDomain);
  return start_of(asked, date);
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
