// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/inserted_rows.h"

#include <algorithm>

#include "compiler/evaluate/elements.h"
#include "stdlib/bug.h"
#include "stdlib/json.h"

namespace backfill::database_sql {

namespace {

constexpr std::size_t kRowsOfAStatement = 20'000;

}  // namespace

InsertedRows::InsertedRows(const ir::Backfill& backfill, const ir::Effect& effect,
                           std::span<const stdlib::ColumnBuffer> values, std::span<const std::int64_t> rows)
    : values_(values) {
  if (effect.each < 0) {
    source_.assign(rows.begin(), rows.end());
    element_.assign(rows.size(), 0);
    taken_ = rows.size();
    return;
  }
  for (const std::int64_t row : rows) {
    const stdlib::Value list = values[static_cast<std::size_t>(effect.each)].value(row);
    const std::size_t count = list.missing() ? 0 : stdlib::json::count(list.text());
    if (taken_ > 0 && source_.size() + count > kRowsOfAStatement) break;
    ++taken_;
    for (std::size_t i = 0; i < count; ++i) {
      source_.push_back(row);
      element_.push_back(static_cast<std::int64_t>(i));
    }
  }
  for (const auto* columns : {&effect.columns, &effect.update})
    for (const ir::EffectColumn& one : *columns)
      if (one.of_element && std::ranges::find(lists_, one.value) == lists_.end())
        spread(backfill, one, effect.table->columns[static_cast<std::size_t>(one.column)]);
}

void InsertedRows::spread(const ir::Backfill& backfill, const ir::EffectColumn& column,
                          const schema::Column& to) {
  const auto value = static_cast<std::size_t>(column.value);
  const evaluate::Elements elements(backfill.row.values[value]->type);
  stdlib::ColumnBuffer& all = spread_.emplace_back(to.type);
  lists_.push_back(column.value);
  all.reserve(static_cast<std::int64_t>(source_.size()));
  for (std::size_t i = 0; i < source_.size();) {
    const std::vector<stdlib::Value> some = elements.of(values_[value].value(source_[i]));
    BACKFILL_CHECK(!some.empty(), "lists of one row that are not as long as each other");
    for (const stdlib::Value& one : some) all.set(static_cast<std::int64_t>(i++), one, arena_);
  }
}

const stdlib::ColumnBuffer& InsertedRows::buffer(const ir::EffectColumn& column) const {
  if (!column.of_element) return values_[static_cast<std::size_t>(column.value)];
  const auto at = std::ranges::find(lists_, column.value);
  return spread_[static_cast<std::size_t>(at - lists_.begin())];
}

}  // namespace backfill::database_sql
