// SPDX-License-Identifier: Apache-2.0
// What was changed: prior value, new value, when, by which run. Needs no compiled spec.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/source/result.h"
#include "runtime/execute/report.h"

namespace backfill::execute {

struct HistoryEntry {
  std::int64_t run = 0;
  std::string name;  // of the backfill
  std::string key;   // of the row of the scanned table for which it was done
  // Of a row that an effect has written: which effect, the row's table and key. Empty: the row itself.
  std::string effect, table, row_key;
  std::string stage;
  std::int64_t batch = 0;
  std::string at;  // RFC 3339, UTC; when the batch was committed
  bool rolled_back = false;
  std::vector<Change> changes;  // of a whole row that came or went: one without a column
};

struct History {
  std::vector<HistoryEntry> entries;
  bool more = false;  // `limit` cut it
};

struct HistoryOptions {
  std::int64_t run = 0;  // 0: by table and key
  std::string table;
  std::vector<std::string> key;  // one text per key column, as a person types them: 42, ann
  std::int64_t limit = 100;
  std::int64_t skip = 0;
};

Result<History> history(const std::string& url, const HistoryOptions& options);

}  // namespace backfill::execute
