// SPDX-License-Identifier: Apache-2.0
// What the bookkeeping and the two tables of a run say, as pieces of reports. Needs no compiled spec.
#pragma once

#include <string>
#include <vector>

#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/store.h"
#include "runtime/execute/report.h"

namespace backfill::execute {

[[nodiscard]] StageReport stage_report(const database_sql::StageRecord& stage);

// A stored value as a literal, by what it is: 'text', 42, missing.
[[nodiscard]] std::string stored_literal(const stdlib::Value& value);
[[nodiscard]] std::string stored_key(const std::vector<stdlib::Value>& row, std::size_t key_columns);
// Microseconds since 1970 as RFC 3339 in UTC, whole seconds; 0: "".
[[nodiscard]] std::string rfc3339(std::int64_t microseconds);

// Empty or 0 when the run has no quarantine table. `key_columns` 0: found out from the table.
Result<std::vector<SetAside>> set_aside_rows(database::Store& store, std::size_t key_columns,
                                             std::int64_t run, std::size_t limit);
// Counts the rows of each effect's table.
Result<std::vector<EffectWritten>> effects_written(database::Store& store, std::int64_t run);
Result<std::int64_t> count_uncertain(database::Store& store, std::int64_t run);

}  // namespace backfill::execute
