// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_date_step.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string>

#include "stdlib/calendar.h"
#include "stdlib/date_format.h"
#include "stdlib/native_date.h"

namespace backfill::stdlib::native_date {
namespace {

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

std::int64_t in_range(Context& context, __int128 at) {
  if (at < kFirstInstant || at > kLastInstant) return fail(context, RowError::Overflow);
  return static_cast<std::int64_t>(at);
}

// ISO 8601: a week belongs to the year of its Thursday.
std::int32_t thursday(std::int32_t date) {
  Context unused;
  return date - weekday_of_date(unused, date) + 4;
}

std::int64_t field_of(std::int32_t day, std::int64_t time, DateField field) {
  switch (field) {
    case DateField::Year:
      return civil_from_days(day).year;
    case DateField::Month:
      return civil_from_days(day).month;
    case DateField::Day:
      return civil_from_days(day).day;
    case DateField::Hour:
      return time / kHour;
    case DateField::Minute:
      return time / kMinute % 60;
    default:
      return time / kSecond % 60;
  }
}

Text formatted(Context& context, std::int32_t day, std::int64_t time, Text format, bool has_time) {
  const auto parts = parse_date_format(view(format));
  if (!parts) return fail(context, RowError::OutOfDomain);
  std::string text;
  for (const DateFormatPart& part : *parts) {
    if (part.field == DateField::Separator) {
      text += part.separator;
    } else if (part.field >= DateField::Hour && !has_time) {
      return fail(context, RowError::OutOfDomain);
    } else {
      text += fmt::format("{:0{}}", field_of(day, time, part.field), part.width);
    }
  }
  return context.arena->copy(text);
}

}  // namespace

std::int32_t quarter(Context&, std::int32_t date) {
  return (civil_from_days(date).month + 2) / 3;
}
std::int32_t day_of_year(Context&, std::int32_t date) {
  return date - days_from_civil({civil_from_days(date).year, 1, 1}) + 1;
}
std::int32_t iso_week(Context& context, std::int32_t date) {
  return (day_of_year(context, thursday(date)) - 1) / 7 + 1;
}
std::int32_t iso_year(Context&, std::int32_t date) {
  return civil_from_days(thursday(date)).year;
}
std::int32_t day_of_week(Context& context, std::int32_t date) {
  return weekday_of_date(context, date) % 7;
}
std::int32_t quarter_of_instant(Context& context, std::int64_t at) {
  return quarter(context, day_of(at));
}
std::int32_t iso_week_of_instant(Context& context, std::int64_t at) {
  return iso_week(context, day_of(at));
}
std::int32_t iso_year_of_instant(Context& context, std::int64_t at) {
  return iso_year(context, day_of(at));
}
std::int32_t day_of_year_of_instant(Context& context, std::int64_t at) {
  return day_of_year(context, day_of(at));
}
std::int32_t day_of_week_of_instant(Context& context, std::int64_t at) {
  return day_of_week(context, day_of(at));
}

std::int64_t epoch(Context&, std::int64_t at) {
  return floor_divide(at, kSecond);
}
std::int64_t epoch_ms(Context&, std::int64_t at) {
  return floor_divide(at, 1000);
}
std::int64_t from_epoch(Context& context, std::int64_t seconds) {
  return in_range(context, __int128{seconds} * kSecond);
}
std::int64_t from_epoch_ms(Context& context, std::int64_t milliseconds) {
  return in_range(context, __int128{milliseconds} * 1000);
}

std::int32_t add_weeks(Context& context, std::int32_t date, std::int32_t weeks) {
  const std::int64_t days = date + std::int64_t{weeks} * 7;
  if (!day_in_range(days)) return fail(context, RowError::Overflow);
  return static_cast<std::int32_t>(days);
}
std::int32_t add_years(Context& context, std::int32_t date, std::int32_t years) {
  if (years < -10'000 || years > 10'000) return fail(context, RowError::Overflow);
  return add_months(context, date, years * 12);
}
std::int64_t instant_add_months(Context& context, std::int64_t at, std::int32_t months) {
  const std::int32_t day = day_of(at);
  return std::int64_t{add_months(context, day, months)} * kDay + (at - day * kDay);
}
std::int64_t instant_add_years(Context& context, std::int64_t at, std::int32_t years) {
  const std::int32_t day = day_of(at);
  return std::int64_t{add_years(context, day, years)} * kDay + (at - day * kDay);
}
std::int64_t instant_add_days(Context& context, std::int64_t at, std::int32_t days) {
  return in_range(context, __int128{at} + __int128{days} * kDay);
}
std::int64_t add_hours(Context& context, std::int64_t at, std::int32_t hours) {
  return in_range(context, __int128{at} + __int128{hours} * kHour);
}
std::int64_t add_minutes(Context& context, std::int64_t at, std::int32_t minutes) {
  return in_range(context, __int128{at} + __int128{minutes} * kMinute);
}
std::int64_t add_seconds(Context& context, std::int64_t at, std::int32_t seconds) {
  return in_range(context, __int128{at} + __int128{seconds} * kSecond);
}

std::int32_t months_between(Context&, std::int32_t from, std::int32_t to) {
  const Civil a = civil_from_days(from), b = civil_from_days(to);
  const std::int32_t months = (b.year - a.year) * 12 + b.month - a.month;
  if (from <= to) return months - (b.day < a.day ? 1 : 0);
  return months + (b.day > a.day ? 1 : 0);
}
std::int32_t years_between(Context& context, std::int32_t from, std::int32_t to) {
  return months_between(context, from, to) / 12;
}

std::int64_t date_diff(Context& context, Text unit, std::int64_t from, std::int64_t to) {
  const std::string_view name = view(unit);
  const std::int64_t length = name == "second"   ? kSecond
                              : name == "minute" ? kMinute
                              : name == "hour"   ? kHour
                              : name == "day"    ? kDay
                              : name == "week"   ? 7 * kDay
                                                 : 0;
  if (length == 0) return fail(context, RowError::OutOfDomain);
  return (to - from) / length;
}
std::int64_t apart(Context&, std::int64_t left, std::int64_t right) {
  return left - right;
}

std::int32_t next_weekday(Context& context, std::int32_t date, std::int32_t weekday) {
  if (weekday < 1 || weekday > 7) return fail(context, RowError::OutOfDomain);
  return add_days(context, date, (weekday - weekday_of_date(context, date) + 6) % 7 + 1);
}
std::int32_t days_in_month_of(Context&, std::int32_t date) {
  const Civil civil = civil_from_days(date);
  return days_in_month(civil.year, civil.month);
}
bool is_weekend(Context& context, std::int32_t date) {
  return weekday_of_date(context, date) >= 6;
}
bool is_leap_year(Context& context, std::int32_t year) {
  if (year < 1 || year > 9999) return fail(context, RowError::OutOfDomain);
  return days_in_month(year, 2) == 29;
}
Text day_name(Context& context, std::int32_t date) {
  constexpr std::string_view kNames[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                         "Friday", "Saturday", "Sunday"};
  return context.arena->copy(kNames[weekday_of_date(context, date) - 1]);
}
Text month_name(Context& context, std::int32_t date) {
  constexpr std::string_view kNames[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
  return context.arena->copy(kNames[civil_from_days(date).month - 1]);
}

std::int64_t make_timestamp(Context& context, std::int32_t year, std::int32_t month, std::int32_t day,
                            std::int32_t hour, std::int32_t minute, std::int32_t second) {
  const auto outside = [](std::int32_t value, std::int32_t most) { return value < 0 || value > most; };
  if (!is_valid({year, month, day}) || outside(hour, 23) || outside(minute, 59) || outside(second, 59))
    return fail(context, RowError::OutOfDomain);
  return days_from_civil({year, month, day}) * kDay + hour * kHour + minute * kMinute + second * kSecond;
}

Text date_to_char(Context& context, std::int32_t date, Text format) {
  return formatted(context, date, 0, format, false);
}
Text instant_to_char(Context& context, std::int64_t at, Text format) {
  const std::int32_t day = day_of(at);
  return formatted(context, day, at - day * kDay, format, true);
}

std::int32_t parse_date_as(Context& context, Text value, Text format) {
  const auto parts = parse_date_format(view(format));
  if (!parts) return fail(context, RowError::OutOfDomain);
  std::string_view rest = view(value);
  Civil civil{0, 1, 1};
  for (const DateFormatPart& part : *parts) {
    if (part.field >= DateField::Hour && part.field != DateField::Separator)
      return fail(context, RowError::OutOfDomain);
    const auto width = static_cast<std::size_t>(part.width);
    if (rest.size() < width) return fail(context, RowError::ConversionFailed);
    std::int32_t number = 0;
    for (const char c : rest.substr(0, width)) {
      const bool digit = c >= '0' && c <= '9';
      if (part.field == DateField::Separator ? c != part.separator : !digit)
        return fail(context, RowError::ConversionFailed);
      number = number * 10 + (digit ? c - '0' : 0);
    }
    if (part.field == DateField::Year) civil.year = number;
    if (part.field == DateField::Month) civil.month = number;
    if (part.field == DateField::Day) civil.day = number;
    rest.remove_prefix(width);
  }
  if (!rest.empty() || !is_valid(civil)) return fail(context, RowError::ConversionFailed);
  return days_from_civil(civil);
}

std::int64_t time_of_instant(Context&, std::int64_t at) {
  return at - day_of(at) * kDay;
}
std::int64_t time_from_text(Context& context, Text value) {
  std::string_view text = view(value);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  const auto time = parse_time(text);
  return time ? *time : std::int64_t{fail(context, RowError::ConversionFailed)};
}
Text text_from_time(Context& context, std::int64_t time) {
  return context.arena->copy(format_time(time));
}

}  // namespace backfill::stdlib::native_date
