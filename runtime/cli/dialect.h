// SPDX-License-Identifier: Apache-2.0
// The dialects by the names that a command line and a catalog give them.
#pragma once

#include <string_view>

#include "compiler/lower/sql/dialect.h"

namespace backfill::cli {

// `sqlite`, `postgres` or `mariadb`; SQLite's for any other name.
const lower_sql::Dialect& dialect_named(std::string_view name);

}  // namespace backfill::cli
