// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/execute/kept_changes.h"

namespace backfill::execute {

using database_sql::RunRecord;
using stdlib::Value;

namespace {

// A key is bound as the text that was typed: the column's own type decides what that is; a number is bound as
// one.
Value typed_key(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 19 &&
      text.find_first_not_of("0123456789", text[0] == '-' && text.size() > 1 ? 1 : 0) == std::string::npos;
  const bool plain = digits && (text == "0" || (text[0] != '0' && !text.starts_with("-0")));
  return plain ? Value(std::int64_t{std::stoll(text)}) : Value(text);
}

class Collector {
 public:
  Collector(database::Store& store, const HistoryOptions& options, History& history)
      : store_(store), options_(options), history_(history), skip_(options.skip) {
    for (const std::string& text : options.key) key_.push_back(typed_key(text));
  }
  // First what was derived, then what each effect did.
  Result<void> add(const RunRecord& record) {
    BACKFILL_ASSIGN(const KeptChanges corrections, KeptChanges::open(store_, record, std::nullopt));
    if (!key_.empty() && key_.size() != corrections.key_columns())
      return fatal(fmt::format("the key of `{}` has {} columns", record.table, corrections.key_columns()));
    BACKFILL_TRY(add(corrections));
    BACKFILL_ASSIGN(const auto effects, database_sql::effects_of(store_, record.run));
    for (const database_sql::EffectRecord& effect : effects) {
      BACKFILL_ASSIGN(const KeptChanges changes, KeptChanges::open(store_, record, effect));
      BACKFILL_TRY(add(changes));
    }
    return {};
  }

 private:
  Result<void> add(const KeptChanges& changes) {
    if (history_.more || !changes.tells_values()) return {};
    if (skip_ > 0) {
      BACKFILL_ASSIGN(const std::int64_t there, changes.count(key_));
      if (there <= skip_) {
        skip_ -= there;
        return {};
      }
    }
    const auto wanted = options_.limit - static_cast<std::int64_t>(history_.entries.size());
    BACKFILL_ASSIGN(auto entries, changes.read(key_, wanted + 1, std::exchange(skip_, 0)));
    history_.more = static_cast<std::int64_t>(entries.size()) > wanted;
    if (history_.more) entries.pop_back();
    for (HistoryEntry& entry : entries) history_.entries.push_back(std::move(entry));
    return {};
  }

  database::Store& store_;
  const HistoryOptions& options_;
  History& history_;
  std::vector<Value> key_;
  std::int64_t skip_;
};

bool same_but_for_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(
      left, right, [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// As the runs spell it; a name without a schema is one of PostgreSQL's `public`. A table that no run wrote is
// more often a slip than a question.
Result<std::string> written_table(const std::vector<RunRecord>& records, const std::string& wanted) {
  std::set<std::string> tables;
  for (const RunRecord& record : records) tables.insert(record.table);
  for (const std::string& name : {wanted, "public." + wanted}) {
    if (tables.contains(name)) return name;
    for (const std::string& table : tables)
      if (same_but_for_case(table, name)) return table;
  }
  return fatal(fmt::format("no run has written the table `{}`", wanted),
               fmt::format("these were written: {}", fmt::join(tables, ", ")));
}

}  // namespace

Result<History> history(const std::string& url, const HistoryOptions& options) {
  BACKFILL_ASSIGN(auto store, database::open(url, {database::Access::ReadOnly}));
  History history;
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(*store));
  if (!there) return history;
  if (options.run > 0) {
    BACKFILL_ASSIGN(const auto record, database_sql::find_run(*store, options.run));
    if (!record) return fatal(fmt::format("there is no run {}", options.run), "`backfill runs` lists them");
    BACKFILL_TRY(Collector(*store, options, history).add(*record));
    return history;
  }
  BACKFILL_ASSIGN(const std::vector<RunRecord> records, database_sql::all_runs(*store));
  BACKFILL_ASSIGN(const std::string table, written_table(records, options.table));
  Collector collector(*store, options, history);
  for (auto record = records.rbegin(); record != records.rend(); ++record)
    if (record->table == table) BACKFILL_TRY(collector.add(*record));
  return history;
}

}  // namespace backfill::execute
