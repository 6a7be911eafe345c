// SPDX-License-Identifier: Apache-2.0
// Source files into the tables from which a run's queries read them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/sql/source_table.h"
#include "runtime/database/store.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

using Sources = std::vector<database_sql::SourceRecord>;

// Inside a transaction: every file that the queries read, into tables of the run; of run 0 into temporary
// ones. Lines that do not fit are the user's mistake, and the failure names them. O(files). Fails when
// interrupted.
Result<Sources> load_sources(database::Store& store, const Subject& subject, std::int64_t run);

// What a plan with them is bound to.
[[nodiscard]] std::string digest_of(const Sources& sources);
// The same of the files as they stand, without a database; of one that is not there it says so.
Result<std::string> digest_of_files(const ir::Backfill& backfill);
// Of what a run has loaded, the files that hold something else by now: a sentence each.
std::vector<std::string> changed_since(const ir::Backfill& backfill, const Sources& loaded, std::int64_t run);

}  // namespace backfill::execute
