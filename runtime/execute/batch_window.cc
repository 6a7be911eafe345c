// SPDX-License-Identifier: Apache-2.0
// Which rows a batch has: a window that is read and decided at once, and the pass over it that is due.
#include <fmt/format.h>

#include "runtime/database/sql/key_text.h"
#include "runtime/execute/batch_loop.h"
#include "runtime/execute/scan.h"

namespace backfill::execute {

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

}  // namespace

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

}  // namespace backfill::execute
