// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <utility>

#include "compiler/check/check.h"
#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/target.h"

namespace backfill::check {

using syntax::Literal;

namespace {

double fraction(const Literal& percentage) {
  return static_cast<double>(percentage.integer) / std::pow(10.0, percentage.scale) / 100.0;
}

std::int64_t clamped(__int128 value) {
  return static_cast<std::int64_t>(std::min<__int128>(value, std::numeric_limits<std::int64_t>::max()));
}

std::int64_t whole(const Literal& number) {
  return clamped(number.integer);
}

std::int64_t microseconds(const Literal& duration) {
  constexpr __int128 kDay = 86'400'000'000;
  const __int128 days = __int128{duration.duration.months} * 30 + duration.duration.days;
  return clamped(days * kDay + duration.duration.microseconds);
}

bool positive(Context& context, const Literal& number, std::string_view what) {
  constexpr std::int64_t kMost = 1'000'000'000'000;  // more rows than any table has
  if (number.integer > 0 && number.integer <= kMost) return true;
  context.report(Code::AmountOutOfRange, number.span,
                 number.integer > 0 ? fmt::format("{} of {} is more than any table has", what, number.written)
                                    : fmt::format("{} of {} is nothing", what, number.written),
                 "write the number of rows that is meant");
  return false;
}

bool is_share(Context& context, const Literal& percentage) {
  const double share = fraction(percentage);
  if (share > 0 && share <= 1) return true;
  context.report(Code::AmountOutOfRange, percentage.span,
                 fmt::format("{} is not a share of the rows", percentage.written),
                 "write more than 0% and at most 100%");
  return false;
}

ir::Gate gate_of(Context& context, const syntax::Gate& gate) {
  switch (gate.kind) {
    case syntax::GateKind::Verified:
      return {ir::GateKind::Verified, {}};
    case syntax::GateKind::Approval:
      return {ir::GateKind::Approval, gate.who.text};
    case syntax::GateKind::Soak:
      context.not_supported_yet(gate.span, "the gate `soak`");
      break;
    case syntax::GateKind::Metric:
      context.not_supported_yet(gate.span, "a gate on a metric");
      break;
  }
  return {};
}

void set_sample(Context& context, const syntax::Stage& stage, ir::Stage& out) {
  const Literal& number = stage.sample.number;
  if (stage.seed) out.seed = static_cast<std::uint64_t>(stage.seed->integer);
  if (stage.sample.kind == syntax::AmountKind::Rows) {
    out.kind = ir::StageKind::SampleRows;
    if (positive(context, number, "a sample")) out.rows = whole(number);
  } else {
    out.kind = ir::StageKind::SamplePercent;
    if (is_share(context, number)) out.fraction = fraction(number);
  }
}

void set_condition(Context& context, const syntax::Stage& stage, ir::Stage& out) {
  out.kind = ir::StageKind::Where;
  const ir::Expr* condition = check_condition(context, *stage.where);
  if (condition->op == ir::Op::Literal && condition->type.kind != stdlib::Kind::Error) {
    context.report(Code::NeverNarrows, stage.where->span, "this says the same of every candidate",
                   "`rest` takes every row that is left");
  }
  out.condition = static_cast<int>(context.out().row.stage_conditions.size());
  context.out().row.stage_conditions.push_back(condition);
}

void add_key(Context& context, const std::vector<syntax::ExprPtr>& tuple, Span span, ir::Stage& out) {
  if (tuple.size() != context.out().key.size()) {
    return context.report(
        Code::TypeMismatch, span,
        fmt::format("the key has {} columns, this has {}", context.out().key.size(), tuple.size()),
        "write one value for each column of the key: `keys (1, 2)` or `keys ((1, 'a'), (2, 'b'))`");
  }
  std::vector<stdlib::Value> key;
  for (std::size_t k = 0; k < tuple.size(); ++k) {
    const schema::Column& column = context.table().columns[static_cast<std::size_t>(context.out().key[k])];
    const ir::Expr* value = assign(context, check_expression(context, *tuple[k]), column, tuple[k]->span);
    if (value->type.kind == stdlib::Kind::Error) return;
    if (value->op != ir::Op::Literal || value->value.missing()) {
      return context.report(Code::TypeMismatch, tuple[k]->span, "a key is written out as a literal",
                            "`where` takes a condition instead");
    }
    key.push_back(value->value);
  }
  out.keys.push_back(std::move(key));
}

// A forgotten `then` makes a gate into a stage that takes everything left: only `rest` may say nothing.
void report_says_nothing(Context& context, const syntax::Stage& stage) {
  const std::string& name = stage.name.text;
  const bool is_gate = name == "verified" || name == "approval" || name == "soak" || name == "and";
  context.report(Code::StageSaysNothing, stage.span,
                 fmt::format("the stage `{}` does not say which candidates it takes", name),
                 is_gate ? "a gate stands behind `then`, several are joined by commas: `... then verified, "
                           "approval by \"...\"`"
                         : "write `sample ...`, `where ...` or `keys (...)`; `rest` takes what is left");
}

ir::Stage stage_of(Context& context, const syntax::Stage& stage) {
  ir::Stage out{.name = stage.name.text, .span = stage.span};
  switch (stage.selection) {
    case syntax::SelectionKind::Rest:
      out.kind = ir::StageKind::Rest;
      break;
    case syntax::SelectionKind::Sample:
      set_sample(context, stage, out);
      break;
    case syntax::SelectionKind::Where:
      set_condition(context, stage, out);
      break;
    case syntax::SelectionKind::Keys:
      out.kind = ir::StageKind::Keys;
      for (const auto& tuple : stage.keys) add_key(context, tuple, stage.span, out);
      break;
  }
  for (const syntax::Gate& gate : stage.gates) out.gates.push_back(gate_of(context, gate));
  return out;
}

bool says_nothing(const syntax::Stage& stage) {
  return stage.selection == syntax::SelectionKind::Rest && !stage.name.text.empty() &&
         stage.name.text != "rest";
}

void add_stage(Context& context, const syntax::Stage& stage) {
  std::vector<ir::Stage>& stages = context.out().stages;
  const std::string name = stage.name.text.empty() ? "rest" : stage.name.text;
  const auto rest = std::ranges::find(stages, ir::StageKind::Rest, &ir::Stage::kind);
  if (rest != stages.end()) {
    context.report(
        Code::StageNeverReached, stage.span,
        fmt::format("`{}` can take no row: `{}` before it takes all that are left", name, rest->name),
        "put the stage that takes the rest last");
  }
  if (std::ranges::any_of(stages, [&](const ir::Stage& known) { return known.name == name; })) {
    context.report(Code::DuplicateName, stage.name.span, fmt::format("two stages are called `{}`", name),
                   "choose another name");
  }
  stages.push_back(stage_of(context, stage));
  stages.back().name = name;
}

// Of the words that a forgotten `then` leaves behind only the first is reported.
void check_stages(Context& context) {
  std::vector<ir::Stage>& stages = context.out().stages;
  bool unclear = false;
  if (context.spec().stages) {
    for (const syntax::Stage& stage : context.spec().stages->stages) {
      if (!says_nothing(stage)) {
        add_stage(context, stage);
      } else if (!std::exchange(unclear, true)) {
        report_says_nothing(context, stage);
      }
    }
    const bool rest = std::ranges::count(stages, ir::StageKind::Rest, &ir::Stage::kind) > 0;
    if (!stages.empty() && !rest && !unclear) {
      context.report(Code::StageNeverReached, context.spec().stages->span,
                     "no stage takes the candidates that are left",
                     "end with `rest`: a candidate of no stage would never be written");
    }
  }
  if (stages.empty()) stages.push_back({.name = "rest", .kind = ir::StageKind::Rest});
}

bool set_stop(Context& context, const syntax::PaceRule& rule, ir::Pace& pace) {
  const syntax::Expr& condition = *rule.condition;
  const bool fits = condition.kind == syntax::ExprKind::Binary && condition.op == syntax::Operator::Greater &&
                    condition.children[0]->kind == syntax::ExprKind::Name &&
                    condition.children[0]->name.text == "quarantined" &&
                    condition.children[1]->kind == syntax::ExprKind::Literal &&
                    condition.children[1]->literal.kind == syntax::LiteralKind::Percentage;
  if (fits && is_share(context, condition.children[1]->literal))
    pace.stop_quarantined = fraction(condition.children[1]->literal);
  return fits;
}

void set_batch(Context& context, const syntax::PaceRule& rule, ir::Pace& pace) {
  if (rule.from && positive(context, *rule.from, "a batch"))
    pace.batch_min = pace.batch_max = whole(*rule.from);
  if (rule.to && positive(context, *rule.to, "a batch")) pace.batch_max = whole(*rule.to);
  if (rule.duration) pace.aim_us = std::max<std::int64_t>(1000, microseconds(*rule.duration));
  if (pace.batch_min > pace.batch_max) {
    context.report(Code::AmountOutOfRange, rule.span, "the smallest batch is larger than the largest",
                   "write `batch SMALLEST to LARGEST rows`");
    return;
  }
  constexpr std::int64_t kLargestBatch = 100'000;  // a transaction beyond this blocks others for seconds
  if (pace.batch_max > kLargestBatch) {
    context.report(
        Code::AmountOutOfRange, rule.span,
        fmt::format("a batch of more than {} rows would hold its locks for seconds", kLargestBatch),
        "write a smaller one: within it the run finds the size that takes as long as `aim` says");
  }
}

void check_pace(Context& context) {
  if (!context.spec().pace) return;
  ir::Pace& pace = context.out().pace;
  std::set<syntax::PaceKind> seen;
  for (const syntax::PaceRule& rule : context.spec().pace->rules) {
    const bool once = rule.kind == syntax::PaceKind::Batch || rule.kind == syntax::PaceKind::Pause ||
                      rule.kind == syntax::PaceKind::AtMost;
    if (!seen.insert(rule.kind).second && once)
      context.report(Code::DuplicateClause, rule.span, "`pace` says this twice", "leave one of them out");
    switch (rule.kind) {
      case syntax::PaceKind::Batch:
        set_batch(context, rule, pace);
        break;
      case syntax::PaceKind::Pause:
        pace.pause_us = microseconds(*rule.duration);
        break;
      case syntax::PaceKind::AtMost: {
        const std::int64_t per =
            rule.duration ? std::max<std::int64_t>(1, microseconds(*rule.duration)) : 1'000'000;
        if (positive(context, *rule.from, "a rate"))
          pace.rows_per_second = std::max<std::int64_t>(1, whole(*rule.from) * 1'000'000 / per);
        break;
      }
      case syntax::PaceKind::Stop:
        if (!set_stop(context, rule, pace))
          context.not_supported_yet(rule.span,
                                    "`stop when` with this condition (`quarantined > x%` can be run)");
        break;
      case syntax::PaceKind::Hold:
        context.not_supported_yet(rule.span, "`hold while`");
        break;
      case syntax::PaceKind::Between:
        context.not_supported_yet(rule.span, "a time window");
        break;
      case syntax::PaceKind::Workers:
        context.not_supported_yet(rule.span, "`workers`");
        break;
    }
  }
}

void check_verify(Context& context) {
  auto& steps = context.out().verify;
  if (context.spec().verify) {
    for (const syntax::Amount& amount : context.spec().verify->samples) {
      ir::VerifyStep step;
      if (amount.kind == syntax::AmountKind::All) step.all = true;
      if (amount.kind == syntax::AmountKind::Rows && positive(context, amount.number, "a sample"))
        step.rows = whole(amount.number);
      if (amount.kind == syntax::AmountKind::Percent && is_share(context, amount.number))
        step.fraction = fraction(amount.number);
      steps.push_back(step);
    }
    for (const syntax::Metric& metric : context.spec().verify->metrics)
      context.not_supported_yet(metric.span, "a metric");
    for (const syntax::Condition& expect : context.spec().verify->expects)
      context.not_supported_yet(expect.span, "an `expect` of verify");
  }
  if (steps.empty()) steps.push_back({.all = true});
}

void set_keep(Context& context, const Literal& keep, ir::Backfill& out) {
  constexpr std::int64_t kDay = 86'400'000'000;
  out.keep_days = microseconds(keep) / kDay;
  if (out.keep_days == 0)
    context.report(Code::AmountOutOfRange, keep.span,
                   fmt::format("prior values that are kept for {} are no way back", keep.written),
                   "keep them for a day at least: `keep 30 days`");
}

void check_rollback(Context& context) {
  ir::Backfill& out = context.out();
  if (context.spec().rollback) {
    const syntax::Rollback& rollback = *context.spec().rollback;
    if (rollback.capture && *rollback.capture == syntax::CaptureKind::Nothing) {
      context.not_supported_yet(rollback.capture_span, "`capture nothing`");
    }
    if (rollback.keep) set_keep(context, *rollback.keep, out);
  }
}

void check_impact(Context& context) {
  if (!context.spec().impact) return;
  const auto joined = [](const std::vector<syntax::Prose>& parts) {
    std::string text;
    for (const syntax::Prose& part : parts) text += (text.empty() ? "" : "; ") + part.text;
    return text;
  };
  context.out().visible = joined(context.spec().impact->visible);
  context.out().decision_bearing = joined(context.spec().impact->decision_bearing);
  for (const syntax::Tell& tell : context.spec().impact->tells)
    context.out().tell.emplace_back(tell.who.text, tell.what.text);
}

}  // namespace

void check_rollout(Context& context) {
  check_stages(context);
  check_pace(context);
  check_verify(context);
  check_rollback(context);
  check_impact(context);
}

void check_proportion(Context& context) {
  const syntax::Backfill& spec = context.spec();
  if (spec.about_rows) positive(context, *spec.about_rows, "a scope");
  std::string boundary;
  const std::int64_t rows = spec.about_rows ? whole(*spec.about_rows) : context.table().rows.value_or(0);
  if (rows > kLargeScope)
    boundary = fmt::format("the scope is large (about {} rows, more than {})", rows, kLargeScope);
  if (!context.out().decision_bearing.empty()) boundary = "decisions rest on this data (`decision_bearing`)";
  std::vector<std::string> lacking;
  if (!boundary.empty()) {
    if (!spec.stages) lacking.emplace_back("stages");
    if (!spec.verify) lacking.emplace_back("verify");
    if (!spec.rollback) lacking.emplace_back("rollback");
  }
  if (!lacking.empty()) {
    context.report(
        Code::CeremonyMissing, spec.name.span,
        fmt::format("{}, and the spec has no `{}`", boundary, fmt::join(lacking, "`, `")),
        fmt::format("add {}: what runs first, how we know, how we go back", fmt::join(lacking, ", ")));
  }
  const bool reinterprets = context.out().intent == ir::Intent::Reinterpret;
  if (reinterprets && !spec.impact) {
    context.report(Code::IntentNeeds, spec.name.span,
                   "`intent reinterpret` changes what values mean, and the spec has no `impact`",
                   "add `impact { ... }`: who sees changed truth, and what they are told");
  }
  if (reinterprets && !spec.intent->approved_by) {
    context.report(Code::IntentNeeds, spec.intent->span, "`intent reinterpret` says who approved it",
                   "write `intent reinterpret approved by \"...\"`");
  }
}

}  // namespace backfill::check
