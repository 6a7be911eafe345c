// SPDX-License-Identifier: Apache-2.0
// A subject whose queries over other rows read one moment as now(), and know which rows were done before.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "runtime/database/store.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

class AtMoment {
 public:
  // What the subject points to must outlive it.
  AtMoment(const Subject& subject, std::int64_t now) : backfill_(*subject.backfill), subject_(subject) {
    backfill_.moment = now;
    subject_.backfill = &backfill_;
  }
  // `done_in`: of runs_before.
  AtMoment(const Subject& subject, std::int64_t now, std::vector<std::int64_t> done_in)
      : AtMoment(subject, now) {
    backfill_.done_in = std::move(done_in);
  }
  // Whose tables hold the rows of source files; 0: temporary ones.
  void read_sources_of(std::int64_t run) { backfill_.sources_in = run; }
  AtMoment(const AtMoment&) = delete;
  AtMoment& operator=(const AtMoment&) = delete;

  [[nodiscard]] const Subject& subject() const { return subject_; }

 private:
  ir::Backfill backfill_;
  Subject subject_;
};

// Of a backfill that is done once per row: its runs over the table, before `run` or all of them, whose
// corrections tell what was done. A run whose corrections are gone is a failure: nobody could say then.
Result<std::vector<std::int64_t>> runs_before(database::Store& store, const ir::Backfill& backfill,
                                              std::optional<std::int64_t> run = std::nullopt);

}  // namespace backfill::execute
