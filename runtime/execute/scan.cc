// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/scan.h"

#include <fmt/format.h>

#include <cstring>
#include <deque>
#include <memory>

#include "runtime/execute/reader.h"

namespace backfill::execute {

Result<void> check_keys(const ir::Backfill& backfill, const database::RowBatch& batch) {
  for (std::size_t i = 0; i < backfill.key.size(); ++i) {
    const auto rows = static_cast<std::size_t>(batch.rows);
    if (rows == 0 || std::memchr(batch.inputs[i].column().valid, 0, rows) == nullptr) continue;
    return fatal(fmt::format("a row of `{}` has a key column `{}` that is missing or not of its type",
                             backfill.table->name,
                             backfill.table->columns[static_cast<std::size_t>(backfill.key[i])].name),
                 "give the row a key of the column's type; rows without one cannot be told apart");
  }
  return {};
}

bool interrupted(const Subject& subject) {
  return subject.interrupt != nullptr && subject.interrupt->load(std::memory_order_relaxed);
}

Failure interruption() {
  return {Recovery::Retry, "interrupted", "run it again"};
}

namespace {

// Readings in key order: the front is the next to visit. Where a segment holds more rows than a batch, its
// rest is read before what lies behind it is visited.
class Ahead {
 public:
  Ahead(const Tables& tables, Segments segments) : segments_(std::move(segments)) {
    for (const auto& table : tables) readers_.push_back(std::make_unique<Reader>(*table));
    for (std::size_t i = 0; i < kReadings * tables.size(); ++i) {
      readings_.push_back(std::make_unique<Reading>());
      free_.push_back(readings_.back().get());
    }
  }

  // Null: all is read. The batch stays until `release`.
  Result<Reading*> next(std::size_t keys) {
    fill();
    if (pending_.empty()) return nullptr;
    const Pending front = pending_.front();
    pending_.pop_front();
    BACKFILL_TRY(front.reader->wait(*front.reading));
    const database::RowBatch& batch = front.reading->batch;
    segments_.observe(batch.rows);
    if (batch.rows == front.reading->limit)
      start({batch.key(batch.rows - 1, keys), front.reading->range.until}, *front.reader, true);
    fill();
    return front.reading;
  }
  void release(Reading* reading) { free_.push_back(reading); }

 private:
  struct Pending {
    Reading* reading;
    Reader* reader;
  };
  // One is visited, one is kept for the rest of a segment, one is read.
  static constexpr std::size_t kReadings = 3;

  void fill() {
    while (free_.size() > kReadings - 1) {
      auto segment = segments_.next();
      if (!segment) return;
      start(*std::move(segment), *readers_[turn_++ % readers_.size()], false);
    }
  }
  void start(Segment segment, Reader& reader, bool first) {
    Reading* const reading = free_.back();
    free_.pop_back();
    reading->range = std::move(segment);
    reading->limit = kScanRows;
    pending_.insert(first ? pending_.begin() : pending_.end(), {reading, &reader});
    reader.start(*reading);
  }

  Segments segments_;
  std::vector<std::unique_ptr<Reading>> readings_;  // outlive the readers
  std::vector<Reading*> free_;
  std::deque<Pending> pending_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::size_t turn_ = 0;
};

// Dividing pays where there is more than one connection.
Result<Segments> segments_of(const Tables& tables) {
  std::optional<database::KeySpan> span;
  if (tables.size() > 1) {
    BACKFILL_ASSIGN(span, tables[0]->key_span());
  }
  return Segments(span, kScanRows);
}

}  // namespace

Result<void> scan(const Subject& subject, const Tables& tables, RowDecider& decider, const Visit& visit) {
  BACKFILL_ASSIGN(Segments segments, segments_of(tables));
  return scan(subject, tables, std::move(segments), decider,
              [&](database::RowBatch& batch, const Decisions& decisions, const Segment&) {
                return visit(batch, decisions);
              });
}

Result<void> scan(const Subject& subject, const Tables& tables, Segments segments, RowDecider& decider,
                  const VisitSegment& visit) {
  Decisions decisions(*subject.backfill);
  Ahead ahead(tables, std::move(segments));
  while (true) {
    BACKFILL_ASSIGN(Reading* const reading, ahead.next(subject.backfill->key.size()));
    if (reading == nullptr) return {};
    if (interrupted(subject)) return interruption();
    if (reading->batch.rows > 0) {
      BACKFILL_TRY(check_keys(*subject.backfill, reading->batch));
      BACKFILL_TRY(decider.decide(reading->batch, decisions));
      if (!visit(reading->batch, decisions, reading->range)) return {};
    }
    ahead.release(reading);
  }
}

}  // namespace backfill::execute
