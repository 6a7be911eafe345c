// SPDX-License-Identifier: Apache-2.0
// DDL text: whose it is, and its catalog.
#pragma once

#include <string_view>

#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"

namespace backfill::database {

// "postgres", "sqlite" or "mariadb". A line `-- dialect: postgres` before the first statement says it (as
// `backfill schema` writes); else the words outside of quotes and comments that only one of them has. Where
// nothing tells, SQLite. O(text).
std::string_view ddl_dialect(std::string_view sql);
// By that database's reader. `name` is for messages.
Result<schema::Catalog> catalog_from_text(std::string_view sql, std::string_view name);

}  // namespace backfill::database
