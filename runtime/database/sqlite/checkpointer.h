// SPDX-License-Identifier: Apache-2.0
// Moves committed pages from the WAL into the database file on a thread and a connection of its own, so that
// batches need not wait for it. A passive checkpoint blocks no reader and no writer.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "runtime/database/sqlite/connection.h"

namespace backfill::database::sqlite {

class Checkpointer {
 public:
  explicit Checkpointer(std::unique_ptr<Connection> connection);
  ~Checkpointer();  // waits for a checkpoint that is under way
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  void wake();  // there are newly committed pages

 private:
  void work();

  std::unique_ptr<Connection> connection_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool due_ = false, ending_ = false;
  std::thread thread_;
};

}  // namespace backfill::database::sqlite
