// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/late.h"

#include <fmt/format.h>

#include "runtime/database/sql/key_text.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/transaction.h"

namespace backfill::execute {

namespace {

class Finder {
 public:
  Finder(Session& session, RowDecider& decider)
      : session_(session),
        decider_(decider),
        types_(database_sql::key_types(session.backfill)),
        decisions_(session.backfill) {}

  Result<void> find();
  [[nodiscard]] Late& late() { return late_; }

 private:
  [[nodiscard]] bool is_late(std::int64_t row, bool failed) const;
  void visit(database::Key& before);
  void tell(std::int64_t rows) const;

  Session& session_;
  RowDecider& decider_;
  std::vector<stdlib::Type> types_;
  Decisions decisions_;
  database::VerifyBatch batch_;
  Late late_;
};

Result<void> Finder::find() {
  late_ = {};
  BACKFILL_ASSIGN(auto table, session_.store.table(session_.backfill, session_.run()));
  database::Key after;
  std::int64_t rows = 0;
  do {
    late_.interrupted = interrupted(session_.subject);
    if (late_.interrupted) return {};
    BACKFILL_TRY(table->read_for_verify(after, {}, kScanRows, batch_));
    decider_.decide(batch_.prior, decisions_);
    late_.difference = decisions_.difference;
    if (!late_.difference.empty()) return {};
    visit(after);
    rows += batch_.prior.rows;
    tell(rows);
  } while (batch_.prior.rows == kScanRows);
  return {};
}

bool Finder::is_late(std::int64_t row, bool failed) const {
  const auto at = static_cast<std::size_t>(row);
  return decisions_.code(row) == ir::kCandidate && batch_.corrected[at] == 0 && batch_.set_aside[at] == 0 &&
         (failed || decisions_.is_changed(row)) &&
         session_.membership->stage_of(batch_.prior, decisions_, row) != kNoStage;
}

// One chunk per batch that has such rows, from the row before the first to the last: `before` is the last row
// of the batch before, and becomes that of this one.
void Finder::visit(database::Key& before) {
  const database::RowBatch& rows = batch_.prior;
  Late::Chunk chunk;
  std::int64_t first = -1, last = -1;
  auto failure = decisions_.failures.begin();
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    const bool failed = failure != decisions_.failures.end() && failure->row == row;
    if (failed) ++failure;
    if (!is_late(row, failed)) continue;
    if (first < 0) first = row;
    last = row;
    ++chunk.candidates;
    if (late_.samples.size() < session_.options.max_samples)
      late_.samples.push_back(describe_key(rows.key(row, types_.size()), types_));
  }
  if (first >= 0) {
    chunk.after = first == 0 ? before : rows.key(first - 1, types_.size());
    chunk.until = rows.key(last, types_.size());
    chunk.rows = last - first + 1;
    late_.candidates += chunk.candidates;
    late_.chunks.push_back(std::move(chunk));
  }
  if (rows.rows > 0) before = rows.key(rows.rows - 1, types_.size());
}

void Finder::tell(std::int64_t rows) const {
  if (session_.subject.progress == nullptr) return;
  ProgressUpdate update;
  update.phase = Phase::Scan;
  update.run = session_.run();
  update.stage = "for late rows";
  update.done = rows;
  update.total = session_.record.rows;
  update.engine = decider_.native() ? "native" : "evaluator";
  session_.subject.progress->update(update);
}

}  // namespace

Result<Late> find_late(Session& session, RowDecider& decider) {
  session.prepare();
  Finder finder(session, decider);
  BACKFILL_TRY(read_transaction(session.store, [&] { return finder.find(); }));
  return std::move(finder.late());
}

Result<database_sql::StageRecord> insert_catch_up(Session& session, const Late& late) {
  database_sql::StageRecord stage;
  stage.stage = static_cast<std::int64_t>(session.stages.size()) + 1;
  stage.kind = database_sql::kCatchUp;
  const auto earlier = stage.stage - static_cast<std::int64_t>(session.backfill.stages.size());
  stage.name = earlier == 1 ? std::string(database_sql::kCatchUp)
                            : fmt::format("{} {}", database_sql::kCatchUp, earlier);
  stage.candidates = late.candidates;
  BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(session.store, session.run()));
  if (stages.size() >= static_cast<std::size_t>(stage.stage)) return stages.back();
  BACKFILL_TRY(database_sql::insert_stage(session.store, session.run(), stage));
  const auto types = database_sql::key_types(session.backfill);
  std::int64_t number = 0;
  for (const Late::Chunk& chunk : late.chunks) {
    database_sql::ChunkRecord record;
    record.chunk = ++number;
    record.low = database_sql::key_text(chunk.after, types);
    record.high = database_sql::key_text(chunk.until, types);
    record.rows = chunk.rows;
    record.candidates = chunk.candidates;
    BACKFILL_TRY(database_sql::insert_chunk(session.store, session.run(), stage.stage, record));
  }
  return stage;
}

}  // namespace backfill::execute
