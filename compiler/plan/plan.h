// SPDX-License-Identifier: Apache-2.0
// The rollout plan that people review: what a backfill is, in words, from the typed program and the text it
// was written as. Plain data; counts are filled in by those who can reach a database.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"
#include "compiler/schema/catalog.h"
#include "compiler/source/source.h"

namespace backfill::plan {

// A class of rows that the backfill leaves alone.
struct LeftAlone {
  std::int32_t code = 0;  // ir::ClassCode
  std::string name;       // "excluded too_new"
  std::string when;       // in words and code: "`locked_by is present`"
  std::string because;    // of the spec; may be empty
  std::optional<std::int64_t> rows;
};

struct Definition {
  std::string name;
  std::string text;  // as written
};

// A lookup, or a query over other rows.
struct OtherRows {
  std::string text;  // as written
  std::string table;
  std::string gives;     // "at most one row, by a unique key"
  std::string found_by;  // "the index orders_account"
  bool warning = false;  // there is no index
};

struct Derivation {
  std::string column;
  std::string type;                // of the column
  std::string text;                // the whole `derive`, as written, moved to the left margin
  std::vector<std::string> reads;  // columns, in the table's order
  std::string applies;             // "only where it is missing", "to every candidate"
  std::string verified;            // "by SQL", or by the evaluator and why
};

// What is written beside derived columns.
struct Effect {
  std::string name;      // "delete"
  std::string text;      // as written, moved to the left margin
  std::string applies;   // "to every candidate", "where its condition holds"
  std::string undone;    // what is kept, and what a rollback does with it
  std::string verified;  // as Derivation's
};

struct Stage {
  std::string name;
  std::string takes;               // "100 candidates, chosen by a hash of the key (seed 41)"
  std::vector<std::string> gates;  // "approval by accounts team"; empty: the next stage begins at once
  std::optional<std::int64_t> candidates;
};

// Known only with a database.
struct Survey {
  std::int64_t rows = 0;  // of the table
  std::int64_t candidates = 0;
  std::int64_t chunks = 0;
  std::int64_t chunk_rows = 0;  // at most, of the table
  double scan_seconds = 0;
};

// What the database itself says of reads, locks and costs.
struct DatabaseFact {
  std::string name, text;
  bool warning = false;  // something to look at
};

struct Plan {
  std::string name, about, owner, table, intent, intent_means;
  std::vector<std::string> key;
  std::vector<std::string> where;  // as written; empty: every row
  std::vector<LeftAlone> left_alone;
  std::vector<Definition> definitions;  // `let`s, in order
  std::vector<OtherRows> other_rows;
  std::vector<Derivation> derivations;
  std::vector<Effect> effects;
  std::vector<std::string> requirements;  // as written; asked before the first write and before each stage
  std::vector<std::string> runs_after;    // backfills
  std::vector<Stage> stages;
  std::vector<std::string> pace, verify, rollback;  // a sentence each
  std::string visible, decision_bearing;
  std::vector<std::pair<std::string, std::string>> tell;
  std::vector<std::string> warnings;
  std::size_t tests = 0;
  std::string dialect;
  std::string fingerprint;         // ir::fingerprint: scope and derivations
  std::string schema_fingerprint;  // schema::fingerprint of the table
  std::string hash;                // of the frozen plan, set by the caller: what an approval is bound to
  std::optional<Survey> survey;
  std::vector<DatabaseFact> database;  // empty: not asked, or it says nothing
  std::vector<std::string> missing;    // privileges that a run would need
};

// `file` is the text from which `backfill` was compiled against `catalog`. O(size of the spec).
Plan make_plan(const source::File& file, const ir::Backfill& backfill, const schema::Catalog& catalog,
               const lower_sql::Dialect& dialect);

// Deterministic: the same plan gives the same bytes.
std::string render_markdown(const Plan& plan);
std::string render_json(const Plan& plan);  // one object, indented, no newline at its end

}  // namespace backfill::plan
