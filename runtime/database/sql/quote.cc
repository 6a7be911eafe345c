// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/quote.h"

#include <fmt/format.h>

#include "stdlib/calendar.h"

namespace backfill::database_sql {

std::string hex(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) result += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return result;
}

std::string quoted(std::string_view text, char quote) {
  std::string result(1, quote);
  for (const char c : text) {
    if (c == quote) result += quote;
    result += c;
  }
  return result + quote;
}

std::string wide_moment(std::int64_t moment) {
  std::string text = stdlib::format_local_timestamp(moment);  // 2024-01-31T10:00:00[.123456]
  text[10] = ' ';
  if (text.size() == 19) text += '.';
  text.resize(26, '0');
  return text;
}

}  // namespace backfill::database_sql
