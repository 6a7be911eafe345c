// SPDX-License-Identifier: Apache-2.0
// Queries over other rows where these are given: for the tests of a spec.
#pragma once

#include <span>
#include <vector>

#include "compiler/evaluate/evaluate.h"

namespace backfill::evaluate {

// Sets every input that a query over rows gives; a table that is not among `tables` has no rows. A required
// one that has no value becomes unreadable. Inside of a query what fails is missing, as it is in the
// database.
void answer_queries(const ir::Backfill& backfill, std::span<const OtherTable> tables, const Moment& moment,
                    Row& row);

// What a query inside of another one finds for the rows that are being looked at.
stdlib::Value answer(const ir::Query& query, const Row& row, const Moment& moment, const Looking& looking);

}  // namespace backfill::evaluate
