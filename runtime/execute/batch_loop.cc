// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/batch_loop.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "runtime/database/sql/key_text.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/retry.h"
#include "runtime/execute/scan.h"

namespace backfill::execute {

using MaybeEnd = Result<std::optional<LoopEnd>>;

namespace {

constexpr std::int64_t kAskedFirst = 200;  // rows of a window, before it is known how slow a program is
constexpr std::int64_t kToldRetries = 20;  // events per worker: a bad night must not fill the books

}  // namespace

Failure lost_batches(const std::string& what) {
  return {Recovery::Ambiguous,
          fmt::format("the server has lost {}, and what it wrote with it: it crashed, or another one took "
                      "its place",
                      what),
          "run it again: it goes on where the books say"};
}

BatchLoop::BatchLoop(Session& session, Worker& worker, Tally& tally)
    : session_(session),
      worker_(worker),
      tally_(tally),
      backfill_(session.backfill),
      store_(*worker.store),
      key_types_(database_sql::key_types(session.backfill)),
      size_(session.backfill.pace),
      anew_(session.subject, evaluate::Moment{session.record.now}),
      written_(session.backfill),
      current_(session.backfill),
      ahead_(session.backfill),
      most_asked_(kAskedFirst),
      in_passes_(store_.guards_rows() && worker.table->gains_by_passes()) {
  if (!worker.asker) return;
  anew_.answer_by(worker.asker.get());
  // Of a later stage they are asked about then; of a catch-up those of any stage.
  worker.asker->ask_for([this](const database::RowBatch& rows, const Decisions& decided, std::int64_t row) {
    const int stage = session_.membership->stage_of(rows, decided, row);
    return work_->catches_up() ? stage != kNoStage : stage + 1 == work_->stage.stage;
  });
}

Result<LoopEnd> BatchLoop::run_stage(StageWork& work) {
  work_ = &work;
  at_.reset();
  reserved_.reset();
  behind_.reset();
  reads_ahead_ = false;
  in_hand_ = false;
  in_doubt_ = false;
  fell_back_ = false;
  chunk_ = work.chunks.take().value_or(0);
  while (chunk_ != 0) {
    BACKFILL_ASSIGN(const std::optional<LoopEnd> end, step());
    if (end) return *end;
    if (interrupted(session_.subject)) return LoopEnd::Interrupted;
    if (tally_.too_many_quarantined()) return LoopEnd::Quarantine;
    if (work.end) return LoopEnd::Cancelled;
  }
  return LoopEnd::StageDone;
}

MaybeEnd BatchLoop::step() {
  Retry retry(kPatience);
  while (true) {
    auto end = attempt();
    if (end || end.failure().recovery == Recovery::Fatal || fell_back_ || !retry.again()) return end;
    failed(end.failure(), retry);
    rest(retry.wait(), fmt::format("waiting: {} (try {})", short_reason(end.failure()), retry.tries() + 1));
    if (interrupted(session_.subject)) return std::optional(LoopEnd::Interrupted);
    if (work_->end) return std::optional(LoopEnd::Cancelled);
  }
}

// Smaller and smaller, down to a single row: locks are held for less long, and a row that somebody else holds
// for long does not hold up its neighbours.
void BatchLoop::failed(const Failure& failure, const Retry& retry) {
  tally_.count_retry();
  in_hand_ = false;
  if (begun_ && failure.recovery == Recovery::Retry) size_.halve();
  if (retry.tries() > 1 || told_ == kToldRetries) return;
  ++told_;
  to_tell_ =
      fmt::format(R"({{"chunk":{},"reason":{},"failure":{}}})", chunk_,
                  database_sql::json_quote(short_reason(failure)), database_sql::json_quote(failure.message));
}

MaybeEnd BatchLoop::attempt() {
  begun_ = false;
  if (in_doubt_) {
    BACKFILL_ASSIGN(const bool committed, committed_after_all());
    in_doubt_ = false;
    if (committed) {
      go_on();
      return std::optional<LoopEnd>();
    }
  }
  BACKFILL_TRY(ask_ahead());
  BACKFILL_TRY(store_.begin(database::Access::ReadWrite));
  begun_ = true;
  const Stopwatch transaction;
  pass(Point::AfterBegin);
  const auto next = in_transaction();
  if (!next || *next != Next::Commit) {
    store_.rollback();
    if (!next) return next.failure();
    if (*next == Next::End) return std::optional(end_);
    skip_chunk();
    return std::optional<LoopEnd>();
  }
  pass(Point::BeforeCommit);
  const auto committed = store_.commit_soon();
  done_.microseconds = transaction.microseconds();
  if (!committed) {
    store_.rollback();
    in_doubt_ = true;
    return committed.failure();
  }
  pass(Point::AfterCommit);
  go_on();
  return std::optional<LoopEnd>();
}

// The commit failed, or its answer was lost. Whatever still runs of it holds the run's row: once that can be
// locked, it has ended, and the books say how.
Result<bool> BatchLoop::committed_after_all() {
  BACKFILL_TRY(store_.begin(database::Access::ReadWrite));
  const auto asked = [&]() -> Result<bool> {
    BACKFILL_TRY(database_sql::lock_run(store_, session_.run()));
    return database_sql::have_batch(store_, session_.run(), number_, work_->stage.stage, chunk_);
  };
  auto there = asked();
  store_.rollback();
  return there;
}

Result<BatchLoop::Next> BatchLoop::in_transaction() {
  BACKFILL_ASSIGN(const database_sql::Control control,
                  database_sql::look(store_, session_.run(), session_.owner, last_));
  if (!control.ours) return end(LoopEnd::NotOurs);
  if (!control.follows) {
    fell_back_ = true;
    return lost_batches(fmt::format("batch {}", last_));
  }
  if (control.requested == "pause") return end(LoopEnd::Paused);
  if (control.requested == "stop") return end(LoopEnd::Stopped);
  if (!at_) {
    BACKFILL_ASSIGN(at_, position_of(chunk_));
    if (!at_) return Next::Skip;
  }
  BACKFILL_ASSIGN(epoch_, store_.foreign_commits());
  BACKFILL_TRY(take_batch());
  if (!current_.decisions.difference.empty())
    return bug("two engines disagree: " + current_.decisions.difference);
  find_next();
  BACKFILL_ASSIGN(const Sorted sorted, write());
  pass(Point::AfterCorrections);
  const database_sql::Counts& counts = sorted.counts;
  if (counts.met != counts.changed + counts.unchanged + counts.quarantined + counts.conflicts) {
    return bug(fmt::format(
        "the outcomes of a batch do not add up: {} candidates, {} changed, {} unchanged, {} quarantined,"
        " {} conflicts",
        counts.met, counts.changed, counts.unchanged, counts.quarantined, counts.conflicts));
  }
  BACKFILL_ASSIGN(const bool ours, record(sorted));
  return ours ? Next::Commit : end(LoopEnd::NotOurs);
}

BatchLoop::Next BatchLoop::end(LoopEnd end) {
  end_ = end;
  return Next::End;
}

BatchLoop::Next BatchLoop::bug(std::string message) {
  tally_.bug(std::move(message));
  return end(LoopEnd::Bug);
}

// False: the run is not ours any more.
Result<bool> BatchLoop::record(const Sorted& sorted) {
  BACKFILL_ASSIGN(const std::int64_t now, store_.now());
  const database_sql::Counts& counts = sorted.counts;
  done_.outcomes = {counts.met,         counts.changed,   counts.unchanged,
                    counts.quarantined, counts.conflicts, sorted.uncertain};
  done_.chunk = chunk_;
  done_.read = pass_rows_;
  database_sql::BatchRecord batch;
  batch.stage = work_->stage.stage;
  batch.chunk = chunk_;
  batch.rows = pass_rows_;
  batch.counts = counts;
  const std::string end = database_sql::key_text(window_end(), key_types_);
  batch.watermark = pass_.last() ? end : database_sql::key_text(at_->after, key_types_);
  if (!pass_.last()) {
    batch.window_end = end;
    batch.pass = pass_text(pass_.to + 1);
  }
  batch.chunk_done = pass_.last() && last_of_chunk_;
  batch.committed_at = now;
  if (!to_tell_.empty())
    BACKFILL_TRY(database_sql::add_event(store_, session_.run(), now, "retried", to_tell_));
  BACKFILL_TRY(database_sql::record_batch(store_, session_.run(), number_, batch));
  BACKFILL_TRY(
      database_sql::record_outcomes(store_, session_.run(), number_, backfill_.outcomes, sorted.by_outcome));
  return database_sql::beat(store_, session_.run(), session_.owner, now);
}

void BatchLoop::skip_chunk() {
  chunk_ = (reserved_ ? reserved_ : work_->chunks.take()).value_or(0);
  reserved_.reset();
  at_.reset();
  in_hand_ = false;
}

// Behind a committed batch.
void BatchLoop::go_on() {
  to_tell_.clear();
  last_ = number_;
  size_.observe(done_.read, done_.microseconds);
  done_.next_rows = size_.rows();
  if (!next_ || next_->chunk != chunk_) {
    chunk_ = reserved_.value_or(0);
    reserved_.reset();
  }
  in_hand_ = in_hand_ && next_ && !next_->window_end.empty() && !pass_.last();
  at_ = std::move(next_);
  next_.reset();
  const Tally::Rest pace = tally_.count(done_);
  rest(pace.seconds, pace.why);
}

// In short naps, so that a signal is heard at once.
void BatchLoop::rest(double seconds, const std::string& why) {
  if (seconds <= 0) return;
  tally_.tell(why);
  const Stopwatch watch;
  constexpr double nap = 0.05;
  while (watch.seconds() < seconds && !interrupted(session_.subject) && !work_->end) {
    std::this_thread::sleep_for(std::chrono::duration<double>(std::min(nap, seconds - watch.seconds())));
  }
  tally_.count_rest(watch.seconds());
}

}  // namespace backfill::execute
