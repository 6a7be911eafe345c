// SPDX-License-Identifier: Apache-2.0
// The tables in which runs are kept, in the target database. docs/bookkeeping.md describes them for people.
#pragma once

#include <cstdint>

#include "runtime/database/store.h"

namespace backfill::database_sql {

constexpr std::int64_t kBookkeepingVersion = 4;

// Are they there? A version that is newer than ours is a failure.
Result<bool> have_tables(database::Store& store);
// First in the write transaction that begins a run: two processes that create the tables or begin runs do it
// one after the other.
Result<void> lock_books(database::Store& store);
// Inside a write transaction, the books locked: creates what is missing, and brings books of an earlier
// version up to ours.
Result<void> create_tables(database::Store& store);

}  // namespace backfill::database_sql
