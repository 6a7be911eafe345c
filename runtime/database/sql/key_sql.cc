// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/key_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <vector>

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

std::string KeySql::read_for_verify(const std::string& table, const std::string& corrections,
                                    const std::string& quarantine, Open open,
                                    const std::function<std::string(int column)>& stored) const {
  std::vector<std::string> columns;
  const std::string corrected = fmt::format("({} IS NOT NULL)", column("c", backfill_.key[0], "key_"));
  for (std::size_t i = 0; i < backfill_.row.inputs.size(); ++i) {
    std::string now = stored(backfill_.row.inputs[i].column);
    for (const ir::Output& output : backfill_.row.outputs)
      if (output.input == static_cast<int>(i))
        now = fmt::format("CASE WHEN {} THEN {} ELSE {} END", corrected, column("c", output.column, "prior_"),
                          now);
    columns.push_back(std::move(now));
  }
  for (const ir::Output& output : backfill_.row.outputs) columns.push_back(column("t", output.column));
  const bool deletes = ir::deletes_row(backfill_) != nullptr;
  return fmt::format(
      "SELECT {0}{10}{1}, {2} IS NOT NULL AND NOT {1}, {11} FROM {3} AS t LEFT JOIN {4} AS c ON {5} AND "
      "c.rolled_back = 0 LEFT JOIN {6} AS q ON {7} WHERE {8} ORDER BY {9}",
      fmt::join(columns, ", "), corrected, column("q", backfill_.key[0], "key_"), table, corrections,
      same("c", "t"), quarantine, same("q", "t"), range("t", open), list("t"), columns.empty() ? "" : ", ",
      deletes ? fmt::format("t.{} = 1", lower_sql::kDeleted) : "FALSE");
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
  const auto column = [&](std::size_t i) {
    return static_cast<std::size_t>(outputs ? backfill.row.outputs[i].column : backfill.row.inputs[i].column);
  };
  if (buffers.size() != wanted) {
    buffers.clear();
    for (std::size_t i = 0; i < wanted; ++i) buffers.emplace_back(backfill.table->columns[column(i)].type);
  }
  for (stdlib::ColumnBuffer& buffer : buffers) buffer.reserve(rows);
}

bool may_meet_again(const ir::Backfill& backfill) {
  return backfill.stages.size() > 1 &&
         std::ranges::count(backfill.stages, ir::StageKind::Where, &ir::Stage::kind) > 0;
}

}  // namespace backfill::database_sql
