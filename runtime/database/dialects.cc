// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/dialects.h"

#include "runtime/database/mariadb/dialect.h"
#include "runtime/database/postgres/dialect.h"
#include "runtime/database/sqlite/dialect.h"

namespace backfill::database {

const std::vector<const lower_sql::Dialect*>& dialects() {
  static const std::vector<const lower_sql::Dialect*> all = {&postgres::dialect(), &sqlite::dialect(),
                                                             &mariadb::dialect()};
  return all;
}

const lower_sql::Dialect* dialect(std::string_view name) {
  for (const lower_sql::Dialect* each : dialects())
    if (each->name() == name) return each;
  return nullptr;
}

}  // namespace backfill::database
