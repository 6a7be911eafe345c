// SPDX-License-Identifier: Apache-2.0
// Time zones by their IANA names, from the system's tzdata (/usr/share/zoneinfo). Safe from any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace backfill::stdlib {

// Is it an IANA name that tzdata has: `Europe/Zurich`, `UTC`? Abbreviations, offsets and POSIX forms are
// none.
[[nodiscard]] bool is_zone(std::string_view name);
// What must be added to the instant (microseconds, UTC) for what a clock there shows; nullopt: no such zone.
[[nodiscard]] std::optional<std::int64_t> zone_offset(std::int64_t instant, std::string_view name);
// The instant at which a clock there shows `local`. In a gap (clocks go forward) by the offset before it, in
// an overlap (clocks go back) by the one after it, as PostgreSQL. nullopt: no such zone.
[[nodiscard]] std::optional<std::int64_t> instant_of_local(std::int64_t local, std::string_view name);
// "2025b"; empty where tzdata does not say.
[[nodiscard]] std::string zone_data_version();

}  // namespace backfill::stdlib
