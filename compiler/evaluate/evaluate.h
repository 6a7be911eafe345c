// SPDX-License-Identifier: Apache-2.0
// The reference evaluator: a plain walk over the IR, never optimised. It folds constants, words the errors of
// single rows, and is the oracle that native code and SQL are compared with.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::evaluate {

// Why a row failed: which call, with which operands.
struct RowFailure {
  stdlib::RowError error = stdlib::RowError::None;
  std::string message;  // "overflow in `price * quantity` (9223372036854775807 * 2)"
  source::Span span;
  int input = -1;  // that could not be read; -1: it is no such failure
};

// An input that could not be read (wrong storage class, invalid UTF-8): using it is a row error.
struct Unreadable {
  int input = -1;
  stdlib::RowError error = stdlib::RowError::Unreadable;
  std::string message;  // "`Total` holds the text 'abc', decimal(10, 2) was expected"
};

struct Row {
  std::vector<stdlib::Value> inputs;   // one per RowFunction::inputs
  std::vector<Unreadable> unreadable;  // usually empty
};

struct OtherTable {
  const schema::Table* table = nullptr;
  std::vector<std::vector<stdlib::Value>> rows;  // one value per column
};

// Where an expression of a query is evaluated: the rows that it and the queries around it look at, the
// outermost first, and the tables that queries inside of it ask. A table that is not there has no rows.
struct Looking {
  std::span<const OtherTable> tables;
  std::vector<const std::vector<stdlib::Value>*> rows;
};

struct Moment {
  std::int64_t now = 0;  // microseconds since 1970-01-01 UTC
};

// A value or a failure; never throws.
struct Outcome {
  stdlib::Value value;
  std::optional<RowFailure> failure;
};
Outcome evaluate(const ir::Expr& expr, const Row& row, const Moment& moment);
Outcome evaluate(const ir::Expr& expr, const Row& row, const Moment& moment, const Looking& looking);

// What the row function says of one row.
struct Decision {
  std::int32_t class_code = ir::kOutOfScope;
  bool changed = false;  // candidate, no failure, and some output differs or some effect applies
  std::vector<stdlib::Value> outputs;  // final values; empty unless a candidate without failure
  std::vector<stdlib::Value> values;   // RowFunction::values; likewise
  std::vector<bool> stages;            // one per stage condition
  std::optional<RowFailure> failure;   // quarantine (candidate) or why it is uncertain
};
// Does the effect apply to the candidate that this was decided of?
bool applies(const ir::Effect& effect, const Decision& decision);
Decision decide(const ir::Backfill& backfill, const Row& row, const Moment& moment);

}  // namespace backfill::evaluate
