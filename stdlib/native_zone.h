// SPDX-License-Identifier: Apache-2.0
// Bodies of functions with a time zone (zone.h). OutOfDomain: there is no such zone.
#pragma once

#include "stdlib/native.h"

namespace backfill::stdlib::native_zone {

std::int64_t local_time(Context& context, std::int64_t at, Text zone);
std::int32_t local_date(Context& context, std::int64_t at, Text zone);
std::int64_t instant(Context& context, std::int64_t local, Text zone);
std::int32_t utc_offset(Context& context, std::int64_t at, Text zone);  // seconds

}  // namespace backfill::stdlib::native_zone
