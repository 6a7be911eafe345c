// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/answers.h"

#include <fmt/format.h>

#include <algorithm>

#include "stdlib/bug.h"

namespace backfill::database_sql {

using stdlib::Value;

std::string kept_answer(const lower_sql::Dialect& dialect, const Value& value, const stdlib::Type& type) {
  std::string text = dialect.literal(value, type);
  // SQLite has no JSON of its own: a document is its canonical text there.
  const bool as_text = type.kind == stdlib::Kind::Json && dialect.id() == stdlib::Dialect::Sqlite;
  if (text.empty() && as_text) text = dialect.literal(value, stdlib::text());
  return text;
}

std::string answers_line(const ir::Backfill& backfill, const lower_sql::Dialect& dialect,
                         const database::RowBatch& batch, std::int64_t row,
                         std::span<const std::vector<std::string>> asked) {
  const std::vector<std::size_t> externs = ir::externs_read(backfill);
  std::string line;
  for (std::size_t k = 0; k < externs.size(); ++k) {
    const auto query = static_cast<int>(externs[k]);
    const auto input = static_cast<std::size_t>(
        std::ranges::find(backfill.row.inputs, query, &ir::Input::query) - backfill.row.inputs.begin());
    const stdlib::Type type = backfill.row.inputs[input].type.or_missing();
    const std::string& with = asked[k][static_cast<std::size_t>(row)];
    const Value answer = with.empty() ? Value() : batch.inputs[input].value(row);
    const std::string kept = kept_answer(dialect, answer, type);
    BACKFILL_CHECK(!kept.empty(), "an answer that the database does not keep");
    line +=
        fmt::format("{}{}, {}", k == 0 ? "" : ", ",
                    dialect.literal(with.empty() ? Value() : Value(with), stdlib::text().or_missing()), kept);
  }
  return line;
}

}  // namespace backfill::database_sql
