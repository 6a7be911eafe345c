// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/from_corrections.h"

#include <fmt/format.h>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/checkpoint.h"

namespace backfill::execute {

namespace {

constexpr std::string_view kKey = "key_", kPrior = "prior_";

int add_input(ir::Backfill& backfill, int column) {
  const stdlib::Type type = backfill.table->columns[static_cast<std::size_t>(column)].type;
  backfill.row.inputs.push_back({column, type});
  return static_cast<int>(backfill.row.inputs.size()) - 1;
}

// A dialect may shorten the names that we make of a column's: compared is what it makes of each.
int column_behind(const lower_sql::Dialect& dialect, const schema::Table& table, std::string_view prefix,
                  const std::string& name) {
  const int column = table.find(name.substr(prefix.size()));
  if (column >= 0) return column;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (dialect.quote(std::string(prefix) + table.columns[i].name) == dialect.quote(name))
      return static_cast<int>(i);
  return -1;
}

// Keys stand before priors in the corrections, as they must in the inputs.
void add_column(FromCorrections& out, const lower_sql::Dialect& dialect, const std::string& name,
                std::string_view corrections) {
  const bool key = name.starts_with(kKey);
  if (!key && !name.starts_with(kPrior)) return;
  const std::string_view prefix = key ? kKey : kPrior;
  const std::string plain = name.substr(prefix.size());
  const int column = column_behind(dialect, *out.backfill.table, prefix, name);
  if (column < 0) {
    if (!out.refusal.empty()) return;
    out.refusal = fmt::format("the {} `{}` is no longer in the table `{}`: there is nowhere to put {} back",
                              key ? "key column" : "column", plain, out.backfill.table->name,
                              key ? "prior values" : "its prior values");
    out.way_out = key ? fmt::format("the prior values are in `{}`, by `{}`", corrections, name)
                      : fmt::format("the prior values are in `{}`, column `{}`", corrections, name);
    return;
  }
  const int input = add_input(out.backfill, column);
  if (key) {
    out.backfill.key.push_back(column);
  } else {
    out.backfill.row.outputs.push_back({column, input, nullptr, {}});
  }
}

}  // namespace

Result<FromCorrections> from_corrections(database::Store& store, const schema::Catalog& catalog,
                                         const database_sql::RunRecord& record) {
  const std::string corrections = lower_sql::corrections_table(record.run);
  FromCorrections out;
  out.backfill.name = record.name;
  out.backfill.table = catalog.find(record.table);
  if (out.backfill.table == nullptr) {
    out.refusal = fmt::format("the table `{}` is no longer there", record.table);
    out.way_out = fmt::format("the prior values are in `{}`", corrections);
    return out;
  }
  BACKFILL_ASSIGN(const database::Rows shape,
                  store.query(fmt::format("SELECT * FROM {} LIMIT 0", store.dialect().quote(corrections))));
  const auto effects = store.query(
      fmt::format("SELECT 1 FROM {} LIMIT 1", store.dialect().quote(lower_sql::effect_table(record.run, 0))));
  if (effects) {
    out.refusal =
        fmt::format("run {} wrote more than derived columns, and only its spec says what", record.run);
    out.way_out = "roll it back with the spec that is kept with the run, against the table as it was then";
    return out;
  }
  for (const std::string& name : shape.names) add_column(out, store.dialect(), name, corrections);
  BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(store, record.run));
  for (const auto& stage : stages) {
    out.backfill.stages.emplace_back().name = stage.name;
  }
  return out;
}

}  // namespace backfill::execute
