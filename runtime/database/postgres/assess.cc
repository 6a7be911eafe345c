// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/assess.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/indexes.h"
#include "runtime/database/postgres/settings.h"

namespace backfill::database::postgres {

namespace {

using Fact = Assessment::Fact;

// Of the table and, for a partitioned one, of its partitions.
constexpr std::string_view kSizes =
    "SELECT coalesce(sum(greatest(c.reltuples, 0)), 0)::int8, coalesce(sum(c.relpages), 0)::int8, "
    "coalesce(sum(pg_relation_size(c.oid)), 0)::int8, current_setting('block_size')::int8 FROM pg_class AS c "
    "WHERE "
    "c.oid = $1::regclass OR c.oid IN (SELECT relid FROM pg_partition_tree($1::regclass))";
constexpr std::string_view kBlockers =
    "SELECT count(*)::int8, coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0)::int8 FROM "
    "pg_stat_activity WHERE xact_start < clock_timestamp() - interval '60 s' AND pid <> pg_backend_pid() AND "
    "datname "
    "= current_database()";

struct Sizes {
  std::int64_t rows = 0, pages = 0, bytes = 0, block = 8192;
  [[nodiscard]] std::int64_t row_bytes() const { return rows > 0 ? bytes / rows : 100; }
};

std::int64_t number(const std::optional<std::string>& text) {
  std::int64_t value = 0;
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

std::string mebibytes(std::int64_t bytes) {
  return bytes < (1 << 20) ? "less than 1 MiB" : fmt::format("about {} MiB", bytes >> 20);
}

class Assessor {
 public:
  Assessor(const Connection& connection, const ir::Backfill& backfill, std::optional<std::int64_t> candidates)
      : connection_(connection), backfill_(backfill), candidates_(candidates) {}
  Result<Assessment> make();

 private:
  Result<TextRows> ask(std::string_view sql) const;
  Result<void> add_read(const TableSql& sql);
  Result<void> add_sizes();
  Result<void> add_indexes();
  Result<void> add_blockers();
  void add_costs();
  void add_locks();
  void add_triggers();
  void add(std::string name, std::string text, bool warning = false) {
    made_.facts.push_back({std::move(name), std::move(text), warning});
  }

  const Connection& connection_;
  const ir::Backfill& backfill_;
  std::optional<std::int64_t> candidates_;
  Sizes sizes_;
  std::size_t indexes_ = 0;
  bool heap_only_ = true;  // no index has a column that is written
  Assessment made_;
};

Result<TextRows> Assessor::ask(std::string_view sql) const {
  Parameters values;
  values.add_text(qualified(*backfill_.table));
  BACKFILL_ASSIGN(const Answer answer, connection_.send(sql, values, Form::Text));
  return text_rows(answer.get());
}

Result<Assessment> Assessor::make() {
  BACKFILL_ASSIGN(made_.missing, missing_privileges(connection_, backfill_));
  if (!made_.missing.empty()) return std::move(made_);
  BACKFILL_ASSIGN(std::vector<StoredType> types, stored_types(connection_, *backfill_.table));
  BACKFILL_TRY(add_sizes());
  BACKFILL_TRY(add_read(TableSql(backfill_, std::move(types), 0)));
  BACKFILL_TRY(add_indexes());
  add_triggers();
  add_locks();
  add_costs();
  BACKFILL_TRY(add_blockers());
  return std::move(made_);
}

// The planner is asked about a batch of it: whether it goes by the key's index, or sorts the table each time.
Result<void> Assessor::add_read(const TableSql& sql) {
  Parameters values;
  values.add_plain(backfill_.pace.batch_max);
  BACKFILL_ASSIGN(const Answer answer,
                  connection_.send("EXPLAIN (COSTS off) " + sql.read({true, true}), values, Form::Text));
  std::string text;
  bool by_index = false, sorts = false;
  for (const auto& row : text_rows(answer.get()).rows) {
    std::string line = row[0].value_or("");
    by_index = by_index || line.find("Index") != std::string::npos;
    sorts = sorts || line.find("Sort") != std::string::npos;
    line.erase(0, line.find_first_not_of(" ->"));
    text += (text.empty() ? "" : "; ") + line;
  }
  const bool small = sizes_.pages < 100;
  add("read", text + (small ? " (a small table)" : ""), !small && (sorts || !by_index));
  return {};
}

Result<void> Assessor::add_sizes() {
  BACKFILL_ASSIGN(const TextRows found, ask(kSizes));
  const auto& row = found.rows.at(0);
  sizes_ = {number(row[0]), number(row[1]), number(row[2]), number(row[3])};
  add("size", fmt::format("{}, about {} rows by the last ANALYZE", mebibytes(sizes_.bytes), sizes_.rows));
  return {};
}

Result<void> Assessor::add_indexes() {
  BACKFILL_ASSIGN(const Indexes found, indexes_of(connection_, backfill_));
  const std::vector<std::string>& written = found.written;
  indexes_ = found.all;
  heap_only_ = written.empty();
  if (heap_only_)
    add("indexes", fmt::format("{}; none has a written column, so updates can stay on their page", indexes_));
  else
    add("indexes",
        fmt::format("{} of {} have a written column: every update enters all {} anew ({})", written.size(),
                    indexes_, indexes_, fmt::join(written, ", ")),
        true);
  return {};
}

void Assessor::add_triggers() {
  for (const schema::Trigger& trigger : backfill_.table->triggers) {
    if (!trigger.enabled || (!trigger.events.empty() && trigger.events.find("UPDATE") == std::string::npos))
      continue;
    add("trigger",
        fmt::format("{} fires {}{}{}", trigger.name,
                    trigger.timing.empty() ? "on every update" : trigger.timing,
                    trigger.each_row ? ", for every row that is written" : ", once per batch",
                    trigger.function.empty() ? "" : ": " + trigger.function),
        true);
  }
}

void Assessor::add_locks() {
  add("locks",
      fmt::format("ROW EXCLUSIVE on {} (reads and writes go on, ALTER TABLE waits); a written row until its "
                  "batch commits, about {} ms; a row that somebody else holds is waited for at most {} ms, "
                  "then the batch is tried again, smaller",
                  qualified(*backfill_.table), backfill_.pace.aim_us / 1000, kLockMs));
}

// A new version of each row and its correction; once per checkpoint, a whole page of each that is touched.
void Assessor::add_costs() {
  if (!candidates_) return;
  constexpr std::int64_t kRecord = 60, kIndexEntry = 70;
  const std::int64_t entries = heap_only_ && indexes_ > 1 ? 1 : static_cast<std::int64_t>(indexes_) + 1;
  const std::int64_t rows = *candidates_;
  const std::int64_t correction = sizes_.row_bytes() / 2 + kRecord;
  const std::int64_t pages = std::min(sizes_.pages, rows);
  const std::int64_t wal =
      rows * (sizes_.row_bytes() + correction + 2 * kRecord + entries * kIndexEntry) + pages * sizes_.block;
  // Measured on a small server: a row written with its correction takes about 6 microseconds.
  constexpr std::int64_t kRowNs = 6'000;
  const ir::Pace& pace = backfill_.pace;
  const double rate = pace.rows_per_second > 0
                          ? std::min(1e9 / kRowNs, static_cast<double>(pace.rows_per_second))
                          : 1e9 / kRowNs;
  const double resting = static_cast<double>(pace.aim_us + pace.pause_us) / static_cast<double>(pace.aim_us);
  add("time",
      fmt::format("about {:.0f} s for the writes at {:.0f} rows per second, as a guess; `run` shows the rate "
                  "that it has",
                  std::ceil(static_cast<double>(rows) / rate * resting), rate / resting));
  add("WAL", mebibytes(wal) + ", whole pages after one checkpoint included");
  add("growth",
      fmt::format("{} of new row versions until a vacuum, and {} of corrections",
                  mebibytes(rows * sizes_.row_bytes()), mebibytes(rows * (correction + kIndexEntry))));
}

// What an old transaction can still see is not vacuumed: the table grows by every update while it stands.
Result<void> Assessor::add_blockers() {
  BACKFILL_ASSIGN(const TextRows found, connection_.query(kBlockers));
  const std::int64_t old = number(found.rows.at(0)[0]);
  if (old == 0) return {};
  add("old transactions",
      fmt::format(
          "{} open for more than a minute (the oldest for {} s): vacuum cannot clean up behind the run, and "
          "rows that they hold stop it",
          old, number(found.rows[0][1])),
      true);
  return {};
}

}  // namespace

Result<Assessment> assess(const Connection& connection, const ir::Backfill& backfill,
                          std::optional<std::int64_t> candidates) {
  return Assessor(connection, backfill, candidates).make();
}

}  // namespace backfill::database::postgres
