// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/batch_loop.h"

#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/numbering.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/retry.h"
#include "runtime/execute/scan.h"

namespace backfill::execute {

using MaybeEnd = Result<std::optional<LoopEnd>>;

namespace {

// Measured: three or four (PERFORMANCE.md). Few rows are written at once: what
// is gained by page would be lost by statement.
constexpr std::int64_t kPasses = 4;
constexpr std::int64_t kLeastPass = 1000;
// Texts of a window: memory stays bounded where rows are wide. The first window does not know yet.
constexpr std::int64_t kWindowBytes = 16 << 20;
constexpr std::int64_t kNoLimit = INT64_MAX;
// A slow program: the books say that the run is alive once per batch.
constexpr double kAskSeconds = 10;
constexpr std::int64_t kAskedFirst = 200;
constexpr std::int64_t kToldRetries = 20;  // events per worker: a bad night must not fill the books

Result<database::WriteOutcome> written_by(database::TableAccess& table, const ir::Backfill& backfill,
                                          const PreparedBatch& batch, std::span<const std::int64_t> selected,
                                          std::int64_t number) {
  const Decisions& decisions = batch.decisions;
  if (backfill.effects.empty()) return table.write(batch.rows, decisions.outputs, selected, number);
  return table.apply_effects(batch.rows, decisions.outputs, decisions.values, selected, number);
}

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

Result<std::optional<BatchLoop::Position>> BatchLoop::position_of(std::int64_t chunk) {
  BACKFILL_ASSIGN(const auto found,
                  database_sql::find_chunk(store_, session_.run(), work_->stage.stage, chunk));
  if (!found) return fatal(fmt::format("chunk {} of run {} has vanished", chunk, session_.run()));
  if (found->done) return std::optional<Position>();
  auto after = database_sql::parse_key(found->watermark, key_types_);
  auto until = database_sql::parse_key(found->high, key_types_);
  if (!after || !until) {
    return fatal(fmt::format("chunk {} of run {} has bounds that are no keys of `{}`", chunk, session_.run(),
                             backfill_.table->name));
  }
  auto window_end = database_sql::parse_key(found->window_end, key_types_);
  if (!window_end)
    return fatal(fmt::format("chunk {} of run {} has a window without a key", chunk, session_.run()));
  return std::optional<Position>({chunk, *std::move(after), *std::move(until), *std::move(window_end),
                                  pass_of_text(found->pass), found->rows - found->read});
}

Result<void> BatchLoop::take_batch() {
  if (!in_hand_) BACKFILL_TRY(take_window());
  in_hand_ = true;
  choose_pass();
  return {};
}

// A window that is begun is read to its end: which rows are done is known by that.
Result<void> BatchLoop::take_window() {
  Prefetcher* const prefetcher = worker_.prefetcher.get();
  const bool begun = !at_->window_end.empty();
  const bool prefetched =
      !begun && prefetcher != nullptr && prefetcher->take(at_->after, at_->until, epoch_, current_);
  if (begun && prefetcher != nullptr) prefetcher->wait();  // it may be deciding what stands behind
  asked_ = begun ? kNoLimit : prefetched ? prefetcher->limit() : window_rows(*at_);
  if (!prefetched) {
    BACKFILL_TRY(
        worker_.table->read(at_->after, begun ? at_->window_end : at_->until, asked_, current_.rows));
    BACKFILL_TRY(worker_.decider->decide(current_.rows, current_.decisions));
  }
  // Here nobody else uses the decider: the next window is not asked for yet.
  done_.engine = worker_.decider->native() ? "native" : "evaluator";
  BACKFILL_TRY(check_keys(backfill_, current_.rows));
  if (current_.rows.rows > 0)
    row_bytes_ = static_cast<std::int64_t>(current_.rows.arena.used()) / current_.rows.rows;
  const database::Key end = window_end();
  last_of_chunk_ = (!begun && current_.rows.rows < asked_) || (!at_->until.empty() && end == at_->until);
  if (in_passes_) passes_.load(current_.rows, key_types_.size());
  reads_ahead_ = reads_ahead_ && begun;
  BACKFILL_TRY(find_behind());
  if (!work_->catches_up() || current_.rows.rows == 0) return {};
  return written_.load(*worker_.table, at_->after, end);
}

// What is read in the transaction is asked for again there: only rows that have changed meanwhile are not
// known by then.
Result<void> BatchLoop::ask_ahead() {
  if (worker_.asker == nullptr || in_hand_) return {};
  if (ahead_.rows.rows > 0 && ask_seconds_ > 0) {
    const double fits = static_cast<double>(ahead_.rows.rows) * kAskSeconds / ask_seconds_;
    most_asked_ = std::clamp<std::int64_t>(static_cast<std::int64_t>(fits), 1, 4 * most_asked_);
  }
  const auto read = [&]() -> Result<bool> {
    BACKFILL_TRY(store_.begin(database::Access::ReadOnly));
    std::optional<Position> at = at_;
    if (!at) {
      BACKFILL_ASSIGN(at, position_of(chunk_));
    }
    if (!at) return false;
    const bool begun = !at->window_end.empty();
    BACKFILL_TRY(worker_.table->read(at->after, begun ? at->window_end : at->until,
                                     begun ? kNoLimit : window_rows(*at), ahead_.rows));
    return true;
  };
  const auto there = read();
  store_.rollback();
  if (!there) return there.failure();
  if (!*there) return {};
  const Stopwatch watch;
  auto answered = worker_.decider->decide(ahead_.rows, ahead_.decisions);
  ask_seconds_ = watch.seconds();
  return answered;
}

// The windows of a chunk are of one size: a last one that is small would be written in many small passes.
std::int64_t BatchLoop::window_rows(const Position& at) const {
  std::int64_t rows = size_.rows();
  if (in_passes_ && rows >= kLeastPass) {
    rows *= kPasses;
    const std::int64_t windows = std::max<std::int64_t>(1, at.rows / rows);
    rows = std::clamp((at.rows + windows - 1) / windows, rows, 2 * rows);
  }
  const std::int64_t most = worker_.asker == nullptr ? rows : std::min(rows, most_asked_);
  return std::clamp<std::int64_t>(kWindowBytes / std::max<std::int64_t>(1, row_bytes_), 1, most);
}

// Rows at its end may be gone since it was begun.
database::Key BatchLoop::window_end() const {
  if (!at_->window_end.empty()) return at_->window_end;
  const std::int64_t rows = current_.rows.rows;
  return rows == 0 ? at_->after : current_.rows.key(rows - 1, key_types_.size());
}

void BatchLoop::choose_pass() {
  pass_ = Pass();
  pass_rows_ = current_.rows.rows;
  if (!in_passes_) return;
  const std::int64_t share = std::max(kLeastPass, current_.rows.rows / kPasses);
  pass_ = passes_.next(at_->pass, std::min(size_.rows(), share));
  pass_rows_ = passes_.rows(pass_);
}

// A chunk that is taken stays this worker's, whatever becomes of this attempt.
Result<void> BatchLoop::find_behind() {
  if (!last_of_chunk_) {
    behind_ = {chunk_, window_end(), at_->until, {}, 0, at_->rows - current_.rows.rows};
    return {};
  }
  behind_.reset();
  if (!reserved_) reserved_ = work_->chunks.take();
  if (!reserved_) return {};
  BACKFILL_ASSIGN(behind_, position_of(*reserved_));
  return {};
}

void BatchLoop::find_next() {
  if (pass_.last())
    next_ = behind_;
  else
    next_ = {chunk_, at_->after, at_->until, window_end(), pass_.to + 1, at_->rows};
}

// Once for a window: while its first batch is written.
void BatchLoop::start_prefetch() {
  if (!worker_.prefetcher || reads_ahead_ || !behind_ || !behind_->window_end.empty()) return;
  worker_.prefetcher->start({behind_->after, behind_->until, window_rows(*behind_), epoch_});
  reads_ahead_ = true;
}

// What somebody changed since it was read is decided anew: a row counts as what it is now, and one that is
// gone or no candidate any more is not met at all.
Result<Sorted> BatchLoop::write() {
  Takes takes;
  if (in_passes_) takes = [this](std::int64_t row) { return passes_.takes(pass_, row); };
  Sorted sorted = sort_rows(backfill_, current_, *session_.membership, work_->stage.stage, written(), takes);
  start_prefetch();
  BACKFILL_ASSIGN(number_, database_sql::next_number(store_, database_sql::Numbered::Batch));
  done_.decided_anew = 0;
  const bool guards = store_.guards_rows();
  BACKFILL_ASSIGN(const std::vector<std::int64_t> conflicts, write_rows(current_, sorted, guards));
  if (conflicts.empty()) return sorted;
  BACKFILL_ASSIGN(const bool read, anew_.decide(*worker_.table, current_.rows, conflicts));
  if (!read) return fatal("the store guards rows but cannot read them again");
  done_.decided_anew = static_cast<std::int64_t>(conflicts.size());
  Sorted again = sort_rows(backfill_, anew_.batch(), *session_.membership, work_->stage.stage, written());
  BACKFILL_TRY(write_rows(anew_.batch(), again, false));
  sorted.counts.met -= done_.decided_anew;
  sorted.counts += again.counts;
  for (std::size_t i = 0; i < sorted.by_outcome.size(); ++i) sorted.by_outcome[i] += again.by_outcome[i];
  sorted.uncertain += again.uncertain;
  return sorted;
}

// Those that are no longer as they were read, if they are to be decided anew; else they are set aside.
Result<std::vector<std::int64_t>> BatchLoop::write_rows(const PreparedBatch& batch, Sorted& sorted,
                                                        bool decides_anew) {
  database::WriteOutcome outcome;
  if (!sorted.selected.empty()) {
    BACKFILL_ASSIGN(outcome, written_by(*worker_.table, backfill_, batch, sorted.selected, number_));
  }
  sorted.counts.changed = outcome.written;
  sorted.counts.unchanged += outcome.unchanged;
  const auto forget = [&](std::int64_t row) {
    if (const auto of = outcome_of(backfill_, batch.decisions, row)) --sorted.by_outcome[*of];
  };
  if (worker_.asker) BACKFILL_TRY(keep_answers(batch, sorted, outcome));
  for (const std::int64_t row : outcome.conflicts) forget(row);
  for (const database::WriteFailure& failure : outcome.failures) forget(failure.row);
  for (const std::int64_t row : outcome.conflicts) {
    if (decides_anew) break;
    sorted.aside.push_back({row, "conflict", "", "the row was no longer as it was read"});
    ++sorted.counts.conflicts;
  }
  for (const database::WriteFailure& failure : outcome.failures) {
    sorted.aside.push_back({failure.row, "quarantined", stdlib::text(failure.error), failure.message});
    ++sorted.counts.quarantined;
  }
  if (!sorted.aside.empty()) BACKFILL_TRY(worker_.table->set_aside(batch.rows, sorted.aside, number_));
  sorted.aside.clear();  // their texts end with `outcome`
  if (!decides_anew) outcome.conflicts.clear();
  return std::move(outcome.conflicts);
}

// Of the rows that are as they should be now: what is set aside keeps none, and what is decided anew is yet
// to be kept.
Result<void> BatchLoop::keep_answers(const PreparedBatch& batch, const Sorted& sorted,
                                     const database::WriteOutcome& outcome) {
  std::vector<std::int64_t> rows;
  for (const std::int64_t row : sorted.decided) {
    const bool failed = std::ranges::binary_search(outcome.failures, row, {}, &database::WriteFailure::row);
    if (!failed && std::ranges::find(outcome.conflicts, row) == outcome.conflicts.end()) rows.push_back(row);
  }
  if (rows.empty()) return {};
  return worker_.table->keep_answers(batch.rows, rows, batch.decisions.asked, number_);
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
