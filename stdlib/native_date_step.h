// SPDX-License-Identifier: Apache-2.0
// Bodies of functions that count from one date or instant to another, and of fields beyond year, month and
// day.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_date {

std::int32_t quarter(Context& context, std::int32_t date);
std::int32_t iso_week(Context& context, std::int32_t date);
std::int32_t iso_year(Context& context, std::int32_t date);
std::int32_t day_of_year(Context& context, std::int32_t date);
std::int32_t day_of_week(Context& context, std::int32_t date);  // 0 Sunday .. 6
std::int32_t quarter_of_instant(Context& context, std::int64_t at);
std::int32_t iso_week_of_instant(Context& context, std::int64_t at);
std::int32_t iso_year_of_instant(Context& context, std::int64_t at);
std::int32_t day_of_year_of_instant(Context& context, std::int64_t at);
std::int32_t day_of_week_of_instant(Context& context, std::int64_t at);
std::int64_t epoch(Context& context, std::int64_t at);     // whole seconds, downwards
std::int64_t epoch_ms(Context& context, std::int64_t at);  // whole milliseconds, downwards
std::int64_t from_epoch(Context& context, std::int64_t seconds);
std::int64_t from_epoch_ms(Context& context, std::int64_t milliseconds);

// Overflow past the years 1 to 9999.
std::int32_t add_weeks(Context& context, std::int32_t date, std::int32_t weeks);
std::int32_t add_years(Context& context, std::int32_t date, std::int32_t years);
std::int64_t instant_add_months(Context& context, std::int64_t at, std::int32_t months);
std::int64_t instant_add_years(Context& context, std::int64_t at, std::int32_t years);
std::int64_t instant_add_days(Context& context, std::int64_t at, std::int32_t days);
std::int64_t add_hours(Context& context, std::int64_t at, std::int32_t hours);
std::int64_t add_minutes(Context& context, std::int64_t at, std::int32_t minutes);
std::int64_t add_seconds(Context& context, std::int64_t at, std::int32_t seconds);

// Complete ones, toward zero; by the day of the month, without clamping.
std::int32_t months_between(Context& context, std::int32_t from, std::int32_t to);
std::int32_t years_between(Context& context, std::int32_t from, std::int32_t to);
std::int64_t date_diff(Context& context, Text unit, std::int64_t from, std::int64_t to);
std::int64_t apart(Context& context, std::int64_t left, std::int64_t right);

std::int32_t next_weekday(Context& context, std::int32_t date, std::int32_t weekday);  // after it
std::int32_t days_in_month_of(Context& context, std::int32_t date);
bool is_weekend(Context& context, std::int32_t date);
bool is_leap_year(Context& context, std::int32_t year);
Text day_name(Context& context, std::int32_t date);
Text month_name(Context& context, std::int32_t date);
std::int64_t make_timestamp(Context& context, std::int32_t year, std::int32_t month, std::int32_t day,
                            std::int32_t hour, std::int32_t minute, std::int32_t second);

// Formats (date_format.h); OutOfDomain for any other.
Text date_to_char(Context& context, std::int32_t date, Text format);
Text instant_to_char(Context& context, std::int64_t at, Text format);
std::int32_t parse_date_as(Context& context, Text value, Text format);

std::int64_t time_of_instant(Context& context, std::int64_t at);
std::int64_t time_from_text(Context& context, Text value);
Text text_from_time(Context& context, std::int64_t time);

}  // namespace backfill::stdlib::native_date
