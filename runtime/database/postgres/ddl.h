// SPDX-License-Identifier: Apache-2.0
// A catalog from DDL text: `pg_dump -s`, structure.sql, hand-written files, `backfill schema`.
#pragma once

#include <string_view>

#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"

namespace backfill::database::postgres {

// By PostgreSQL's own grammar (libpg_query), without a server. Statements that say nothing about tables are
// passed over unread: functions, grants, data, comments on other things. One that may shape a table and
// cannot be read is a Failure with its line. `name` is for messages.
Result<schema::Catalog> catalog_from_sql(std::string_view sql, std::string_view name);

}  // namespace backfill::database::postgres
