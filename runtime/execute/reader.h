// SPDX-License-Identifier: Apache-2.0
// Reads batches of one table on a thread of its own, in the order in which they are asked for.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>

#include "runtime/database/store.h"
#include "runtime/execute/segments.h"

namespace backfill::execute {

struct Reading {
  Segment range;
  std::int64_t limit = 0;
  database::RowBatch batch;
  std::optional<Result<void>> outcome;  // set by the reader's thread
};

class Reader {
 public:
  // `table` must outlive it, and is used by its thread alone.
  explicit Reader(database::TableAccess& table) : table_(table), thread_([this] { work(); }) {}
  // Finishes the batch that it is at; what waits behind it is dropped.
  ~Reader();
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;

  // `reading` must live until `wait` has answered for it, or the reader ends.
  void start(Reading& reading);
  Result<void> wait(const Reading& reading);

 private:
  void work();

  database::TableAccess& table_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Reading*> asked_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace backfill::execute
