// SPDX-License-Identifier: Apache-2.0
// What would change, over all candidates, on a read-only connection. Creates nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/execute/report.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

struct Transition {
  std::string before, after;
  std::int64_t rows = 0;
};

struct ColumnDelta {
  std::string column;
  std::int64_t filled = 0;       // missing -> value
  std::int64_t replaced = 0;     // value -> another value
  std::int64_t erased = 0;       // value -> missing
  std::int64_t unchanged = 0;    // of all candidates without a row error
  std::vector<Transition> top;   // most frequent first; empty when there are too many different ones
  bool top_is_complete = false;  // `top` holds all of them
};

struct SampleRow {
  std::string key;
  std::vector<Change> changes;  // all outputs, changed or not
};

// Rows that the run leaves alone.
struct LeftAlone {
  std::int32_t class_code = 0;
  std::string name;     // "excluded too_new"
  std::string because;  // of the spec; may be empty
  std::int64_t rows = 0;
  struct Row {
    std::string key;
    std::string inputs;  // "status: 'a', locked_by: 'ann'"
    std::string reason;  // uncertain by a row error: its message; else empty
  };
  std::vector<Row> samples;
};

// An effect and the candidates that it applies to; what it would meet in the database is not asked.
struct EffectCount {
  std::string name;  // "delete"
  std::int64_t rows = 0;
};

struct DryRunReport {
  std::string name;
  ClassCounts classes;
  std::int64_t rows = 0;
  Outcomes outcomes;  // conflicts are always 0 here
  std::vector<ColumnDelta> columns;
  std::vector<EffectCount> effects;
  std::vector<OutcomeCount> by_outcome;
  std::vector<SampleRow> samples;     // changed rows: spread over the key's order
  std::vector<SampleRow> unchanged;   // candidates that are already what they should be
  std::vector<LeftAlone> left_alone;  // classes that have rows, but `candidate`
  std::vector<SetAside> quarantined;  // candidates with a row error
  double seconds = 0;
  EngineReport engine;
};

struct DryRunOptions {
  std::size_t samples = 10;            // per kind
  std::size_t max_transitions = 1000;  // different (before, after) pairs remembered per column
  std::size_t top = 10;
};

Result<DryRunReport> dry_run(const Subject& subject, const DryRunOptions& options);

}  // namespace backfill::execute
