// SPDX-License-Identifier: Apache-2.0
// Decides the rows of a batch by native code or by the reference evaluator, whichever tier is due.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "runtime/database/store.h"
#include "runtime/execute/answers.h"
#include "runtime/execute/subject.h"
#include "runtime/jit/engine.h"

namespace backfill::execute {

// What the row function says of every row of one batch. Reused from batch to batch. Texts live in the batch's
// arena.
struct Decisions {
  explicit Decisions(const ir::Backfill& backfill);

  struct Failed {
    std::int64_t row;
    evaluate::RowFailure why;
  };
  stdlib::ColumnBuffer class_code, changed;
  std::vector<stdlib::ColumnBuffer> outputs;  // meaningful for candidates that did not fail
  std::vector<stdlib::ColumnBuffer> stages;   // one per stage condition
  std::vector<stdlib::ColumnBuffer> values;   // RowFunction::values; meaningful as outputs are
  std::vector<Failed> failures;               // ascending by row
  Requests asked;                             // of extern functions
  // EngineChoice::Both: the first row on which the tiers differ, with its inputs. Empty: none.
  std::string difference;

  [[nodiscard]] std::int32_t code(std::int64_t row) const { return class_code.as<std::int32_t>()[row]; }
  [[nodiscard]] bool is_changed(std::int64_t row) const { return changed.as<std::uint8_t>()[row] != 0; }
  // Of a candidate that did not fail.
  [[nodiscard]] bool applies(const ir::Effect& effect, std::int64_t row) const {
    const auto holds = [&](int value) {
      return values[static_cast<std::size_t>(value)].as<std::uint8_t>()[row] != 0;
    };
    return (effect.guard < 0 || holds(effect.guard)) && (effect.unless < 0 || !holds(effect.unless));
  }
  [[nodiscard]] bool in_stage(std::size_t condition, std::int64_t row) const {
    return stages[condition].as<std::uint8_t>()[row] != 0;
  }

  std::int64_t capacity = 0;
};

// Rows per call of a kernel: a row error re-runs this many in the evaluator.
constexpr std::int64_t kSlice = 512;
// Auto compiles once this many rows were decided by the evaluator: a smaller run is over before it pays.
constexpr std::int64_t kCompileAfter = 2048;
constexpr std::int64_t kMany = 50'000;  // the evaluator takes as long for these as compiling does

// Used by one thread at a time; compiles on a thread of its own.
class RowDecider {
 public:
  RowDecider(const Subject& subject, evaluate::Moment moment);
  ~RowDecider();
  RowDecider(const RowDecider&) = delete;
  RowDecider& operator=(const RowDecider&) = delete;

  // Native and Both: compiles now, or fails.
  Result<void> prepare();
  // About so many rows will come: where they are many, native code is compiled before the first one is there.
  void expect(std::int64_t rows);
  // Fails where extern functions cannot be asked.
  Result<void> decide(database::RowBatch& batch, Decisions& out);
  // From now on; must outlive it. Null: rows are decided with the answers that they come with. Gives the one
  // before.
  AnswerSource* answer_by(AnswerSource* source) { return std::exchange(source_, source); }
  [[nodiscard]] const EngineReport& report() const { return report_; }
  [[nodiscard]] bool native() const { return program_ != nullptr; }

 private:
  void start_compiling();
  Result<void> answer(database::RowBatch& batch, Decisions& out);
  void decide_rows(database::RowBatch& batch, Decisions& out);
  void adopt();  // takes the compiled program over if it is ready
  void run_native(database::RowBatch& batch, Decisions& out);
  std::uint32_t run_slice(database::RowBatch& batch, Decisions& out, std::int64_t first, std::int64_t rows);
  void evaluate_rows(database::RowBatch& batch, Decisions& out, std::int64_t first, std::int64_t rows);
  void evaluate_unreadable(database::RowBatch& batch, Decisions& out);
  void compare_slice(database::RowBatch& batch, Decisions& out, std::int64_t first, std::int64_t rows,
                     std::uint32_t errors);

  const Subject& subject_;
  const ir::Backfill& backfill_;
  evaluate::Moment moment_;
  AnswerSource* source_ = nullptr;
  EngineReport report_;
  std::unique_ptr<jit::Program> program_;
  std::thread compiler_;
  std::atomic<bool> compiled_{false};
  std::optional<Result<std::unique_ptr<jit::Program>>> result_;  // of the thread; read once compiled_ is set
  std::vector<stdlib::Column> in_;
  std::vector<stdlib::OutColumn> out_;
  std::atomic_flag in_use_;  // two threads in `decide` would mix the values of their rows: that aborts
};

// "`id`: 7, `status`: missing", for reports.
[[nodiscard]] std::string describe_inputs(const ir::Backfill& backfill, const evaluate::Row& row);
// "42" or "(1, 'a')".
[[nodiscard]] std::string describe_key(const database::Key& key, const std::vector<stdlib::Type>& types);

}  // namespace backfill::execute
