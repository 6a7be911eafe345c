// SPDX-License-Identifier: Apache-2.0
// What every job of this folder works on: one compiled backfill against one database, and who may interrupt
// it.
#pragma once

#include <atomic>
#include <string>

#include "compiler/ir/ir.h"
#include "runtime/execute/progress.h"

namespace backfill::ask {
class Programs;
}

namespace backfill::execute {

enum class EngineChoice : std::uint8_t {
  Auto,    // the evaluator at once, native code from the batch border on at which it is ready
  Native,  // waits for native code
  Evaluator,
  Both,  // runs both and compares every batch; a difference stops the job as a bug
};

struct Subject {
  std::string url;                         // of the database; connections are opened as needed
  const ir::Backfill* backfill = nullptr;  // compiled against this database's catalog; null for a rollback
                                           // alone: the spec does not fit the table any more
  EngineChoice engine = EngineChoice::Auto;
  std::string jit_cache_directory;          // empty: none
  Progress* progress = nullptr;             // may be null
  const ask::Programs* programs = nullptr;  // that answer its extern functions; null: it has none
  const std::atomic<bool>* interrupt =
      nullptr;  // set by a signal handler; asked between batches; may be null
};

// How many rows each tier decided, for the report.
struct EngineReport {
  std::int64_t native_rows = 0;
  std::int64_t evaluator_rows = 0;
  std::int64_t compared_rows = 0;  // Both
  double compile_ms = 0;           // 0: not compiled
  bool from_cache = false;
  std::string unavailable;  // why there is no native code; empty: there is, or it was not asked for

  EngineReport& operator+=(const EngineReport& other);  // of two engines that worked beside each other
};

}  // namespace backfill::execute
