// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/batch_loop.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "runtime/database/sql/key_text.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

using database_sql::ChunkRecord;

BatchLoop::BatchLoop(Session& session)
    : session_(session),
      backfill_(session.backfill),
      store_(session.store),
      key_types_(database_sql::key_types(session.backfill)),
      size_(session.backfill.pace),
      current_(session.backfill) {
  if (session.options.prefetch) {
    prefetcher_ = make_prefetcher(session.subject, store_, session.run(), *session.decider);
  }
}

Result<LoopEnd> BatchLoop::run_stage(const database_sql::StageRecord& stage) {
  stage_ = stage;
  chunks_seen_ = 0;
  BACKFILL_ASSIGN(next_, next_position(0));
  while (next_) {
    at_ = *std::move(next_);
    next_.reset();
    BACKFILL_ASSIGN(const std::optional<LoopEnd> end, step());
    if (end) return *end;
    if (interrupted(session_.subject)) return LoopEnd::Interrupted;
    if (too_many_quarantined()) return LoopEnd::Quarantine;
  }
  return LoopEnd::StageDone;
}

Result<std::optional<BatchLoop::Position>> BatchLoop::next_position(std::int64_t after_chunk) {
  BACKFILL_ASSIGN(auto chunk, database_sql::next_chunk(store_, session_.run(), stage_.stage, after_chunk));
  if (!chunk) return std::optional<Position>();
  auto after = database_sql::parse_key(chunk->watermark, key_types_);
  auto until = database_sql::parse_key(chunk->high, key_types_);
  if (!after || !until) {
    return fatal(fmt::format("chunk {} of run {} has bounds that are no keys of `{}`", chunk->chunk,
                             session_.run(), backfill_.table->name));
  }
  ++chunks_seen_;
  return std::optional<Position>({*std::move(chunk), *std::move(after), *std::move(until)});
}

Result<std::optional<LoopEnd>> BatchLoop::step() {
  auto wait_ms = kFirstWait;
  for (int i = 1;; ++i) {
    auto end = attempt();
    if (end || end.failure().recovery == Recovery::Fatal || i == kTries) return end;
    // Busy, or a commit of which we do not know whether it took place: the checkpoint says where we are.
    wait(std::chrono::duration<double>(wait_ms).count(), "the database is busy");
    wait_ms *= 2;
    BACKFILL_ASSIGN(auto position, next_position(at_.chunk.chunk - 1));
    if (!position) return std::optional<LoopEnd>();
    at_ = *std::move(position);
  }
}

Result<std::optional<LoopEnd>> BatchLoop::attempt() {
  batch_outcomes_ = {};
  next_.reset();
  BACKFILL_TRY(store_.begin(database::Access::ReadWrite));
  const Stopwatch transaction;
  pass(Point::AfterBegin);
  auto end = in_transaction();
  if (!end || *end) {
    store_.rollback();
    return end;
  }
  pass(Point::BeforeCommit);
  if (auto committed = store_.commit(); !committed) {
    store_.rollback();
    return committed.failure();
  }
  pass(Point::AfterCommit);
  count_committed(transaction.microseconds());
  return std::optional<LoopEnd>();
}

Result<std::optional<LoopEnd>> BatchLoop::in_transaction() {
  BACKFILL_ASSIGN(const database_sql::Control control,
                  database_sql::look(store_, session_.run(), session_.owner));
  if (!control.ours) return std::optional(LoopEnd::NotOurs);
  if (control.requested == "pause") return std::optional(LoopEnd::Paused);
  if (control.requested == "stop") return std::optional(LoopEnd::Stopped);
  BACKFILL_ASSIGN(epoch_, store_.foreign_commits());
  BACKFILL_TRY(take_batch());
  if (!current_.decisions.difference.empty())
    return bug("two engines disagree: " + current_.decisions.difference);
  const bool last = last_of_chunk();
  if (last) {
    BACKFILL_ASSIGN(next_, next_position(at_.chunk.chunk));
  } else {
    next_ = at_;
    next_->after = current_.rows.key(current_.rows.rows - 1, key_types_.size());
  }
  Sorted sorted = sort_rows();
  start_prefetch(next_);
  BACKFILL_ASSIGN(const std::int64_t number, database_sql::next_batch_number(store_));
  BACKFILL_TRY(write(sorted, number));
  pass(Point::AfterCorrections);
  const database_sql::Counts& counts = sorted.counts;
  if (counts.met != counts.changed + counts.unchanged + counts.quarantined + counts.conflicts) {
    return bug(fmt::format(
        "the outcomes of a batch do not add up: {} candidates, {} changed, {} unchanged, {} quarantined,"
        " {} conflicts",
        counts.met, counts.changed, counts.unchanged, counts.quarantined, counts.conflicts));
  }
  BACKFILL_TRY(record(sorted, number));
  return std::optional<LoopEnd>();
}

Result<void> BatchLoop::take_batch() {
  const bool prefetched = prefetcher_ && prefetcher_->take(at_.after, at_.until, epoch_, current_);
  if (!prefetched) {
    BACKFILL_TRY(session_.table->read(at_.after, at_.until, size_.rows(), current_.rows));
    session_.decider->decide(current_.rows, current_.decisions);
  }
  // Here nobody else uses the decider: the next batch is not asked for yet.
  engine_ = session_.decider->native() ? "native" : "evaluator";
  asked_ = prefetched ? prefetcher_->limit() : size_.rows();
  return check_keys(backfill_, current_.rows);
}

bool BatchLoop::last_of_chunk() const {
  const std::int64_t rows = current_.rows.rows;
  if (rows < asked_) return true;
  return !at_.until.empty() && current_.rows.key(rows - 1, key_types_.size()) == at_.until;
}

void BatchLoop::start_prefetch(const std::optional<Position>& next) {
  if (!prefetcher_ || !next) return;
  prefetcher_->start({next->after, next->until, size_.rows(), epoch_});
}

BatchLoop::Sorted BatchLoop::sort_rows() const {
  Sorted sorted;
  const Decisions& decisions = current_.decisions;
  auto failure = decisions.failures.begin();
  for (std::int64_t row = 0; row < current_.rows.rows; ++row) {
    const evaluate::RowFailure* failed = nullptr;
    if (failure != decisions.failures.end() && failure->row == row) failed = &(failure++)->why;
    if (decisions.code(row) != ir::kCandidate) {
      if (failed != nullptr) {
        sorted.aside.push_back({row, "uncertain", stdlib::text(failed->error), failed->message});
        ++sorted.uncertain;
      }
      continue;
    }
    if (session_.membership->stage_of(current_.rows, decisions, row) + 1 != stage_.stage) continue;
    ++sorted.counts.met;
    if (failed != nullptr) {
      sorted.aside.push_back({row, "quarantined", stdlib::text(failed->error), failed->message});
      ++sorted.counts.quarantined;
    } else if (decisions.is_changed(row)) {
      sorted.selected.push_back(row);
    } else {
      ++sorted.counts.unchanged;
    }
  }
  return sorted;
}

Result<void> BatchLoop::write(Sorted& sorted, std::int64_t number) {
  database::WriteOutcome outcome;
  if (!sorted.selected.empty()) {
    BACKFILL_ASSIGN(
        outcome, session_.table->write(current_.rows, current_.decisions.outputs, sorted.selected, number));
  }
  sorted.counts.changed = outcome.written;
  for (const std::int64_t row : outcome.conflicts) {
    sorted.aside.push_back({row, "conflict", "", "the row was no longer as it was read"});
    ++sorted.counts.conflicts;
  }
  for (const database::WriteFailure& failure : outcome.failures) {
    sorted.aside.push_back({failure.row, "quarantined", stdlib::text(failure.error), failure.message});
    ++sorted.counts.quarantined;
  }
  if (!sorted.aside.empty()) BACKFILL_TRY(session_.table->set_aside(current_.rows, sorted.aside, number));
  for (const auto& aside : sorted.aside) {
    if (session_.report.set_aside.size() >= session_.options.max_samples) break;
    session_.report.set_aside.push_back(
        {describe_key(current_.rows.key(aside.row, key_types_.size()), key_types_),
         std::string(aside.outcome), std::string(aside.error), std::string(aside.message)});
  }
  return {};
}

Result<void> BatchLoop::record(const Sorted& sorted, std::int64_t number) {
  BACKFILL_ASSIGN(const std::int64_t now, store_.now());
  database_sql::BatchRecord batch;
  batch.stage = stage_.stage;
  batch.chunk = at_.chunk.chunk;
  batch.rows = current_.rows.rows;
  batch.counts = sorted.counts;
  const bool none = current_.rows.rows == 0;
  batch.watermark = database_sql::key_text(
      none ? at_.after : current_.rows.key(current_.rows.rows - 1, key_types_.size()), key_types_);
  batch.chunk_done = last_of_chunk();
  batch.committed_at = now;
  const database_sql::Counts& counts = sorted.counts;
  batch_outcomes_ = {counts.met,         counts.changed,   counts.unchanged,
                     counts.quarantined, counts.conflicts, sorted.uncertain};
  BACKFILL_TRY(database_sql::record_batch(store_, session_.run(), number, batch));
  return database_sql::beat(store_, session_.run(), now);
}

std::optional<LoopEnd> BatchLoop::bug(std::string message) {
  session_.report.message = std::move(message);
  return LoopEnd::Bug;
}

void BatchLoop::count_committed(std::int64_t microseconds) {
  session_.report.outcomes += batch_outcomes_;
  ++session_.report.batches;
  session_.report.read_rows += current_.rows.rows;
  done_here_ += batch_outcomes_.candidates;
  working_seconds_ += static_cast<double>(microseconds) * 1e-6;
  size_.observe(current_.rows.rows, microseconds);
  tell("");
  throttle(batch_outcomes_.changed, microseconds);
}

bool BatchLoop::too_many_quarantined() const {
  const double limit = backfill_.pace.stop_quarantined;
  const Outcomes& outcomes = session_.report.outcomes;
  if (limit < 0 || outcomes.candidates == 0) return false;
  return static_cast<double>(outcomes.quarantined) > limit * static_cast<double>(outcomes.candidates);
}

// A batch that wrote nothing asks for no rest.
void BatchLoop::throttle(std::int64_t changed, std::int64_t microseconds) {
  const ir::Pace& pace = backfill_.pace;
  if (changed == 0) return;
  if (pace.rows_per_second > 0) {
    const double due = static_cast<double>(changed) / static_cast<double>(pace.rows_per_second);
    wait(due - static_cast<double>(microseconds) * 1e-6,
         fmt::format("at most {} rows per second", pace.rows_per_second));
  }
  if (pace.pause_us > 0)
    wait(static_cast<double>(pace.pause_us) * 1e-6, fmt::format("pause {} ms", pace.pause_us / 1000));
}

// In short naps, so that a signal is heard at once.
void BatchLoop::wait(double seconds, const std::string& why) {
  if (seconds <= 0) return;
  tell(why);
  const Stopwatch watch;
  constexpr double nap = 0.05;
  while (watch.seconds() < seconds && !interrupted(session_.subject)) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(nap, seconds - watch.seconds())));
  }
  session_.report.throttled_seconds += watch.seconds();
}

void BatchLoop::tell(const std::string& throttle) {
  if (session_.subject.progress == nullptr) return;
  const RunReport& report = session_.report;
  ProgressUpdate update;
  update.phase = Phase::Run;
  update.run = session_.run();
  update.stage = stage_.name;
  update.chunk = at_.chunk.chunk;
  update.chunks = chunks_seen_;
  update.done = report.outcomes.candidates;
  update.total = session_.record.candidates;
  update.quarantined = report.outcomes.quarantined;
  update.conflicts = report.outcomes.conflicts;
  update.rows_per_second = static_cast<double>(done_here_) / std::max(1e-6, working_seconds_);
  const double rate = static_cast<double>(done_here_) / std::max(1e-6, session_.watch.seconds());
  if (rate > 0)
    update.eta_seconds = static_cast<double>(std::max<std::int64_t>(0, update.total - update.done)) / rate;
  update.batch_rows = size_.rows();
  update.throttle = throttle;
  update.throttled_seconds = report.throttled_seconds;
  update.engine = engine_;
  session_.subject.progress->update(update);
}

}  // namespace backfill::execute
