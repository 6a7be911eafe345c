// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/dry_run.h"

#include <map>
#include <unordered_map>

#include "runtime/database/sql/key_text.h"
#include "runtime/database/store.h"
#include "runtime/execute/at_moment.h"
#include "runtime/execute/clock.h"
#include "runtime/execute/required.h"
#include "runtime/execute/row_decider.h"
#include "runtime/execute/sample.h"
#include "runtime/execute/scan.h"
#include "runtime/execute/segments.h"
#include "runtime/execute/sorting.h"

namespace backfill::execute {

using stdlib::Value;

namespace {

// A sample is spread over the whole table, and the same one at every dry run: the rows whose keys hash
// lowest.
constexpr std::uint64_t kSampleSeed = 0x64727972756eULL;

template <typename Row>
struct Sampled {
  std::uint64_t hash = 0;
  std::int64_t order = 0;  // position in the key's order
  Row row;
};

template <typename Row>
std::vector<Row> in_order(SmallestHeap<Sampled<Row>>& heap) {
  auto taken = heap.take();
  std::sort(taken.begin(), taken.end(), [](const auto& a, const auto& b) { return a.order < b.order; });
  std::vector<Row> rows;
  for (auto& one : taken) rows.push_back(std::move(one.row));
  return rows;
}

struct Transitions {
  std::unordered_map<std::string, Transition> counts;
  bool too_many = false;
};

class DryRun {
 public:
  DryRun(const Subject& subject, const DryRunOptions& options, evaluate::Moment moment)
      : subject_(subject),
        options_(options),
        backfill_(*subject.backfill),
        types_(database_sql::key_types(backfill_)),
        moment_(moment),
        decider_(subject, moment),
        changed_(options.samples),
        unchanged_(options.samples),
        quarantined_(options.samples),
        transitions_(backfill_.row.outputs.size()) {
    report_.name = backfill_.name;
    for (std::size_t code = 0; code < ir::class_count(backfill_); ++code) {
      const auto number = static_cast<std::int32_t>(code);
      report_.classes.push_back({number, ir::class_name(backfill_, number), 0});
      left_.emplace_back(options.samples);
    }
    for (const ir::Output& output : backfill_.row.outputs) {
      ColumnDelta& delta = report_.columns.emplace_back();
      delta.column = column(output.column).name;
    }
    for (const std::string& name : backfill_.outcomes) report_.by_outcome.push_back({name, 0});
    for (const ir::Effect& effect : backfill_.effects)
      report_.effects.push_back({ir::effect_name(effect), 0});
  }

  Result<DryRunReport> run(const Snapshot& snapshot, const lower_sql::Dialect& dialect);

 private:
  [[nodiscard]] const schema::Column& column(int index) const {
    return backfill_.table->columns[static_cast<std::size_t>(index)];
  }
  void visit(database::RowBatch& batch, const Decisions& decisions);
  void leave_alone(const database::RowBatch& batch, std::int64_t row, std::int32_t code,
                   const evaluate::RowFailure* why);
  void quarantine(const database::RowBatch& batch, std::int64_t row, const evaluate::RowFailure& why);
  void count_columns(const database::RowBatch& batch, const Decisions& decisions, std::int64_t row);
  void count_effects(const Decisions& decisions, std::int64_t row);
  [[nodiscard]] bool is_deleted(const Decisions& decisions, std::int64_t row) const;
  void count_transition(std::size_t output, const Value& before, const Value& after);
  void sample(SmallestHeap<Sampled<SampleRow>>& heap, const database::RowBatch& batch,
              const Decisions& decisions, std::int64_t row);
  [[nodiscard]] std::uint64_t hash(const database::RowBatch& batch, std::int64_t row) const {
    return sample_hash(kSampleSeed, batch, row, types_.size());
  }
  [[nodiscard]] std::string key(const database::RowBatch& batch, std::int64_t row) const {
    return describe_key(batch.key(row, types_.size()), types_);
  }
  void finish();
  void tell();

  const Subject& subject_;
  const DryRunOptions& options_;
  const ir::Backfill& backfill_;
  std::vector<stdlib::Type> types_;
  evaluate::Moment moment_;
  RowDecider decider_;
  DryRunReport report_;
  SmallestHeap<Sampled<SampleRow>> changed_, unchanged_;
  SmallestHeap<Sampled<SetAside>> quarantined_;
  std::vector<SmallestHeap<Sampled<LeftAlone::Row>>> left_;  // per class code
  std::vector<Transitions> transitions_;
  std::string difference_;
  Stopwatch watch_;
};

Result<DryRunReport> DryRun::run(const Snapshot& snapshot, const lower_sql::Dialect& dialect) {
  const std::unique_ptr<Asker> asker = make_asker(subject_, moment_, dialect);
  decider_.answer_by(asker.get());
  BACKFILL_TRY(decider_.prepare());
  BACKFILL_ASSIGN(const Tables tables, snapshot.tables(backfill_));
  BACKFILL_ASSIGN(const auto span, tables[0]->key_span());
  if (span) decider_.expect(rows_at_most(*span));
  BACKFILL_TRY(
      scan(subject_, tables, decider_, [this](database::RowBatch& batch, const Decisions& decisions) {
        difference_ = decisions.difference;
        if (difference_.empty()) visit(batch, decisions);
        return difference_.empty();
      }));
  if (!difference_.empty())
    return fatal("two engines disagree: " + difference_, "please report it with the spec");
  finish();
  return std::move(report_);
}

void DryRun::visit(database::RowBatch& batch, const Decisions& decisions) {
  auto failure = decisions.failures.begin();
  for (std::int64_t row = 0; row < batch.rows; ++row, ++report_.rows) {
    const evaluate::RowFailure* failed = nullptr;
    if (failure != decisions.failures.end() && failure->row == row) failed = &(failure++)->why;
    const std::int32_t code = decisions.code(row);
    ++report_.classes[static_cast<std::size_t>(code)].rows;
    if (code != ir::kCandidate) {
      if (failed != nullptr) ++report_.outcomes.uncertain;
      leave_alone(batch, row, code, failed);
      continue;
    }
    ++report_.outcomes.candidates;
    if (failed != nullptr) {
      quarantine(batch, row, *failed);
      continue;
    }
    count_effects(decisions, row);
    if (!is_deleted(decisions, row)) count_columns(batch, decisions, row);
    const bool changed = decisions.is_changed(row);
    ++(changed ? report_.outcomes.changed : report_.outcomes.unchanged);
    sample(changed ? changed_ : unchanged_, batch, decisions, row);
  }
  tell();
}

void DryRun::leave_alone(const database::RowBatch& batch, std::int64_t row, std::int32_t code,
                         const evaluate::RowFailure* why) {
  auto& heap = left_[static_cast<std::size_t>(code)];
  const std::uint64_t low = hash(batch, row);
  if (!heap.wants(low)) return;
  const std::string reason = why == nullptr ? std::string() : why->message;
  heap.offer({low, report_.rows, {key(batch, row), describe_inputs(backfill_, batch.row(row)), reason}});
}

void DryRun::quarantine(const database::RowBatch& batch, std::int64_t row, const evaluate::RowFailure& why) {
  ++report_.outcomes.quarantined;
  const std::uint64_t low = hash(batch, row);
  if (!quarantined_.wants(low)) return;
  quarantined_.offer({low,
                      report_.rows,
                      {key(batch, row), "quarantined", std::string(stdlib::text(why.error)), why.message}});
}

void DryRun::count_columns(const database::RowBatch& batch, const Decisions& decisions, std::int64_t row) {
  for (std::size_t i = 0; i < backfill_.row.outputs.size(); ++i) {
    ColumnDelta& delta = report_.columns[i];
    const auto input = static_cast<std::size_t>(backfill_.row.outputs[i].input);
    const bool was = batch.inputs[input].valid(row);
    const bool is = decisions.outputs[i].valid(row);
    if (!was && !is) {
      ++delta.unchanged;
      continue;
    }
    const Value before = batch.inputs[input].value(row);
    const Value after = decisions.outputs[i].value(row);
    if (before == after) {
      ++delta.unchanged;
      continue;
    }
    ++(!was ? delta.filled : !is ? delta.erased : delta.replaced);
    count_transition(i, before, after);
  }
}

bool DryRun::is_deleted(const Decisions& decisions, std::int64_t row) const {
  const ir::Effect* deletes = ir::deletes_row(backfill_);
  return deletes != nullptr && decisions.applies(*deletes, row);
}

void DryRun::count_effects(const Decisions& decisions, std::int64_t row) {
  if (const auto outcome = outcome_of(backfill_, decisions, row)) ++report_.by_outcome[*outcome].rows;
  for (std::size_t i = 0; i < backfill_.effects.size(); ++i)
    if (decisions.applies(backfill_.effects[i], row)) ++report_.effects[i].rows;
}

void DryRun::count_transition(std::size_t output, const Value& before, const Value& after) {
  Transitions& transitions = transitions_[output];
  if (transitions.too_many) return;
  const stdlib::Type& type = column(backfill_.row.outputs[output].column).type;
  std::string from = stdlib::literal(before, type);
  std::string to = stdlib::literal(after, type);
  const auto [entry, fresh] = transitions.counts.try_emplace(from + '\0' + to, Transition{from, to, 0});
  ++entry->second.rows;
  if (fresh && transitions.counts.size() > options_.max_transitions) {
    transitions.too_many = true;
    transitions.counts.clear();
  }
}

void DryRun::sample(SmallestHeap<Sampled<SampleRow>>& heap, const database::RowBatch& batch,
                    const Decisions& decisions, std::int64_t row) {
  const std::uint64_t low = hash(batch, row);
  if (!heap.wants(low)) return;
  SampleRow shown;
  shown.key = key(batch, row);
  const bool deleted = is_deleted(decisions, row);
  if (deleted) shown.changes.push_back({"(row)", "there", "deleted"});
  for (std::size_t i = 0; i < backfill_.row.outputs.size() && !deleted; ++i) {
    const ir::Output& output = backfill_.row.outputs[i];
    const stdlib::Type& type = column(output.column).type;
    shown.changes.push_back(
        {column(output.column).name,
         stdlib::literal(batch.inputs[static_cast<std::size_t>(output.input)].value(row), type),
         stdlib::literal(decisions.outputs[i].value(row), type)});
  }
  heap.offer({low, report_.rows, std::move(shown)});
}

void DryRun::finish() {
  report_.samples = in_order(changed_);
  report_.unchanged = in_order(unchanged_);
  report_.quarantined = in_order(quarantined_);
  for (std::size_t i = 0; i < transitions_.size(); ++i) {
    std::vector<Transition> all;
    for (auto& [text, transition] : transitions_[i].counts) all.push_back(std::move(transition));
    std::sort(all.begin(), all.end(), [](const Transition& a, const Transition& b) {
      return std::tie(b.rows, a.before, a.after) < std::tie(a.rows, b.before, b.after);
    });
    report_.columns[i].top_is_complete = !transitions_[i].too_many && all.size() <= options_.top;
    if (all.size() > options_.top) all.resize(options_.top);
    report_.columns[i].top = std::move(all);
  }
  for (const ClassCount& count : report_.classes) {
    if (count.rows == 0 || count.code == ir::kCandidate) continue;
    LeftAlone& left = report_.left_alone.emplace_back();
    left.class_code = count.code;
    left.name = count.name;
    left.rows = count.rows;
    left.samples = in_order(left_[static_cast<std::size_t>(count.code)]);
    if (count.code >= ir::kFirstRule) {
      left.because = backfill_.row.rules[static_cast<std::size_t>(count.code - ir::kFirstRule) / 2].because;
    }
  }
  report_.engine = decider_.report();
  report_.seconds = watch_.seconds();
}

void DryRun::tell() {
  if (subject_.progress == nullptr) return;
  ProgressUpdate update;
  update.phase = Phase::Scan;
  update.done = report_.rows;
  update.quarantined = report_.outcomes.quarantined;
  update.rows_per_second = static_cast<double>(report_.rows) / std::max(1e-6, watch_.seconds());
  update.engine = decider_.native() ? "native" : "evaluator";
  subject_.progress->update(update);
}

}  // namespace

Result<DryRunReport> dry_run(const Subject& subject, const DryRunOptions& options) {
  BACKFILL_ASSIGN(auto store, database::open(subject.url, {database::Access::ReadOnly}));
  BACKFILL_TRY(expect_readable(*store, *subject.backfill));
  BACKFILL_ASSIGN(const std::int64_t now, store->now());
  BACKFILL_ASSIGN(auto done_in, runs_before(*store, *subject.backfill));
  Sources sources;
  BACKFILL_ASSIGN(const Snapshot snapshot, Snapshot::begin(*store, subject, sources));
  AtMoment at(subject, now, std::move(done_in));
  at.read_sources_of(0);
  return DryRun(at.subject(), options, {now}).run(snapshot, store->dialect());
}

}  // namespace backfill::execute
