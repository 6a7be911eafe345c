// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/required.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

using database_sql::RunRecord;
using database_sql::RunState;

namespace {

// Every run that finished of a name, one for each table; nothing was rolled back or is under way since.
Result<std::optional<Unmet>> unfinished(database::Store& store, const std::string& name) {
  const std::string way_out = fmt::format("run `{}` to its end first", name);
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(store));
  if (!there) return std::optional(Unmet{fmt::format("`{}` has not run yet", name), way_out});
  BACKFILL_ASSIGN(const std::vector<RunRecord> runs, database_sql::all_runs(store));
  std::vector<std::string> tables;
  for (const RunRecord& run : runs) {
    if (run.name != name || std::ranges::find(tables, run.table) != tables.end()) continue;
    tables.push_back(run.table);
    if (run.state != RunState::Finished)
      return std::optional(
          Unmet{fmt::format("run {} of `{}` is {}", run.run, name, database_sql::name(run.state)), way_out});
    BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(store, run.run));
    for (const database_sql::StageRecord& stage : stages) {
      const bool verified = stage.verified_at != 0 && stage.mismatches == 0;
      if (verified || stage.candidates == 0) continue;
      return std::optional(
          Unmet{fmt::format("stage `{}` of run {} of `{}` is not verified", stage.name, run.run, name),
                fmt::format("give each stage of `{}` the gate `then verified`", name)});
    }
  }
  if (tables.empty()) return std::optional(Unmet{fmt::format("`{}` has not run yet", name), way_out});
  return std::optional<Unmet>();
}

}  // namespace

Result<std::optional<Unmet>> unmet_requirement(database::Store& store, const ir::Backfill& backfill,
                                               std::int64_t now) {
  for (const ir::Requirement& one : backfill.requirements) {
    bool holds = false;
    BACKFILL_TRY(read_transaction(store, [&]() -> Result<void> {
      BACKFILL_ASSIGN(const database::Rows answer,
                      store.query(lower_sql::requirement(one, store.dialect(), {now})));
      holds = !answer.rows.empty() && database_sql::integer(answer.rows[0][0]) != 0;
      return {};
    }));
    if (!holds)
      return std::optional(Unmet{fmt::format("the database is not as the spec requires it: {}", one.text),
                                 "mend that, then run it again"});
  }
  return std::optional<Unmet>();
}

Result<std::optional<Unmet>> unmet(database::Store& store, const ir::Backfill& backfill, std::int64_t now) {
  for (const std::string& name : backfill.runs_after) {
    std::optional<Unmet> found;
    BACKFILL_TRY(read_transaction(store, [&]() -> Result<void> {
      BACKFILL_ASSIGN(found, unfinished(store, name));
      return {};
    }));
    if (found) return found;
  }
  return unmet_requirement(store, backfill, now);
}

}  // namespace backfill::execute
