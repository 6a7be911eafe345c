// SPDX-License-Identifier: Apache-2.0
// One write transaction: all of `work` or nothing of it, tried again while others hold the lock.
#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "runtime/database/store.h"

namespace backfill::execute {

constexpr int kTries = 8;
constexpr std::chrono::milliseconds kFirstWait{
    20};  // doubles from try to try: 5 s in all, on top of the driver's own wait

// A Failure with Retry, from `work` or the database, starts over. Ambiguous and Fatal come back as they are.
Result<void> write_transaction(database::Store& store, const std::function<Result<void>()>& work);

}  // namespace backfill::execute
