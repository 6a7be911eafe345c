// SPDX-License-Identifier: Apache-2.0
// Columns, keys and triggers of a live database's tables: as much as a run needs, until schema_reader reads
// the whole catalog.
#pragma once

#include "compiler/schema/catalog.h"
#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

Result<schema::Catalog> plain_schema(const Connection& connection);

}  // namespace backfill::database::postgres
