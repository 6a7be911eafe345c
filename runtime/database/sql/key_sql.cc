// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/key_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

#include "compiler/lower/sql/others.h"
#include "compiler/lower/sql/statements.h"

namespace backfill::database_sql {

std::string KeySql::name(int column, std::string_view prefix) const {
  return dialect_.quote(std::string(prefix) +
                        backfill_.table->columns[static_cast<std::size_t>(column)].name);
}

std::string KeySql::column(std::string_view alias, int column, std::string_view prefix) const {
  return fmt::format("{}.{}", alias, name(column, prefix));
}

std::string KeySql::list(std::string_view alias, std::string_view prefix) const {
  std::vector<std::string> parts;
  for (const int key : backfill_.key) parts.push_back(column(alias, key, prefix));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string KeySql::row_value(std::string_view alias, std::string_view prefix) const {
  return size() == 1 ? list(alias, prefix) : "(" + list(alias, prefix) + ")";
}

std::string KeySql::placeholders(int from) const {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < size(); ++i) parts.push_back(dialect_.placeholder(from + static_cast<int>(i)));
  return size() == 1 ? parts[0] : fmt::format("({})", fmt::join(parts, ", "));
}

std::string KeySql::range(std::string_view alias, Open open, std::string_view prefix) const {
  std::vector<std::string> parts;
  const std::string key = row_value(alias, prefix);
  if (!open.after) parts.push_back(fmt::format("{} > {}", key, placeholders(1)));
  if (!open.until)
    parts.push_back(
        fmt::format("{} <= {}", key, placeholders(open.after ? 1 : static_cast<int>(size()) + 1)));
  return parts.empty() ? "TRUE" : fmt::format("{}", fmt::join(parts, " AND "));
}

int KeySql::behind(Open open) const {
  const int keys = (open.after ? 0 : 1) + (open.until ? 0 : 1);
  return keys * static_cast<int>(size()) + 1;
}

std::string KeySql::same(std::string_view corrections, std::string_view table) const {
  std::vector<std::string> parts;
  for (const int key : backfill_.key)
    parts.push_back(fmt::format("{} = {}", column(corrections, key, "key_"), column(table, key)));
  return fmt::format("{}", fmt::join(parts, " AND "));
}

std::string KeySql::freeze(const std::string& frozen, const std::string& table) const {
  const auto is_frozen = [](const ir::Query& query) { return query.frozen; };
  if (std::ranges::none_of(backfill_.row.queries, is_frozen)) return {};
  const lower_sql::Joins found = joins("t");
  std::vector<std::string> columns, keys;
  for (const int key : backfill_.key) {
    columns.push_back(fmt::format("{} AS {}", column("t", key), name(key, "key_")));
    keys.push_back(name(key, "key_"));
  }
  for (std::size_t i = 0; i < backfill_.row.inputs.size(); ++i) {
    const ir::Input& input = backfill_.row.inputs[i];
    if (input.query < 0 || !is_frozen(backfill_.row.queries[static_cast<std::size_t>(input.query)])) continue;
    const std::string& value = found.value(static_cast<int>(i));
    columns.push_back(fmt::format("{} AS f{}_{}", value.empty() ? "NULL" : value, input.query, input.value));
  }
  // Where an index is named with its schema the table is not, and the other way round.
  const std::string bare = frozen.substr(frozen.find('.') + 1);
  const bool sqlite = dialect_.id() == stdlib::Dialect::Sqlite;
  std::string index = (sqlite ? frozen : bare);
  index.insert(index.size() - 1, "_key");
  std::string by_survivor;
  for (std::size_t k = 0; k < backfill_.row.queries.size(); ++k) {
    if (backfill_.row.queries[k].kind != ir::QueryKind::Group) continue;
    std::vector<std::string> survivor;
    for (std::size_t i = 0; i < size(); ++i)
      survivor.push_back(fmt::format("f{}_{}", k, lower_sql::kSurvivor + i));
    std::string name = sqlite ? frozen : bare;
    name.insert(name.size() - 1, "_group");
    by_survivor +=
        fmt::format("CREATE INDEX {} ON {} ({});\n", name, sqlite ? bare : frozen, fmt::join(survivor, ", "));
  }
  return fmt::format("CREATE TABLE {} AS SELECT {} FROM {} AS t{};\nCREATE UNIQUE INDEX {} ON {} ({});\n{}",
                     frozen, fmt::join(columns, ", "), table, found.from(), index, sqlite ? bare : frozen,
                     fmt::join(keys, ", "), by_survivor);
}

lower_sql::Joins KeySql::joins(std::string_view alias, std::string_view frozen) const {
  return {backfill_,
          dialect_,
          std::nullopt,
          [this, alias = std::string(alias)](int of) { return column(alias, of); },
          ir::queries_read(backfill_),
          frozen,
          effect_};
}

std::string KeySql::read_for_verify(
    const std::string& table, const std::string& corrections, const std::string& quarantine, Open open,
    const std::function<std::string(int input, const std::string& sql)>& shown, std::string_view frozen,
    std::string_view answers) const {
  std::vector<std::string> columns;
  const std::string corrected = fmt::format("({} IS NOT NULL)", column("c", backfill_.key[0], "key_"));
  const auto prior = [&](int of) {
    const std::string now = column("t", of);
    if (std::ranges::find(backfill_.row.outputs, of, &ir::Output::column) == backfill_.row.outputs.end())
      return now;
    return fmt::format("CASE WHEN {} THEN {} ELSE {} END", corrected, column("c", of, "prior_"), now);
  };
  const lower_sql::Joins joins(backfill_, dialect_, std::nullopt, prior, ir::queries_read(backfill_), frozen,
                               effect_, answers);
  for (std::size_t i = 0; i < backfill_.row.inputs.size(); ++i) {
    const std::string& value = joins.value(static_cast<int>(i));
    columns.push_back(value.empty() ? "NULL" : shown(static_cast<int>(i), value));
  }
  for (const ir::Output& output : backfill_.row.outputs) columns.push_back(column("t", output.column));
  const bool deletes = ir::deletes_row(backfill_) != nullptr;
  return fmt::format(
      "SELECT {0}{10}{1}, {2} IS NOT NULL AND NOT {1}, {11}, {14} FROM {3} AS t LEFT JOIN {4} AS c ON {5} "
      "AND "
      "c.rolled_back = 0 LEFT JOIN {6} AS q ON {7}{12} WHERE {8}{13} ORDER BY {9}",
      fmt::join(columns, ", "), corrected, column("q", backfill_.key[0], "key_"), table, corrections,
      same("c", "t"), quarantine, same("q", "t"), range("t", open), list("t"), columns.empty() ? "" : ", ",
      deletes ? fmt::format("t.{} = 1", lower_sql::kDeleted) : "FALSE", joins.from(), joins.decided(),
      joins.answered().empty() ? "FALSE" : joins.answered());
}

Result<void> check_queries(const ir::Backfill& backfill, const lower_sql::Dialect& dialect) {
  const KeySql key(backfill, dialect);
  const lower_sql::Joins joins = key.joins("t");
  if (joins.reason().empty()) return {};
  return fatal("a query over other rows cannot be computed by the database: " + joins.reason(),
               "compute it outside of the query, or look the column up and compute with that");
}

std::optional<std::string> absent(const ir::Backfill& backfill, int input, const stdlib::ColumnBuffer& buffer,
                                  std::int64_t row) {
  const ir::Input& of = backfill.row.inputs[static_cast<std::size_t>(input)];
  if (of.query < 0 || of.type.optional || buffer.valid(row)) return std::nullopt;
  return ir::why_absent(backfill, input);
}

bool has_unique_key(const schema::Table& table, const std::vector<int>& columns) {
  const auto named = [&](int column) {
    return std::find(columns.begin(), columns.end(), column) != columns.end();
  };
  return std::any_of(table.keys.begin(), table.keys.end(), [&](const schema::Key& key) {
    return !key.partial && !key.columns.empty() && std::all_of(key.columns.begin(), key.columns.end(), named);
  });
}

void make_room(const ir::Backfill& backfill, std::vector<stdlib::ColumnBuffer>& buffers, std::int64_t rows,
               bool outputs) {
  const std::size_t wanted = outputs ? backfill.row.outputs.size() : backfill.row.inputs.size();
  const auto type = [&](std::size_t i) {
    if (!outputs) return backfill.row.inputs[i].type;
    return backfill.table->columns[static_cast<std::size_t>(backfill.row.outputs[i].column)].type;
  };
  if (buffers.size() != wanted) {
    buffers.clear();
    for (std::size_t i = 0; i < wanted; ++i) buffers.emplace_back(type(i));
  }
  for (stdlib::ColumnBuffer& buffer : buffers) buffer.reserve(rows);
}

bool may_meet_again(const ir::Backfill& backfill) {
  return backfill.stages.size() > 1 &&
         std::ranges::count(backfill.stages, ir::StageKind::Where, &ir::Stage::kind) > 0;
}

}  // namespace backfill::database_sql
