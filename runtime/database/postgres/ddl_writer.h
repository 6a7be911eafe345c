// SPDX-License-Identifier: Apache-2.0
// A catalog as DDL text.
#pragma once

#include <string>

#include "compiler/schema/catalog.h"

namespace backfill::database::postgres {

// Statements that `catalog_from_sql` reads back into the same catalog. They name functions, sequences and
// servers that they do not create: a text to check specs with, not one to make a database of. An index whose
// build failed is left out: it proves nothing.
std::string ddl_text(const schema::Catalog& catalog);

}  // namespace backfill::database::postgres
