// SPDX-License-Identifier: Apache-2.0
// A database's tables as DDL text.
#pragma once

#include <string>

#include "compiler/source/result.h"
#include "runtime/database/store.h"

namespace backfill::database {

// In the database's own dialect: `catalog_from_ddl` reads it back into the same catalog. Backfill's own
// bookkeeping is left out.
Result<std::string> ddl_text(Store& store);

}  // namespace backfill::database
