// SPDX-License-Identifier: Apache-2.0
// Forms that several rows share in MariaDB's SQL.
#pragma once

#include <fmt/format.h>

#include <string_view>

#include "stdlib/row.h"

namespace backfill::stdlib::mariadb_form {

// LOWER or UPPER of the letters A to Z alone: tis620 has letters in ASCII only, and a place for every byte.
inline std::string_view ascii_case(std::string_view function, std::string_view argument = "{0}") {
  return keep(
      fmt::format("(CONVERT(CAST({}(CONVERT(CAST({} AS BINARY) USING tis620)) AS BINARY) USING utf8mb4) "
                  "COLLATE utf8mb4_nopad_bin)",
                  function, argument));
}

}  // namespace backfill::stdlib::mariadb_form
