// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/checkpointer.h"

namespace backfill::database::sqlite {

Checkpointer::Checkpointer(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)), thread_([this] { work(); }) {}

Checkpointer::~Checkpointer() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Checkpointer::wake() {
  {
    const std::lock_guard lock(mutex_);
    due_ = true;
  }
  changed_.notify_one();
}

// A checkpoint that fails (somebody else is at it) is nobody's loss: the next one takes its pages along, and
// the writer itself checkpoints when the WAL has grown all the same.
void Checkpointer::work() {
  while (true) {
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return due_ || ending_; });
      if (ending_) return;
      due_ = false;
    }
    sqlite3_wal_checkpoint_v2(connection_->handle(), "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  }
}

}  // namespace backfill::database::sqlite
