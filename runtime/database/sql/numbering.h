// SPDX-License-Identifier: Apache-2.0
// Numbers of batches and events. Where a write transaction excludes all others, max + 1 over the primary key
// is exact; where it does not, two transactions would take the same one: there a sequence gives them
// (bookkeeping.cc creates it), with gaps where a transaction was rolled back.
#pragma once

#include <cstdint>

#include "runtime/database/store.h"

namespace backfill::database_sql {

enum class Numbered : std::uint8_t { Batch, Event };

// Inside a write transaction.
Result<std::int64_t> next_number(database::Store& store, Numbered what);

// Do write transactions of this database run beside each other? Then books are locked row by row.
[[nodiscard]] bool shares_writes(const lower_sql::Dialect& dialect);

}  // namespace backfill::database_sql
