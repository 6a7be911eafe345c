// SPDX-License-Identifier: Apache-2.0
// The catalog of an open SQLite database, live or filled from DDL text.
#pragma once

#include <fmt/format.h>
#include "compiler/schema/catalog.h"
#include "compiler/source/result.h"

#include "runtime/database/sqlite/connection.h"

namespace backfill::database::sqlite {

// User tables of `main` in the order of their names. A few queries over all tables: O(columns + indexes). Of
// the table `only` alone, where that is not empty: then what other tables' foreign keys hand on is not known.
Result<schema::Catalog> read_schema(const Connection& connection, const std::string& only = {});

// Column numbers of the key's columns, and whether it is the rowid alone.
[[nodiscard]] bool is_rowid(const schema::Table& table, const std::vector<int>& key);

}  // namespace backfill::database::sqlite
