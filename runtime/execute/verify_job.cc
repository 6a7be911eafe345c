// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/verify_job.h"

#include <fmt/format.h>
#include <algorithm>

namespace backfill::execute {

std::string VerifyJob::batch_condition(std::string_view alias) const {
  if (batches.last == 0) return {};
  return fmt::format(" AND {}.batch BETWEEN {} AND {}", alias, batches.first, batches.last);
}

std::string VerifyJob::quoted(int column, std::string_view prefix) const {
  return store.dialect().quote(std::string(prefix) +
                               backfill.table->columns[static_cast<std::size_t>(column)].name);
}

std::string VerifyJob::key_list(std::string_view alias, std::string_view prefix) const {
  std::string list;
  for (const int column : backfill.key) {
    if (!list.empty()) list += ", ";
    list += fmt::format("{}.{}", alias, quoted(column, prefix));
  }
  return list;
}

std::string VerifyJob::same_key(std::string_view left, std::string_view left_prefix, std::string_view right,
                                std::string_view right_prefix) const {
  std::string all;
  for (const int column : backfill.key) {
    if (!all.empty()) all += " AND ";
    all +=
        fmt::format("{}.{} = {}.{}", left, quoted(column, left_prefix), right, quoted(column, right_prefix));
  }
  return all;
}

std::string VerifyJob::rows_of_run() const {
  const lower_sql::Dialect& dialect = store.dialect();
  return lower_sql::rows_of_run(backfill, dialect, dialect.table(*backfill.table), [&](std::size_t effect) {
    return dialect.quote(lower_sql::effect_table(record.run, effect));
  });
}

std::string VerifyJob::placeholders(int from) const {
  std::string list;
  for (std::size_t i = 0; i < backfill.key.size(); ++i) {
    if (i > 0) list += ", ";
    list += store.dialect().placeholder(from + static_cast<int>(i));
  }
  return "(" + list + ")";
}

bool VerifyJob::plain_keys() const {
  return std::all_of(backfill.key.begin(), backfill.key.end(), [this](int column) {
    const stdlib::Kind kind = backfill.table->columns[static_cast<std::size_t>(column)].type.kind;
    return stdlib::is_integer(kind) || kind == stdlib::Kind::Text;
  });
}

void VerifyJob::tell(std::string_view step, std::int64_t done, std::int64_t total) const {
  if (subject.progress == nullptr) return;
  ProgressUpdate update;
  update.phase = Phase::Verify;
  update.run = record.run;
  update.stage = step;
  update.done = done;
  update.total = total;
  update.engine = report.by_sql ? "sql" : "evaluator";
  subject.progress->update(update);
}

}  // namespace backfill::execute
