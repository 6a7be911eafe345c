// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/snapshot.h"

namespace backfill::execute {

Result<Snapshot> Snapshot::begin(database::Store& store) {
  BACKFILL_ASSIGN(auto twin, store.begin_with_twin());
  return Snapshot(store, std::move(twin));
}

// What is temporary is of one connection: it reads alone.
Result<Snapshot> Snapshot::begin(database::Store& store, const Subject& subject, Sources& loaded) {
  if (ir::sources_read(*subject.backfill).empty()) return begin(store);
  BACKFILL_TRY(store.begin_loading());
  Snapshot snapshot(store, nullptr);
  BACKFILL_ASSIGN(loaded, load_sources(store, subject, 0));
  BACKFILL_TRY(store.end_loading());
  return snapshot;
}

template <typename Open>
Result<Tables> Snapshot::on_each(const Open& open) const {
  Tables tables;
  for (database::Store* const store : {store_.get(), twin_.get()}) {
    if (store == nullptr) continue;
    BACKFILL_ASSIGN(auto table, open(*store));
    tables.push_back(std::move(table));
  }
  return tables;
}

Snapshot::~Snapshot() {
  if (twin_) twin_->rollback();
}

Result<Tables> Snapshot::tables(const ir::Backfill& backfill) const {
  return on_each([&](database::Store& store) { return store.table(backfill, 0); });
}

Result<Tables> Snapshot::tables_since(const database::Store::WrittenSince& since,
                                      const ir::Backfill& backfill) const {
  return on_each([&](database::Store& store) { return store.table_since(since, backfill); });
}

Result<Tables> Snapshot::uncorrected(const ir::Backfill& backfill, std::int64_t run) const {
  return on_each([&](database::Store& store) { return store.uncorrected(backfill, run); });
}

}  // namespace backfill::execute
