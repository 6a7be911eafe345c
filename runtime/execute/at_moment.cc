// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/at_moment.h"

#include <fmt/format.h>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/run_record.h"

namespace backfill::execute {

Result<std::vector<std::int64_t>> runs_before(database::Store& store, const ir::Backfill& backfill,
                                              std::optional<std::int64_t> run) {
  std::vector<std::int64_t> runs;
  if (!ir::is_once(backfill)) return runs;
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(store));
  if (!there) return runs;
  BACKFILL_ASSIGN(const auto all, database_sql::all_runs(store));
  for (const database_sql::RunRecord& one : all) {
    if (one.name != backfill.name || one.table != backfill.table->qualified_name()) continue;
    if (run && one.run >= *run) continue;
    const std::string table = lower_sql::corrections_table(one.run);
    if (!store.query(fmt::format("SELECT 1 FROM {} LIMIT 0", store.dialect().quote(table))))
      return fatal(
          fmt::format("`once` leaves alone what run {} has changed, and its corrections (`{}`) cannot "
                      "be read",
                      one.run, table),
          "restore that table: nothing else tells which rows were done");
    runs.push_back(one.run);
  }
  return runs;
}

}  // namespace backfill::execute
