// SPDX-License-Identifier: Apache-2.0
// Bodies of functions on dates (days) and instants (microseconds), in UTC, years 1..9999.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_date {

std::int32_t year_of_date(Context& context, std::int32_t date);
std::int32_t month_of_date(Context& context, std::int32_t date);
std::int32_t day_of_date(Context& context, std::int32_t date);
std::int32_t weekday_of_date(Context& context, std::int32_t date);  // 1 Monday .. 7 Sunday
std::int32_t year_of_instant(Context& context, std::int64_t at);
std::int32_t month_of_instant(Context& context, std::int64_t at);
std::int32_t day_of_instant(Context& context, std::int64_t at);
std::int32_t weekday_of_instant(Context& context, std::int64_t at);
std::int32_t hour(Context& context, std::int64_t at);
std::int32_t minute(Context& context, std::int64_t at);
std::int32_t second(Context& context, std::int64_t at);  // whole seconds

std::int32_t last_day(Context& context, std::int32_t date);
std::int32_t add_days(Context& context, std::int32_t date, std::int32_t days);
std::int32_t add_months(Context& context, std::int32_t date,
                        std::int32_t months);  // clamps to the month's last day
std::int32_t days_between(Context& context, std::int32_t from, std::int32_t to);
std::int32_t minus(Context& context, std::int32_t left, std::int32_t right);
std::int32_t make_date(Context& context, std::int32_t year, std::int32_t month, std::int32_t day);
std::int64_t date_trunc(Context& context, Text unit, std::int64_t at);
std::int32_t date_trunc_date(Context& context, Text unit, std::int32_t date);
std::int64_t later(Context& context, std::int64_t at, std::int64_t interval);
std::int64_t earlier(Context& context, std::int64_t at, std::int64_t interval);

}  // namespace backfill::stdlib::native_date
