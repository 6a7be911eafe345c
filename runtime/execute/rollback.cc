// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/rollback.h"

#include <fmt/format.h>
#include <algorithm>

#include "compiler/lower/sql/stored.h"
#include "runtime/database/sql/bookkeeping.h"
#include "runtime/database/sql/key_text.h"
#include "runtime/database/sql/statement.h"
#include "runtime/execute/batch_size.h"
#include "runtime/execute/fault.h"
#include "runtime/execute/from_corrections.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/tables.h"
#include "runtime/execute/transaction.h"
#include "runtime/execute/verify_job.h"

namespace backfill::execute {

using database_sql::RunState;
using stdlib::Value;

namespace {

// Ranges of corrections to put back: after < key <= until holds `rows` of them.
struct Piece {
  database::Key after, until;
  std::int64_t rows = 0;
};

class Rollback {
 public:
  Rollback(VerifyJob& job, const RollbackOptions& options, const database_sql::Owner& owner,
           RollbackReport& report)
      : job_(job),
        store_(job.store),
        options_(options),
        owner_(owner),
        report_(report),
        size_(job.backfill.pace) {}

  Result<void> run();

 private:
  [[nodiscard]] std::string corrections() const {
    return store_.dialect().quote(lower_sql::corrections_table(job_.record.run));
  }
  Result<void> all();
  Result<void> of_stage();
  Result<std::vector<Piece>> next_pieces(std::vector<Value>& after, bool& more);
  Result<database::Key> batch(const database::Key& after, const database::Key& until, std::int64_t limit);
  Result<void> prove_ours();
  Result<void> sample_left();
  void tell();

  VerifyJob& job_;
  database::Store& store_;
  const RollbackOptions& options_;
  const database_sql::Owner& owner_;
  RollbackReport& report_;
  BatchSize size_;
  std::unique_ptr<database::TableAccess> table_;
  std::int64_t total_ = 0;
  Stopwatch watch_;
};

Result<void> Rollback::run() {
  BACKFILL_ASSIGN(table_, store_.table(job_.backfill, job_.record.run));
  const std::string count = fmt::format("SELECT count(*) FROM {} AS c WHERE c.rolled_back = ?{}",
                                        corrections(), job_.batch_condition("c"));
  BACKFILL_ASSIGN(total_, database_sql::number(store_, count, 0, {std::int64_t{0}}));
  BACKFILL_ASSIGN(report_.restored_before, database_sql::number(store_, count, 0, {std::int64_t{1}}));
  std::int64_t restored = 0;
  // A value that another row held may be free once that row is restored: again, while there is progress.
  do {
    restored = report_.restored;
    report_.changed_since = report_.gone = report_.blocked = 0;
    BACKFILL_TRY(options_.stage.empty() ? all() : of_stage());
  } while (report_.blocked > 0 && report_.restored > restored && !report_.interrupted && !options_.dry_run);
  // By the books: a batch whose commit's answer was lost was done again, and found nothing left.
  if (!options_.dry_run) {
    BACKFILL_ASSIGN(const std::int64_t now, database_sql::number(store_, count, 0, {std::int64_t{1}}));
    report_.restored = now - report_.restored_before;
  }
  return sample_left();
}

Result<void> Rollback::all() {
  database::Key after;
  while (true) {
    if (interrupted(job_.subject)) {
      report_.interrupted = true;
      return {};
    }
    BACKFILL_ASSIGN(database::Key last, batch(after, {}, size_.rows()));
    if (last.empty()) return {};
    after = std::move(last);
  }
}

Result<void> Rollback::of_stage() {
  std::vector<Value> after;
  bool more = true;
  while (more) {
    BACKFILL_ASSIGN(const std::vector<Piece> pieces, next_pieces(after, more));
    for (const Piece& piece : pieces) {
      if (interrupted(job_.subject)) {
        report_.interrupted = true;
        return {};
      }
      BACKFILL_ASSIGN(const database::Key last, batch(piece.after, piece.until, piece.rows));
    }
  }
  return {};
}

// The corrections of the stage lie between those of others: pieces of neighbours that are all of the stage.
Result<std::vector<Piece>> Rollback::next_pieces(std::vector<Value>& after, bool& more) {
  const std::string keys = job_.key_list("c", "key_");
  const std::string behind = after.empty() ? "" : fmt::format(" AND ({}) > {}", keys, job_.placeholders(1));
  const std::int64_t limit = size_.rows();
  const std::string sql =
      fmt::format("SELECT {}, c.batch FROM {} AS c WHERE c.rolled_back = 0{} ORDER BY {} LIMIT {}", keys,
                  corrections(), behind, keys, limit);
  BACKFILL_ASSIGN(const database::Rows rows, store_.query(sql, after));
  more = static_cast<std::int64_t>(rows.rows.size()) == limit;
  std::vector<Piece> pieces;
  bool open = false;
  for (const auto& row : rows.rows) {
    const std::int64_t number = database_sql::integer(row.back());
    database::Key key(row.begin(), row.end() - 1);
    if (number < job_.batches.first || number > job_.batches.last) {
      open = false;
    } else {
      if (!open) pieces.push_back({after, {}, 0});
      open = true;
      pieces.back().until = key;
      ++pieces.back().rows;
    }
    after = std::move(key);
  }
  return pieces;
}

// One transaction; the last key that it looked at. Tried again with half of it.
Result<database::Key> Rollback::batch(const database::Key& after, const database::Key& until,
                                      std::int64_t limit) {
  database::Key last;
  database::RollbackOutcome outcome;
  std::int64_t microseconds = 0;
  std::int64_t rows = 2 * limit;
  const auto work = [&]() -> Result<void> {
    const Stopwatch transaction;
    rows = std::max<std::int64_t>(1, rows / 2);
    BACKFILL_ASSIGN(outcome, table_->roll_back(after, until, rows, last));
    pass(Point::InRollback);
    microseconds = transaction.microseconds();
    return options_.dry_run ? Result<void>() : prove_ours();
  };
  if (options_.dry_run) {
    BACKFILL_TRY(store_.begin(database::Access::ReadWrite));
    const auto tried = work();
    store_.rollback();
    if (!tried) return tried.failure();
  } else {
    BACKFILL_TRY(write_transaction(store_, work, InDoubt::Ask));
  }
  report_.restored += outcome.restored;
  report_.changed_since += outcome.changed_since;
  report_.gone += outcome.gone;
  report_.blocked += outcome.blocked;
  size_.observe(outcome.restored + outcome.changed_since + outcome.gone + outcome.blocked, microseconds);
  tell();
  return last;
}

// Last in the transaction: see `beat`.
Result<void> Rollback::prove_ours() {
  BACKFILL_ASSIGN(const std::int64_t now, store_.now());
  BACKFILL_ASSIGN(const bool ours, database_sql::beat(store_, job_.record.run, owner_, now));
  if (ours) return {};
  return fatal(fmt::format("another process has taken over run {}", job_.record.run));
}

void Rollback::tell() {
  if (job_.subject.progress == nullptr) return;
  ProgressUpdate update;
  update.phase = Phase::Rollback;
  update.run = job_.record.run;
  update.stage = options_.stage;
  update.done = report_.restored + report_.changed_since + report_.gone + report_.blocked;
  update.total = total_;
  update.rows_per_second = static_cast<double>(update.done) / std::max(1e-6, watch_.seconds());
  update.batch_rows = size_.rows();
  job_.subject.progress->update(update);
}

// Rows that do not hold what the run wrote, with what they hold instead.
Result<void> Rollback::sample_left() {
  if (report_.changed_since + report_.gone + report_.blocked == 0) return {};
  const lower_sql::Dialect& dialect = store_.dialect();
  const std::string gone = fmt::format("t.{} IS NULL", job_.quoted(job_.backfill.key[0]));
  // That a row is gone which the run deleted is as it should be; what was tried stands as before.
  const bool deletes = ir::deletes_row(job_.backfill) != nullptr;
  std::string differs = !deletes ? gone : options_.dry_run ? "NOT (" + gone + ")" : "TRUE";
  std::string columns = job_.key_list("c", "key_") + ", CASE WHEN " + gone + " THEN 1 ELSE 0 END";
  for (const ir::Output& output : job_.backfill.row.outputs) {
    const std::string wrote = "c." + job_.quoted(output.column, "new_");
    const std::string stored = "t." + job_.quoted(output.column);
    const std::string distinct = lower_sql::stored_distinct(
        dialect, wrote, stored, job_.backfill.table->columns[static_cast<std::size_t>(output.column)].type);
    differs += " OR " + distinct;
    columns += fmt::format(", {}, {}, CASE WHEN {} THEN 1 ELSE 0 END", wrote, stored, distinct);
  }
  const std::string sql = fmt::format(
      "SELECT {} FROM {} AS c LEFT JOIN {} AS t ON {} WHERE c.rolled_back = 0{} AND ({}) ORDER BY {} LIMIT "
      "{}",
      columns, corrections(), dialect.table(*job_.backfill.table), job_.same_key("c", "key_", "t", ""),
      job_.batch_condition("c"), differs, job_.key_list("c", "key_"), options_.max_samples);
  BACKFILL_ASSIGN(const database::Rows rows, store_.query(sql));
  const std::size_t keys = job_.backfill.key.size();
  for (const auto& row : rows.rows) {
    LeftRow left{stored_key(row, keys), database_sql::integer(row[keys]) != 0, {}};
    for (std::size_t i = 0; i < job_.backfill.row.outputs.size() && !left.gone; ++i) {
      const std::size_t at = keys + 1 + 3 * i;
      if (database_sql::integer(row[at + 2]) == 0) continue;
      const auto column = static_cast<std::size_t>(job_.backfill.row.outputs[i].column);
      left.changes.push_back(
          {job_.backfill.table->columns[column].name, stored_literal(row[at]), stored_literal(row[at + 1])});
    }
    report_.left.push_back(std::move(left));
  }
  return {};
}

void refuse(RollbackReport& report, std::string message, std::string way_out) {
  report.refused = true;
  report.message = std::move(message);
  report.way_out = std::move(way_out);
}

// Before the run is taken: else it would stay "rolling back" for ever.
Result<void> check_corrections(database::Store& store, std::int64_t run) {
  const std::string table = lower_sql::corrections_table(run);
  const auto there = store.query(fmt::format("SELECT 1 FROM {} LIMIT 1", store.dialect().quote(table)));
  if (there || there.failure().recovery != Recovery::Fatal) return {};
  return fatal(fmt::format("the prior values of run {} cannot be read: {}", run, there.failure().message),
               fmt::format("if `{}` was dropped, only a backup has them", table));
}

// Takes the run for itself. A dry run takes nothing.
Result<void> claim(VerifyJob& job, const RollbackOptions& options, const database_sql::Owner& owner,
                   RollbackReport& report) {
  const auto take = [&]() -> Result<void> {
    BACKFILL_TRY(database_sql::lock_run(job.store, options.run));
    BACKFILL_ASSIGN(const auto record, database_sql::find_run(job.store, options.run));
    if (record && record->owner.token == owner.token) return {};  // a commit whose answer was lost
    BACKFILL_ASSIGN(const std::int64_t now, job.store.now());
    if (record && database_sql::alive(record->owner, record->heartbeat, now)) {
      refuse(
          report,
          fmt::format("run {} is being worked on by {}", options.run, database_sql::describe(record->owner)),
          fmt::format("`backfill pause {}` ends it after its batch", options.run));
      return {};
    }
    BACKFILL_TRY(database_sql::set_owner(job.store, options.run, owner, now));
    BACKFILL_TRY(database_sql::set_state(job.store, options.run, RunState::RollingBack, ""));
    return database_sql::add_event(job.store, options.run, now, "rollback begun",
                                   fmt::format(R"({{"stage":{}}})", database_sql::json_quote(options.stage)));
  };
  return write_transaction(job.store, take, InDoubt::Ask);
}

Result<void> release(VerifyJob& job, const RollbackOptions& options, const database_sql::Owner& owner,
                     RollbackReport& report) {
  RunState state = RunState::RollingBack;
  if (!report.interrupted) state = options.stage.empty() ? RunState::RolledBack : RunState::Stopped;
  const std::string message = options.stage.empty() || report.interrupted
                                  ? ""
                                  : fmt::format("stage `{}` was rolled back", options.stage);
  report.state = database_sql::name(state);
  const auto let_go = [&]() -> Result<void> {
    BACKFILL_TRY(database_sql::lock_run(job.store, options.run));
    BACKFILL_ASSIGN(const auto control, database_sql::look(job.store, options.run, owner));
    if (!control.ours) return {};
    BACKFILL_ASSIGN(const std::int64_t now, job.store.now());
    BACKFILL_TRY(database_sql::set_state(job.store, options.run, state, message));
    BACKFILL_TRY(database_sql::set_owner(job.store, options.run, {}, now));
    return database_sql::add_event(
        job.store, options.run, now, report.state,
        fmt::format(R"({{"restored":{},"changed_since":{},"gone":{},"blocked":{}}})", report.restored,
                    report.changed_since, report.gone, report.blocked));
  };
  return write_transaction(job.store, let_go, InDoubt::Ask);
}

// Only what `options.stage` wrote.
Result<void> narrow(VerifyJob& job, const RollbackOptions& options, RollbackReport& report) {
  if (options.stage.empty()) return {};
  BACKFILL_ASSIGN(const auto stages, database_sql::stages_of(job.store, options.run));
  for (const auto& stage : stages) {
    if (stage.name != options.stage) continue;
    BACKFILL_ASSIGN(job.batches, database_sql::batches_of(job.store, options.run, stage.stage));
    if (job.batches.last == 0) job.batches = {-1, -1};
    if (!job.plain_keys()) {
      refuse(report, "a single stage can be rolled back only where the key is integers or text",
             "roll back the whole run");
    }
    return {};
  }
  refuse(report, fmt::format("run {} has no stage `{}`", options.run, options.stage),
         "`backfill status` lists them");
  return {};
}

}  // namespace

Result<RollbackReport> rollback(const Subject& subject, const RollbackOptions& options) {
  RollbackReport report;
  report.run = options.run;
  const Stopwatch watch;
  BACKFILL_ASSIGN(auto store, database::open(subject.url, {database::Access::ReadWrite}));
  BACKFILL_ASSIGN(const bool there, database_sql::have_tables(*store));
  if (!there) return fatal("this database has no runs");
  BACKFILL_ASSIGN(const auto record, database_sql::find_run(*store, options.run));
  if (!record) return fatal(fmt::format("there is no run {}", options.run), "`backfill runs` lists them");
  if (subject.backfill != nullptr && record->fingerprint != ir::fingerprint(*subject.backfill)) {
    return fatal(
        fmt::format("run {} was made with another scope or other derivations than this spec's", options.run),
        "roll it back with the spec that is kept with the run");
  }
  report.state = database_sql::name(record->state);
  BACKFILL_TRY(check_corrections(*store, options.run));
  BACKFILL_ASSIGN(const schema::Catalog catalog, store->catalog());
  FromCorrections kept;
  if (subject.backfill == nullptr) {
    BACKFILL_ASSIGN(kept, from_corrections(*store, catalog, *record));
    if (!kept.refusal.empty()) refuse(report, kept.refusal, kept.way_out);
    if (report.refused) return report;
  }
  ir::Backfill backfill = subject.backfill != nullptr ? *subject.backfill : kept.backfill;
  backfill.sources_in = options.run;
  VerifyReport unused;
  const VerifyOptions no_options;
  VerifyJob job{subject, no_options, backfill, *store, *record, {}, true, 0, unused};
  BACKFILL_TRY(narrow(job, options, report));
  const database_sql::Owner owner = database_sql::this_process();
  if (!report.refused && !options.dry_run) BACKFILL_TRY(claim(job, options, owner, report));
  if (report.refused) return report;
  if (!options.dry_run) BACKFILL_TRY(store->index_corrections(backfill, options.run));
  BACKFILL_TRY(Rollback(job, options, owner, report).run());
  if (!options.dry_run) BACKFILL_TRY(release(job, options, owner, report));
  report.seconds = watch.seconds();
  return report;
}

int exit_code(const RollbackReport& report) {
  if (report.refused) return 1;
  if (report.interrupted) return 2;
  return report.changed_since + report.gone + report.blocked > 0 ? 4 : 0;
}

}  // namespace backfill::execute
