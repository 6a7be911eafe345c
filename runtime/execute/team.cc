// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/team.h"

#include <algorithm>
#include <optional>
#include <thread>

#include "runtime/execute/transaction.h"

namespace backfill::execute {

Result<std::unique_ptr<Team>> Team::open(Session& session) {
  session.prepare();
  std::unique_ptr<Team> team(new Team(session));
  for (std::int64_t i = 0; i < std::max<std::int64_t>(1, session.options.workers); ++i) {
    BACKFILL_ASSIGN(auto worker, make_worker(session, i == 0));
    team->workers_.push_back(std::move(worker));
    team->loops_.push_back(std::make_unique<BatchLoop>(session, *team->workers_.back(), team->tally_));
  }
  return team;
}

Result<LoopEnd> Team::run_stage(const database_sql::StageRecord& stage) {
  std::vector<std::int64_t> chunks;
  BACKFILL_TRY(read_transaction(session_.store, [&]() -> Result<void> {
    BACKFILL_ASSIGN(chunks, database_sql::open_chunks(session_.store, session_.run(), stage.stage));
    return {};
  }));
  tally_.begin_stage(stage, static_cast<std::int64_t>(chunks.size()));
  StageWork work{stage, Dispenser(std::move(chunks))};
  std::vector<std::optional<Result<LoopEnd>>> ends(loops_.size());
  const auto one = [&](std::size_t i) {
    ends[i] = loops_[i]->run_stage(work);
    if (!*ends[i] || **ends[i] != LoopEnd::StageDone) work.end = true;
  };
  std::vector<std::thread> threads;
  for (std::size_t i = 1; i < loops_.size(); ++i) threads.emplace_back(one, i);
  one(0);
  for (std::thread& thread : threads) thread.join();
  LoopEnd end = LoopEnd::StageDone;
  for (const auto& each : ends) {
    if (!*each) return each->failure();
    end = std::max(end, **each);
  }
  return end;
}

EngineReport Team::engine() const {
  EngineReport all;
  for (const auto& worker : workers_) all += worker->decider->report();
  return all;
}

}  // namespace backfill::execute
