// SPDX-License-Identifier: Apache-2.0
// What a rollback needs of a backfill, from what the run has kept: after a backfill its input columns are
// usually dropped, and its spec then compiles no more.
#pragma once

#include <string>

#include "compiler/ir/ir.h"
#include "runtime/database/sql/run_record.h"

namespace backfill::execute {

struct FromCorrections {
  // Table, key, targets, the stages' names. Derives nothing: only for TableAccess::roll_back.
  ir::Backfill backfill;
  std::string refusal, way_out;  // why prior values cannot be put back; empty: they can
};

// `catalog` must outlive the backfill. A Failure where the corrections cannot be read.
Result<FromCorrections> from_corrections(database::Store& store, const schema::Catalog& catalog,
                                         const database_sql::RunRecord& record);

}  // namespace backfill::execute
