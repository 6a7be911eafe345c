// SPDX-License-Identifier: Apache-2.0
// What a backfill requires of the database before it writes.
#pragma once

#include <optional>
#include <string>

#include "compiler/ir/ir.h"
#include "runtime/database/store.h"

namespace backfill::execute {

struct Unmet {
  std::string message, way_out;
};
// The first requirement that does not hold, unreadable value, or backfill that has not finished; nothing: all
// is as it must be. Queries are asked at this moment, `now` is the run's. Outside of transactions.
Result<std::optional<Unmet>> unmet(database::Store& store, const ir::Backfill& backfill, std::int64_t now);
// A column of which queries compare or compute with values that its type does not allow. Outside of
// transactions; reads the tables that queries read once.
Result<std::optional<Unmet>> unreadable(database::Store& store, const ir::Backfill& backfill);
// Such a one is a failure: for what only reads.
Result<void> expect_readable(database::Store& store, const ir::Backfill& backfill);
// Both of these but for `after`: for each stage.
Result<std::optional<Unmet>> unmet_requirement(database::Store& store, const ir::Backfill& backfill,
                                               std::int64_t now);

}  // namespace backfill::execute
