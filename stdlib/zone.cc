// SPDX-License-Identifier: Apache-2.0
#include "stdlib/zone.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>

#include <algorithm>
#include <fstream>
#include <unordered_map>

#include "stdlib/calendar.h"

namespace backfill::stdlib {
namespace {

bool has_iana_form(std::string_view name) {
  if (name == "UTC") return true;
  const auto fits = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '_' || c == '-' || c == '+';
  };
  const bool upper = !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
  return upper && name.find('/') != std::string_view::npos && name.back() != '/' &&
         !name.starts_with("Fixed/") && name.find("//") == std::string_view::npos &&
         std::all_of(name.begin(), name.end(), fits);
}

// Null: there is none. Each thread asks the library once per name.
const absl::TimeZone* zone_named(std::string_view name) {
  thread_local std::unordered_map<std::string, std::optional<absl::TimeZone>> known;
  thread_local const std::pair<const std::string, std::optional<absl::TimeZone>>* last = nullptr;
  if (last == nullptr || last->first != name) {
    const auto [entry, is_new] = known.try_emplace(std::string(name));
    absl::TimeZone zone;
    if (is_new && has_iana_form(name) && absl::LoadTimeZone(std::string(name), &zone)) entry->second = zone;
    last = &*entry;
  }
  return last->second ? &*last->second : nullptr;
}

std::int64_t floor_seconds(std::int64_t microseconds) {
  return microseconds / kSecond - (microseconds % kSecond < 0 ? 1 : 0);
}

}  // namespace

bool is_zone(std::string_view name) {
  return zone_named(name) != nullptr;
}

std::optional<std::int64_t> zone_offset(std::int64_t instant, std::string_view name) {
  const absl::TimeZone* zone = zone_named(name);
  if (zone == nullptr) return std::nullopt;
  return zone->At(absl::FromUnixSeconds(floor_seconds(instant))).offset * kSecond;
}

std::optional<std::int64_t> instant_of_local(std::int64_t local, std::string_view name) {
  const absl::TimeZone* zone = zone_named(name);
  if (zone == nullptr) return std::nullopt;
  const std::int64_t seconds = floor_seconds(local);
  const absl::CivilSecond shown = absl::CivilSecond(1970, 1, 1, 0, 0, 0) + seconds;
  const absl::TimeZone::TimeInfo found = zone->At(shown);
  const bool overlap = found.kind == absl::TimeZone::TimeInfo::REPEATED;
  return absl::ToUnixSeconds(overlap ? found.post : found.pre) * kSecond + (local - seconds * kSecond);
}

std::string zone_data_version() {
  std::ifstream file("/usr/share/zoneinfo/tzdata.zi");
  std::string line;
  const std::string_view prefix = "# version ";
  return std::getline(file, line) && line.starts_with(prefix) ? line.substr(prefix.size()) : "";
}

}  // namespace backfill::stdlib
