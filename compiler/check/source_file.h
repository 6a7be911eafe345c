// SPDX-License-Identifier: Apache-2.0
// `source legacy from "legacy.csv" { ... }`: a table that queries may read, and nothing writes.
#pragma once

#include "compiler/check/context.h"

namespace backfill::check {

// Those of the file and of the backfill, into out.sources. Before anything that asks for tables.
void check_sources(Context& context);
// An index for each set of columns by which queries look rows up. After everything that makes queries.
void index_sources(Context& context);
// The table whose rows a query asks for, a source before the schema's; null and reported where there is none.
const schema::Table* find_rows(Context& context, const syntax::QualifiedName& name);

}  // namespace backfill::check
