// SPDX-License-Identifier: Apache-2.0
// For specs that must be verifiable by a database's own SQL alone.
#pragma once

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"

namespace backfill::compiler {

// Reports (BF0902) what of the program the dialect's SQL cannot compute exactly, at the first expression of
// each part that has no form there, with the portable one where there is one.
void require_sql(const ir::Backfill& backfill, const lower_sql::Dialect& dialect, diagnostic::Sink& sink);

}  // namespace backfill::compiler
