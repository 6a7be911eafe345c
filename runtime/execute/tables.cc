// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/tables.h"

#include <fmt/format.h>
#include <algorithm>

#include <chrono>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/sql/effect_record.h"
#include "runtime/database/sql/statement.h"

namespace backfill::execute {

StageReport stage_report(const database_sql::StageRecord& stage) {
  StageReport report;
  report.stage = stage.stage;
  report.name = stage.name;
  report.kind = stage.kind;
  report.state = database_sql::name(stage.state);
  report.expected = stage.candidates;
  report.outcomes = {stage.counts.met,         stage.counts.changed,   stage.counts.unchanged,
                     stage.counts.quarantined, stage.counts.conflicts, 0};
  report.gate = stage.gate;
  report.approved_by = stage.approved_by;
  return report;
}

std::string stored_literal(const stdlib::Value& value) {
  const auto& v = value.variant();
  if (const auto* flag = std::get_if<bool>(&v)) return *flag ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&v)) return std::to_string(*number);
  if (const auto* real = std::get_if<double>(&v)) return fmt::format("{}", *real);
  if (const auto* string = std::get_if<std::string>(&v)) return stdlib::literal(*string, stdlib::text());
  if (value.missing()) return "missing";
  return stdlib::display(value, stdlib::decimal(38, std::get<stdlib::Decimal>(v).scale));
}

std::string stored_key(const std::vector<stdlib::Value>& row, std::size_t key_columns) {
  if (key_columns == 1) return stored_literal(row[0]);
  std::string out = "(";
  for (std::size_t i = 0; i < key_columns; ++i) {
    if (i > 0) out += ", ";
    out += stored_literal(row[i]);
  }
  return out + ")";
}

std::string rfc3339(std::int64_t microseconds) {
  if (microseconds == 0) return {};
  using namespace std::chrono;
  const sys_seconds time{floor<seconds>(std::chrono::microseconds(microseconds))};
  const sys_days day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

namespace {

std::size_t count_keys(const std::vector<std::string>& names) {
  return static_cast<std::size_t>(std::count_if(
      names.begin(), names.end(), [](const std::string& name) { return name.starts_with("key_"); }));
}

std::size_t position(const std::vector<std::string>& names, std::string_view name) {
  return static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin());
}

}  // namespace

Result<std::vector<SetAside>> set_aside_rows(database::Store& store, std::size_t key_columns,
                                             std::int64_t run, std::size_t limit) {
  const std::string table = store.dialect().quote(lower_sql::quarantine_table(run));
  BACKFILL_ASSIGN(const database::Rows rows,
                  database_sql::query(store, fmt::format("SELECT * FROM {} LIMIT {}", table, limit)));
  const std::size_t keys = key_columns > 0 ? key_columns : count_keys(rows.names);
  const std::size_t outcome = position(rows.names, "outcome");
  const std::size_t error = position(rows.names, "error");
  const std::size_t message = position(rows.names, "message");
  std::vector<SetAside> aside;
  for (const auto& row : rows.rows) {
    aside.push_back({stored_key(row, keys), database_sql::text(row[outcome]), database_sql::text(row[error]),
                     database_sql::text(row[message])});
  }
  return aside;
}

Result<std::vector<EffectWritten>> effects_written(database::Store& store, std::int64_t run) {
  std::vector<EffectWritten> written;
  BACKFILL_ASSIGN(const auto effects, database_sql::effects_of(store, run));
  for (const database_sql::EffectRecord& effect : effects) {
    BACKFILL_ASSIGN(const std::int64_t rows, database_sql::count_written(store, run, effect));
    written.push_back({effect.name, effect.kind, effect.table, rows});
  }
  return written;
}

Result<std::int64_t> count_uncertain(database::Store& store, std::int64_t run) {
  const std::string table = store.dialect().quote(lower_sql::quarantine_table(run));
  return database_sql::number(store,
                              fmt::format("SELECT count(*) FROM {} WHERE outcome = 'uncertain'", table), 0);
}

}  // namespace backfill::execute
