// SPDX-License-Identifier: Apache-2.0
// backfill_run and backfill_class: one row per run, its manifest's counts, its owner.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/database/sql/owner.h"
#include "runtime/database/sql/state.h"
#include "runtime/database/store.h"

namespace backfill::database_sql {

struct RunRecord {
  std::int64_t run = 0;
  std::string name, table;
  RunState state = RunState::Running;
  std::string message;
  std::string requested;  // "pause", "stop" or empty
  std::string spec;
  std::string fingerprint, stages_fingerprint, schema_fingerprint, schema_text, compiler_version, plan_hash;
  std::int64_t now = 0;
  std::string incident, parameters;
  std::int64_t rows = 0, candidates = 0;
  Owner owner;
  std::int64_t heartbeat = 0, started_at = 0, finished_at = 0;
};

struct ClassRow {
  std::int32_t code = 0;
  std::string name;
  std::int64_t rows = 0;
};

// Gives the record its number. Inside a write transaction, as all that write here; the books are locked.
Result<void> insert_run(database::Store& store, RunRecord& record);
Result<void> insert_classes(database::Store& store, std::int64_t run, const std::vector<ClassRow>& classes);

Result<std::optional<RunRecord>> find_run(database::Store& store, std::int64_t run);
Result<std::vector<RunRecord>> all_runs(database::Store& store);  // newest first
// The newest run of the backfill over the table.
Result<std::optional<RunRecord>> latest_run(database::Store& store, const std::string& name,
                                            const std::string& table);
// Until where the run's manifest saw what was written (Store::horizon); empty: not known.
Result<void> set_horizon(database::Store& store, std::int64_t run, const std::string& horizon);
Result<std::string> horizon_of(database::Store& store, std::int64_t run);
Result<std::vector<ClassRow>> classes_of(database::Store& store, std::int64_t run);

Result<void> set_state(database::Store& store, std::int64_t run, RunState state, const std::string& message);
Result<void> set_request(database::Store& store, std::int64_t run, const std::string& requested);
Result<void> set_owner(database::Store& store, std::int64_t run, const Owner& owner, std::int64_t now);
Result<void> set_finished(database::Store& store, std::int64_t run, std::int64_t at);
// The spec was changed in its prose or pace: keeps the new text and its hash.
Result<void> set_plan(database::Store& store, std::int64_t run, const std::string& spec,
                      const std::string& plan_hash);

// One batch's look at its run: what was asked for, is it still ours (`owner`'s token), and is the batch there
// that it follows (0: none)? A server that crashed, or another one in its place, may have lost that.
struct Control {
  std::string requested;
  bool ours = false;
  bool follows = false;
};
Result<Control> look(database::Store& store, std::int64_t run, const Owner& owner, std::int64_t last = 0);
// The last statement of each batch's transaction, and its fence: false, if the run is not `owner`'s any more;
// then the transaction must be rolled back. Who takes a run over updates the same row, and reads how far it
// is afterwards: what it does not see can never be committed.
Result<bool> beat(database::Store& store, std::int64_t run, const Owner& owner, std::int64_t now);
// Waits until no other transaction has written the run's row without an end: then the books tell the outcome
// of every transaction that ended in `beat`. Held until this transaction ends.
Result<void> lock_run(database::Store& store, std::int64_t run);

struct EventRecord {
  std::int64_t at = 0;
  std::string kind, detail;
};
Result<void> add_event(database::Store& store, std::int64_t run, std::int64_t at, const std::string& kind,
                       const std::string& detail_json);
Result<std::vector<EventRecord>> events_of(database::Store& store, std::int64_t run, std::int64_t newest);

}  // namespace backfill::database_sql
