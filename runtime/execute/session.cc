// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/session.h"

namespace backfill::execute {

void Session::prepare() {
  if (membership) return;
  std::vector<Threshold> thresholds;
  for (std::size_t i = 0; i < backfill.stages.size(); ++i) {
    thresholds.push_back(i < stages.size() ? threshold_of_text(stages[i].threshold) : Threshold());
  }
  membership = std::make_unique<Membership>(backfill, std::move(thresholds));
}

}  // namespace backfill::execute
