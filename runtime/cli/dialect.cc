// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/dialect.h"

#include "runtime/database/mariadb/dialect.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/sqlite/dialect.h"

namespace backfill::cli {

const lower_sql::Dialect& dialect_named(std::string_view name) {
  if (name == "postgres") return database::postgres::dialect();
  if (name == "mariadb") return database::mariadb::dialect();
  return database::sqlite::dialect();
}

}  // namespace backfill::cli
