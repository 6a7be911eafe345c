// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/worker.h"

namespace backfill::execute {

Result<std::unique_ptr<Worker>> make_worker(Session& session, bool first) {
  auto worker = std::make_unique<Worker>();
  if (!first) {
    BACKFILL_ASSIGN(worker->own, database::open(session.subject.url, {database::Access::ReadWrite}));
    worker->own->works_beside(session.store);
  }
  worker->store = first ? &session.store : worker->own.get();
  BACKFILL_ASSIGN(worker->table, worker->store->table(session.backfill, session.run()));
  worker->decider = std::make_unique<RowDecider>(session.subject, evaluate::Moment{session.record.now});
  worker->asker = make_asker(session.subject, evaluate::Moment{session.record.now}, worker->store->dialect());
  worker->decider->answer_by(worker->asker.get());
  BACKFILL_TRY(worker->decider->prepare());
  worker->decider->expect(session.record.candidates);
  if (session.options.prefetch) {
    worker->prefetcher = make_prefetcher(session.subject, *worker->store, session.run(), *worker->decider);
  }
  return worker;
}

}  // namespace backfill::execute
