// SPDX-License-Identifier: Apache-2.0
// Did the database write what was sent?
#pragma once

#include <string_view>

#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

constexpr std::string_view kIgnored = "the database did not write the row: a trigger of the table ignores it";
constexpr std::string_view kAltered =
    "the database did not store the new value as it was sent: a trigger of the table changes it";

// Of a statement that says in its second column whether each row holds what was sent.
inline bool all_as_sent(const Answer& written) {
  for (int i = 0; i < PQntuples(written.get()); ++i)
    if (*PQgetvalue(written.get(), i, 1) == 0) return false;
  return true;
}

}  // namespace backfill::database::postgres
