// SPDX-License-Identifier: Apache-2.0
// Verification by the reference evaluator, where the database has no exact form of a part.
#include <unordered_set>

#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/row_decider.h"
#include "runtime/execute/sample.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/verify_job.h"

namespace backfill::execute {

namespace {

class Streamer {
 public:
  Streamer(VerifyJob& job, const VerifyExtentOf& extent)
      : job_(job), extent_(extent), types_(database_sql::key_types(job.backfill)) {
    const double part = extent.rows > 0 ? static_cast<double>(extent.rows) /
                                              static_cast<double>(std::max<std::int64_t>(1, job.corrected))
                                        : extent.fraction;
    threshold_ = threshold_of_fraction(extent.all ? 1.0 : part);
  }

  Result<VerifyStepReport> run();

 private:
  Result<void> compare(std::int64_t row);
  [[nodiscard]] bool wanted(std::int64_t row) const;
  void keep_presence(std::int64_t row, const evaluate::Decision& decision, bool deleted, bool due);
  void keep(std::int64_t row, const evaluate::Decision& decision, std::size_t output);
  Result<Cause> cause(const database::Key& key, std::size_t output, bool corrected, std::int32_t code);

  VerifyJob& job_;
  const VerifyExtentOf& extent_;
  std::vector<stdlib::Type> types_;
  Threshold threshold_;
  database::VerifyBatch batch_;
  VerifyStepReport step_;
};

Result<VerifyStepReport> Streamer::run() {
  BACKFILL_ASSIGN(auto table, job_.store.table(job_.backfill, job_.record.run));
  database::Key after;
  while (true) {
    if (interrupted(job_.subject)) return interruption();
    BACKFILL_TRY(table->read_for_verify(after, {}, kScanRows, batch_));
    mark_unanswered(job_.backfill, batch_);
    if (batch_.prior.rows == 0) return step_;
    for (std::int64_t row = 0; row < batch_.prior.rows; ++row) BACKFILL_TRY(compare(row));
    after = batch_.prior.key(batch_.prior.rows - 1, types_.size());
    job_.tell(extent_.label, step_.compared, job_.record.candidates);
    if (batch_.prior.rows < kScanRows) return step_;
  }
}

bool Streamer::wanted(std::int64_t row) const {
  const auto at = static_cast<std::size_t>(row);
  if (batch_.set_aside[at] != 0) return false;
  const bool corrected = batch_.corrected[at] != 0;
  if (job_.only_corrected && !corrected) return false;
  if (extent_.all) return true;
  constexpr std::uint64_t seed = 0x7665726966790000ULL;
  return corrected && threshold_.takes(sample_hash(seed, batch_.prior, row, types_.size()));
}

Result<void> Streamer::compare(std::int64_t row) {
  if (!wanted(row)) return {};
  const bool corrected = batch_.corrected[static_cast<std::size_t>(row)] != 0;
  const evaluate::Decision decision = evaluate::decide(job_.backfill, batch_.prior.row(row), job_.moment());
  const bool candidate = decision.class_code == ir::kCandidate;
  if (!candidate && !corrected) return {};
  if (candidate) ++step_.compared;
  if (corrected) ++step_.corrected;
  bool mismatch = false;
  const ir::Effect* deletes = ir::deletes_row(job_.backfill);
  const bool deleted = batch_.deleted[static_cast<std::size_t>(row)] != 0;
  // Where something had to arrive elsewhere before, what was done is what was due.
  const bool due =
      deletes != nullptr && evaluate::applies(*deletes, decision) && (deletes->after.empty() || deleted);
  if (deleted != due || (deleted && !candidate)) {
    ++step_.mismatches;
    keep_presence(row, decision, deleted, due);
    return {};
  }
  for (std::size_t i = 0; i < batch_.stored.size() && !deleted; ++i) {
    // What comes from a row that the run made is not computed from this one.
    if (candidate && ir::passed_to_output(job_.backfill, i) != nullptr) continue;
    const bool holds = candidate && !decision.failure && batch_.stored[i].value(row) == decision.outputs[i];
    if (holds) continue;
    mismatch = true;
    if (job_.report.samples.size() >= job_.options.max_samples) break;
    BACKFILL_ASSIGN(const Cause why,
                    cause(batch_.prior.key(row, types_.size()), i, corrected, decision.class_code));
    keep(row, decision, i);
    job_.report.samples.back().cause = why;
    if (!candidate) break;
  }
  if (mismatch) ++step_.mismatches;
  return {};
}

Result<Cause> Streamer::cause(const database::Key& key, std::size_t output, bool corrected,
                              std::int32_t code) {
  BACKFILL_ASSIGN(const Cause found, cause_of(job_, key, static_cast<int>(output), corrected, code));
  // There is no SQL here that could disagree.
  return found == Cause::SqlDisagrees ? Cause::InputsChanged : found;
}

void Streamer::keep_presence(std::int64_t row, const evaluate::Decision& decision, bool deleted, bool due) {
  if (job_.report.samples.size() >= job_.options.max_samples) return;
  const bool corrected = batch_.corrected[static_cast<std::size_t>(row)] != 0;
  job_.report.samples.push_back({describe_key(batch_.prior.key(row, types_.size()), types_), "(row)",
                                 deleted ? "deleted" : "there", due ? "deleted" : "there",
                                 ir::class_name(job_.backfill, decision.class_code), corrected,
                                 cause_of_presence(corrected, deleted, decision.class_code)});
}

void Streamer::keep(std::int64_t row, const evaluate::Decision& decision, std::size_t output) {
  const schema::Column& column =
      job_.backfill.table->columns[static_cast<std::size_t>(job_.backfill.row.outputs[output].column)];
  Mismatch mismatch;
  mismatch.key = describe_key(batch_.prior.key(row, types_.size()), types_);
  mismatch.column = column.name;
  mismatch.stored = stdlib::literal(batch_.stored[output].value(row), column.type);
  if (decision.failure) {
    mismatch.expected = "row error: " + decision.failure->message;
  } else if (!decision.outputs.empty()) {
    mismatch.expected = stdlib::literal(decision.outputs[output], column.type);
  } else {
    mismatch.expected = "the prior value";
  }
  mismatch.expected_class = ir::class_name(job_.backfill, decision.class_code);
  mismatch.corrected = batch_.corrected[static_cast<std::size_t>(row)] != 0;
  job_.report.samples.push_back(std::move(mismatch));
}

}  // namespace

Result<VerifyStepReport> verify_by_evaluator(VerifyJob& job, const VerifyExtentOf& extent) {
  return Streamer(job, extent).run();
}

}  // namespace backfill::execute
