// SPDX-License-Identifier: Apache-2.0
// PostgreSQL counts days and microseconds from 2000-01-01, the language from 1970-01-01.
#pragma once

#include <cstdint>

#include "stdlib/calendar.h"

namespace backfill::database::postgres {

constexpr std::int64_t kEpochDay = 10957;
constexpr std::int64_t kEpoch = kEpochDay * stdlib::kDay;

}  // namespace backfill::database::postgres
