// SPDX-License-Identifier: Apache-2.0
// The SQL of one backfill, generated from its IR: what verifies it, and what people read with `backfill sql`.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "compiler/lower/sql/joins.h"

namespace backfill::lower_sql {

// The two tables of each run. Both are keyed by the table's key: columns key_<name>, of the key's own types.
// Corrections: batch, rolled_back (0/1), prior_<column>, new_<column> per output. Quarantine: batch, outcome
// ('quarantined', 'conflict', 'uncertain'), error, message.
std::string corrections_table(std::int64_t run);  // backfill_correction_<run>
std::string quarantine_table(std::int64_t run);   // backfill_quarantine_<run>
// Of a run with queries that are frozen: key_<name>, and f<query>_<value> for each value.
std::string frozen_table(std::int64_t run);  // backfill_frozen_<run>
// Of a run that asks extern functions: key_<name> and batch, and for the n-th call of the spec, from 1,
// asked_<n>, with what (a JSON object; NULL: the row did not need it), and answer_<n>, in the form of
// `Dialect::read`.
std::string answers_table(std::int64_t run);  // backfill_extern_<run>
constexpr std::string_view kAnswerBatch = "batch";
std::string answer_column(const ir::Backfill& backfill, int query);  // answer_<n>
std::string asked_column(const ir::Backfill& backfill, int query);   // asked_<n>
// What an effect (the n-th of Backfill::effects, from 0) has written, a row each: key_<name> of the row that
// it did it for, batch, rolled_back, row_<column>: the whole row that it deleted, or that stands since it
// inserted it.
std::string effect_table(std::int64_t run, std::size_t effect);  // backfill_effect_<run>_<n>, from 1
// The rows of a source file (the n-th of Backfill::sources, from 0): a column for each field, backfill_line.
// Of run 0 a temporary one.
std::string source_table(std::int64_t run, std::size_t source);  // backfill_source_<run>_<n>, from 1
constexpr std::string_view kLine = "backfill_line";
// How a statement names the table whose rows a query reads: a source's by Backfill::sources_in.
std::string rows_named(const ir::Backfill& backfill, const Dialect& dialect, const schema::Table& table);
// The table's rows as the run's candidates are: without those that it inserted itself, and, where it deletes
// rows, with those that it deleted and that are not put back, as they were, and a column backfill_deleted (0
// and 1). Else the table. `table` says what that is called.
constexpr std::string_view kDeleted = "backfill_deleted";
std::string rows_of_run(const ir::Backfill& backfill, const Dialect& dialect, const std::string& table,
                        const EffectName& effect);
// How one part (the class, or one output column) is verified here.
struct Part {
  std::string name;  // "scope" or the column
  stdlib::Availability availability = stdlib::Availability::Same;
  std::string reason;  // Assisted, Unavailable: which function, why; the portable form
  source::Span span;   // Assisted, Unavailable: of that function's call
};

struct Coverage {
  Part scope;
  std::vector<Part> outputs;  // one per RowFunction::outputs
  std::vector<Part> effects;  // one per Backfill::effects
  // Every part can be computed by the database (possibly assisted).
  [[nodiscard]] bool complete() const;
};
Coverage coverage(const ir::Backfill& backfill, const Dialect& dialect);

// Verification of one run. The row function is computed by the database from the row as it was before the
// run: a target's prior value comes from the corrections where the run wrote the row. Expected class and
// values are then compared with what is stored. Values to bind: the key columns of the range's `after`, then
// those of its `until`; a side that the flags leave out is open and binds nothing. Rows that the run set
// aside and never wrote are not compared. A row that the run wrote but that is no candidate is a mismatch
// whose expected values are the prior ones.
struct VerifySql {
  // One row: compared (rows of class candidate, not set aside), mismatches, corrected.
  std::string count;
  // A row per mismatch: key columns, expected class code, corrected (0/1), then per output: stored, expected;
  // where the backfill deletes rows: is it deleted (0/1), should it be.
  std::string mismatches;
  // The same columns for one row whether it matches or not, plus a last column `mismatch` (0/1); binds the
  // key once.
  std::string one;
};
struct Range {
  bool after = true;
  bool until = true;
};
// `run` names the corrections and quarantine of the run. Needs coverage(...).complete().
VerifySql verify(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                 evaluate::Moment moment, Range range);

// Of an insert: a row per candidate that it is meant for, and per row that was inserted, with what is wrong.
// `batches` narrows corrections `c` (" AND c.batch BETWEEN 3 AND 7"); empty: candidates that the run has not
// written count too. Binds nothing.
struct EffectSql {
  std::string count;       // one row: meant, wrong
  std::string mismatches;  // a row each: key columns, class, corrected (0/1), what is wrong (EffectFault)
};
// Left: a row of another table is not yet what the effect makes of it; Back: one that was deleted is there.
enum class EffectFault : std::uint8_t { None, NotInserted, NotMeant, Gone, Differs, Left, Back };
EffectSql verify_effect(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                        evaluate::Moment moment, std::size_t effect, const std::string& batches);

// One row: 1 where the requirement holds, else 0 (its answer is missing, or no). Binds nothing.
std::string requirement(const ir::Requirement& requirement, const Dialect& dialect, evaluate::Moment moment);

// What the database cannot say of values it can of places: of what an insert has kept, is it still there, as
// it was inserted or updated? Needs no coverage.
EffectSql verify_kept(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
                      std::size_t effect, const std::string& batches);

// For people: readable, a comment per clause of the spec. Without a run's moment `now()` is the dialect's own
// clock.
std::string candidates(const ir::Backfill& backfill, const Dialect& dialect,
                       std::optional<evaluate::Moment> moment);
std::string watch(const ir::Backfill& backfill, const Dialect& dialect,
                  std::optional<evaluate::Moment> moment);

}  // namespace backfill::lower_sql
