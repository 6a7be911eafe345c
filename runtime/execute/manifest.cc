// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/manifest.h"

#include <fmt/format.h>

#include <chrono>

#include "runtime/database/sql/statement.h"
#include "runtime/execute/at_moment.h"
#include "runtime/execute/clock.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/membership.h"
#include "runtime/execute/required.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/segments.h"
#include "stdlib/bug.h"

namespace backfill::execute {

using ir::StageKind;

namespace {

// A row that a `sample N rows` stage may take: where it would go else, so that it can be moved once that is
// known.
struct Contender {
  std::uint64_t hash = 0;
  std::vector<std::uint64_t> earlier;  // its hashes for the row-sample stages before this one
  std::size_t chunk = 0;
  int otherwise = kNoStage;
};

class Maker {
 public:
  Maker(const Subject& subject, evaluate::Moment moment)
      : backfill_(ir::classification(*subject.backfill)),
        subject_(subject),
        decider_((subject_.backfill = &backfill_, subject_), moment),
        membership_(backfill_, fractions()) {
    manifest_.stages.resize(backfill_.stages.size());
    for (std::size_t i = 0; i < backfill_.stages.size(); ++i) {
      manifest_.stages[i].name = backfill_.stages[i].name;
      manifest_.stages[i].threshold = fractions()[i];
    }
    for (std::size_t code = 0; code < ir::class_count(backfill_); ++code) {
      const auto number = static_cast<std::int32_t>(code);
      manifest_.classes.push_back({number, ir::class_name(backfill_, number), 0});
    }
    std::size_t capacity = 0;
    for (std::size_t i = 0; i < backfill_.stages.size(); ++i) {
      if (backfill_.stages[i].kind != StageKind::SampleRows) continue;
      capacity += static_cast<std::size_t>(std::max<std::int64_t>(0, backfill_.stages[i].rows));
      samples_.push_back({i, SmallestHeap<Contender>(capacity)});
    }
    ranks_ = std::clamp(std::min(backfill_.pace.batch_max, kGreatestChunk) * kChunkBatches, kChunkRanks,
                        kGreatestChunk);
    manifest_.chunk_rows = ranks_;
  }

  Result<Manifest> make(const Snapshot& snapshot);

 private:
  struct Sample {
    std::size_t stage;
    SmallestHeap<Contender> heap;
  };

  [[nodiscard]] std::vector<Threshold> fractions() const {
    std::vector<Threshold> thresholds;
    for (const ir::Stage& stage : backfill_.stages) {
      thresholds.push_back(stage.kind == StageKind::SamplePercent ? threshold_of_fraction(stage.fraction)
                                                                  : Threshold());
    }
    return thresholds;
  }
  bool visit(database::RowBatch& batch, const Decisions& decisions);
  void count_in_chunk();
  void add_candidate(const database::RowBatch& batch, const Decisions& decisions, std::int64_t row);
  void offer_to_samples(const database::RowBatch& batch, std::int64_t row, int otherwise);
  void resolve_samples();
  void finish_chunks();
  void tell();
  Result<void> check() const;

  const ir::Backfill backfill_;  // classes are counted, nothing is derived
  Subject subject_;              // of that backfill
  RowDecider decider_;
  Membership membership_;
  Manifest manifest_;
  std::vector<Sample> samples_;
  std::int64_t ranks_ = kChunkRanks;
  Stopwatch watch_;
};

Result<Manifest> Maker::make(const Snapshot& snapshot) {
  BACKFILL_TRY(decider_.prepare());
  BACKFILL_ASSIGN(manifest_.horizon, snapshot.store().horizon());
  BACKFILL_ASSIGN(const Tables tables, snapshot.tables(backfill_));
  BACKFILL_ASSIGN(const auto span, tables[0]->key_span());
  if (span) decider_.expect(rows_at_most(*span));
  BACKFILL_ASSIGN(manifest_.rows_counted, count_rows(snapshot.store(), backfill_));
  BACKFILL_TRY(scan(
      subject_, tables, decider_,
      [this](database::RowBatch& batch, const Decisions& decisions) { return visit(batch, decisions); }));
  resolve_samples();
  finish_chunks();
  manifest_.engine = decider_.report();
  manifest_.scan_seconds = watch_.seconds();
  BACKFILL_TRY(check());
  return std::move(manifest_);
}

bool Maker::visit(database::RowBatch& batch, const Decisions& decisions) {
  if (!decisions.difference.empty()) {
    manifest_.difference = decisions.difference;
    return false;
  }
  pass(Point::InManifest);
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    const auto code = static_cast<std::size_t>(decisions.code(row));
    BACKFILL_CHECK(code < manifest_.classes.size(), "a class code that no class has");
    ++manifest_.classes[code].rows;
    count_in_chunk();
    if (code == ir::kCandidate) add_candidate(batch, decisions, row);
    if (row + 1 == batch.rows || manifest_.chunks.back().rows == ranks_)
      manifest_.chunks.back().until = batch.key(row, backfill_.key.size());
  }
  manifest_.rows += batch.rows;
  tell();
  return true;
}

void Maker::count_in_chunk() {
  if (manifest_.chunks.empty() || manifest_.chunks.back().rows == ranks_) {
    Chunk chunk;
    if (!manifest_.chunks.empty()) chunk.after = manifest_.chunks.back().until;
    chunk.candidates.assign(backfill_.stages.size(), 0);
    manifest_.chunks.push_back(std::move(chunk));
  }
  ++manifest_.chunks.back().rows;
}

void Maker::add_candidate(const database::RowBatch& batch, const Decisions& decisions, std::int64_t row) {
  const int stage = membership_.without_row_samples(batch, decisions, row);
  if (stage == kNoStage) {
    ++manifest_.without_stage;
  } else {
    ++manifest_.chunks.back().candidates[static_cast<std::size_t>(stage)];
  }
  if (!samples_.empty()) offer_to_samples(batch, row, stage);
}

void Maker::offer_to_samples(const database::RowBatch& batch, std::int64_t row, int otherwise) {
  const std::size_t keys = backfill_.key.size();
  std::vector<std::uint64_t> earlier;
  for (Sample& sample : samples_) {
    if (otherwise != kNoStage && static_cast<std::size_t>(otherwise) < sample.stage) return;
    const std::uint64_t hash = sample_hash(backfill_.stages[sample.stage].seed, batch, row, keys);
    if (sample.heap.wants(hash)) sample.heap.offer({hash, earlier, manifest_.chunks.size() - 1, otherwise});
    earlier.push_back(hash);
  }
}

// In the order of the stages: each takes the smallest that no earlier one took.
void Maker::resolve_samples() {
  std::vector<Threshold> taken;
  for (Sample& sample : samples_) {
    const auto wanted =
        static_cast<std::size_t>(std::max<std::int64_t>(0, backfill_.stages[sample.stage].rows));
    Threshold threshold;
    std::size_t count = 0;
    for (const Contender& contender : sample.heap.take()) {
      if (count == wanted) break;
      bool gone = false;
      for (std::size_t i = 0; i < taken.size(); ++i) gone = gone || taken[i].takes(contender.earlier[i]);
      if (gone) continue;
      ++count;
      threshold = {contender.hash, false};
      std::vector<std::int64_t>& candidates = manifest_.chunks[contender.chunk].candidates;
      ++candidates[sample.stage];
      if (contender.otherwise == kNoStage) {
        --manifest_.without_stage;
      } else {
        --candidates[static_cast<std::size_t>(contender.otherwise)];
      }
    }
    manifest_.stages[sample.stage].threshold = threshold;
    taken.push_back(threshold);
  }
}

void Maker::finish_chunks() {
  // Rows that are appended after the scan belong to the last chunk.
  if (!manifest_.chunks.empty()) manifest_.chunks.back().until.clear();
  for (const Chunk& chunk : manifest_.chunks) {
    for (std::size_t i = 0; i < manifest_.stages.size(); ++i)
      manifest_.stages[i].candidates += chunk.candidates[i];
  }
}

void Maker::tell() {
  if (subject_.progress == nullptr) return;
  ProgressUpdate update;
  update.phase = Phase::Scan;
  update.done = manifest_.rows;
  update.total = manifest_.rows_counted;
  update.rows_per_second = static_cast<double>(manifest_.rows) / std::max(1e-6, watch_.seconds());
  update.eta_seconds =
      static_cast<double>(update.total - update.done) / std::max(1.0, update.rows_per_second);
  update.engine = decider_.native() ? "native" : "evaluator";
  subject_.progress->update(update);
}

// The conservation identity: every row has exactly one class, every candidate at most one stage.
Result<void> Maker::check() const {
  if (!manifest_.difference.empty()) return {};
  std::int64_t staged = manifest_.without_stage;
  for (const PlannedStage& stage : manifest_.stages) staged += stage.candidates;
  BACKFILL_CHECK(total(manifest_.classes) == manifest_.rows, "the classes do not add up to the rows");
  BACKFILL_CHECK(staged == manifest_.classes[ir::kCandidate].rows,
                 "the stages do not add up to the candidates");
  if (manifest_.rows == manifest_.rows_counted) return {};
  return fatal(fmt::format("the scan of `{}` met {} rows, the database counts {}", backfill_.table->name,
                           manifest_.rows, manifest_.rows_counted),
               "check the table's indexes (SQLite: PRAGMA integrity_check)");
}

}  // namespace

Result<std::int64_t> count_rows(database::Store& store, const ir::Backfill& backfill) {
  return database_sql::number(store, "SELECT count(*) FROM " + store.dialect().table(*backfill.table), 0);
}

Result<Manifest> make_manifest(database::Store& store, const Subject& subject, evaluate::Moment moment) {
  Sources sources;
  BACKFILL_ASSIGN(const Snapshot snapshot, Snapshot::begin(store, subject, sources));
  AtMoment at(subject, moment.now);
  at.read_sources_of(0);
  BACKFILL_ASSIGN(Manifest manifest, Maker(at.subject(), moment).make(snapshot));
  manifest.sources = std::move(sources);
  return manifest;
}

Result<Manifest> survey(const Subject& subject) {
  BACKFILL_ASSIGN(auto store, database::open(subject.url, {database::Access::ReadOnly}));
  BACKFILL_ASSIGN(const std::int64_t now, store->now());
  BACKFILL_ASSIGN(auto done_in, runs_before(*store, *subject.backfill));
  const AtMoment at(subject, now, std::move(done_in));
  return make_manifest(*store, at.subject(), {now});
}

Result<database::Assessment> assess(const Subject& subject, std::optional<std::int64_t> candidates) {
  BACKFILL_ASSIGN(auto store, database::open(subject.url, {database::Access::ReadOnly}));
  BACKFILL_ASSIGN(database::Assessment found, store->assess(*subject.backfill, candidates));
  if (!candidates) return found;
  BACKFILL_ASSIGN(const auto values, unreadable(*store, *subject.backfill));
  if (values) found.facts.push_back({"values", values->message + ": a run would not begin", true});
  return found;
}

}  // namespace backfill::execute
