// SPDX-License-Identifier: Apache-2.0
// Reads a whole table in key order, batch by batch, with every row decided: the manifest, the dry run and the
// last count are this.
#pragma once

#include <functional>

#include "runtime/database/store.h"
#include "runtime/execute/row_decider.h"
#include "runtime/execute/segments.h"
#include "runtime/execute/snapshot.h"

namespace backfill::execute {

constexpr std::int64_t kScanRows = 4096;  // rows per read: kernels are fastest at about this (PERFORMANCE.md)

// Fails if a row's key is missing or cannot be read: such a row can be neither found again nor passed by.
Result<void> check_keys(const ir::Backfill& backfill, const database::RowBatch& batch);

// Return false to end the scan early.
using Visit = std::function<bool(database::RowBatch& batch, const Decisions& decisions)>;
// All rows of the range up to the batch's last one that the table gives are in the batch.
using VisitSegment =
    std::function<bool(database::RowBatch& batch, const Decisions& decisions, const Segment& range)>;
// Reads ahead on one thread per table (of the same rows, each on a connection of its own: Snapshot); batches
// are decided and visited by the caller's thread, in key order. `visit` must leave the connections alone.
// Memory: three batches per table. Fails with Retry when interrupted.
Result<void> scan(const Subject& subject, const Tables& tables, RowDecider& decider, const Visit& visit);
// Segment by segment, of which few rows are expected: nothing is told of those without any.
Result<void> scan(const Subject& subject, const Tables& tables, Segments segments, RowDecider& decider,
                  const VisitSegment& visit);

[[nodiscard]] bool interrupted(const Subject& subject);
[[nodiscard]] Failure interruption();

}  // namespace backfill::execute
