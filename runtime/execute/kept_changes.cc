// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/kept_changes.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/tables.h"

namespace backfill::execute {

using database_sql::EffectRecord;
using database_sql::RunRecord;
using stdlib::Value;

namespace {

constexpr std::int64_t kUpdated = 2;  // `found` of a row that a conflict has updated

std::optional<std::string> behind(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  return std::string(name.substr(prefix.size()));
}

// The name under which the same column stands with another prefix of the same length; empty: none does, or
// nobody knows which. Names that are too long for the database end in a hash of the whole.
std::string with_prefix(const std::vector<std::string>& names, std::string_view prefix,
                        std::string_view name) {
  constexpr std::size_t kHash = 17;
  const std::string wanted = std::string(prefix) + std::string(name.substr(prefix.size()));
  if (std::ranges::find(names, wanted) != names.end()) return wanted;
  if (name.size() < 63) return {};
  const std::string_view head = std::string_view(wanted).substr(0, wanted.size() - kHash);
  std::vector<std::string> like;
  for (const std::string& one : names)
    if (one.size() == wanted.size() && one.starts_with(head)) like.push_back(one);
  return like.size() == 1 ? like[0] : std::string();
}

}  // namespace

KeptChanges::KeptChanges(database::Store& store, const RunRecord& record, std::optional<EffectRecord> effect)
    : store_(&store), record_(&record), effect_(std::move(effect)) {
  table_ = store.dialect().quote(effect_ ? lower_sql::effect_table(record.run, effect_->effect)
                                         : lower_sql::corrections_table(record.run));
}

Result<KeptChanges> KeptChanges::open(database::Store& store, const RunRecord& record,
                                      std::optional<EffectRecord> effect) {
  KeptChanges kept(store, record, std::move(effect));
  BACKFILL_ASSIGN(const database::Rows shape,
                  store.query(fmt::format("SELECT * FROM {} LIMIT 0", kept.table_)));
  for (const std::string& name : shape.names)
    if (name.starts_with("key_")) kept.keys_.push_back(name);
  kept.effect_ ? kept.add_effect(shape.names) : kept.add_corrections(shape.names);
  return kept;
}

void KeptChanges::add_corrections(const std::vector<std::string>& names) {
  std::vector<std::string> now;
  for (const std::string& name : names)
    if (name.starts_with("new_")) now.push_back(name);
  for (const std::string& name : names)
    if (const auto column = behind(name, "prior_"))
      columns_.push_back({*column, name, now.at(columns_.size())});
}

void KeptChanges::add_effect(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto column = behind(name, "row_");
    if (!column) continue;
    const std::string now = with_prefix(names, "new_", name);
    if (effect_->kind == "insert")
      columns_.push_back({*column, with_prefix(names, "was_", name), name});
    else if (effect_->kind == "delete")
      columns_.push_back({*column, name, ""});
    else if (!now.empty())
      columns_.push_back({*column, name, now});
  }
}

std::string KeptChanges::quoted(std::string_view column) const {
  return column.empty() ? "NULL" : "c." + store_->dialect().quote(column);
}

std::string KeptChanges::where(std::size_t key_values) const {
  std::string text = effect_ ? fmt::format("c.{}", database_sql::kIsWritten) : "1 = 1";
  for (std::size_t i = 0; i < key_values; ++i)
    text +=
        fmt::format(" AND {} = {}", quoted(keys_[i]), store_->dialect().placeholder(static_cast<int>(i) + 1));
  return text;
}

Result<std::int64_t> KeptChanges::count(const std::vector<Value>& key) const {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      store_->query(fmt::format("SELECT count(*) FROM {} AS c WHERE {}", table_, where(key.size())), key));
  return database_sql::integer(rows.rows.at(0).at(0));
}

// Key, batch, rolled_back, committed_at, stage; of an effect `found` and the key of the row that it wrote; a
// before and an after for each column.
std::string KeptChanges::select() const {
  std::string list;
  for (const std::string& key : keys_) list += quoted(key) + ", ";
  list += "c.batch, c.rolled_back, b.committed_at, s.name";
  if (effect_) {
    list += ", c.found";
    for (const std::string& key : effect_->key) list += ", " + quoted("row_" + key);
  }
  for (const Column& column : columns_)
    list += fmt::format(", {}, {}", quoted(column.before), quoted(column.after));
  return list;
}

Result<std::vector<HistoryEntry>> KeptChanges::read(const std::vector<Value>& key, std::int64_t limit,
                                                    std::int64_t skip) const {
  std::string order;
  for (const std::string& name : keys_) order += (order.empty() ? "" : ", ") + quoted(name);
  if (effect_)
    for (const std::string& name : effect_->key) order += ", " + quoted("row_" + name);
  BACKFILL_ASSIGN(
      const database::Rows rows,
      store_->query(fmt::format("SELECT {} FROM {} AS c LEFT JOIN backfill_batch AS b ON b.batch = c.batch"
                                " LEFT JOIN backfill_stage AS s ON s.run = b.run AND s.stage = b.stage"
                                " WHERE {} ORDER BY {} LIMIT {} OFFSET {}",
                                select(), table_, where(key.size()), order, limit, skip),
                    key));
  std::vector<HistoryEntry> entries;
  for (const auto& row : rows.rows) entries.push_back(entry(row));
  return entries;
}

HistoryEntry KeptChanges::entry(const std::vector<Value>& row) const {
  std::size_t at = keys_.size();
  HistoryEntry entry;
  entry.run = record_->run;
  entry.name = record_->name;
  entry.key = stored_key(row, keys_.size());
  entry.batch = database_sql::integer(row[at++]);
  entry.rolled_back = database_sql::integer(row[at++]) != 0;
  entry.at = rfc3339(database_sql::integer(row[at++]));
  entry.stage = database_sql::text(row[at++]);
  if (effect_) {
    entry.effect = effect_->name;
    entry.table = effect_->table;
    const auto from = row.begin() + static_cast<std::ptrdiff_t>(at) + 1;
    const std::vector<Value> key(from, from + static_cast<std::ptrdiff_t>(effect_->key.size()));
    if (!key.empty()) entry.row_key = stored_key(key, key.size());
  }
  add_changes(entry, row, at);
  return entry;
}

void KeptChanges::add_changes(HistoryEntry& entry, const std::vector<Value>& row, std::size_t at) const {
  const bool whole = effect_ && (effect_->kind == "delete" ||
                                 (effect_->kind == "insert" && database_sql::integer(row[at]) != kUpdated));
  if (effect_) at += 1 + effect_->key.size();
  std::string all;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const std::string before = stored_literal(row[at + 2 * i]), after = stored_literal(row[at + 2 * i + 1]);
    if (whole)
      all += fmt::format("{}{}: {}", all.empty() ? "" : ", ", columns_[i].name,
                         columns_[i].after.empty() ? before : after);
    else if (!effect_ || before != after)
      entry.changes.push_back({columns_[i].name, before, after});
  }
  if (!whole) return;
  const bool deleted = effect_->kind == "delete";
  entry.changes.push_back({"", deleted ? all : "not there", deleted ? "deleted" : all});
}

}  // namespace backfill::execute
