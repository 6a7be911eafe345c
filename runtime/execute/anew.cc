// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/anew.h"

namespace backfill::execute {

namespace {

Subject by_evaluator(Subject subject) {
  subject.engine = EngineChoice::Evaluator;
  return subject;
}

}  // namespace

Anew::Anew(const Subject& subject, evaluate::Moment moment)
    : subject_(by_evaluator(subject)), decider_(subject_, moment), batch_(*subject.backfill) {}

Result<bool> Anew::decide(database::TableAccess& table, const database::RowBatch& batch,
                          std::span<const std::int64_t> conflicts) {
  BACKFILL_ASSIGN(const bool read, table.read_again(batch, conflicts, batch_.rows));
  if (read) BACKFILL_TRY(decider_.decide(batch_.rows, batch_.decisions));
  return read;
}

}  // namespace backfill::execute
