// SPDX-License-Identifier: Apache-2.0
// A subject whose queries over other rows read one moment as now().
#pragma once

#include <cstdint>

#include "runtime/execute/subject.h"

namespace backfill::execute {

class AtMoment {
 public:
  // What the subject points to must outlive it.
  AtMoment(const Subject& subject, std::int64_t now) : backfill_(*subject.backfill), subject_(subject) {
    backfill_.moment = now;
    subject_.backfill = &backfill_;
  }
  AtMoment(const AtMoment&) = delete;
  AtMoment& operator=(const AtMoment&) = delete;

  [[nodiscard]] const Subject& subject() const { return subject_; }

 private:
  ir::Backfill backfill_;
  Subject subject_;
};

}  // namespace backfill::execute
