// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/required.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lower/sql/statements.h"
#include "compiler/lower/sql/unreadable.h"
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

// Where queries would compare or compute with what is no value of its column.
Result<std::optional<Unmet>> unreadable(database::Store& store, const lower_sql::UnreadableSearch& search) {
  BACKFILL_ASSIGN(const database::Rows answer, store.query(search.count));
  for (std::size_t i = 0; i < search.columns.size(); ++i) {
    const std::int64_t found = database_sql::integer(answer.rows.at(0).at(2 * i));
    if (found == 0) continue;
    const schema::Column& column = search.table->columns[static_cast<std::size_t>(search.columns[i])];
    return std::optional(Unmet{
        fmt::format("`{}.{}` holds {} that {} no {}, such as '{}', and queries of this backfill look at it",
                    search.table->name, column.name, found == 1 ? "a value" : fmt::format("{} values", found),
                    found == 1 ? "is" : "are", stdlib::to_string(column.type.required()),
                    database_sql::text(answer.rows[0][2 * i + 1])),
        fmt::format("mend what this gives, then run it again: {}", search.which[i])});
  }
  return std::optional<Unmet>();
}

}  // namespace

Result<std::optional<Unmet>> unreadable(database::Store& store, const ir::Backfill& backfill) {
  std::optional<Unmet> found;
  for (const lower_sql::UnreadableSearch& search : lower_sql::unreadable_values(backfill, store.dialect())) {
    BACKFILL_TRY(read_transaction(store, [&]() -> Result<void> {
      BACKFILL_ASSIGN(found, unreadable(store, search));
      return {};
    }));
    if (found) break;
  }
  return found;
}

Result<void> expect_readable(database::Store& store, const ir::Backfill& backfill) {
  BACKFILL_ASSIGN(const std::optional<Unmet> found, unreadable(store, backfill));
  if (found) return fatal(found->message, found->way_out);
  return {};
}

Result<std::optional<Unmet>> unmet_requirement(database::Store& store, const ir::Backfill& backfill,
                                               std::int64_t now) {
  BACKFILL_ASSIGN(std::optional<Unmet> values, unreadable(store, backfill));
  if (values) return values;
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
