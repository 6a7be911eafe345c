// SPDX-License-Identifier: Apache-2.0
// One transaction: all of `work` or nothing of it, tried again while others hold the lock or the connection
// is lost.
#pragma once

#include <cstdint>
#include <functional>

#include "runtime/database/store.h"
#include "runtime/execute/retry.h"

namespace backfill::execute {

// What to do when nobody knows whether a commit took place.
enum class InDoubt : std::uint8_t {
  Tell,  // the failure comes back and says so
  Ask,   // `work` is done again; it finds out first whether it was done (after lock_run or lock_books)
};

// A Failure with Retry, from `work` or the database, starts over. Fatal comes back as it is.
Result<void> write_transaction(database::Store& store, const std::function<Result<void>()>& work,
                               InDoubt in_doubt = InDoubt::Tell);

// One moment to read; started over likewise, so `work` must forget what an earlier try has read.
Result<void> read_transaction(database::Store& store, const std::function<Result<void>()>& work);

}  // namespace backfill::execute
