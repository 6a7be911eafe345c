// SPDX-License-Identifier: Apache-2.0
// Reads a whole table in key order, batch by batch, with every row decided: the manifest, the dry run and the
// last count are this.
#pragma once

#include <functional>

#include "runtime/database/store.h"
#include "runtime/execute/row_decider.h"

namespace backfill::execute {

constexpr std::int64_t kScanRows = 4096;  // rows per read: kernels are fastest at about this (PERFORMANCE.md)

// Fails if a row's key is missing or cannot be read: such a row can be neither found again nor passed by.
Result<void> check_keys(const ir::Backfill& backfill, const database::RowBatch& batch);

// Return false to end the scan early.
using Visit = std::function<bool(database::RowBatch& batch, const Decisions& decisions)>;
// Inside a transaction of the caller's. The next batch is read on another thread while this one is decided
// and visited, so `visit` must leave the table's connection alone. `limit_of` says how many rows the next
// read may have (at least 1), `ahead` being rows that are read and not visited yet. Fails with Retry when
// interrupted.
Result<void> scan(const Subject& subject, database::TableAccess& table, RowDecider& decider,
                  const std::function<std::int64_t(std::int64_t ahead)>& limit_of, const Visit& visit);

[[nodiscard]] bool interrupted(const Subject& subject);
[[nodiscard]] Failure interruption();

}  // namespace backfill::execute
