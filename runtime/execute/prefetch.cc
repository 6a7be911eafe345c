// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/prefetch.h"

namespace backfill::execute {

Prefetcher::Prefetcher(const ir::Backfill& backfill, std::unique_ptr<database::Store> store,
                       std::unique_ptr<database::TableAccess> table, RowDecider& decider)
    : decider_(decider),
      store_(std::move(store)),
      table_(std::move(table)),
      batch_(backfill),
      thread_([this] { work(); }) {}

Prefetcher::~Prefetcher() {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::Ending;
  }
  changed_.notify_all();
  thread_.join();
}

void Prefetcher::start(ReadRequest request) {
  {
    const std::lock_guard lock(mutex_);
    request_ = std::move(request);
    state_ = State::Asked;
  }
  changed_.notify_all();
}

void Prefetcher::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ != State::Asked; });
}

bool Prefetcher::take(const database::Key& after, const database::Key& until, std::uint64_t epoch,
                      PreparedBatch& into) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return state_ != State::Asked; });
  const bool ready = state_ == State::Ready;
  state_ = State::Idle;
  if (!ready || request_.epoch != epoch || request_.after != after || request_.until != until) return false;
  std::swap(into, batch_);
  return true;
}

void Prefetcher::work() {
  while (true) {
    ReadRequest request;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return state_ == State::Asked || state_ == State::Ending; });
      if (state_ == State::Ending) return;
      request = request_;
    }
    auto read = table_->read(request.after, request.until, request.limit, batch_.rows);
    if (read) {
      read = decider_.decide(batch_.rows, batch_.decisions);
    } else if (store_->begin(database::Access::ReadOnly)) {
      store_->rollback();  // a connection that was lost is made anew
    }
    {
      const std::lock_guard lock(mutex_);
      if (state_ == State::Ending) return;
      state_ = read ? State::Ready : State::Failed;
    }
    changed_.notify_all();
  }
}

std::unique_ptr<Prefetcher> make_prefetcher(const Subject& subject, database::Store& writer, std::int64_t run,
                                            RowDecider& decider) {
  // A program is asked by one thread, before the transaction that needs its answers.
  if (!ir::externs_read(*subject.backfill).empty()) return nullptr;
  const bool alone = writer.reads_beside_writes() && !ir::reaches_other_rows(*subject.backfill);
  if (!writer.guards_rows() && !alone) return nullptr;
  auto store = database::open(subject.url, {database::Access::ReadOnly});
  if (!store) return nullptr;
  (*store)->works_beside(writer);
  auto access = (*store)->table(*subject.backfill, run);
  if (!access) return nullptr;
  return std::make_unique<Prefetcher>(*subject.backfill, *std::move(store), *std::move(access), decider);
}

}  // namespace backfill::execute
