// SPDX-License-Identifier: Apache-2.0
// How the three dialects spell what stands in quotes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace backfill::database_sql {

// 00ff, lower case.
[[nodiscard]] std::string hex(std::string_view bytes);
// Within the quotes, of which those inside are doubled.
[[nodiscard]] std::string quoted(std::string_view text, char quote);
// 2024-01-31 10:00:00.000000 of microseconds since 1970: always 26 characters, so that texts of it are in
// order.
[[nodiscard]] std::string wide_moment(std::int64_t moment);

}  // namespace backfill::database_sql
