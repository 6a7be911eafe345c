// SPDX-License-Identifier: Apache-2.0
// What the effects of a run are, so that what they wrote can be read without its spec.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/store.h"

namespace backfill::database_sql {

struct EffectRecord {
  std::size_t effect = 0;        // of Backfill::effects
  std::string kind;              // "insert", "update", "delete"
  std::string table;             // whose rows it writes
  std::string name;              // as the spec's reader knows it: "repoint albums"
  std::vector<std::string> key;  // columns of `table` by which its rows are found
};

Result<void> insert_effects(database::Store& store, std::int64_t run, const ir::Backfill& backfill);
// None of a run of books that had no such table.
Result<std::vector<EffectRecord>> effects_of(database::Store& store, std::int64_t run);
// Rows that the effect wrote and that were not put back.
Result<std::int64_t> count_written(database::Store& store, std::int64_t run, const EffectRecord& effect);
// Of an effect's table: not a row that was found as it should be.
constexpr std::string_view kIsWritten = "found <> 1";

}  // namespace backfill::database_sql
