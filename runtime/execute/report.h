// SPDX-License-Identifier: Apache-2.0
// The pieces of which results are made. Values are texts of the language's own literals ('it''s', 1.50,
// missing), keys are "42" or "(1, 'a')": ready to print, unambiguous to read.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace backfill::execute {

struct ClassCount {
  std::int32_t code = 0;  // ir::ClassCode
  std::string name;       // ir::class_name
  std::int64_t rows = 0;
};
// One entry per class code, zeros included: the sum is the number of rows of the table.
using ClassCounts = std::vector<ClassCount>;
[[nodiscard]] std::int64_t total(const ClassCounts& counts);

// What became of the candidates of a batch, a stage or a run: candidates = changed + unchanged + quarantined
// + conflicts.
struct Outcomes {
  std::int64_t candidates = 0;
  std::int64_t changed = 0;
  std::int64_t unchanged = 0;    // already what they should be: not written
  std::int64_t quarantined = 0;  // row error: not written
  std::int64_t conflicts = 0;    // not as they were read when they were written: not written
  std::int64_t uncertain = 0;    // a condition of the scope failed with a row error; not among the candidates

  Outcomes& operator+=(const Outcomes& other);
  [[nodiscard]] bool add_up() const { return candidates == changed + unchanged + quarantined + conflicts; }
};

// Candidates by the named outcome that they took, but those that were set aside; some may have taken none.
struct OutcomeCount {
  std::string name;
  std::int64_t rows = 0;
};

// Rows that an effect has written, and that were not put back.
struct EffectWritten {
  std::string name;   // "repoint albums"
  std::string kind;   // insert, update, delete
  std::string table;  // whose rows
  std::int64_t rows = 0;
};

// A row that was set aside.
struct SetAside {
  std::string key;
  std::string outcome;  // "quarantined", "conflict", "uncertain"
  std::string error;    // "overflow"; empty for conflicts
  std::string message;
};

// Rows that came, left or changed class between the manifest and their batch: reported, never silent.
struct Drift {
  std::string stage;
  std::int64_t chunk = 0;     // from 1
  std::int64_t expected = 0;  // candidates of the stage in the chunk when the manifest was made
  std::int64_t met = 0;       // when its batches were read
};

struct StageReport {
  std::int64_t stage = 0;  // from 1
  std::string name;
  std::string kind;           // "sample rows", "sample percent", "where", "keys", "rest"
  std::string state;          // database_sql::StageState
  std::int64_t expected = 0;  // candidates by the manifest
  Outcomes outcomes;
  std::string gate;         // what must hold before the next stage, as the spec says it; empty: nothing
  std::string approved_by;  // empty: not (yet)
};

// A before and after of one column.
struct Change {
  std::string column;
  std::string before;
  std::string after;
};

}  // namespace backfill::execute
