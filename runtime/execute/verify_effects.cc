// SPDX-License-Identifier: Apache-2.0
// What a run has written in other tables: is it there, once, with the values that the database computes from
// the source row?
#include <fmt/format.h>

#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/tables.h"
#include "runtime/execute/verify_job.h"

namespace backfill::execute {

namespace {

struct Finding {
  const char* stored;
  const char* expected;
  Cause cause;
};

Finding finding_of(lower_sql::EffectFault fault, bool corrected) {
  switch (fault) {
    case lower_sql::EffectFault::NotInserted:
      return {"no row", "a row", corrected ? Cause::InputsChanged : Cause::NeverWritten};
    case lower_sql::EffectFault::NotMeant:
      return {"a row", "no row", Cause::NoLongerInScope};
    case lower_sql::EffectFault::Gone:
      return {"deleted", "a row", Cause::ChangedSince};
    case lower_sql::EffectFault::Left:
      return {"rows as they were", "what the spec makes of them",
              corrected ? Cause::InputsChanged : Cause::NeverWritten};
    case lower_sql::EffectFault::Back:
      return {"a row", "deleted", Cause::ChangedSince};
    case lower_sql::EffectFault::Differs:
    case lower_sql::EffectFault::None:
      break;
  }
  return {"other values", "what the spec gives", Cause::ChangedSince};
}

Result<void> verify_one(VerifyJob& job, std::size_t index) {
  const Stopwatch watch;
  const std::string name = ir::effect_name(job.backfill.effects[index]);
  const std::string batches = job.batches.last != 0 ? job.batch_condition("c")
                              : job.only_corrected  ? " AND c.batch >= 0"
                                                    : "";
  const auto& dialect = job.store.dialect();
  const lower_sql::EffectSql sql =
      job.report.by_sql
          ? lower_sql::verify_effect(job.backfill, dialect, job.record.run, job.moment(), index, batches)
          : lower_sql::verify_kept(job.backfill, dialect, job.record.run, index, batches);
  BACKFILL_ASSIGN(const database::Rows count, job.store.query(sql.count));
  VerifyStepReport step;
  step.label = name;
  step.compared = step.corrected = database_sql::integer(count.rows[0][0]);
  step.mismatches = database_sql::integer(count.rows[0][1]);
  step.seconds = watch.seconds();
  job.report.steps.push_back(step);
  if (step.mismatches == 0) return {};
  job.report.mismatches += step.mismatches;
  BACKFILL_ASSIGN(const database::Rows rows,
                  job.store.query(fmt::format("{} LIMIT {}", sql.mismatches, job.options.max_samples)));
  const std::size_t keys = job.backfill.key.size();
  for (const auto& row : rows.rows) {
    if (job.report.samples.size() >= job.options.max_samples) return {};
    const bool corrected = database_sql::integer(row[keys + 1]) != 0;
    const Finding found =
        finding_of(static_cast<lower_sql::EffectFault>(database_sql::integer(row[keys + 2])), corrected);
    job.report.samples.push_back(
        {stored_key(row, keys), name, found.stored, found.expected,
         ir::class_name(job.backfill, static_cast<std::int32_t>(database_sql::integer(row[keys]))), corrected,
         found.cause});
  }
  return {};
}

}  // namespace

Result<void> verify_effects(VerifyJob& job) {
  for (std::size_t i = 0; i < job.backfill.effects.size(); ++i) {
    if (job.backfill.effects[i].kind == ir::EffectKind::DeleteRow) continue;
    if (interrupted(job.subject)) return interruption();
    if (!job.report.by_sql)
      job.report.reasons.push_back(
          fmt::format("{}: rows are as they were written, what they were given was not computed again",
                      ir::effect_name(job.backfill.effects[i])));
    BACKFILL_TRY(verify_one(job, i));
  }
  return {};
}

}  // namespace backfill::execute
