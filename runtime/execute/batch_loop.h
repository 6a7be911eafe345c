// SPDX-License-Identifier: Apache-2.0
// The batch protocol of one worker: read, decide, write compare-and-set, record, move the checkpoint, all in
// one transaction per batch.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>

#include "runtime/execute/anew.h"
#include "runtime/execute/batch_size.h"
#include "runtime/execute/dispenser.h"
#include "runtime/execute/passes.h"
#include "runtime/execute/retry.h"
#include "runtime/execute/sorting.h"
#include "runtime/execute/tally.h"
#include "runtime/execute/worker.h"

namespace backfill::execute {

// In the order in which a team of workers tells of it: the later one is the one to tell.
enum class LoopEnd : std::uint8_t {
  StageDone,
  Cancelled,  // another worker has ended for a reason of its own
  Interrupted,
  Quarantine,
  Paused,
  Stopped,
  NotOurs,
  Bug
};

// One stage as the workers share it.
struct StageWork {
  database_sql::StageRecord stage;
  Dispenser chunks;
  std::atomic<bool> end{false};  // a worker has ended the stage before its end: finish the batch and return

  [[nodiscard]] bool catches_up() const { return stage.kind == database_sql::kCatchUp; }
};

// What was committed is not in the books any more: the server crashed before it was on the disk, or another
// one that did not have it took its place. What the books say is whole: who goes on begins there.
[[nodiscard]] Failure lost_batches(const std::string& what);

class BatchLoop {
 public:
  // All of them outlive it.
  BatchLoop(Session& session, Worker& worker, Tally& tally);

  // Works through chunks until none is left. On Bug, the session's report has the message; nothing of that
  // batch is committed.
  Result<LoopEnd> run_stage(StageWork& work);

 private:
  // Where the next batch begins.
  struct Position {
    std::int64_t chunk = 0;
    database::Key after, until;
    database::Key window_end;  // a window is begun: rows up to here whose pass is before `pass` are done
    std::uint64_t pass = 0;
    std::int64_t rows = 0;  // that the chunk has behind `after`, about
  };
  enum class Next : std::uint8_t { Commit, Skip, End };  // Skip: the chunk is done already

  Result<std::optional<LoopEnd>> step();     // one batch, tried again
  Result<std::optional<LoopEnd>> attempt();  // one transaction
  Result<bool> committed_after_all();
  Result<Next> in_transaction();
  Next end(LoopEnd end);
  Next bug(std::string message);
  Result<std::optional<Position>> position_of(std::int64_t chunk);  // nothing: that chunk is done
  Result<void> take_batch();  // the window in hand, the prefetched one, or one read now
  Result<void> take_window();
  Result<void> ask_ahead();  // of the window that comes next, while no transaction waits for the answers
  void choose_pass();
  Result<void> find_behind();
  void find_next();
  [[nodiscard]] std::int64_t window_rows(const Position& at) const;
  [[nodiscard]] database::Key window_end() const;
  void start_prefetch();
  Result<Sorted> write();
  Result<std::vector<std::int64_t>> write_rows(const PreparedBatch& batch, Sorted& sorted, bool decides_anew);
  Result<void> keep_answers(const PreparedBatch& batch, const Sorted& sorted,
                            const database::WriteOutcome& outcome);
  Result<bool> record(const Sorted& sorted);
  void skip_chunk();
  void go_on();
  void failed(const Failure& failure, const Retry& retry);
  void rest(double seconds, const std::string& why);
  [[nodiscard]] const Written* written() const { return work_->catches_up() ? &written_ : nullptr; }

  Session& session_;
  Worker& worker_;
  Tally& tally_;
  const ir::Backfill& backfill_;
  database::Store& store_;
  std::vector<stdlib::Type> key_types_;
  BatchSize size_;
  Anew anew_;
  Written written_;
  PreparedBatch current_;    // a window
  PreparedBatch ahead_;      // of ask_ahead
  double ask_seconds_ = 0;   // that it took
  std::int64_t most_asked_;  // rows of a window that a program can be asked about in good time
  bool in_passes_;
  Passes passes_;  // of it
  Pass pass_;      // the one in hand
  std::int64_t pass_rows_ = 0;
  std::int64_t row_bytes_ = 0;  // of texts, in the last window on the average
  bool last_of_chunk_ = false;  // no window behind it
  bool in_hand_ = false;        // current_ is the window of at_, and nothing has failed since it was read
  StageWork* work_ = nullptr;
  std::int64_t chunk_ = 0;                // taken from the dispenser, not done; 0: none is left
  std::optional<std::int64_t> reserved_;  // taken for what comes behind it, to read ahead
  std::optional<Position> at_;            // in chunk_; nothing: the books say where
  std::optional<Position> next_;          // behind the batch in hand
  std::optional<Position> behind_;        // behind the window in hand
  bool reads_ahead_ = false;              // what stands there has been asked for
  std::int64_t number_ = 0;               // of the batch in hand
  BatchDone done_;                        // what it will have done once it is committed
  std::int64_t last_ = 0;                 // the last one that was committed; 0: none yet
  bool fell_back_ = false;                // the database has lost that one
  bool in_doubt_ = false;                 // nobody knows whether it is
  bool begun_ = false;                    // the last attempt got as far as its transaction
  LoopEnd end_ = LoopEnd::StageDone;      // of Next::End
  std::uint64_t epoch_ = 0;
  std::int64_t asked_ = 0;  // rows that the window might have had
  std::string to_tell_;     // of a retry: an event, written with the next batch
  int told_ = 0;            // such events so far
};

}  // namespace backfill::execute
