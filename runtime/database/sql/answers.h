// SPDX-License-Identifier: Apache-2.0
// What a run keeps of the answers of extern functions, as SQL writes it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "runtime/database/store.h"

namespace backfill::database_sql {

// The answer as the run's table of answers holds it. Empty: the database has no form that keeps it whole.
std::string kept_answer(const lower_sql::Dialect& dialect, const stdlib::Value& value,
                        const stdlib::Type& type);

// Of a row of the batch: "asked_1, answer_1, asked_2, ...", as literals. `asked[k][row]`: with what the k-th
// extern query of ir::externs_read was asked; empty: it was not.
std::string answers_line(const ir::Backfill& backfill, const lower_sql::Dialect& dialect,
                         const database::RowBatch& batch, std::int64_t row,
                         std::span<const std::vector<std::string>> asked);

}  // namespace backfill::database_sql
