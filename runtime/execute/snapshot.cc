// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/snapshot.h"

namespace backfill::execute {

Result<Snapshot> Snapshot::begin(database::Store& store) {
  BACKFILL_ASSIGN(auto twin, store.begin_with_twin());
  return Snapshot(store, std::move(twin));
}

Snapshot::~Snapshot() {
  if (twin_) twin_->rollback();
}

Result<Tables> Snapshot::tables(const ir::Backfill& backfill) const {
  Tables tables;
  for (database::Store* const store : {store_.get(), twin_.get()}) {
    if (store == nullptr) continue;
    BACKFILL_ASSIGN(auto table, store->table(backfill, 0));
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace backfill::execute
