// SPDX-License-Identifier: Apache-2.0
// A read transaction that sees one moment, on one connection or, where the store can, on two at once.
#pragma once

#include <memory>
#include <vector>

#include "runtime/database/store.h"
#include "runtime/execute/sources.h"

namespace backfill::execute {

using Tables = std::vector<std::unique_ptr<database::TableAccess>>;

class Snapshot {
 public:
  // `store` must outlive it. Ends the transactions when it is destroyed.
  static Result<Snapshot> begin(database::Store& store);
  // The same, in which the files that the queries read are temporary tables, as long as it stands. `loaded`
  // says what they hold.
  static Result<Snapshot> begin(database::Store& store, const Subject& subject, Sources& loaded);
  ~Snapshot();
  Snapshot(Snapshot&& other) noexcept = default;
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;
  Snapshot& operator=(Snapshot&&) = delete;

  [[nodiscard]] database::Store& store() const { return *store_; }
  // The table on each connection. `backfill` must outlive them.
  [[nodiscard]] Result<Tables> tables(const ir::Backfill& backfill) const;
  // Those rows of it that others have written since.
  [[nodiscard]] Result<Tables> tables_since(const database::Store::WrittenSince& since,
                                            const ir::Backfill& backfill) const;
  // Likewise, without rows that the run has corrected where the store can leave them out.
  [[nodiscard]] Result<Tables> uncorrected(const ir::Backfill& backfill, std::int64_t run) const;

 private:
  template <typename Open>
  Result<Tables> on_each(const Open& open) const;
  struct Ending {
    void operator()(database::Store* store) const { store->rollback(); }
  };
  Snapshot(database::Store& store, std::unique_ptr<database::Store> twin)
      : twin_(std::move(twin)), store_(&store) {}

  std::unique_ptr<database::Store> twin_;  // may be null
  std::unique_ptr<database::Store, Ending> store_;
};

}  // namespace backfill::execute
