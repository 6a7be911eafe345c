// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/verify.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>

#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/at_moment.h"
#include "runtime/execute/required.h"
#include "runtime/execute/verify_job.h"

namespace backfill::execute {

using database_sql::RunState;

namespace {

std::vector<VerifyExtentOf> extents(const ir::Backfill& backfill, const VerifyOptions& options) {
  const auto rows = [](std::int64_t n) {
    return VerifyExtentOf{fmt::format("sample {} rows", n), n, 0, false};
  };
  const auto part = [](double f) { return VerifyExtentOf{fmt::format("{:g}%", f * 100), 0, f, false}; };
  const VerifyExtentOf all{"all", 0, 0, true};
  switch (options.extent) {
    case VerifyExtent::Rows:
      return {rows(options.rows)};
    case VerifyExtent::Fraction:
      return {part(options.fraction)};
    case VerifyExtent::Full:
      return {all};
    case VerifyExtent::AsTheSpecSays:
      break;
  }
  std::vector<VerifyExtentOf> list;
  for (const ir::VerifyStep& step : backfill.verify) {
    list.push_back(step.all ? all : step.rows > 0 ? rows(step.rows) : part(step.fraction));
  }
  if (list.empty()) list.push_back(all);
  return list;
}

// By SQL only where every part has an exact form, and sampled keys can be bound again.
Result<bool> use_sql(VerifyJob& job) {
  const lower_sql::Coverage coverage = lower_sql::coverage(job.backfill, job.store.dialect());
  bool pinned = false;
  const auto why = [&](const lower_sql::Part& part) {
    pinned = pinned || part.availability == stdlib::Availability::Pinned;
    if (part.availability == stdlib::Availability::Unavailable) {
      job.report.reasons.push_back(fmt::format("{}: {}", part.name, part.reason));
    }
  };
  why(coverage.scope);
  for (const lower_sql::Part& part : coverage.outputs) why(part);
  for (const lower_sql::Part& part : coverage.effects) why(part);
  if (job.options.force_evaluator) job.report.reasons.emplace_back("asked for the reference evaluator");
  if (!job.plain_keys()) job.report.reasons.emplace_back("the key is neither integers nor text");
  if (!coverage.complete() || !job.report.reasons.empty()) return false;
  if (!pinned) return true;
  BACKFILL_ASSIGN(const bool hold, job.store.pins_hold());
  if (!hold) job.report.reasons.emplace_back("the server's lower and upper are not those of Unicode 15.0");
  return hold;
}

Result<std::int64_t> count_corrections(VerifyJob& job) {
  return database_sql::number(
      job.store,
      fmt::format("SELECT count(*) FROM {} AS c WHERE c.rolled_back = 0{}",
                  job.store.dialect().quote(lower_sql::corrections_table(job.record.run)),
                  job.batch_condition("c")),
      0);
}

Result<std::int64_t> count_gone(VerifyJob& job) {
  const lower_sql::Dialect& dialect = job.store.dialect();
  return database_sql::number(
      job.store,
      fmt::format("SELECT count(*) FROM {} AS c WHERE c.rolled_back = 0{} AND NOT EXISTS (SELECT 1 FROM {} "
                  "AS t WHERE {})",
                  dialect.quote(lower_sql::corrections_table(job.record.run)), job.batch_condition("c"),
                  job.rows_of_run(), job.same_key("c", "key_", "t", "")),
      0);
}

void count_causes(VerifyJob& job) {
  VerifyReport& report = job.report;
  std::map<Cause, std::int64_t> counts;
  for (const Mismatch& sample : report.samples) ++counts[sample.cause];
  for (const auto& [cause, values] : counts) report.causes.push_back({cause, values});
  report.causes_are_complete = report.mismatches == 0 || report.samples.size() < job.options.max_samples;
}

Result<void> choose_stage(VerifyJob& job) {
  BACKFILL_ASSIGN(job.batches, database_sql::batches_of(job.store, job.record.run, job.options.stage));
  // No batch at all: an empty range, not every batch.
  if (job.batches.last == 0) job.batches = {-1, -1};
  job.only_corrected = true;
  return {};
}

// Nothing was changed, and not because candidates were set aside or nobody has come to them: there is nothing
// that could be compared.
Result<bool> nothing_due(VerifyJob& job) {
  const std::string stage = job.options.stage > 0 ? fmt::format(" AND stage = {}", job.options.stage) : "";
  BACKFILL_ASSIGN(
      const std::int64_t busy,
      database_sql::number(
          job.store,
          "SELECT sum(changed + quarantined + conflicts) FROM backfill_stage WHERE run = ?" + stage, 0,
          {job.record.run}));
  BACKFILL_ASSIGN(
      const std::int64_t open,
      database_sql::number(job.store,
                           "SELECT count(*) FROM backfill_chunk WHERE run = ? AND state <> 'done'" + stage, 0,
                           {job.record.run}));
  return busy == 0 && open == 0;
}

// In SQL a row error is NULL or the next arm, so that a row which cannot be computed any more (its inputs
// changed) would pass for one that need not be: where a row can fail at all, the evaluator goes over the rows
// as well.
Result<void> check_row_errors(VerifyJob& job, const VerifyExtentOf& extent) {
  const Stopwatch watch;
  BACKFILL_ASSIGN(VerifyStepReport step, verify_by_evaluator(job, extent));
  step.label = "all, for row errors: by the evaluator";
  step.seconds = watch.seconds();
  job.report.mismatches = std::max(job.report.mismatches, step.mismatches);
  job.report.steps.push_back(std::move(step));
  return {};
}

Result<void> run_steps(VerifyJob& job) {
  VerifyReport& report = job.report;
  BACKFILL_ASSIGN(report.by_sql, use_sql(job));
  report.only_corrected = job.only_corrected;
  BACKFILL_ASSIGN(job.corrected, count_corrections(job));
  for (const VerifyExtentOf& extent : extents(job.backfill, job.options)) {
    const Stopwatch watch;
    auto step = report.by_sql ? verify_by_sql(job, extent) : verify_by_evaluator(job, extent);
    if (!step) return step.failure();
    step->label = extent.label;
    step->seconds = watch.seconds();
    report.steps.push_back(*step);
    report.compared = std::max(report.compared, step->compared);
    report.mismatches = std::max(report.mismatches, step->mismatches);
    if (extent.all) {
      BACKFILL_ASSIGN(report.gone, count_gone(job));
    }
    if (step->mismatches > 0) break;  // a larger sample would only say so again
    if (extent.all && report.by_sql && !job.only_corrected && ir::can_fail(job.backfill)) {
      BACKFILL_TRY(check_row_errors(job, extent));
    }
  }
  BACKFILL_TRY(verify_effects(job));
  count_causes(job);
  if (report.compared > 0) return {};
  BACKFILL_ASSIGN(const bool none, nothing_due(job));
  report.nothing_to_compare = none ? 1 : 0;
  return {};
}

// A run that has not come to its end may lack it, and reading page by page would take for ever. Who may not
// make it reads all the same.
Result<void> index_corrections(const VerifyJob& job) {
  if (!job.store.guards_rows()) return {};  // the others have it from the start
  BACKFILL_ASSIGN(const std::int64_t now, job.store.now());
  if (database_sql::alive(job.record.owner, job.record.heartbeat, now)) return {};
  auto store = database::open(job.subject.url, {database::Access::ReadWrite});
  if (store) static_cast<void>((*store)->index_corrections(job.backfill, job.record.run));
  return {};
}

}  // namespace

Result<VerifyReport> verify(const Subject& subject, const VerifyOptions& options) {
  VerifyReport report;
  report.run = options.run;
  BACKFILL_ASSIGN(auto store, database::open(subject.url, {database::Access::ReadOnly}));
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(*store));
  if (!there) return fatal("this database has no runs", "`backfill run` makes one");
  BACKFILL_ASSIGN(const auto record, database_sql::find_run(*store, options.run));
  if (!record) return fatal(fmt::format("there is no run {}", options.run), "`backfill runs` lists them");
  if (record->fingerprint != ir::fingerprint(*subject.backfill)) {
    return fatal(
        fmt::format("run {} was made with another scope or other derivations than this spec's", options.run),
        "verify it with the spec that is kept with the run");
  }
  BACKFILL_TRY(expect_readable(*store, *subject.backfill));
  BACKFILL_ASSIGN(auto done_in, runs_before(*store, *subject.backfill, record->run));
  AtMoment at(subject, record->now, std::move(done_in));
  at.read_sources_of(record->run);
  VerifyJob job{at.subject(),
                options,
                *at.subject().backfill,
                *store,
                *record,
                {},
                record->state != RunState::Finished,
                0,
                report};
  if (options.stage > 0) BACKFILL_TRY(choose_stage(job));
  if (record->state != RunState::Finished) BACKFILL_TRY(index_corrections(job));
  // One moment for all of it, where that keeps nobody from writing.
  if (store->reads_beside_writes()) BACKFILL_TRY(store->begin(database::Access::ReadOnly));
  auto done = run_steps(job);
  store->rollback();
  if (!done) return done.failure();
  return report;
}

}  // namespace backfill::execute
