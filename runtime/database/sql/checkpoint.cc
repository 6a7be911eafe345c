// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/checkpoint.h"

#include <fmt/format.h>

#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

using stdlib::Value;

namespace {

Result<void> done(const Result<std::int64_t>& result) {
  if (!result) return result.failure();
  return {};
}

// An UPDATE by primary key that finds no row means that somebody has tampered with the bookkeeping.
Result<void> one_row(const Result<std::int64_t>& result, std::string_view what) {
  if (!result) return result.failure();
  if (*result != 1) return fatal(fmt::format("{} has vanished from the bookkeeping", what));
  return {};
}

Counts counts_of(const std::vector<Value>& row, std::size_t at) {
  return {integer(row[at]), integer(row[at + 1]), integer(row[at + 2]), integer(row[at + 3]),
          integer(row[at + 4])};
}

}  // namespace

Counts& Counts::operator+=(const Counts& other) {
  met += other.met;
  changed += other.changed;
  unchanged += other.unchanged;
  quarantined += other.quarantined;
  conflicts += other.conflicts;
  return *this;
}

Result<void> insert_stage(database::Store& store, std::int64_t run, const StageRecord& stage) {
  return done(execute(
      store,
      "INSERT INTO backfill_stage (run, stage, name, kind, threshold, state, gate, approval, candidates,"
      " met, changed, unchanged, quarantined, conflicts)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0)",
      {run, stage.stage, stage.name, stage.kind, or_null(stage.threshold), std::string(name(stage.state)),
       or_null(stage.gate), or_null(stage.approval), stage.candidates}));
}

Result<void> insert_chunk(database::Store& store, std::int64_t run, std::int64_t stage,
                          const ChunkRecord& chunk) {
  return done(
      execute(store,
              "INSERT INTO backfill_chunk (run, stage, chunk, low, high, rows, candidates, watermark, state,"
              " read, met, changed, unchanged, quarantined, conflicts)"
              " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, 0, 0, 0, 0, 0)",
              {run, stage, chunk.chunk, chunk.low, chunk.high, chunk.rows, chunk.candidates, chunk.low}));
}

Result<std::vector<StageRecord>> stages_of(database::Store& store, std::int64_t run) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store,
            "SELECT stage, name, kind, threshold, state, gate, approval, candidates, met, changed,"
            " unchanged, quarantined, conflicts, approved_by, approved_plan, approved_at, verified_at,"
            " compared, mismatches FROM backfill_stage WHERE run = ? ORDER BY stage",
            {run}));
  std::vector<StageRecord> stages;
  for (const auto& row : rows.rows) {
    StageRecord stage;
    stage.stage = integer(row[0]);
    stage.name = text(row[1]);
    stage.kind = text(row[2]);
    stage.threshold = text(row[3]);
    stage.state = stage_state(text(row[4]));
    stage.gate = text(row[5]);
    stage.approval = text(row[6]);
    stage.candidates = integer(row[7]);
    stage.counts = counts_of(row, 8);
    stage.approved_by = text(row[13]);
    stage.approved_plan = text(row[14]);
    stage.approved_at = integer(row[15]);
    stage.verified_at = integer(row[16]);
    stage.compared = integer(row[17]);
    stage.mismatches = integer(row[18]);
    stages.push_back(std::move(stage));
  }
  return stages;
}

namespace {

std::optional<ChunkRecord> chunk_of(const database::Rows& rows) {
  if (rows.rows.empty()) return std::nullopt;
  const auto& row = rows.rows[0];
  ChunkRecord chunk;
  chunk.chunk = integer(row[0]);
  chunk.low = text(row[1]);
  chunk.high = text(row[2]);
  chunk.rows = integer(row[3]);
  chunk.candidates = integer(row[4]);
  chunk.watermark = text(row[5]);
  chunk.read = integer(row[6]);
  chunk.counts = counts_of(row, 7);
  chunk.done = text(row[12]) == "done";
  chunk.window_end = text(row[13]);
  chunk.pass = text(row[14]);
  return chunk;
}

constexpr std::string_view kChunk =
    "SELECT chunk, low, high, rows, candidates, watermark, read, met, changed, unchanged, quarantined,"
    " conflicts, state, window_end, pass FROM backfill_chunk WHERE run = ? AND stage = ? AND chunk ";

}  // namespace

Result<std::vector<std::int64_t>> open_chunks(database::Store& store, std::int64_t run, std::int64_t stage) {
  BACKFILL_ASSIGN(const database::Rows rows,
                  query(store,
                        "SELECT chunk FROM backfill_chunk WHERE run = ? AND stage = ? AND state <> 'done'"
                        " ORDER BY chunk",
                        {run, stage}));
  std::vector<std::int64_t> chunks;
  for (const auto& row : rows.rows) chunks.push_back(integer(row[0]));
  return chunks;
}

Result<std::vector<std::string>> borders_of(database::Store& store, std::int64_t run, std::int64_t stages) {
  BACKFILL_ASSIGN(const database::Rows rows,
                  query(store,
                        "SELECT DISTINCT chunk, high FROM backfill_chunk WHERE run = ? AND stage <= ? AND "
                        "high <> '' ORDER BY chunk",
                        {run, stages}));
  std::vector<std::string> borders;
  for (const auto& row : rows.rows) borders.emplace_back(row.at(1).text());
  return borders;
}

Result<std::optional<ChunkRecord>> find_chunk(database::Store& store, std::int64_t run, std::int64_t stage,
                                              std::int64_t chunk) {
  BACKFILL_ASSIGN(const database::Rows rows, query(store, std::string(kChunk) + "= ?", {run, stage, chunk}));
  return chunk_of(rows);
}

Result<bool> have_batch(database::Store& store, std::int64_t run, std::int64_t number_of_batch,
                        std::int64_t stage, std::int64_t chunk) {
  BACKFILL_ASSIGN(
      const std::int64_t there,
      number(store,
             "SELECT count(*) FROM backfill_batch WHERE batch = ? AND run = ? AND stage = ? AND chunk = ?", 0,
             {number_of_batch, run, stage, chunk}));
  return there != 0;
}

Result<void> record_batch(database::Store& store, std::int64_t run, std::int64_t number,
                          const BatchRecord& batch) {
  const Counts& counts = batch.counts;
  BACKFILL_TRY(one_row(
      execute(store,
              "UPDATE backfill_chunk SET watermark = ?, window_end = ?, pass = ?, state = ?, read = read + "
              "?, met = met + ?, "
              "changed = changed + ?,"
              " unchanged = unchanged + ?, quarantined = quarantined + ?, conflicts = conflicts + ?"
              " WHERE run = ? AND stage = ? AND chunk = ?",
              {batch.watermark, or_null(batch.window_end), or_null(batch.pass),
               std::string(batch.chunk_done ? "done" : "running"), batch.rows, counts.met, counts.changed,
               counts.unchanged, counts.quarantined, counts.conflicts, run, batch.stage, batch.chunk}),
      "a chunk"));
  BACKFILL_TRY(execute(
      store,
      "INSERT INTO backfill_batch (batch, run, stage, chunk, rows, candidates, changed, committed_at)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      {number, run, batch.stage, batch.chunk, batch.rows, counts.met, counts.changed, batch.committed_at}));
  // All workers count in this row: it is the last but the run's own, so that none waits for longer than a
  // commit.
  return one_row(
      execute(store,
              "UPDATE backfill_stage SET met = met + ?, changed = changed + ?, unchanged = unchanged + ?,"
              " quarantined = quarantined + ?, conflicts = conflicts + ? WHERE run = ? AND stage = ?",
              {counts.met, counts.changed, counts.unchanged, counts.quarantined, counts.conflicts, run,
               batch.stage}),
      "a stage");
}

namespace {

Result<void> insert_outcomes(database::Store& store, std::int64_t run, std::int64_t number,
                             const std::vector<std::string>& names, const std::vector<std::int64_t>& rows) {
  const std::string sql =
      fmt::format("INSERT INTO backfill_outcome_{} (batch, outcome, name, rows) VALUES (?, ?, ?, ?)", run);
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (number != 0 && rows[i] == 0) continue;
    BACKFILL_TRY(done(execute(store, sql, {number, static_cast<std::int64_t>(i), names[i], rows[i]})));
  }
  return {};
}

}  // namespace

Result<void> create_outcomes(database::Store& store, std::int64_t run,
                             const std::vector<std::string>& names) {
  BACKFILL_TRY(store.script(fmt::format(
      "CREATE TABLE backfill_outcome_{} (batch BIGINT NOT NULL, outcome BIGINT NOT NULL, name TEXT NOT"
      " NULL, rows BIGINT NOT NULL, PRIMARY KEY (batch, outcome))",
      run)));
  return insert_outcomes(store, run, 0, names, std::vector<std::int64_t>(names.size()));
}

Result<void> record_outcomes(database::Store& store, std::int64_t run, std::int64_t number,
                             const std::vector<std::string>& names, const std::vector<std::int64_t>& rows) {
  return insert_outcomes(store, run, number, names, rows);
}

Result<std::vector<OutcomeRow>> outcomes_of(database::Store& store, std::int64_t run) {
  std::vector<OutcomeRow> outcomes;
  const std::string table = fmt::format("backfill_outcome_{}", run);
  const bool sqlite = store.dialect().id() == stdlib::Dialect::Sqlite;
  BACKFILL_ASSIGN(
      const std::int64_t there,
      number(store,
             sqlite ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"
                    : "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON"
                      " n.oid = c.relnamespace WHERE n.nspname = 'backfill' AND c.relname = ?",
             0, {table}));
  if (there == 0) return outcomes;
  BACKFILL_ASSIGN(
      const database::Rows rows,
      store.query(fmt::format(
          "SELECT outcome, name, sum(rows) FROM {} GROUP BY outcome, name ORDER BY outcome", table)));
  for (const auto& row : rows.rows) outcomes.push_back({text(row[1]), integer(row[2])});
  return outcomes;
}

Result<void> set_stage_state(database::Store& store, std::int64_t run, std::int64_t stage, StageState state) {
  return one_row(execute(store, "UPDATE backfill_stage SET state = ? WHERE run = ? AND stage = ?",
                         {std::string(name(state)), run, stage}),
                 "a stage");
}

Result<void> set_approved(database::Store& store, std::int64_t run, std::int64_t stage,
                          const std::string& who, const std::string& plan_hash, std::int64_t at) {
  return one_row(execute(store,
                         "UPDATE backfill_stage SET approved_by = ?, approved_plan = ?, approved_at = ?"
                         " WHERE run = ? AND stage = ?",
                         {who, plan_hash, at, run, stage}),
                 "a stage");
}

Result<void> set_verified(database::Store& store, std::int64_t run, std::int64_t stage, std::int64_t compared,
                          std::int64_t mismatches, std::int64_t at) {
  return one_row(execute(store,
                         "UPDATE backfill_stage SET verified_at = ?, compared = ?, mismatches = ?"
                         " WHERE run = ? AND stage = ?",
                         {at, compared, mismatches, run, stage}),
                 "a stage");
}

Result<std::string> inconsistency(database::Store& store, std::int64_t run) {
  struct Check {
    std::string_view sql, what;
  };
  static constexpr Check checks[] = {
      {"SELECT count(*) FROM backfill_run r WHERE run = ? AND rows_total <>"
       " (SELECT sum(rows) FROM backfill_class c WHERE c.run = r.run)",
       "the classes do not add up to the rows of the table"},
      {"SELECT count(*) FROM backfill_run r WHERE run = ? AND candidates <>"
       " (SELECT sum(rows) FROM backfill_class c WHERE c.run = r.run AND c.code = 1)",
       "the candidates of the run are not those of its classes"},
      {"SELECT count(*) FROM backfill_stage s WHERE run = ? AND candidates <>"
       " coalesce((SELECT sum(candidates) FROM backfill_chunk c WHERE c.run = s.run AND c.stage = s.stage), "
       "0)",
       "the chunks of a stage do not add up to its candidates"},
      {"SELECT count(*) FROM backfill_stage s WHERE run = ? AND met <>"
       " coalesce((SELECT sum(met) FROM backfill_chunk c WHERE c.run = s.run AND c.stage = s.stage), 0)",
       "the chunks of a stage do not add up to the candidates that it met"},
      {"SELECT count(*) FROM backfill_chunk WHERE run = ? AND met <> changed + unchanged + quarantined + "
       "conflicts",
       "the outcomes of a chunk do not add up to its candidates"},
      {"SELECT count(*) FROM backfill_stage s WHERE run = ? AND changed <>"
       " coalesce((SELECT sum(changed) FROM backfill_batch b WHERE b.run = s.run AND b.stage = s.stage), 0)",
       "the batches of a stage do not add up to the rows that it changed"},
  };
  for (const Check& check : checks) {
    BACKFILL_ASSIGN(const std::int64_t violations, number(store, check.sql, 0, {run}));
    if (violations != 0) return std::string(check.what);
  }
  return std::string();
}

Result<std::vector<DriftRecord>> drift_of(database::Store& store, std::int64_t run, std::int64_t limit) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store,
            "SELECT stage, chunk, candidates, met FROM backfill_chunk"
            " WHERE run = ? AND state = 'done' AND candidates <> met ORDER BY stage, chunk LIMIT ?",
            {run, limit}));
  std::vector<DriftRecord> drift;
  for (const auto& row : rows.rows)
    drift.push_back({integer(row[0]), integer(row[1]), integer(row[2]), integer(row[3])});
  return drift;
}

Result<BatchRange> batches_of(database::Store& store, std::int64_t run, std::int64_t stage) {
  BACKFILL_ASSIGN(
      const database::Rows rows,
      query(store, "SELECT min(batch), max(batch) FROM backfill_batch WHERE run = ? AND stage = ?",
            {run, stage}));
  return BatchRange{integer(rows.rows[0][0]), integer(rows.rows[0][1])};
}

}  // namespace backfill::database_sql
