// SPDX-License-Identifier: Apache-2.0
// SQL text cut into statements and words, as far as a catalog needs it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"

namespace backfill::database::sqlite {

struct DdlStatement {
  std::string_view text;      // without the semicolon
  std::size_t line = 1;       // of its first word
  std::string first, second;  // its first two words, in capitals
};

// Comments, quotes and the bodies of triggers are respected. O(text).
std::vector<DdlStatement> split_statements(std::string_view sql);

// The expressions of CHECK constraints in the text of a CREATE TABLE.
std::vector<std::string> checks_of(std::string_view create_table);

// Runs the statements that shape the schema in a database in memory and reads its catalog. `name` is for
// messages.
Result<schema::Catalog> catalog_from_sql(std::string_view sql, std::string_view name);

}  // namespace backfill::database::sqlite
