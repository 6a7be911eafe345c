// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/scan.h"

#include <cstring>

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

Result<void> scan(const Subject& subject, database::TableAccess& table, RowDecider& decider,
                  const std::function<std::int64_t()>& limit_of, const Visit& visit) {
  const std::size_t key_columns = subject.backfill->key.size();
  database::RowBatch batch;
  Decisions decisions(*subject.backfill);
  database::Key after;
  while (true) {
    if (interrupted(subject)) return interruption();
    const std::int64_t limit = limit_of();
    BACKFILL_TRY(table.read(after, {}, limit, batch));
    if (batch.rows == 0) return {};
    BACKFILL_TRY(check_keys(*subject.backfill, batch));
    after = batch.key(batch.rows - 1, key_columns);
    decider.decide(batch, decisions);
    if (!visit(batch, decisions)) return {};
    if (batch.rows < limit) return {};
  }
}

}  // namespace backfill::execute
