// SPDX-License-Identifier: Apache-2.0
// Candidates that came after the manifest: inserted, or in scope only since their place was passed. Found by
// one scan at the end of a run; a catch-up is a further stage over exactly them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/database/store.h"
#include "runtime/execute/row_decider.h"
#include "runtime/execute/session.h"

namespace backfill::execute {

struct Late {
  std::int64_t candidates = 0;
  std::vector<std::string> samples;  // keys, at most RunOptions::max_samples
  // after < key <= until; between them is nothing to do.
  struct Chunk {
    database::Key after, until;
    std::int64_t rows = 0, candidates = 0;
  };
  std::vector<Chunk> chunks;
  std::string difference;  // EngineChoice::Both found one: nothing else here counts
  bool interrupted = false;
};

// At one moment: candidates of any stage that the run has neither corrected nor set aside and whose final
// value is another than the stored one. Reads the whole table once.
Result<Late> find_late(Session& session, RowDecider& decider);

constexpr std::int64_t kCatchUps = 3;  // passes: rows may come for ever

// Inside a write transaction: the stage of a catch-up with its chunks, unless it is there already.
Result<database_sql::StageRecord> insert_catch_up(Session& session, const Late& late);

}  // namespace backfill::execute
