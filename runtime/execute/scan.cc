// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/scan.h"

#include <fmt/format.h>

#include <cstring>
#include <future>
#include <memory>

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

// One batch as it is read; asked for once, awaited once. Its destructor waits.
class Reading {
 public:
  Reading(database::TableAccess& table, database::Key after, std::int64_t limit, database::RowBatch& into)
      : limit_(limit), done_(std::async(std::launch::async, [&table, &into, limit, key = std::move(after)] {
          return table.read(key, {}, limit, into);
        })) {}
  Result<void> wait() { return done_.get(); }
  [[nodiscard]] std::int64_t limit() const { return limit_; }

 private:
  std::int64_t limit_;
  std::future<Result<void>> done_;
};

}  // namespace

Result<void> scan(const Subject& subject, database::TableAccess& table, RowDecider& decider,
                  const std::function<std::int64_t(std::int64_t)>& limit_of, const Visit& visit) {
  database::RowBatch batches[2];
  Decisions decisions(*subject.backfill);
  auto reading = std::make_unique<Reading>(table, database::Key(), limit_of(0), batches[0]);
  for (int current = 0;; current = 1 - current) {
    database::RowBatch& batch = batches[current];
    BACKFILL_TRY(reading->wait());
    const bool last = batch.rows < reading->limit();
    if (interrupted(subject)) return interruption();
    if (batch.rows == 0) return {};
    BACKFILL_TRY(check_keys(*subject.backfill, batch));
    if (!last) {
      reading = std::make_unique<Reading>(table, batch.key(batch.rows - 1, subject.backfill->key.size()),
                                          limit_of(batch.rows), batches[1 - current]);
    }
    decider.decide(batch, decisions);
    if (!visit(batch, decisions) || last) return {};
  }
}

}  // namespace backfill::execute
