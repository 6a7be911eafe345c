// SPDX-License-Identifier: Apache-2.0
// The table that holds the rows of a source file: a column per field, and the line that each row comes from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/database/store.h"

namespace backfill::database_sql {

// As statements name it. Of run 0 a temporary one.
[[nodiscard]] std::string source_name(const lower_sql::Dialect& dialect, const ir::Backfill& backfill,
                                      const ir::SourceFile& source, std::int64_t run);
// Inside a transaction: empty, and gone with it for run 0.
Result<void> create_source(database::Store& store, const ir::Backfill& backfill, const ir::SourceFile& source,
                           std::int64_t run);

// Keys that stand in several rows, by the line of the first; at most `most`.
struct Repeated {
  std::vector<stdlib::Value> key;
  std::int64_t first = 0, last = 0, rows = 0;  // lines
};
// Once all rows are there: the unique key, the indexes, what the planner is to know. A key that repeats
// leaves the table without it.
Result<std::vector<Repeated>> index_source(database::Store& store, const ir::Backfill& backfill,
                                           const ir::SourceFile& source, std::int64_t run, std::int64_t most);

// What a run has loaded.
struct SourceRecord {
  std::string name, path, sha256;
  std::int64_t rows = 0;
};
Result<void> insert_sources(database::Store& store, std::int64_t run,
                            const std::vector<SourceRecord>& sources);
Result<std::vector<SourceRecord>> sources_of(database::Store& store, std::int64_t run);

}  // namespace backfill::database_sql
