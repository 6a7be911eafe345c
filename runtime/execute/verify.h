// SPDX-License-Identifier: Apache-2.0
// Verification: are class and values what the spec derives? Computed by generated SQL where the database can,
// else by the reference evaluator, which then says so. Comparing nothing is a failure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/execute/report.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

enum class Cause : std::uint8_t {
  ChangedSince,     // the application wrote the column after the run did
  InputsChanged,    // stored is what the run wrote, but the row's inputs derive something else now
  NeverWritten,     // a candidate that the run did not write (came later, or was written back)
  NoLongerInScope,  // the run wrote the row, whose prior state is no candidate now
  SqlDisagrees,     // the evaluator finds the stored value right: a bug of ours
};
[[nodiscard]] std::string_view name(Cause cause);        // "changed since", ...
[[nodiscard]] std::string_view what_to_do(Cause cause);  // one sentence

struct Mismatch {
  std::string key;
  std::string column;  // empty: the class alone
  std::string stored;
  std::string expected;
  std::string expected_class;
  bool corrected = false;  // the run wrote this row
  Cause cause = Cause::ChangedSince;
};

struct VerifyStepReport {
  std::string label;  // "sample 1000 rows", "1%", "all"
  std::int64_t compared = 0;
  std::int64_t corrected = 0;  // of those, written by the run
  std::int64_t mismatches = 0;
  double seconds = 0;
};

// Values that do not hold what is expected, by cause; of those that were put to one (`max_samples`).
struct CauseCount {
  Cause cause = Cause::ChangedSince;
  std::int64_t values = 0;
};

struct VerifyReport {
  std::int64_t run = 0;
  bool by_sql = true;
  std::vector<std::string> reasons;  // by evaluator: which part the database cannot compute, and why
  bool only_corrected = false;       // the run is not finished: rows of later stages are not due yet
  std::vector<VerifyStepReport> steps;
  std::int64_t compared = 0;  // of the largest step
  std::int64_t mismatches = 0;
  std::int64_t nothing_to_compare =
      0;                  // 1: the run changed nothing and no candidate is left: zero compared is right
  std::int64_t gone = 0;  // rows that the run wrote and that are not in the table any more; counted when all
                          // rows are compared. No mismatches: there is nothing to hold a value.
  std::vector<Mismatch> samples;    // at most `max_samples`
  std::vector<CauseCount> causes;   // of the samples; in the order of Cause, none that is 0
  bool causes_are_complete = true;  // false: there are more mismatches than samples, the counts are at least
  // No mismatch and something compared (or provably nothing to compare).
  [[nodiscard]] bool clean() const { return mismatches == 0 && (compared > 0 || nothing_to_compare != 0); }
};

enum class VerifyExtent : std::uint8_t { AsTheSpecSays, Rows, Fraction, Full };

struct VerifyOptions {
  std::int64_t run = 0;
  VerifyExtent extent = VerifyExtent::AsTheSpecSays;
  std::int64_t rows = 0;   // Rows
  double fraction = 0;     // Fraction: 0.01 for 1%
  std::int64_t stage = 0;  // from 1: rows that this stage wrote; 0: all
  bool force_evaluator = false;
  std::size_t max_samples = 20;  // each costs a few queries by key, to find its cause
};

Result<VerifyReport> verify(const Subject& subject, const VerifyOptions& options);

}  // namespace backfill::execute
