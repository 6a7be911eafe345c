// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/transaction.h"

namespace backfill::execute {

namespace {

Result<void> once(database::Store& store, const std::function<Result<void>()>& work) {
  BACKFILL_TRY(store.begin(database::Access::ReadWrite));
  auto result = work();
  if (result) result = store.commit();
  if (!result) store.rollback();
  return result;
}

}  // namespace

Result<void> write_transaction(database::Store& store, const std::function<Result<void>()>& work) {
  auto wait = kFirstWait;
  for (int i = 1;; ++i) {
    auto result = once(store, work);
    if (result || result.failure().recovery != Recovery::Retry || i == kTries) return result;
    std::this_thread::sleep_for(wait);
    wait *= 2;
  }
}

}  // namespace backfill::execute
