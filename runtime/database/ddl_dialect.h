// SPDX-License-Identifier: Apache-2.0
// Whose DDL a text is.
#pragma once

#include <string_view>

namespace backfill::database {

// "postgres", "sqlite" or "mariadb". A line `-- dialect: postgres` before the first statement says it (as
// `backfill schema` writes); else the words outside of quotes and comments that only one of them has. Where
// nothing tells, SQLite. O(text).
std::string_view ddl_dialect(std::string_view sql);

}  // namespace backfill::database
