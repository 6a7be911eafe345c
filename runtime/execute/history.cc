// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/history.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/run_record.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/tables.h"

namespace backfill::execute {

using database_sql::RunRecord;
using stdlib::Value;

namespace {

// A column of a corrections table, by its name alone: history works without the spec.
struct Layout {
  std::vector<std::string> keys;        // "key_id"
  std::vector<std::string> columns;     // "status"
  std::vector<std::string> prior, now;  // "prior_status", "new_status": in the same order
};

Layout layout_of(const std::vector<std::string>& names) {
  Layout layout;
  for (const std::string& name : names) {
    if (name.starts_with("key_")) layout.keys.push_back(name);
    if (name.starts_with("new_")) layout.now.push_back(name);
    if (!name.starts_with("prior_")) continue;
    layout.columns.push_back(name.substr(6));
    layout.prior.push_back(name);
  }
  return layout;
}

std::string select_list(database::Store& store, const Layout& layout) {
  std::string list;
  for (const std::string& key : layout.keys) list += "c." + store.dialect().quote(key) + ", ";
  list += "c.batch, c.rolled_back, b.committed_at, s.name";
  for (std::size_t i = 0; i < layout.prior.size(); ++i) {
    list += fmt::format(", c.{}, c.{}", store.dialect().quote(layout.prior[i]),
                        store.dialect().quote(layout.now[i]));
  }
  return list;
}

HistoryEntry entry_of(const RunRecord& record, const Layout& layout, const std::vector<Value>& row) {
  const std::size_t keys = layout.keys.size();
  HistoryEntry entry;
  entry.run = record.run;
  entry.name = record.name;
  entry.key = stored_key(row, keys);
  entry.batch = database_sql::integer(row[keys]);
  entry.rolled_back = database_sql::integer(row[keys + 1]) != 0;
  entry.at = rfc3339(database_sql::integer(row[keys + 2]));
  entry.stage = database_sql::text(row[keys + 3]);
  for (std::size_t i = 0; i < layout.columns.size(); ++i) {
    entry.changes.push_back(
        {layout.columns[i], stored_literal(row[keys + 4 + 2 * i]), stored_literal(row[keys + 5 + 2 * i])});
  }
  return entry;
}

// A key is bound as the text that was typed: the column's own type decides what that is; a number is bound as
// one.
Value typed_key(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() < 19 &&
      text.find_first_not_of("0123456789", text[0] == '-' && text.size() > 1 ? 1 : 0) == std::string::npos;
  const bool plain = digits && (text == "0" || (text[0] != '0' && !text.starts_with("-0")));
  return plain ? Value(std::int64_t{std::stoll(text)}) : Value(text);
}

Result<void> collect(database::Store& store, const RunRecord& record, const HistoryOptions& options,
                     History& history) {
  const std::string table = store.dialect().quote(lower_sql::corrections_table(record.run));
  BACKFILL_ASSIGN(const database::Rows shape, store.query(fmt::format("SELECT * FROM {} LIMIT 0", table)));
  const Layout layout = layout_of(shape.names);
  if (!options.key.empty() && options.key.size() != layout.keys.size()) {
    return fatal(fmt::format("the key of `{}` has {} columns", record.table, layout.keys.size()));
  }
  std::string where;
  std::vector<Value> values;
  for (std::size_t i = 0; i < options.key.size(); ++i) {
    where += fmt::format("{}c.{} = {}", i == 0 ? " WHERE " : " AND ", store.dialect().quote(layout.keys[i]),
                         store.dialect().placeholder(static_cast<int>(i) + 1));
    values.push_back(typed_key(options.key[i]));
  }
  std::string order;
  for (const std::string& key : layout.keys)
    order += (order.empty() ? "c." : ", c.") + store.dialect().quote(key);
  const std::int64_t wanted = options.limit - static_cast<std::int64_t>(history.entries.size());
  const std::string sql = fmt::format(
      "SELECT {} FROM {} AS c LEFT JOIN backfill_batch AS b ON b.batch = c.batch"
      " LEFT JOIN backfill_stage AS s ON s.run = b.run AND s.stage = b.stage{} ORDER BY {} LIMIT {} OFFSET "
      "{}",
      select_list(store, layout), table, where, order, wanted + 1, options.skip);
  BACKFILL_ASSIGN(const database::Rows rows, store.query(sql, values));
  for (const auto& row : rows.rows) {
    if (static_cast<std::int64_t>(history.entries.size()) == options.limit) {
      history.more = true;
      return {};
    }
    history.entries.push_back(entry_of(record, layout, row));
  }
  return {};
}

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
    BACKFILL_TRY(collect(*store, *record, options, history));
    return history;
  }
  BACKFILL_ASSIGN(const std::vector<RunRecord> records, database_sql::all_runs(*store));
  BACKFILL_ASSIGN(const std::string table, written_table(records, options.table));
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    if (record->table == table) BACKFILL_TRY(collect(*store, *record, options, history));
  }
  return history;
}

}  // namespace backfill::execute
