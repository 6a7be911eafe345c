// SPDX-License-Identifier: Apache-2.0
// Values that no type allows where queries compare or compute with them: a database that stores anything in
// any column does so with them too, and no row of the batch would show it.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"

namespace backfill::lower_sql {

// One for each table that has columns to look at. Its answer is one row: for each of `columns` how many
// values are unreadable, and one of them as text.
struct UnreadableSearch {
  const schema::Table* table = nullptr;
  std::vector<int> columns;
  std::string count;               // the statement
  std::vector<std::string> which;  // per column: one that gives the rows that have such a value, for people
};
// None where the dialect's columns hold values of their type alone.
std::vector<UnreadableSearch> unreadable_values(const ir::Backfill& backfill, const Dialect& dialect);

}  // namespace backfill::lower_sql
