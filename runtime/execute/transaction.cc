// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/transaction.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

namespace backfill::execute {

namespace {

using Work = std::function<Result<void>()>;

// What was not asked to commit cannot have been committed: without a doubt there is nothing to find out.
Failure nothing_done(const Failure& failure) {
  const bool in_doubt = failure.recovery == Recovery::Ambiguous;
  return {in_doubt ? Recovery::Retry : failure.recovery, failure.message, failure.way_out, failure.mistake};
}

Result<void> once(database::Store& store, database::Access access, const Work& work) {
  if (auto begun = store.begin(access); !begun) return nothing_done(begun.failure());
  auto result = work();
  if (!result) {
    store.rollback();
    return nothing_done(result.failure());
  }
  if (access == database::Access::ReadOnly) {
    store.rollback();
    return result;
  }
  result = store.commit();
  if (!result) store.rollback();
  return result;
}

Failure unknown_outcome(const Failure& failure) {
  return {failure.recovery, fmt::format("nobody knows whether this took effect: {}", failure.message),
          "`backfill status` shows whether it did; if not, do it again"};
}

Result<void> tried(database::Store& store, database::Access access, const Work& work, InDoubt in_doubt) {
  Retry retry(in_doubt == InDoubt::Ask ? kPatience : 0);
  while (true) {
    auto result = once(store, access, work);
    if (result || result.failure().recovery == Recovery::Fatal) return result;
    if (result.failure().recovery == Recovery::Ambiguous && in_doubt == InDoubt::Tell)
      return unknown_outcome(result.failure());
    if (!retry.again()) return result;
    std::this_thread::sleep_for(std::chrono::duration<double>(retry.wait()));
  }
}

}  // namespace

Result<void> write_transaction(database::Store& store, const Work& work, InDoubt in_doubt) {
  return tried(store, database::Access::ReadWrite, work, in_doubt);
}

Result<void> read_transaction(database::Store& store, const Work& work) {
  return tried(store, database::Access::ReadOnly, work, InDoubt::Ask);
}

}  // namespace backfill::execute
