// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/reader.h"

namespace backfill::execute {

Reader::~Reader() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Reader::start(Reading& reading) {
  {
    const std::lock_guard lock(mutex_);
    reading.outcome.reset();
    asked_.push_back(&reading);
  }
  changed_.notify_all();
}

Result<void> Reader::wait(const Reading& reading) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return reading.outcome.has_value(); });
  return *reading.outcome;
}

void Reader::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !asked_.empty(); });
    if (ending_) return;
    Reading& reading = *asked_.front();
    asked_.pop_front();
    lock.unlock();
    auto outcome = table_.read(reading.range.after, reading.range.until, reading.limit, reading.batch);
    lock.lock();
    reading.outcome = std::move(outcome);
    changed_.notify_all();
  }
}

}  // namespace backfill::execute
