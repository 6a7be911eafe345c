// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/row_decider.h"

#include <fmt/format.h>
#include <algorithm>

#include "stdlib/bug.h"

namespace backfill::execute {

using stdlib::ColumnBuffer;
using stdlib::Kind;

Decisions::Decisions(const ir::Backfill& backfill)
    : class_code(stdlib::make(Kind::Int32)), changed(stdlib::make(Kind::Bool)) {
  for (const ir::Output& output : backfill.row.outputs) outputs.emplace_back(output.final->type);
  for (std::size_t i = 0; i < backfill.row.stage_conditions.size(); ++i)
    stages.emplace_back(stdlib::make(Kind::Bool));
  for (const ir::Expr* value : backfill.row.values) values.emplace_back(value->type);
}

EngineReport& EngineReport::operator+=(const EngineReport& other) {
  native_rows += other.native_rows;
  evaluator_rows += other.evaluator_rows;
  compared_rows += other.compared_rows;
  compile_ms = std::max(compile_ms, other.compile_ms);
  from_cache = from_cache || other.from_cache;
  if (!other.unavailable.empty()) unavailable = other.unavailable;
  return *this;
}

namespace {

void make_room(Decisions& decisions, std::int64_t rows) {
  decisions.failures.clear();
  decisions.difference.clear();
  if (rows <= decisions.capacity) return;
  decisions.class_code.reserve(rows);
  decisions.changed.reserve(rows);
  for (ColumnBuffer& buffer : decisions.outputs) buffer.reserve(rows);
  for (ColumnBuffer& buffer : decisions.stages) buffer.reserve(rows);
  for (ColumnBuffer& buffer : decisions.values) buffer.reserve(rows);
  decisions.capacity = rows;
}

void set_flag(ColumnBuffer& buffer, std::int64_t row, bool value) {
  buffer.as<std::uint8_t>()[row] = value ? 1 : 0;
  buffer.out().valid[row] = 1;
}

void store(Decisions& out, std::int64_t row, const evaluate::Decision& decision, stdlib::Arena& arena) {
  out.class_code.as<std::int32_t>()[row] = decision.class_code;
  out.class_code.out().valid[row] = 1;
  set_flag(out.changed, row, decision.changed);
  for (std::size_t i = 0; i < out.outputs.size(); ++i) {
    if (decision.outputs.empty()) {
      out.outputs[i].set_missing(row);
    } else {
      out.outputs[i].set(row, decision.outputs[i], arena);
    }
  }
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    if (decision.values.empty()) {
      out.values[i].set_missing(row);
    } else {
      out.values[i].set(row, decision.values[i], arena);
    }
  }
  for (std::size_t i = 0; i < out.stages.size(); ++i) {
    set_flag(out.stages[i], row, i < decision.stages.size() && decision.stages[i]);
  }
  if (decision.failure) out.failures.push_back({row, *decision.failure});
}

template <typename Column>
Column shifted(const Column& column, std::size_t width, std::int64_t rows) {
  Column out = column;
  using Byte =
      std::conditional_t<std::is_const_v<std::remove_pointer_t<decltype(column.values)>>, const char, char>;
  out.values = static_cast<Byte*>(column.values) + static_cast<std::size_t>(rows) * width;
  out.valid = column.valid + rows;
  return out;
}

template <typename Column>
void push(std::vector<Column>& columns, const Column& column, const stdlib::Type& type, std::int64_t first) {
  columns.push_back(shifted(column, stdlib::width(stdlib::physical(type)), first));
}

// Empty: native (in `out`) and evaluator agree on the row.
std::string differs(const Decisions& out, std::int64_t row, const evaluate::Decision& expected) {
  if (expected.failure) return fmt::format("the evaluator fails: {}", expected.failure->message);
  if (out.code(row) != expected.class_code) {
    return fmt::format("class {} by native code, {} by the evaluator", out.code(row), expected.class_code);
  }
  if (expected.class_code != ir::kCandidate) return {};
  if (out.is_changed(row) != expected.changed) {
    return fmt::format("changed {} by native code, {} by the evaluator", out.is_changed(row),
                       expected.changed);
  }
  for (std::size_t i = 0; i < out.outputs.size(); ++i) {
    const stdlib::Value native = out.outputs[i].value(row);
    if (native == expected.outputs[i]) continue;
    const stdlib::Type& type = out.outputs[i].type();
    return fmt::format("output {}: {} by native code, {} by the evaluator", i + 1,
                       stdlib::literal(native, type), stdlib::literal(expected.outputs[i], type));
  }
  for (std::size_t i = 0; i < out.values.size(); ++i) {
    const stdlib::Value native = out.values[i].value(row);
    if (native == expected.values[i]) continue;
    const stdlib::Type& type = out.values[i].type();
    return fmt::format("value {} of the effects: {} by native code, {} by the evaluator", i + 1,
                       stdlib::literal(native, type), stdlib::literal(expected.values[i], type));
  }
  for (std::size_t i = 0; i < out.stages.size(); ++i) {
    if (out.in_stage(i, row) != expected.stages[i]) return fmt::format("stage condition {} differs", i + 1);
  }
  return {};
}

}  // namespace

RowDecider::RowDecider(const Subject& subject, evaluate::Moment moment)
    : subject_(subject), backfill_(*subject.backfill), moment_(moment) {}

RowDecider::~RowDecider() {
  if (compiler_.joinable()) compiler_.join();
}

void RowDecider::start_compiling() {
  compiler_ = std::thread([this] {
    auto engine = jit::engine();
    if (engine) {
      result_.emplace((*engine)->compile(backfill_, {subject_.jit_cache_directory, false}));
    } else {
      result_.emplace(engine.failure());
    }
    compiled_.store(true, std::memory_order_release);
  });
}

void RowDecider::adopt() {
  if (program_ || !result_ || !compiled_.load(std::memory_order_acquire)) return;
  if (compiler_.joinable()) compiler_.join();
  if (*result_) {
    program_ = std::move(**result_);
    report_.compile_ms = program_->compile_ms();
    report_.from_cache = program_->from_cache();
  } else {
    report_.unavailable = result_->failure().message;
  }
  result_.reset();
}

Result<void> RowDecider::prepare() {
  if (program_ || subject_.engine == EngineChoice::Auto || subject_.engine == EngineChoice::Evaluator)
    return {};
  start_compiling();
  compiler_.join();
  adopt();
  if (program_) return {};
  return fatal(fmt::format("cannot compile native code: {}", report_.unavailable),
               "run it with `--engine evaluator`, which is slower but needs no native code");
}

void RowDecider::expect(std::int64_t rows) {
  const bool begun = program_ || compiler_.joinable() || !report_.unavailable.empty();
  if (subject_.engine == EngineChoice::Auto && !begun && rows >= kMany) start_compiling();
}

Result<void> RowDecider::decide(database::RowBatch& batch, Decisions& out) {
  if (in_use_.test_and_set(std::memory_order_acquire)) BACKFILL_BUG("two threads decide by one decider");
  const Result<void> answered = source_ == nullptr ? Result<void>() : answer(batch, out);
  if (answered) decide_rows(batch, out);
  in_use_.clear(std::memory_order_release);
  return answered;
}

// Decided twice, counted once.
Result<void> RowDecider::answer(database::RowBatch& batch, Decisions& out) {
  const EngineReport before = report_;
  decide_rows(batch, out);
  report_.native_rows = before.native_rows;
  report_.evaluator_rows = before.evaluator_rows;
  report_.compared_rows = before.compared_rows;
  return source_->answer(batch, out, out.asked);
}

void RowDecider::decide_rows(database::RowBatch& batch, Decisions& out) {
  make_room(out, batch.rows);
  if (batch.rows == 0) return;
  if (compiler_.joinable() && compiled_.load(std::memory_order_acquire)) adopt();
  if (program_) {
    run_native(batch, out);
    return;
  }
  evaluate_rows(batch, out, 0, batch.rows);
  const bool begun = compiler_.joinable() || !report_.unavailable.empty();
  if (subject_.engine == EngineChoice::Auto && !begun && report_.evaluator_rows >= kCompileAfter)
    start_compiling();
}

void RowDecider::run_native(database::RowBatch& batch, Decisions& out) {
  for (std::int64_t first = 0; first < batch.rows; first += kSlice) {
    const std::int64_t rows = std::min(kSlice, batch.rows - first);
    const std::uint32_t errors = run_slice(batch, out, first, rows);
    if (subject_.engine == EngineChoice::Both) compare_slice(batch, out, first, rows, errors);
    if (errors != 0) {
      evaluate_rows(batch, out, first, rows);
    } else {
      report_.native_rows += rows;
    }
  }
  evaluate_unreadable(batch, out);
}

std::uint32_t RowDecider::run_slice(database::RowBatch& batch, Decisions& out, std::int64_t first,
                                    std::int64_t rows) {
  in_.clear();
  out_.clear();
  for (const ColumnBuffer& input : batch.inputs) push(in_, input.column(), input.type(), first);
  push(out_, out.class_code.out(), out.class_code.type(), first);
  push(out_, out.changed.out(), out.changed.type(), first);
  for (ColumnBuffer& buffer : out.outputs) push(out_, buffer.out(), buffer.type(), first);
  for (ColumnBuffer& buffer : out.stages) push(out_, buffer.out(), buffer.type(), first);
  for (ColumnBuffer& buffer : out.values) push(out_, buffer.out(), buffer.type(), first);
  stdlib::Context context;
  context.now = moment_.now;
  context.arena = &batch.arena;
  const std::uint32_t errors = program_->kernel()(in_.data(), out_.data(), rows, &context);
  return errors | context.errors;
}

void RowDecider::evaluate_rows(database::RowBatch& batch, Decisions& out, std::int64_t first,
                               std::int64_t rows) {
  for (std::int64_t row = first; row < first + rows; ++row) {
    store(out, row, evaluate::decide(backfill_, batch.row(row), moment_), batch.arena);
  }
  report_.evaluator_rows += rows;
}

// The kernel saw a missing value where there was one that cannot be read.
void RowDecider::evaluate_unreadable(database::RowBatch& batch, Decisions& out) {
  std::int64_t last = -1;
  for (const auto& unreadable : batch.unreadable) {
    const std::int64_t row = unreadable.row;
    if (row == last) continue;
    last = row;
    std::erase_if(out.failures, [row](const Decisions::Failed& failed) { return failed.row == row; });
    store(out, row, evaluate::decide(backfill_, batch.row(row), moment_), batch.arena);
  }
  std::sort(out.failures.begin(), out.failures.end(),
            [](const Decisions::Failed& a, const Decisions::Failed& b) { return a.row < b.row; });
}

void RowDecider::compare_slice(database::RowBatch& batch, Decisions& out, std::int64_t first,
                               std::int64_t rows, std::uint32_t errors) {
  report_.compared_rows += rows;
  if (!out.difference.empty()) return;
  const std::vector<stdlib::Type> types = [&] {
    std::vector<stdlib::Type> list;
    for (const int column : backfill_.key)
      list.push_back(backfill_.table->columns[static_cast<std::size_t>(column)].type);
    return list;
  }();
  bool failed = false;
  for (std::int64_t row = first; row < first + rows; ++row) {
    const evaluate::Row values = batch.row(row);
    if (!values.unreadable.empty()) continue;
    const evaluate::Decision expected = evaluate::decide(backfill_, values, moment_);
    failed = failed || expected.failure.has_value();
    if (errors != 0) continue;  // the values of such a slice are not used
    const std::string what = differs(out, row, expected);
    if (what.empty()) continue;
    out.difference = fmt::format("row {} ({}): {}", describe_key(batch.key(row, types.size()), types),
                                 describe_inputs(backfill_, values), what);
    return;
  }
  if (errors != 0 && !failed) {
    out.difference = fmt::format("rows from {}: native code reports row errors {:#x}, the evaluator none",
                                 describe_key(batch.key(first, types.size()), types), errors);
  }
}

std::string describe_inputs(const ir::Backfill& backfill, const evaluate::Row& row) {
  std::string out;
  const std::vector<bool> read = ir::inputs_read(backfill);  // others hold nothing
  for (std::size_t i = 0; i < row.inputs.size(); ++i) {
    if (!read[i]) continue;
    const ir::Input& input = backfill.row.inputs[i];
    if (!out.empty()) out += ", ";
    out += fmt::format("{}: {}", ir::input_name(backfill, static_cast<int>(i)),
                       stdlib::literal(row.inputs[i], input.type));
  }
  return out;
}

std::string describe_key(const database::Key& key, const std::vector<stdlib::Type>& types) {
  if (key.size() == 1) return stdlib::literal(key[0], types[0]);
  std::string out = "(";
  for (std::size_t i = 0; i < key.size(); ++i) {
    if (i > 0) out += ", ";
    out += stdlib::literal(key[i], types[i]);
  }
  return out + ")";
}

}  // namespace backfill::execute
