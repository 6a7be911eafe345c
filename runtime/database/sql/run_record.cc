// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/run_record.h"

#include <fmt/format.h>

#include "runtime/database/sql/numbering.h"
#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

using stdlib::Value;

namespace {

constexpr std::string_view kSelect =
    "SELECT run, name, table_name, state, message, requested, spec, fingerprint, stages_fingerprint,"
    " schema_fingerprint, schema_text, compiler_version, plan_hash, now, incident, parameters, rows_total,"
    " candidates, owner, owner_host, owner_pid, owner_started, heartbeat, started_at, finished_at FROM "
    "backfill_run";

Result<void> done(const Result<std::int64_t>& result) {
  if (!result) return result.failure();
  return {};
}

RunRecord record_of(const std::vector<Value>& row) {
  RunRecord record;
  std::size_t i = 0;
  const auto next_text = [&] { return text(row[i++]); };
  const auto next_number = [&] { return integer(row[i++]); };
  record.run = next_number();
  record.name = next_text();
  record.table = next_text();
  record.state = run_state(next_text()).value_or(RunState::Failed);
  record.message = next_text();
  record.requested = next_text();
  record.spec = next_text();
  record.fingerprint = next_text();
  record.stages_fingerprint = next_text();
  record.schema_fingerprint = next_text();
  record.schema_text = next_text();
  record.compiler_version = next_text();
  record.plan_hash = next_text();
  record.now = next_number();
  record.incident = next_text();
  record.parameters = next_text();
  record.rows = next_number();
  record.candidates = next_number();
  record.owner.token = next_text();
  record.owner.host = next_text();
  record.owner.pid = next_number();
  record.owner.started = next_number();
  record.heartbeat = next_number();
  record.started_at = next_number();
  record.finished_at = next_number();
  return record;
}

Result<std::optional<RunRecord>> first(const Result<database::Rows>& rows) {
  if (!rows) return rows.failure();
  if (rows->rows.empty()) return std::optional<RunRecord>();
  return std::optional<RunRecord>(record_of(rows->rows[0]));
}

}  // namespace

Result<void> insert_run(database::Store& store, RunRecord& record) {
  BACKFILL_ASSIGN(record.run, number(store, "SELECT max(run) + 1 FROM backfill_run", 1));
  return done(execute(
      store,
      "INSERT INTO backfill_run (run, name, table_name, state, spec, fingerprint, stages_fingerprint,"
      " schema_fingerprint, schema_text, compiler_version, plan_hash, now, incident, parameters, rows_total,"
      " candidates, owner, owner_host, owner_pid, owner_started, heartbeat, started_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      {record.run,
       record.name,
       record.table,
       std::string(name(record.state)),
       record.spec,
       record.fingerprint,
       record.stages_fingerprint,
       record.schema_fingerprint,
       record.schema_text,
       record.compiler_version,
       record.plan_hash,
       record.now,
       or_null(record.incident),
       or_null(record.parameters),
       record.rows,
       record.candidates,
       or_null(record.owner.token),
       record.owner.host,
       record.owner.pid,
       record.owner.started,
       record.started_at,
       record.started_at}));
}

Result<void> insert_classes(database::Store& store, std::int64_t run, const std::vector<ClassRow>& classes) {
  for (const ClassRow& entry : classes) {
    BACKFILL_TRY(execute(store, "INSERT INTO backfill_class (run, code, name, rows) VALUES (?, ?, ?, ?)",
                         {run, std::int64_t{entry.code}, entry.name, entry.rows}));
  }
  return {};
}

Result<std::optional<RunRecord>> find_run(database::Store& store, std::int64_t run) {
  return first(query(store, std::string(kSelect) + " WHERE run = ?", {run}));
}

Result<std::vector<RunRecord>> all_runs(database::Store& store) {
  BACKFILL_ASSIGN(const database::Rows rows, query(store, std::string(kSelect) + " ORDER BY run DESC"));
  std::vector<RunRecord> records;
  for (const auto& row : rows.rows) records.push_back(record_of(row));
  return records;
}

Result<std::optional<RunRecord>> latest_run(database::Store& store, const std::string& name,
                                            const std::string& table) {
  return first(query(store,
                     std::string(kSelect) + " WHERE name = ? AND table_name = ? ORDER BY run DESC LIMIT 1",
                     {name, table}));
}

Result<std::vector<ClassRow>> classes_of(database::Store& store, std::int64_t run) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store, "SELECT code, name, rows FROM backfill_class WHERE run = ? ORDER BY code", {run}));
  std::vector<ClassRow> classes;
  for (const auto& row : rows.rows) {
    classes.push_back({static_cast<std::int32_t>(integer(row[0])), text(row[1]), integer(row[2])});
  }
  return classes;
}

Result<void> set_state(database::Store& store, std::int64_t run, RunState state, const std::string& message) {
  return done(execute(store, "UPDATE backfill_run SET state = ?, message = ? WHERE run = ?",
                      {std::string(name(state)), or_null(message), run}));
}

Result<void> set_request(database::Store& store, std::int64_t run, const std::string& requested) {
  return done(
      execute(store, "UPDATE backfill_run SET requested = ? WHERE run = ?", {or_null(requested), run}));
}

Result<void> set_owner(database::Store& store, std::int64_t run, const Owner& owner, std::int64_t now) {
  return done(execute(store,
                      "UPDATE backfill_run SET owner = ?, owner_host = ?, owner_pid = ?, owner_started = ?,"
                      " heartbeat = ? WHERE run = ?",
                      {or_null(owner.token), owner.host, owner.pid, owner.started, now, run}));
}

Result<void> set_finished(database::Store& store, std::int64_t run, std::int64_t at) {
  return done(execute(store, "UPDATE backfill_run SET finished_at = ? WHERE run = ?", {at, run}));
}

Result<void> set_plan(database::Store& store, std::int64_t run, const std::string& spec,
                      const std::string& plan_hash) {
  return done(execute(store, "UPDATE backfill_run SET spec = ?, plan_hash = ? WHERE run = ?",
                      {spec, plan_hash, run}));
}

Result<void> set_horizon(database::Store& store, std::int64_t run, const std::string& horizon) {
  return done(execute(store, "UPDATE backfill_run SET horizon = ? WHERE run = ?", {or_null(horizon), run}));
}

Result<std::string> horizon_of(database::Store& store, std::int64_t run) {
  BACKFILL_ASSIGN(const database::Rows rows,
                  query(store, "SELECT horizon FROM backfill_run WHERE run = ?", {run}));
  return rows.rows.empty() ? std::string() : text(rows.rows[0][0]);
}

Result<Control> look(database::Store& store, std::int64_t run, const Owner& owner, std::int64_t last) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store,
            "SELECT requested, owner, (SELECT count(*) FROM backfill_batch WHERE batch = ?) FROM backfill_run"
            " WHERE run = ?",
            {last, run}));
  if (rows.rows.empty()) return fatal(fmt::format("run {} has vanished from backfill_run", run));
  const auto& row = rows.rows[0];
  return Control{text(row[0]), text(row[1]) == owner.token, last == 0 || integer(row[2]) == 1};
}

Result<bool> beat(database::Store& store, std::int64_t run, const Owner& owner, std::int64_t now) {
  BACKFILL_ASSIGN(const std::int64_t rows,
                  execute(store, "UPDATE backfill_run SET heartbeat = ? WHERE run = ? AND owner = ?",
                          {now, run, owner.token}));
  return rows == 1;
}

Result<void> lock_run(database::Store& store, std::int64_t run) {
  if (!shares_writes(store.dialect())) return {};
  BACKFILL_TRY(query(store, "SELECT run FROM backfill_run WHERE run = ? FOR UPDATE", {run}));
  return {};
}

Result<void> add_event(database::Store& store, std::int64_t run, std::int64_t at, const std::string& kind,
                       const std::string& detail_json) {
  BACKFILL_ASSIGN(const std::int64_t event, next_number(store, Numbered::Event));
  return done(execute(store,
                      "INSERT INTO backfill_event (event, run, at, kind, detail) VALUES (?, ?, ?, ?, ?)",
                      {event, run, at, kind, detail_json}));
}

Result<std::vector<EventRecord>> events_of(database::Store& store, std::int64_t run, std::int64_t newest) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store, "SELECT at, kind, detail FROM backfill_event WHERE run = ? ORDER BY event DESC LIMIT ?",
            {run, newest}));
  std::vector<EventRecord> events;
  for (auto row = rows.rows.rbegin(); row != rows.rows.rend(); ++row) {
    events.push_back({integer((*row)[0]), text((*row)[1]), text((*row)[2])});
  }
  return events;
}

}  // namespace backfill::database_sql
