// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/numbering.h"

#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

bool shares_writes(const lower_sql::Dialect& dialect) {
  return dialect.id() == stdlib::Dialect::Postgres;
}

Result<std::int64_t> next_number(database::Store& store, Numbered what) {
  const bool batch = what == Numbered::Batch;
  if (shares_writes(store.dialect())) {
    return number(
        store, batch ? "SELECT nextval('backfill_batch_number')" : "SELECT nextval('backfill_event_number')",
        1);
  }
  return number(
      store,
      batch ? "SELECT max(batch) + 1 FROM backfill_batch" : "SELECT max(event) + 1 FROM backfill_event", 1);
}

}  // namespace backfill::database_sql
