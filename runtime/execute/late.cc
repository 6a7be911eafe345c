// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/late.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <thread>
#include <unordered_set>

#include "runtime/database/sql/checkpoint.h"
#include "runtime/database/sql/key_text.h"
#include "runtime/execute/retry.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/snapshot.h"

namespace backfill::execute {

namespace {

// The run's decider asks programs again once this is over.
class AsksNobody {
 public:
  explicit AsksNobody(RowDecider& decider) : decider_(decider), source_(decider.answer_by(nullptr)) {}
  ~AsksNobody() { decider_.answer_by(source_); }
  AsksNobody(const AsksNobody&) = delete;
  AsksNobody& operator=(const AsksNobody&) = delete;

 private:
  RowDecider& decider_;
  AnswerSource* source_;
};

class Finder {
 public:
  Finder(Session& session, RowDecider& decider)
      : session_(session),
        decider_(decider),
        types_(database_sql::key_types(session.backfill)),
        decisions_(session.backfill),
        unanswered_(session.backfill) {}

  Result<void> find();
  [[nodiscard]] Late& late() { return late_; }

 private:
  template <typename Wants>
  Result<std::vector<Segment>> ranges_with(const Snapshot& snapshot, const Subject& subject,
                                           RowDecider& decider, const Wants& wants);
  [[nodiscard]] Result<void> index_corrections() const;
  Result<std::string> horizon();
  Result<Tables> where_to_look(const Snapshot& snapshot, const ir::Backfill& backfill);
  Result<std::vector<database::Key>> borders();
  Result<std::vector<Segment>> suspects(const Snapshot& snapshot);
  [[nodiscard]] bool is_open(const database::RowBatch& rows, const Decisions& decisions,
                             std::int64_t row) const;
  Result<std::vector<Segment>> candidates(const Snapshot& snapshot);
  Result<bool> is_suspect(database::TableAccess& table, const Segment& range);
  [[nodiscard]] bool is_due(const database::RowBatch& rows, const Decisions& decisions, std::int64_t row,
                            bool failed) const;
  template <typename Visit>
  void each_due(const database::RowBatch& rows, const Decisions& decisions, const Visit& visit) const;
  [[nodiscard]] bool any_due(const database::RowBatch& rows, const Decisions& decisions) const;
  Result<void> look_into(database::TableAccess& table, const Segment& range);
  Result<void> look_for_undecided(database::TableAccess& table, database::TableAccess& fresh,
                                  const Segment& range);
  void add_chunk(const database::Key& before);
  void tell(std::int64_t rows) const;

  Session& session_;
  RowDecider& decider_;
  std::vector<stdlib::Type> types_;
  Decisions decisions_;
  Unanswered unanswered_;
  database::VerifyBatch batch_;
  std::optional<database::Store::WrittenSince> since_;
  Late late_;
};

// On a connection of its own: beside the first look, where the store lets others write.
Result<void> Finder::index_corrections() const {
  BACKFILL_ASSIGN(const auto store, database::open(session_.subject.url, {database::Access::ReadWrite}));
  return store->index_corrections(session_.backfill, session_.run());
}

// First the table alone, as fast as it can be read: after a run few rows look as if something were to be
// done. Only where some do, the run's corrections and quarantine are asked about them.
Result<void> Finder::find() {
  late_ = {};
  std::future<Result<void>> indexed;
  if (session_.store.guards_rows())
    indexed = std::async(std::launch::async, [this] { return index_corrections(); });
  else
    BACKFILL_TRY(session_.store.index_corrections(session_.backfill, session_.run()));
  BACKFILL_ASSIGN(const std::string from, horizon());
  BACKFILL_ASSIGN(const Snapshot snapshot, Snapshot::begin(session_.store));
  BACKFILL_ASSIGN(since_, snapshot.store().written_since(from, session_.backfill, session_.run()));
  if (indexed.valid()) BACKFILL_TRY(indexed.get());
  if (since_ && !since_->any) return {};
  // Rows that need answers look as if something were to be done: for which there are some is seen below.
  const bool asks = !ir::externs_read(session_.backfill).empty();
  decider_.answer_by(asks ? &unanswered_ : nullptr);
  const bool leaves_scope = session_.backfill.row.guard != nullptr;
  BACKFILL_ASSIGN(const std::vector<Segment> ranges,
                  leaves_scope ? candidates(snapshot) : suspects(snapshot));
  if (ranges.empty() || !late_.difference.empty()) return {};
  BACKFILL_ASSIGN(auto table, session_.store.table(session_.backfill, session_.run()));
  decider_.answer_by(nullptr);
  for (const Segment& range : ranges) BACKFILL_TRY(look_into(*table, range));
  const auto frozen = [](const ir::Query& query) { return query.frozen; };
  if (std::ranges::none_of(session_.backfill.row.queries, frozen)) return {};
  decider_.answer_by(asks ? &unanswered_ : nullptr);
  BACKFILL_ASSIGN(auto fresh, session_.store.uncorrected(session_.backfill, session_.run()));
  for (const Segment& range : ranges) BACKFILL_TRY(look_for_undecided(*table, *fresh, range));
  return {};
}

// A row that nobody else has written since the manifest is what it was then: only where other rows have a say
// may it have become due. (Those that were changed have corrections; who was found unchanged may be due now.)
Result<std::string> Finder::horizon() {
  const ir::Backfill& backfill = session_.backfill;
  const auto asks = [](const ir::Backfill& of) {
    const std::vector<bool> read = ir::queries_read(of);
    for (std::size_t i = 0; i < read.size(); ++i)
      if (read[i] && !of.row.queries[i].frozen) return true;
    return false;
  };
  if (asks(backfill)) {
    BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(session_.store, session_.run()));
    const auto kept_some = [](const database_sql::StageRecord& stage) { return stage.counts.unchanged > 0; };
    if (asks(ir::classification(backfill)) || std::ranges::any_of(stages, kept_some)) return std::string();
  }
  return database_sql::horizon_of(session_.store, session_.run());
}

Result<Tables> Finder::where_to_look(const Snapshot& snapshot, const ir::Backfill& backfill) {
  return since_ ? snapshot.tables_since(*since_, backfill) : snapshot.uncorrected(backfill, session_.run());
}

// Each chunk's rows that may be late, by the columns that `backfill` needs: ranges with rows for which
// `wants` says so.
template <typename Wants>
Result<std::vector<Segment>> Finder::ranges_with(const Snapshot& snapshot, const Subject& subject,
                                                 RowDecider& decider, const Wants& wants) {
  BACKFILL_ASSIGN(const Tables tables, where_to_look(snapshot, *subject.backfill));
  BACKFILL_ASSIGN(std::vector<database::Key> ends, borders());
  std::vector<Segment> ranges;
  std::int64_t rows = 0;
  BACKFILL_TRY(scan(subject, tables, Segments(std::move(ends)), decider,
                    [&](database::RowBatch& batch, const Decisions& decisions, const Segment& range) {
                      late_.difference = decisions.difference;
                      if (!late_.difference.empty()) return false;
                      if (wants(batch, decisions))
                        ranges.push_back({range.after, batch.key(batch.rows - 1, types_.size())});
                      tell(rows += batch.rows);
                      return true;
                    }));
  return ranges;
}

Result<std::vector<database::Key>> Finder::borders() {
  std::vector<database::Key> borders;
  const auto stages = static_cast<std::int64_t>(session_.backfill.stages.size());
  BACKFILL_ASSIGN(const auto texts, database_sql::borders_of(session_.store, session_.run(), stages));
  for (const std::string& text : texts) {
    auto key = database_sql::parse_key(text, types_);
    if (!key) return fatal(fmt::format("run {} has a chunk whose end is no key", session_.run()));
    borders.push_back(*std::move(key));
  }
  return borders;
}

// Under intent fill a row that was written is no candidate any more: the columns that classes depend on say
// where to look, and are read faster than all.
Result<std::vector<Segment>> Finder::candidates(const Snapshot& snapshot) {
  const ir::Backfill classes = ir::classification(session_.backfill);
  Subject subject = session_.subject;
  subject.backfill = &classes;
  RowDecider decider(subject, evaluate::Moment{session_.record.now});
  BACKFILL_TRY(decider.prepare());
  const auto any = [](const database::RowBatch& batch, const Decisions& decisions) {
    for (std::int64_t row = 0; row < batch.rows; ++row)
      if (decisions.code(row) == ir::kCandidate) return true;
    return false;
  };
  BACKFILL_ASSIGN(const std::vector<Segment> ranges, ranges_with(snapshot, subject, decider, any));
  if (ranges.empty()) return ranges;
  BACKFILL_ASSIGN(auto table, session_.store.uncorrected(session_.backfill, session_.run()));
  std::vector<Segment> suspects;
  for (const Segment& range : ranges) {
    if (interrupted(session_.subject)) return interruption();
    BACKFILL_ASSIGN(const bool suspect, is_suspect(*table, range));
    if (suspect) suspects.push_back(range);
    if (!late_.difference.empty()) break;
  }
  return suspects;
}

Result<bool> Finder::is_suspect(database::TableAccess& table, const Segment& range) {
  BACKFILL_TRY(table.read(range.after, range.until, kScanRows, batch_.prior));
  BACKFILL_TRY(decider_.decide(batch_.prior, decisions_));
  late_.difference = decisions_.difference;
  return !late_.difference.empty() || any_due(batch_.prior, decisions_);
}

Result<std::vector<Segment>> Finder::suspects(const Snapshot& snapshot) {
  return ranges_with(snapshot, session_.subject, decider_,
                     [this](const database::RowBatch& batch, const Decisions& decisions) {
                       return any_due(batch, decisions);
                     });
}

// Something is left to do for the row. Where an insert finds that a row is there already nothing is, and only
// the database can say so: that is not told here.
bool Finder::is_open(const database::RowBatch& rows, const Decisions& decisions, std::int64_t row) const {
  const ir::Backfill& backfill = session_.backfill;
  if (backfill.effects.empty() || !decisions.is_changed(row)) return decisions.is_changed(row);
  for (std::size_t i = 0; i < backfill.row.outputs.size(); ++i) {
    const auto input = static_cast<std::size_t>(backfill.row.outputs[i].input);
    if (decisions.outputs[i].value(row) != rows.inputs[input].value(row)) return true;
  }
  return std::ranges::any_of(backfill.effects, [&](const ir::Effect& effect) {
    return decisions.applies(effect, row) && effect.on_conflict == ir::OnConflict::Quarantine &&
           effect.where == nullptr && effect.after.empty();
  });
}

bool Finder::is_due(const database::RowBatch& rows, const Decisions& decisions, std::int64_t row,
                    bool failed) const {
  return decisions.code(row) == ir::kCandidate && (failed || is_open(rows, decisions, row)) &&
         session_.membership->stage_of(rows, decisions, row) != kNoStage;
}

template <typename Visit>
void Finder::each_due(const database::RowBatch& rows, const Decisions& decisions, const Visit& visit) const {
  auto failure = decisions.failures.begin();
  for (std::int64_t row = 0; row < rows.rows; ++row) {
    const bool failed = failure != decisions.failures.end() && failure->row == row;
    if (failed) ++failure;
    if (is_due(rows, decisions, row, failed)) visit(row);
  }
}

bool Finder::any_due(const database::RowBatch& rows, const Decisions& decisions) const {
  bool any = false;
  each_due(rows, decisions, [&](std::int64_t) { any = true; });
  return any;
}

Result<void> Finder::look_into(database::TableAccess& table, const Segment& range) {
  database::Key after = range.after;
  do {
    if (interrupted(session_.subject)) return interruption();
    BACKFILL_TRY(table.read_for_verify(after, range.until, kScanRows, batch_));
    mark_unanswered(session_.backfill, batch_);
    BACKFILL_TRY(decider_.decide(batch_.prior, decisions_));
    add_chunk(after);
    if (batch_.prior.rows > 0) after = batch_.prior.key(batch_.prior.rows - 1, types_.size());
  } while (batch_.prior.rows == kScanRows);
  return {};
}

// Rows for which nothing is frozen are not the run's: they are late if what is found for them now leaves
// something to do.
Result<void> Finder::look_for_undecided(database::TableAccess& table, database::TableAccess& fresh,
                                        const Segment& range) {
  std::unordered_set<std::string> decided;
  database::Key after = range.after;
  do {
    if (interrupted(session_.subject)) return interruption();
    BACKFILL_TRY(table.read_for_verify(after, range.until, kScanRows, batch_));
    const database::RowBatch& rows = batch_.prior;
    for (std::int64_t row = 0; row < rows.rows; ++row)
      decided.insert(database_sql::key_text(rows.key(row, types_.size()), types_));
    if (rows.rows > 0) after = rows.key(rows.rows - 1, types_.size());
  } while (batch_.prior.rows == kScanRows);
  BACKFILL_TRY(fresh.read(range.after, range.until, kScanRows, batch_.prior));
  BACKFILL_TRY(decider_.decide(batch_.prior, decisions_));
  const auto rows = static_cast<std::size_t>(batch_.prior.rows);
  batch_.corrected.assign(rows, 0);
  batch_.set_aside.resize(rows);
  for (std::size_t row = 0; row < rows; ++row)
    batch_.set_aside[row] = decided.contains(
        database_sql::key_text(batch_.prior.key(static_cast<std::int64_t>(row), types_.size()), types_));
  add_chunk(range.after);
  return {};
}

// From the row before the first late one to the last; `before` is the key of the row before the batch.
void Finder::add_chunk(const database::Key& before) {
  const database::RowBatch& rows = batch_.prior;
  Late::Chunk chunk;
  std::int64_t first = -1, last = -1;
  each_due(rows, decisions_, [&](std::int64_t row) {
    const auto at = static_cast<std::size_t>(row);
    if (batch_.corrected[at] != 0 || batch_.set_aside[at] != 0) return;
    if (first < 0) first = row;
    last = row;
    ++chunk.candidates;
    if (late_.samples.size() < session_.options.max_samples)
      late_.samples.push_back(describe_key(rows.key(row, types_.size()), types_));
  });
  if (first < 0) return;
  chunk.after = first == 0 ? before : rows.key(first - 1, types_.size());
  chunk.until = rows.key(last, types_.size());
  chunk.rows = last - first + 1;
  late_.candidates += chunk.candidates;
  late_.chunks.push_back(std::move(chunk));
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
  const AsksNobody asks_nobody(decider);
  Retry retry(kPatience);
  while (true) {
    const auto found = finder.find();
    if (found) return std::move(finder.late());
    if (interrupted(session.subject)) {
      Late late;
      late.interrupted = true;
      return late;
    }
    if (found.failure().recovery == Recovery::Fatal || !retry.again()) return found.failure();
    std::this_thread::sleep_for(std::chrono::duration<double>(retry.wait()));
  }
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
