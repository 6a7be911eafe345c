// SPDX-License-Identifier: Apache-2.0
// Reads and decides the next batch on a connection of its own while the current one is written.
//
// Why that is safe: the request is made inside our write transaction W, so the reader's snapshot is what was
// committed when W began; while W is open nobody else can commit. If foreign_commits() says at the begin of
// the next write transaction what it said in W, nobody has committed in between but W itself, which wrote
// other rows. Where a trigger or a cascade could make W write rows of the next batch
// (ir::reaches_other_rows), batches are read serially. A store that guards rows needs none of this: its write
// finds each row that is no longer as it was read, whoever changed it and when.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "runtime/database/store.h"
#include "runtime/execute/row_decider.h"

namespace backfill::execute {

struct PreparedBatch {
  explicit PreparedBatch(const ir::Backfill& backfill) : decisions(backfill) {}
  database::RowBatch rows;
  Decisions decisions;
};

struct ReadRequest {
  database::Key after, until;
  std::int64_t limit = 0;
  std::uint64_t epoch = 0;  // foreign_commits() of the transaction in which the request is made
};

class Prefetcher {
 public:
  // The reader's thread uses the decider from `start` until `take` or `wait` returns; nobody else may then.
  Prefetcher(const ir::Backfill& backfill, std::unique_ptr<database::Store> store,
             std::unique_ptr<database::TableAccess> table, RowDecider& decider);
  ~Prefetcher();
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  void start(ReadRequest request);
  // Waits for what was started. True: `into` holds the batch of exactly that place, and it is what a read
  // would give now. False: nothing was started, it is another place, somebody has committed since, or the
  // read failed.
  bool take(const database::Key& after, const database::Key& until, std::uint64_t epoch, PreparedBatch& into);
  // Waits until nobody but the caller uses the decider; what was started stays to be taken.
  void wait();
  // The rows that the prefetched batch was asked for.
  [[nodiscard]] std::int64_t limit() const { return request_.limit; }

 private:
  void work();

  RowDecider& decider_;
  std::unique_ptr<database::Store> store_;
  std::unique_ptr<database::TableAccess> table_;
  PreparedBatch batch_;
  ReadRequest request_;
  enum class State : std::uint8_t { Idle, Asked, Ready, Failed, Ending } state_ = State::Idle;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::thread thread_;
};

// Null where prefetching is not safe or not possible here: no failure, the loop is serial then.
std::unique_ptr<Prefetcher> make_prefetcher(const Subject& subject, database::Store& writer, std::int64_t run,
                                            RowDecider& decider);

}  // namespace backfill::execute
