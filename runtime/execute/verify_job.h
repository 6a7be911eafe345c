// SPDX-License-Identifier: Apache-2.0
// One verification: what its parts share.
#pragma once

#include <memory>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/database/store.h"
#include "runtime/execute/clock.h"
#include "runtime/execute/verify.h"

namespace backfill::execute {

struct VerifyJob {
  const Subject& subject;
  const VerifyOptions& options;
  const ir::Backfill& backfill;
  database::Store& store;
  database_sql::RunRecord record;
  database_sql::BatchRange batches;  // of the stage; (0, 0): all
  bool only_corrected = false;
  std::int64_t corrected = 0;  // corrections that stand, of those batches
  VerifyReport& report;

  [[nodiscard]] evaluate::Moment moment() const { return {record.now}; }
  // " AND c.batch BETWEEN 3 AND 7", or empty.
  [[nodiscard]] std::string batch_condition(std::string_view alias) const;
  // `"id"` with a prefix, quoted.
  [[nodiscard]] std::string quoted(int column, std::string_view prefix = "") const;
  [[nodiscard]] std::string key_list(std::string_view alias, std::string_view prefix = "") const;
  [[nodiscard]] std::string same_key(std::string_view left, std::string_view left_prefix,
                                     std::string_view right, std::string_view right_prefix) const;
  // The rows that the run is about, as a table (lower/sql/statements.h).
  [[nodiscard]] std::string rows_of_run() const;
  // "(?1, ?2)" with the first of them numbered `from`.
  [[nodiscard]] std::string placeholders(int from) const;
  // May key values that a plain query gave be bound again, and do they mean the same to the evaluator?
  [[nodiscard]] bool plain_keys() const;
  void tell(std::string_view step, std::int64_t done, std::int64_t total) const;
};

struct VerifyExtentOf {
  std::string label;
  std::int64_t rows = 0;  // sample of so many
  double fraction = 0;    // sample of so much
  bool all = false;
};

// Both append mismatches to the report's samples and give the step's counts.
Result<VerifyStepReport> verify_by_sql(VerifyJob& job, const VerifyExtentOf& extent);
Result<VerifyStepReport> verify_by_evaluator(VerifyJob& job, const VerifyExtentOf& extent);

// What inserts have written, all of it: a step each.
Result<void> verify_effects(VerifyJob& job);

// Why the row of this key does not hold what is expected. `raw_key` as a plain query gives it.
Result<Cause> cause_of(VerifyJob& job, const std::vector<stdlib::Value>& raw_key, int output, bool corrected,
                       std::int32_t class_code);
// Why the row is there though it should be deleted, or the other way round.
Cause cause_of_presence(bool corrected, bool deleted, std::int32_t class_code);

}  // namespace backfill::execute
