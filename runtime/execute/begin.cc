// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/begin.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/effect_record.h"
#include "runtime/database/sql/key_text.h"
#include "runtime/execute/at_moment.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/plan_identity.h"
#include "runtime/execute/required.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/sources.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

using database_sql::RunRecord;
using database_sql::RunState;
using database_sql::StageRecord;

namespace {

using MaybeBegun = Result<std::optional<Begun>>;

MaybeBegun none(RunReport& report, RunEnd end, std::string message, std::string way_out) {
  report.end = end;
  report.message = std::move(message);
  report.way_out = std::move(way_out);
  return std::optional<Begun>();
}

Result<std::optional<RunRecord>> newest(database::Store& store, const ir::Backfill& backfill) {
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(store));
  if (!there) return std::optional<RunRecord>();
  return database_sql::latest_run(store, backfill.name, backfill.table->qualified_name());
}

// Empty: the table is as the spec was compiled against it.
Result<std::string> schema_drift(database::Store& store, const ir::Backfill& backfill) {
  BACKFILL_ASSIGN(const std::optional<schema::Table> table,
                  store.table_schema(backfill.table->qualified_name()));
  if (!table) return fmt::format("there is no table `{}`", backfill.table->qualified_name());
  if (schema::fingerprint(*table) == schema::fingerprint(*backfill.table)) return std::string();
  return schema_changes(schema_text(*backfill.table), schema_text(*table));
}

// Why an unfinished run cannot be gone on with under this spec. Nothing: it can.
struct Refusal {
  std::string message, way_out;
};
std::optional<Refusal> refusal(const RunRecord& record, const ir::Backfill& backfill) {
  const std::string schema = schema::fingerprint(*backfill.table);
  if (record.schema_fingerprint != schema) {
    return Refusal{fmt::format("the table `{}` has changed since run {} began: {}", record.table, record.run,
                               schema_changes(record.schema_text, schema_text(*backfill.table))),
                   fmt::format("put the schema back, or `backfill stop {}` and begin a new run", record.run)};
  }
  if (record.fingerprint != ir::fingerprint(backfill)) {
    return Refusal{
        fmt::format("run {} was begun with another scope or other derivations: a run cannot change its mind",
                    record.run),
        fmt::format(
            "finish it with the spec it was begun with (`backfill status {0}`), or `backfill stop {0}`"
            " and begin a new run with this one",
            record.run)};
  }
  if (record.stages_fingerprint != stages_fingerprint(backfill)) {
    return Refusal{
        fmt::format(
            "the stages or their gates have changed since run {} began, and its rows are counted by them",
            record.run),
        fmt::format("put them back, or `backfill stop {}` and begin a new run", record.run)};
  }
  return std::nullopt;
}

MaybeBegun busy(RunReport& report, const RunRecord& record) {
  return none(
      report, RunEnd::Busy,
      fmt::format("run {} of `{}` is being worked on by {}", record.run, record.name,
                  database_sql::describe(record.owner)),
      fmt::format("`backfill watch {0}` shows it, `backfill pause {0}` ends it after its batch", record.run));
}

// As a member of an event, where the program reads time zones.
std::string zones_member(const ir::Backfill& backfill) {
  const std::string version = zone_data(backfill);
  return version.empty() ? "" : R"(,"tzdata":)" + database_sql::json_quote(version);
}

Result<void> take_over(database::Store& store, const Subject& subject, RunRecord& record,
                       const RunOptions& options, const database_sql::Owner& owner, const std::string& plan,
                       std::int64_t now) {
  BACKFILL_TRY(database_sql::create_tables(store));  // an earlier version may have begun the run
  if (plan != record.plan_hash) {
    BACKFILL_TRY(database_sql::set_plan(store, record.run, options.spec, plan));
    BACKFILL_TRY(
        database_sql::add_event(store, record.run, now, "plan changed",
                                fmt::format(R"({{"from":"{}","to":"{}"}})", record.plan_hash, plan)));
  }
  BACKFILL_TRY(database_sql::set_owner(store, record.run, owner, now));
  BACKFILL_TRY(database_sql::set_state(store, record.run, RunState::Running, ""));
  BACKFILL_TRY(database_sql::add_event(
      store, record.run, now, "resumed",
      fmt::format(R"({{"by":{},"was":"{}"{}}})", database_sql::json_quote(database_sql::describe(owner)),
                  database_sql::name(record.state), zones_member(*subject.backfill))));
  return {};
}

// What the run has loaded when it began; a file that has changed since is told of.
Result<Sources> loaded_by(database::Store& store, const ir::Backfill& backfill, RunReport& report,
                          std::int64_t run) {
  if (ir::sources_read(backfill).empty()) return Sources();
  BACKFILL_ASSIGN(Sources sources, database_sql::sources_of(store, run));
  report.notes = changed_since(backfill, sources, run);
  return sources;
}

MaybeBegun resume(database::Store& store, const Subject& subject, const RunOptions& options,
                  const database_sql::Owner& owner, RunReport& report, std::int64_t run) {
  Begun begun;
  bool is_busy = false;
  BACKFILL_ASSIGN(const Sources sources, loaded_by(store, *subject.backfill, report, run));
  const std::string plan =
      plan_hash(options.spec, *subject.backfill->table, options.compiler_version, digest_of(sources));
  const auto take = [&]() -> Result<void> {
    BACKFILL_TRY(database_sql::lock_run(store, run));
    BACKFILL_ASSIGN(const auto record, database_sql::find_run(store, run));
    if (!record) return fatal(fmt::format("run {} has vanished", run));
    begun.record = *record;
    if (record->owner.token == owner.token) return {};  // a commit of ours whose answer was lost
    if (!database_sql::resumable(record->state)) return {};
    BACKFILL_ASSIGN(const std::int64_t now, store.now());
    is_busy = database_sql::alive(record->owner, record->heartbeat, now);
    if (is_busy || record->requested == "pause") return {};
    return take_over(store, subject, begun.record, options, owner, plan, now);
  };
  BACKFILL_TRY(write_transaction(store, take, InDoubt::Ask));
  if (is_busy) return busy(report, begun.record);
  if (!database_sql::resumable(begun.record.state)) {
    return none(
        report, RunEnd::Busy,
        fmt::format("run {} has just ended elsewhere: it is {}", run, database_sql::name(begun.record.state)),
        fmt::format("`backfill status {}` shows it", run));
  }
  report.run = run;
  report.resumed = true;
  report.earlier_run = run;
  if (begun.record.requested == "pause") {
    return none(report, RunEnd::Paused, fmt::format("run {} is paused", run),
                fmt::format("`backfill resume {}`, then run it again", run));
  }
  begun.record.plan_hash = plan;
  BACKFILL_TRY(read_transaction(store, [&]() -> Result<void> {
    BACKFILL_ASSIGN(begun.stages, database_sql::stages_of(store, run));
    return {};
  }));
  return std::optional(std::move(begun));
}

StageRecord stage_record(const ir::Backfill& backfill, const Manifest& manifest, std::size_t i) {
  const ir::Stage& stage = backfill.stages[i];
  StageRecord record;
  record.stage = static_cast<std::int64_t>(i) + 1;
  record.name = stage.name;
  record.kind = kind_name(stage.kind);
  record.threshold = to_text(manifest.stages[i].threshold);
  record.gate = gate_text(stage.gates);
  record.approval = approval_by(stage.gates);
  record.candidates = manifest.stages[i].candidates;
  return record;
}

Result<void> insert_chunks(database::Store& store, const ir::Backfill& backfill, const Manifest& manifest,
                           std::int64_t run) {
  const auto types = database_sql::key_types(backfill);
  for (std::size_t i = 0; i < manifest.chunks.size(); ++i) {
    const Chunk& chunk = manifest.chunks[i];
    database_sql::ChunkRecord record;
    record.chunk = static_cast<std::int64_t>(i) + 1;
    record.low = database_sql::key_text(chunk.after, types);
    record.high = database_sql::key_text(chunk.until, types);
    record.rows = chunk.rows;
    for (std::size_t stage = 0; stage < chunk.candidates.size(); ++stage) {
      record.candidates = chunk.candidates[stage];
      if (record.candidates == 0) continue;
      BACKFILL_TRY(database_sql::insert_chunk(store, run, static_cast<std::int64_t>(stage) + 1, record));
    }
  }
  return {};
}

// What the run's queries read: the same bytes by which its candidates were counted.
Result<void> keep_sources(database::Store& store, const Subject& subject, const Manifest& manifest,
                          std::int64_t run) {
  BACKFILL_ASSIGN(const Sources loaded, load_sources(store, subject, run));
  if (digest_of(loaded) == digest_of(manifest.sources))
    return database_sql::insert_sources(store, run, loaded);
  Failure failure = fatal("a source file has changed while the run was planned", "run it again");
  failure.mistake = true;
  return failure;
}

// The whole plan in one transaction: after a crash it is there or it is not.
Result<void> insert_plan(database::Store& store, const Subject& subject, const Manifest& manifest,
                         Begun& begun) {
  const ir::Backfill& backfill = *subject.backfill;
  BACKFILL_TRY(database_sql::create_tables(store));
  BACKFILL_ASSIGN(begun.record.started_at, store.now());
  BACKFILL_TRY(database_sql::insert_run(store, begun.record));
  const std::int64_t run = begun.record.run;
  BACKFILL_TRY(database_sql::set_horizon(store, run, manifest.horizon));
  std::vector<database_sql::ClassRow> classes;
  for (const ClassCount& count : manifest.classes) classes.push_back({count.code, count.name, count.rows});
  BACKFILL_TRY(database_sql::insert_classes(store, run, classes));
  begun.stages.clear();
  for (std::size_t i = 0; i < backfill.stages.size(); ++i) {
    begun.stages.push_back(stage_record(backfill, manifest, i));
    BACKFILL_TRY(database_sql::insert_stage(store, run, begun.stages.back()));
  }
  BACKFILL_TRY(insert_chunks(store, backfill, manifest, run));
  BACKFILL_TRY(keep_sources(store, subject, manifest, run));
  AtMoment at(subject, begun.record.now);
  at.read_sources_of(run);
  BACKFILL_TRY(store.create_corrections(*at.subject().backfill, run));
  BACKFILL_TRY(database_sql::insert_effects(store, run, backfill));
  if (!backfill.outcomes.empty()) BACKFILL_TRY(database_sql::create_outcomes(store, run, backfill.outcomes));
  BACKFILL_TRY(database_sql::add_event(
      store, run, begun.record.started_at, "begun",
      fmt::format(R"({{"rows":{},"candidates":{},"by":{}{}}})", manifest.rows, begun.record.candidates,
                  database_sql::json_quote(database_sql::describe(begun.record.owner)),
                  zones_member(backfill))));
  pass(Point::BeforePlanCommit);
  return {};
}

RunRecord new_record(const Subject& subject, const RunOptions& options, const Manifest& manifest,
                     const database_sql::Owner& owner, std::int64_t moment) {
  const ir::Backfill& backfill = *subject.backfill;
  RunRecord record;
  record.name = backfill.name;
  record.table = backfill.table->qualified_name();
  record.spec = options.spec;
  record.fingerprint = ir::fingerprint(backfill);
  record.stages_fingerprint = stages_fingerprint(backfill);
  record.schema_fingerprint = schema::fingerprint(*backfill.table);
  record.schema_text = schema_text(*backfill.table);
  record.compiler_version = options.compiler_version;
  record.plan_hash =
      plan_hash(options.spec, *backfill.table, options.compiler_version, digest_of(manifest.sources));
  record.now = moment;
  record.incident = options.incident;
  for (const auto& [name, value] : options.parameters) record.parameters += name + "=" + value + "\n";
  record.rows = manifest.rows;
  record.candidates = manifest.classes[ir::kCandidate].rows;
  record.owner = owner;
  return record;
}

MaybeBegun begin_new(database::Store& store, const Subject& subject, const RunOptions& options,
                     const database_sql::Owner& owner, RunReport& report, std::int64_t newest_before) {
  BACKFILL_ASSIGN(const std::int64_t moment, store.now());
  BACKFILL_ASSIGN(const auto lacking, unmet(store, *subject.backfill, moment));
  if (lacking) return none(report, RunEnd::Refused, lacking->message, lacking->way_out);
  BACKFILL_ASSIGN(auto done_in, runs_before(store, *subject.backfill));
  for (const std::int64_t run : done_in) BACKFILL_TRY(store.index_corrections(*subject.backfill, run));
  const AtMoment at(subject, moment, std::move(done_in));
  auto scanned = make_manifest(store, at.subject(), {moment});
  if (!scanned) {
    if (!interrupted(subject)) return scanned.failure();
    return none(report, RunEnd::Interrupted, "interrupted while planning: nothing was written",
                "run it again");
  }
  const Manifest& manifest = *scanned;
  report.classes = manifest.classes;
  report.rows = manifest.rows;
  report.engine = manifest.engine;
  if (!manifest.difference.empty()) {
    return none(report, RunEnd::Bug, "two engines disagree: " + manifest.difference,
                "nothing was written; please report it with the spec");
  }
  if (options.confirm && !options.confirm(manifest)) {
    return none(report, RunEnd::Declined, "nothing was written", "");
  }
  Begun begun;
  std::int64_t other = 0;
  const auto insert = [&]() -> Result<void> {
    BACKFILL_TRY(database_sql::lock_books(store));
    BACKFILL_ASSIGN(const auto latest, newest(store, *subject.backfill));
    const bool newer = latest && latest->run != newest_before;
    if (newer && latest->owner.token == owner.token) {  // a commit of ours whose answer was lost
      begun.record = *latest;
      BACKFILL_ASSIGN(begun.stages, database_sql::stages_of(store, latest->run));
      return {};
    }
    other = newer ? latest->run : 0;
    if (other != 0) return {};
    begun.record = new_record(subject, options, manifest, owner, moment);
    return insert_plan(store, at.subject(), manifest, begun);
  };
  BACKFILL_TRY(write_transaction(store, insert, InDoubt::Ask));
  if (other != 0) {
    return none(report, RunEnd::Busy,
                fmt::format("while this one was planned, run {} was begun elsewhere", other),
                fmt::format("`backfill status {}` shows it", other));
  }
  pass(Point::AfterPlanCommit);
  report.run = begun.record.run;
  return std::optional(std::move(begun));
}

}  // namespace

MaybeBegun begin_or_resume(database::Store& store, const Subject& subject, const RunOptions& options,
                           const database_sql::Owner& owner, RunReport& report) {
  const ir::Backfill& backfill = *subject.backfill;
  BACKFILL_ASSIGN(const database::Assessment assessed, store.assess(backfill, std::nullopt));
  if (!assessed.missing.empty()) {
    return none(report, RunEnd::Refused,
                fmt::format("this role may not do what the run needs; missing: {}",
                            fmt::join(assessed.missing, "; ")),
                "grant it; docs/operations.md has a role with no more than that");
  }
  BACKFILL_ASSIGN(const std::optional<RunRecord> latest, newest(store, backfill));
  const bool unfinished = latest && database_sql::resumable(latest->state);
  if (unfinished) {
    report.run = latest->run;
    report.earlier_run = latest->run;
    if (const auto why = refusal(*latest, backfill))
      return none(report, RunEnd::Refused, why->message, why->way_out);
  }
  BACKFILL_ASSIGN(const std::string drift, schema_drift(store, backfill));
  if (!drift.empty()) {
    return none(report, RunEnd::Refused,
                fmt::format("the database is not what the spec was compiled against: {}", drift),
                "compile it against this database");
  }
  if (unfinished) return resume(store, subject, options, owner, report, latest->run);
  if (latest && latest->state == RunState::Failed) {
    return none(report, RunEnd::Refused, fmt::format("run {} failed: {}", latest->run, latest->message),
                fmt::format("`backfill stop {}` closes it, then a new run may begin", latest->run));
  }
  if (latest && latest->state == RunState::RollingBack) {
    return none(report, RunEnd::Refused, fmt::format("run {} is being rolled back", latest->run),
                fmt::format("finish that with `backfill rollback {}`", latest->run));
  }
  const bool over = latest && (latest->state == RunState::Finished || latest->state == RunState::RolledBack);
  if (over && latest->fingerprint == ir::fingerprint(backfill)) {
    report.first_again = true;
    report.earlier_rolled_back = latest->state == RunState::RolledBack;
    report.earlier_run = latest->run;
  }
  return begin_new(store, subject, options, owner, report, latest ? latest->run : 0);
}

}  // namespace backfill::execute
