// SPDX-License-Identifier: Apache-2.0
// Verification by the database itself, with the SQL that was generated from the same program.
#include <fmt/format.h>

#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/sample.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/tables.h"
#include "runtime/execute/verify_job.h"

namespace backfill::execute {

using stdlib::Value;
using RawKey = std::vector<Value>;

namespace {

constexpr std::int64_t kPage = 20'000;        // keys of corrections per query
constexpr std::int64_t kRangeRows = 100'000;  // rows per range of a full verification, about

// One mismatching row: key columns, class, corrected, then per output stored and expected.
Result<void> keep_mismatch(VerifyJob& job, const std::vector<Value>& row) {
  if (interrupted(job.subject)) return interruption();
  const std::size_t keys = job.backfill.key.size();
  const auto code = static_cast<std::int32_t>(database_sql::integer(row[keys]));
  const bool corrected = database_sql::integer(row[keys + 1]) != 0;
  const RawKey key(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(keys));
  const std::size_t presence = keys + 2 + 2 * job.backfill.row.outputs.size();
  if (ir::deletes_row(job.backfill) != nullptr &&
      (row[presence] != row[presence + 1] || job.backfill.row.outputs.empty())) {
    if (job.report.samples.size() >= job.options.max_samples) return {};
    const bool deleted = database_sql::integer(row[presence]) != 0;
    const bool due = database_sql::integer(row[presence + 1]) != 0;
    job.report.samples.push_back({stored_key(row, keys), "(row)", deleted ? "deleted" : "there",
                                  due ? "deleted" : "there", ir::class_name(job.backfill, code), corrected,
                                  cause_of_presence(corrected, deleted, code)});
    return {};
  }
  bool any = false;
  for (std::size_t i = 0; i < job.backfill.row.outputs.size(); ++i) {
    if (job.report.samples.size() >= job.options.max_samples) return {};
    const Value& stored = row[keys + 2 + 2 * i];
    const Value& expected = row[keys + 3 + 2 * i];
    const bool last_chance = !any && i + 1 == job.backfill.row.outputs.size();
    if (stored == expected && !last_chance) continue;
    any = true;
    const int column = job.backfill.row.outputs[i].column;
    BACKFILL_ASSIGN(const Cause cause, cause_of(job, key, static_cast<int>(i), corrected, code));
    job.report.samples.push_back({stored_key(row, keys),
                                  job.backfill.table->columns[static_cast<std::size_t>(column)].name,
                                  stored_literal(stored), stored_literal(expected),
                                  ir::class_name(job.backfill, code), corrected, cause});
  }
  return {};
}

// The corrections that stand, page by page, in key order.
Result<void> each_corrected(VerifyJob& job, const std::function<void(const RawKey&)>& visit) {
  const std::string table = job.store.dialect().quote(lower_sql::corrections_table(job.record.run));
  const std::string keys = job.key_list("c", "key_");
  RawKey after;
  while (true) {
    const std::string behind = after.empty() ? "" : fmt::format(" AND ({}) > {}", keys, job.placeholders(1));
    const std::string sql =
        fmt::format("SELECT {} FROM {} AS c WHERE c.rolled_back = 0{}{} ORDER BY {} LIMIT {}", keys, table,
                    job.batch_condition("c"), behind, keys, kPage);
    BACKFILL_ASSIGN(const database::Rows rows, job.store.query(sql, after));
    for (const RawKey& key : rows.rows) visit(key);
    if (static_cast<std::int64_t>(rows.rows.size()) < kPage) return {};
    after = rows.rows.back();
    if (interrupted(job.subject)) return interruption();
  }
}

struct Chosen {
  std::uint64_t hash = 0;
  RawKey key;
};

Result<std::vector<Chosen>> choose(VerifyJob& job, const VerifyExtentOf& extent) {
  // Another seed than the stages': a canary's rows were low by theirs.
  constexpr std::uint64_t seed = 0x7665726966790000ULL;
  std::int64_t wanted = extent.rows;
  if (extent.fraction > 0) {
    wanted = std::max<std::int64_t>(
        1, static_cast<std::int64_t>(extent.fraction * static_cast<double>(job.corrected)));
  }
  SmallestHeap<Chosen> heap(static_cast<std::size_t>(std::max<std::int64_t>(1, wanted)));
  BACKFILL_TRY(each_corrected(job, [&](const RawKey& key) {
    const std::uint64_t hash = sample_hash(seed, key);
    if (heap.wants(hash)) heap.offer({hash, key});
  }));
  return heap.take();
}

Result<VerifyStepReport> verify_sample(VerifyJob& job, const VerifyExtentOf& extent) {
  VerifyStepReport step;
  BACKFILL_ASSIGN(const std::vector<Chosen> chosen, choose(job, extent));
  const std::string sql =
      lower_sql::verify(job.backfill, job.store.dialect(), job.record.run, job.moment(), {false, false}).one;
  std::int64_t done = 0;
  for (const Chosen& one : chosen) {
    if (++done % 1000 == 0) job.tell(extent.label, done, static_cast<std::int64_t>(chosen.size()));
    if (interrupted(job.subject)) return interruption();
    BACKFILL_ASSIGN(const database::Rows rows, job.store.query(sql, one.key));
    if (rows.rows.empty()) continue;  // deleted since
    const std::vector<Value>& row = rows.rows[0];
    ++step.compared;
    ++step.corrected;
    if (database_sql::integer(row.back()) == 0) continue;
    ++step.mismatches;
    BACKFILL_TRY(keep_mismatch(job, row));
  }
  return step;
}

// Only what the run wrote: later stages are not due yet.
Result<VerifyStepReport> verify_corrected(VerifyJob& job) {
  VerifyStepReport step;
  const lower_sql::Dialect& dialect = job.store.dialect();
  const std::string corrections = dialect.quote(lower_sql::corrections_table(job.record.run));
  const std::string compared =
      fmt::format("SELECT count(*) FROM {} AS c JOIN {} AS t ON {} WHERE c.rolled_back = 0{}", corrections,
                  job.rows_of_run(), job.same_key("c", "key_", "t", ""), job.batch_condition("c"));
  BACKFILL_ASSIGN(step.compared, database_sql::number(job.store, compared, 0));
  step.corrected = step.compared;
  const std::string mismatches =
      lower_sql::verify(job.backfill, dialect, job.record.run, job.moment(), {false, false}).mismatches;
  const std::string ours =
      fmt::format("FROM (\n{}\n) AS m JOIN {} AS c ON {} AND c.rolled_back = 0{} WHERE m.corrected = 1",
                  mismatches, corrections, job.same_key("m", "key_", "c", "key_"), job.batch_condition("c"));
  BACKFILL_ASSIGN(const database::Rows count, job.store.query("SELECT count(*) " + ours));
  step.mismatches = database_sql::integer(count.rows[0][0]);
  if (step.mismatches == 0) return step;
  BACKFILL_ASSIGN(const database::Rows rows,
                  job.store.query(fmt::format("SELECT m.* {} LIMIT {}", ours, job.options.max_samples)));
  for (const auto& row : rows.rows) BACKFILL_TRY(keep_mismatch(job, row));
  return step;
}

// Bounds of ranges of about kRangeRows rows, from the chunks of the manifest; the last one is open.
Result<std::vector<database::Key>> bounds(VerifyJob& job) {
  std::vector<database::Key> out;
  if (!job.plain_keys()) return out;
  BACKFILL_ASSIGN(const database::Rows rows,
                  database_sql::query(
                      job.store,
                      "SELECT chunk, max(high), max(rows) FROM backfill_chunk WHERE run = ? AND high <> ''"
                      " GROUP BY chunk ORDER BY chunk",
                      {job.record.run}));
  const auto types = database_sql::key_types(job.backfill);
  std::int64_t collected = 0;
  for (const auto& row : rows.rows) {
    collected += database_sql::integer(row[2]);
    if (collected < kRangeRows) continue;
    collected = 0;
    auto key = database_sql::parse_key(database_sql::text(row[1]), types);
    if (key) out.push_back(*std::move(key));
  }
  return out;
}

Result<VerifyStepReport> verify_all(VerifyJob& job, const VerifyExtentOf& extent) {
  VerifyStepReport step;
  BACKFILL_ASSIGN(std::vector<database::Key> ends, bounds(job));
  ends.emplace_back();
  database::Key after;
  for (const database::Key& until : ends) {
    if (interrupted(job.subject)) return interruption();
    const lower_sql::VerifySql sql = lower_sql::verify(job.backfill, job.store.dialect(), job.record.run,
                                                       job.moment(), {!after.empty(), !until.empty()});
    std::vector<Value> values = after;
    values.insert(values.end(), until.begin(), until.end());
    BACKFILL_ASSIGN(const database::Rows count, job.store.query(sql.count, values));
    step.compared += database_sql::integer(count.rows[0][0]);
    const std::int64_t mismatches = database_sql::integer(count.rows[0][1]);
    step.mismatches += mismatches;
    step.corrected += database_sql::integer(count.rows[0][2]);
    if (mismatches > 0 && job.report.samples.size() < job.options.max_samples) {
      // The generated statement ends in its ORDER BY, so that a LIMIT may follow.
      BACKFILL_ASSIGN(
          const database::Rows rows,
          job.store.query(fmt::format("{}\nLIMIT {}", sql.mismatches, job.options.max_samples), values));
      for (const auto& row : rows.rows) BACKFILL_TRY(keep_mismatch(job, row));
    }
    job.tell(extent.label, step.compared, job.record.candidates);
    after = until;
  }
  return step;
}

}  // namespace

Result<VerifyStepReport> verify_by_sql(VerifyJob& job, const VerifyExtentOf& extent) {
  if (!extent.all) return verify_sample(job, extent);
  return job.only_corrected ? verify_corrected(job) : verify_all(job, extent);
}

}  // namespace backfill::execute
