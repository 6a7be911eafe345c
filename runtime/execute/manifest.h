// SPDX-License-Identifier: Apache-2.0
// The manifest: what one scan of the whole table in key order finds before anything is written.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/database/store.h"
#include "runtime/execute/report.h"
#include "runtime/execute/sample.h"
#include "runtime/execute/sources.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

// Rows of the table per chunk: so many of the spec's greatest batches (a window is written in as many
// passes), within these. Boundaries go by rank, not by key arithmetic.
constexpr std::int64_t kChunkBatches = 4;
constexpr std::int64_t kChunkRanks = 10'000;
constexpr std::int64_t kGreatestChunk = 100'000;

// after < key <= until; an empty key leaves the side open (first chunk: after, last chunk: until).
struct Chunk {
  database::Key after;
  database::Key until;
  std::int64_t rows = 0;
  std::vector<std::int64_t> candidates;  // per stage
};

struct PlannedStage {
  std::string name;
  Threshold threshold;  // samples: which hashes it takes; none if no candidate was left for it
  std::int64_t candidates = 0;
};

struct Manifest {
  ClassCounts classes;
  std::int64_t rows = 0;  // met by the scan
  // By the database's own count(*) in the same snapshot: equal to `rows`, or the scan fails.
  std::int64_t rows_counted = 0;
  std::int64_t chunk_rows = kChunkRanks;  // of all chunks but the last
  std::vector<Chunk> chunks;
  std::vector<PlannedStage> stages;
  std::int64_t without_stage = 0;  // candidates that no stage takes: they are left alone
  std::string horizon;             // Store::horizon of the scan
  std::string difference;          // EngineChoice::Both found one: nothing else here counts
  double scan_seconds = 0;
  EngineReport engine;
  Sources sources;  // what the files held that its queries read
};

// By the database itself, in the transaction that is open.
Result<std::int64_t> count_rows(database::Store& store, const ir::Backfill& backfill);

// Reads the table once, in a read transaction of its own on `store`, which has none open. Memory: the chunks
// and the rows of `sample N rows`. Fails with Retry when interrupted.
Result<Manifest> make_manifest(database::Store& store, const Subject& subject, evaluate::Moment moment);

// For `plan --db`: the same on a read-only connection of its own. Creates nothing.
Result<Manifest> survey(const Subject& subject);
// What the database says of the run beforehand; opens its own connection.
Result<database::Assessment> assess(const Subject& subject, std::optional<std::int64_t> candidates);

}  // namespace backfill::execute
