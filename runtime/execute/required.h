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
// The first requirement that does not hold, or backfill that has not finished; nothing: all is as it must be.
// Queries are asked at this moment, `now` is the run's. Outside of transactions.
Result<std::optional<Unmet>> unmet(database::Store& store, const ir::Backfill& backfill, std::int64_t now);
// The same but for `after`: for each stage.
Result<std::optional<Unmet>> unmet_requirement(database::Store& store, const ir::Backfill& backfill,
                                               std::int64_t now);

}  // namespace backfill::execute
