// SPDX-License-Identifier: Apache-2.0
// The formats of to_char and parse_date: YYYY, MM, DD, HH24, MI and SS, and between them any of - / . : , _
// and space. Each field at most once, all of fixed width: what every database prints alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace backfill::stdlib {

enum class DateField : std::uint8_t { Year, Month, Day, Hour, Minute, Second, Separator };

struct DateFormatPart {
  DateField field;
  char separator;  // of Separator
  int width;       // characters
};

// nullopt: no such format.
[[nodiscard]] std::optional<std::vector<DateFormatPart>> parse_date_format(std::string_view format);

}  // namespace backfill::stdlib
