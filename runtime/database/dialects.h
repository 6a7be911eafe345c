// SPDX-License-Identifier: Apache-2.0
// The dialects of SQL by name, for what needs no connection.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/lower/sql/dialect.h"

namespace backfill::database {

// Null: there is no such dialect.
const lower_sql::Dialect* dialect(std::string_view name);
const std::vector<const lower_sql::Dialect*>& dialects();

}  // namespace backfill::database
