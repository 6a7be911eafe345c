// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/session.h"

namespace backfill::execute {

Result<void> Session::prepare() {
  if (decider) return {};
  BACKFILL_ASSIGN(table, store.table(backfill, record.run));
  std::vector<Threshold> thresholds;
  for (std::size_t i = 0; i < backfill.stages.size(); ++i) {
    thresholds.push_back(i < stages.size() ? threshold_of_text(stages[i].threshold) : Threshold());
  }
  membership = std::make_unique<Membership>(backfill, std::move(thresholds));
  auto made = std::make_unique<RowDecider>(subject, evaluate::Moment{record.now});
  BACKFILL_TRY(made->prepare());
  made->expect(record.candidates);
  decider = std::move(made);
  return {};
}

}  // namespace backfill::execute
