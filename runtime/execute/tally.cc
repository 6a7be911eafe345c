// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/tally.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::execute {

void Tally::begin_stage(const database_sql::StageRecord& stage, std::int64_t chunks) {
  const std::lock_guard lock(mutex_);
  stage_ = stage.name;
  chunks_ = chunks;
  last_.chunk = 0;
  total_ = session_.record.candidates;
  for (const auto& each : session_.stages) {
    if (each.kind == database_sql::kCatchUp) total_ += each.candidates;
  }
}

Tally::Rest Tally::count(const BatchDone& batch) {
  const std::lock_guard lock(mutex_);
  RunReport& report = session_.report;
  report.outcomes += batch.outcomes;
  report.decided_anew += batch.decided_anew;
  ++report.batches;
  report.read_rows += batch.read;
  done_here_ += batch.outcomes.candidates;
  working_seconds_ += static_cast<double>(batch.microseconds) * 1e-6;
  last_ = batch;
  tell_locked("");
  return rest(batch.outcomes.changed, batch.microseconds);
}

// A batch that wrote nothing asks for no rest. Each batch moves the moment from which the next one may begin,
// whichever worker's that is.
Tally::Rest Tally::rest(std::int64_t changed, std::int64_t microseconds) {
  const ir::Pace& pace = session_.backfill.pace;
  if (changed == 0 || (pace.rows_per_second <= 0 && pace.pause_us <= 0)) return {};
  const double now = session_.watch.seconds();
  Rest rest;
  if (pace.rows_per_second > 0) {
    free_at_ = std::max(free_at_, now - static_cast<double>(microseconds) * 1e-6) +
               static_cast<double>(changed) / static_cast<double>(pace.rows_per_second);
    rest.why = fmt::format("at most {} rows per second", pace.rows_per_second);
  }
  if (pace.pause_us > 0) {
    free_at_ = std::max(free_at_, now) + static_cast<double>(pace.pause_us) * 1e-6;
    rest.why = fmt::format("pause {} ms", pace.pause_us / 1000);
  }
  rest.seconds = free_at_ - now;
  return rest;
}

void Tally::count_retry() {
  const std::lock_guard lock(mutex_);
  ++session_.report.retries;
}

void Tally::count_rest(double seconds) {
  const std::lock_guard lock(mutex_);
  session_.report.throttled_seconds += seconds;
}

void Tally::tell(const std::string& why_it_waits) {
  const std::lock_guard lock(mutex_);
  tell_locked(why_it_waits);
}

void Tally::bug(std::string message) {
  const std::lock_guard lock(mutex_);
  session_.report.message = std::move(message);
}

bool Tally::too_many_quarantined() {
  const std::lock_guard lock(mutex_);
  const double limit = session_.backfill.pace.stop_quarantined;
  const Outcomes& outcomes = session_.report.outcomes;
  if (limit < 0 || outcomes.candidates == 0) return false;
  return static_cast<double>(outcomes.quarantined) > limit * static_cast<double>(outcomes.candidates);
}

void Tally::tell_locked(const std::string& why_it_waits) {
  if (session_.subject.progress == nullptr) return;
  const RunReport& report = session_.report;
  ProgressUpdate update;
  update.phase = Phase::Run;
  update.run = session_.run();
  update.stage = stage_;
  update.chunk = last_.chunk;
  update.chunks = chunks_;
  update.done = report.outcomes.candidates;
  update.total = total_;
  update.quarantined = report.outcomes.quarantined;
  update.conflicts = report.outcomes.conflicts;
  const double workers = static_cast<double>(std::max<std::int64_t>(1, session_.options.workers));
  update.rows_per_second = workers * static_cast<double>(done_here_) / std::max(1e-6, working_seconds_);
  const double rate = static_cast<double>(done_here_) / std::max(1e-6, session_.watch.seconds());
  if (rate > 0)
    update.eta_seconds = static_cast<double>(std::max<std::int64_t>(0, update.total - update.done)) / rate;
  update.batch_rows = last_.next_rows;
  update.throttle = why_it_waits;
  update.throttled_seconds = report.throttled_seconds;
  update.engine = last_.engine;
  session_.subject.progress->update(update);
}

}  // namespace backfill::execute
