// SPDX-License-Identifier: Apache-2.0
// The tables in which a run has kept what it changed, read by the names of their columns alone: its spec may
// fit the database no more.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/database/sql/effect_record.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/execute/history.h"

namespace backfill::execute {

class KeptChanges {
 public:
  // Of derivations: the corrections. Else of an effect.
  static Result<KeptChanges> open(database::Store& store, const database_sql::RunRecord& record,
                                  std::optional<database_sql::EffectRecord> effect);

  // Of a backfill that derives nothing the corrections say which rows had something written for them, no
  // more.
  [[nodiscard]] bool tells_values() const { return !columns_.empty(); }
  [[nodiscard]] std::size_t key_columns() const { return keys_.size(); }
  // `key`: of the scanned table's row, one value a column; empty: every row.
  Result<std::int64_t> count(const std::vector<stdlib::Value>& key) const;
  Result<std::vector<HistoryEntry>> read(const std::vector<stdlib::Value>& key, std::int64_t limit,
                                         std::int64_t skip) const;

 private:
  struct Column {
    std::string name;           // of the table that was written
    std::string before, after;  // of the kept one; empty: there is none
  };
  KeptChanges(database::Store& store, const database_sql::RunRecord& record,
              std::optional<database_sql::EffectRecord> effect);
  void add_corrections(const std::vector<std::string>& names);
  void add_effect(const std::vector<std::string>& names);
  [[nodiscard]] std::string quoted(std::string_view column) const;
  [[nodiscard]] std::string where(std::size_t key_values) const;
  [[nodiscard]] std::string select() const;
  [[nodiscard]] HistoryEntry entry(const std::vector<stdlib::Value>& row) const;
  void add_changes(HistoryEntry& entry, const std::vector<stdlib::Value>& row, std::size_t at) const;

  database::Store* store_;
  const database_sql::RunRecord* record_;
  std::optional<database_sql::EffectRecord> effect_;
  std::string table_;              // quoted
  std::vector<std::string> keys_;  // key_id, ...
  std::vector<Column> columns_;
};

}  // namespace backfill::execute
