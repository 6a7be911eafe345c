// SPDX-License-Identifier: Apache-2.0
// The batch protocol: read, decide, write compare-and-set, record, move the checkpoint, all in one
// transaction per batch.
#pragma once

#include <cstdint>
#include <optional>

#include "runtime/execute/batch_size.h"
#include "runtime/execute/prefetch.h"
#include "runtime/execute/session.h"

namespace backfill::execute {

enum class LoopEnd : std::uint8_t { StageDone, Paused, Stopped, Interrupted, Quarantine, NotOurs, Bug };

class BatchLoop {
 public:
  explicit BatchLoop(Session& session);

  // Works through the chunks of a stage that are left. On Bug, the session's report has the message; nothing
  // of that batch is committed.
  Result<LoopEnd> run_stage(const database_sql::StageRecord& stage);

 private:
  // Where the next batch begins.
  struct Position {
    database_sql::ChunkRecord chunk;
    database::Key after, until;
  };
  struct Sorted {
    std::vector<std::int64_t> selected;
    std::vector<database::TableAccess::SetAside> aside;
    database_sql::Counts counts;
    std::int64_t uncertain = 0;
  };

  Result<std::optional<Position>> next_position(std::int64_t after_chunk);
  Result<std::optional<LoopEnd>> step();     // one batch, tried again while the database is busy
  Result<std::optional<LoopEnd>> attempt();  // one transaction
  Result<std::optional<LoopEnd>> in_transaction();
  Result<void> take_batch();  // prefetched, or read now
  bool last_of_chunk() const;
  void start_prefetch(const std::optional<Position>& next);
  Sorted sort_rows() const;
  Result<void> write(Sorted& sorted, std::int64_t number);
  Result<void> record(const Sorted& sorted, std::int64_t number);
  std::optional<LoopEnd> bug(std::string message);
  void count_committed(std::int64_t microseconds);
  [[nodiscard]] bool too_many_quarantined() const;
  void throttle(std::int64_t changed, std::int64_t microseconds);
  void wait(double seconds, const std::string& why);
  void tell(const std::string& throttle);

  Session& session_;
  const ir::Backfill& backfill_;
  database::Store& store_;
  std::vector<stdlib::Type> key_types_;
  BatchSize size_;
  std::unique_ptr<Prefetcher> prefetcher_;  // null: serial
  PreparedBatch current_;
  database_sql::StageRecord stage_;
  Position at_;
  std::optional<Position> next_;
  std::uint64_t epoch_ = 0;
  std::int64_t asked_ = 0;  // rows that the current batch might have had
  Outcomes batch_outcomes_;
  std::int64_t chunks_seen_ = 0;
  double working_seconds_ = 0;
  std::int64_t done_here_ = 0;
  const char* engine_ = "";
};

}  // namespace backfill::execute
