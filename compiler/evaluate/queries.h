// SPDX-License-Identifier: Apache-2.0
// Queries over other rows where these are given: for the tests of a spec.
#pragma once

#include <span>
#include <vector>

#include "compiler/evaluate/evaluate.h"

namespace backfill::evaluate {

struct OtherTable {
  const schema::Table* table = nullptr;
  std::vector<std::vector<stdlib::Value>> rows;  // one value per column
};

// Sets every input that a query gives; a table that is not among `tables` has no rows. A required one that
// has no value becomes unreadable. Inside of a query what fails is missing, as it is in the database.
void answer_queries(const ir::Backfill& backfill, std::span<const OtherTable> tables, const Moment& moment,
                    Row& row);

}  // namespace backfill::evaluate
