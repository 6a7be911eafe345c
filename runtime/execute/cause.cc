// SPDX-License-Identifier: Apache-2.0
// Triage: why one row does not hold what the spec derives.
#include <fmt/format.h>

#include "compiler/lower/sql/stored.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/answers.h"
#include "runtime/execute/verify_job.h"

namespace backfill::execute {

using stdlib::Value;

namespace {

// Does the evaluator find the stored value right? Nothing: it cannot be said here.
Result<std::optional<bool>> evaluator_agrees(VerifyJob& job, const std::vector<Value>& key,
                                             std::size_t output) {
  if (!job.plain_keys()) return std::optional<bool>();
  const std::string keys = job.key_list("t");
  const std::string before =
      fmt::format("SELECT {} FROM {} AS t WHERE ({}) < {} ORDER BY {} DESC LIMIT 1", keys,
                  job.store.dialect().table(*job.backfill.table), keys, job.placeholders(1),
                  job.backfill.key.size() == 1 ? keys : "(" + keys + ")");
  BACKFILL_ASSIGN(const database::Rows rows, job.store.query(before, key));
  BACKFILL_ASSIGN(auto table, job.store.table(job.backfill, job.record.run));
  database::VerifyBatch batch;
  BACKFILL_TRY(table->read_for_verify(rows.rows.empty() ? database::Key{} : rows.rows[0], key, 1, batch));
  if (batch.prior.rows != 1) return std::optional<bool>();
  mark_unanswered(job.backfill, batch);
  const evaluate::Decision decision = evaluate::decide(job.backfill, batch.prior.row(0), job.moment());
  return std::optional(decision.class_code == ir::kCandidate && !decision.failure &&
                       batch.stored[output].value(0) == decision.outputs[output]);
}

// Is what is stored still what the run wrote?
Result<bool> changed_since(VerifyJob& job, const std::vector<Value>& key, int column) {
  const lower_sql::Dialect& dialect = job.store.dialect();
  const std::string distinct =
      lower_sql::stored_distinct(dialect, "t." + job.quoted(column), "c." + job.quoted(column, "new_"),
                                 job.backfill.table->columns[static_cast<std::size_t>(column)].type);
  const std::string sql = fmt::format(
      "SELECT count(*) FROM {} AS c JOIN {} AS t ON {} WHERE ({}) = {} AND {}",
      dialect.quote(lower_sql::corrections_table(job.record.run)), dialect.table(*job.backfill.table),
      job.same_key("c", "key_", "t", ""), job.key_list("t"), job.placeholders(1), distinct);
  BACKFILL_ASSIGN(const database::Rows rows, job.store.query(sql, key));
  return database_sql::integer(rows.rows[0][0]) != 0;
}

}  // namespace

Result<Cause> cause_of(VerifyJob& job, const std::vector<Value>& raw_key, int output, bool corrected,
                       std::int32_t class_code) {
  const ir::Output& what = job.backfill.row.outputs[static_cast<std::size_t>(output)];
  if (corrected) {
    BACKFILL_ASSIGN(const bool changed, changed_since(job, raw_key, what.column));
    if (changed) return Cause::ChangedSince;
    if (class_code != ir::kCandidate) return Cause::NoLongerInScope;
  }
  BACKFILL_ASSIGN(const std::optional<bool> agrees,
                  evaluator_agrees(job, raw_key, static_cast<std::size_t>(output)));
  if (agrees.value_or(false)) return Cause::SqlDisagrees;
  return corrected ? Cause::InputsChanged : Cause::NeverWritten;
}

Cause cause_of_presence(bool corrected, bool deleted, std::int32_t class_code) {
  if (!corrected) return Cause::NeverWritten;
  if (deleted) return class_code == ir::kCandidate ? Cause::InputsChanged : Cause::NoLongerInScope;
  return Cause::ChangedSince;
}

std::string_view name(Cause cause) {
  switch (cause) {
    case Cause::ChangedSince:
      return "changed since";
    case Cause::InputsChanged:
      return "inputs changed";
    case Cause::NeverWritten:
      return "never written";
    case Cause::NoLongerInScope:
      return "no longer in scope";
    case Cause::SqlDisagrees:
      return "SQL disagrees";
  }
  return "";
}

std::string_view what_to_do(Cause cause) {
  switch (cause) {
    case Cause::ChangedSince:
      return "the application wrote this column after the run did: compare its logic with the spec's, and "
             "keep its value";
    case Cause::InputsChanged:
      return "the row still holds what the run wrote, but its inputs derive something else now: if the "
             "application changed them since, let a new run derive it again, or exclude such rows; if "
             "nobody did, backfill computed it wrongly: please report it";
    case Cause::NeverWritten:
      return "the row came into scope after its turn: a new run will take it";
    case Cause::NoLongerInScope:
      return "the row's scope changed after the run wrote it: decide whether the value may stay, else roll "
             "it back";
    case Cause::SqlDisagrees:
      return "the stored value is right by the reference evaluator: this is a bug of backfill, please report "
             "it";
  }
  return "";
}

}  // namespace backfill::execute
