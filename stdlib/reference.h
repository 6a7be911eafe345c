// SPDX-License-Identifier: Apache-2.0
// The function table in the words of people: `backfill functions` and docs/functions.md are made of it.
#pragma once

#include <string>
#include <string_view>

#include "stdlib/function.h"

namespace backfill::stdlib {

struct DialectName {
  Dialect dialect;
  std::string_view name;   // as on the command line: `postgres`
  std::string_view title;  // `PostgreSQL`
};
inline constexpr std::array<DialectName, kDialects> kDialectNames = {
    {{Dialect::Sqlite, "sqlite", "SQLite"},
     {Dialect::Postgres, "postgres", "PostgreSQL"},
     {Dialect::MariaDb, "mariadb", "MariaDB"}}};

// "same", "wrapped", "pinned", "assisted", "unavailable".
[[nodiscard]] std::string_view text(Availability availability);
// Available as SQL that the database computes without our help.
[[nodiscard]] bool is_independent(Availability availability);

// Of the functions (not operators, not conversions): how many forms there are, and how many the dialect
// computes without our help.
struct Coverage {
  std::size_t forms = 0;
  std::array<std::size_t, 5> by_availability{};  // by Availability
  [[nodiscard]] std::size_t independent() const;
};
[[nodiscard]] Coverage coverage(Dialect dialect);

// docs/functions.md, whole. Linear in the table.
[[nodiscard]] std::string reference_page();

}  // namespace backfill::stdlib
