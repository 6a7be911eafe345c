// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_zone.h"

#include "stdlib/calendar.h"
#include "stdlib/zone.h"

namespace backfill::stdlib::native_zone {
namespace {

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}

std::int64_t in_range(Context& context, std::int64_t at) {
  if (!instant_in_range(at)) return fail(context, RowError::Overflow);
  return at;
}

}  // namespace

std::int64_t local_time(Context& context, std::int64_t at, Text zone) {
  const auto offset = zone_offset(at, view(zone));
  if (!offset) return fail(context, RowError::OutOfDomain);
  return in_range(context, at + *offset);
}

std::int32_t local_date(Context& context, std::int64_t at, Text zone) {
  return day_of(local_time(context, at, zone));
}

std::int64_t instant(Context& context, std::int64_t local, Text zone) {
  const auto at = instant_of_local(local, view(zone));
  if (!at) return fail(context, RowError::OutOfDomain);
  return in_range(context, *at);
}

std::int32_t utc_offset(Context& context, std::int64_t at, Text zone) {
  const auto offset = zone_offset(at, view(zone));
  if (!offset) return fail(context, RowError::OutOfDomain);
  return static_cast<std::int32_t>(*offset / kSecond);
}

}  // namespace backfill::stdlib::native_zone
