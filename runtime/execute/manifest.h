// SPDX-License-Identifier: Apache-2.0
// The manifest: what one scan of the whole table in key order finds before anything is written.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/database/store.h"
#include "runtime/execute/report.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

constexpr std::int64_t kChunkRanks =
    10'000;  // rows of the table per chunk: boundaries go by rank, not by key arithmetic

// after < key <= until; an empty key leaves the side open (first chunk: after, last chunk: until).
struct Chunk {
  database::Key after;
  database::Key until;
  std::int64_t rows = 0;
  std::vector<std::int64_t> candidates;  // per stage
};

struct PlannedStage {
  std::string name;
  std::uint64_t threshold = 0;  // samples: takes rows whose hash is at most this (sample.h)
  bool takes_none = false;      // a sample that found no candidate left
  std::int64_t candidates = 0;
};

struct Manifest {
  ClassCounts classes;
  std::int64_t rows = 0;  // met by the scan
  std::int64_t rows_counted =
      0;  // by the database's own count(*) in the same snapshot; equal to `rows`, or it fails
  std::vector<Chunk> chunks;
  std::vector<PlannedStage> stages;
  double scan_seconds = 0;
  EngineReport engine;
};

// Reads the table once (twice where an early sample stage must know its rows before chunks can be counted)
// inside one read transaction of `store`. Memory: chunks and sample heaps. Fails with Retry when interrupted.
Result<Manifest> make_manifest(database::Store& store, const Subject& subject, evaluate::Moment moment);

// For `plan --db`: the same on a read-only connection of its own. Creates nothing.
Result<Manifest> survey(const Subject& subject);

}  // namespace backfill::execute
