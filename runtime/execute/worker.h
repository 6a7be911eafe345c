// SPDX-License-Identifier: Apache-2.0
// What one thread of a run has for itself: a connection, its statements, an engine, a reader ahead.
#pragma once

#include <memory>

#include "runtime/execute/prefetch.h"
#include "runtime/execute/session.h"

namespace backfill::execute {

struct Worker {
  std::unique_ptr<database::Store> own;  // null: `store` is the session's
  database::Store* store = nullptr;
  std::unique_ptr<database::TableAccess> table;
  std::unique_ptr<Asker> asker;            // null: no extern function is read
  std::unique_ptr<RowDecider> decider;     // between two prefetches this worker's, else its prefetcher's
  std::unique_ptr<Prefetcher> prefetcher;  // null: serial
};

// The first worker of a run works on the session's own connection.
Result<std::unique_ptr<Worker>> make_worker(Session& session, bool first);

}  // namespace backfill::execute
