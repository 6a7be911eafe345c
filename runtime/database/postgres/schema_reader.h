// SPDX-License-Identifier: Apache-2.0
// The catalog of a live PostgreSQL.
#pragma once

#include <optional>
#include <string>

#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"
#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

// Tables of all schemas but the system's, temporary ones and Backfill's own (`backfill`), as
// `catalog_from_sql` gives them for the same schema; with the server's estimate of their rows. One statement
// per kind of thing, in one snapshot; a transaction that is open is used and left open.
Result<schema::Catalog> read_schema(const Connection& connection);

// One table, by `qualified_name` or a bare name that is the only one; nothing: there is none, or more than
// one. Without what other tables' foreign keys hand on to it.
Result<std::optional<schema::Table>> read_table(const Connection& connection, const std::string& name);

}  // namespace backfill::database::postgres
