// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/json.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace backfill::cli {

// Text from a database may not be UTF-8: what is not becomes U+FFFD, never an exception.
static std::string dumped(const Json& document, int indent) {
  return document.dump(indent, ' ', false, Json::error_handler_t::replace);
}

// All of them in one scope: an overload of an inner one would hide the others.
static Json to_json(const execute::Change& change);
static Json to_json(const execute::SetAside& row);
static Json to_json(const execute::Drift& drift);
static Json to_json(const execute::Transition& one);
static Json to_json(const execute::ColumnDelta& delta);
static Json to_json(const execute::EffectCount& effect);
static Json to_json(const execute::OutcomeCount& outcome);
static Json to_json(const execute::EffectWritten& effect);
static Json to_json(const execute::SampleRow& row);
static Json to_json(const execute::LeftAlone::Row& row);
static Json to_json(const execute::LeftAlone& left);
static Json to_json(const execute::EngineReport& engine);
static Json to_json(const execute::VerifyStepReport& step);
static Json to_json(const execute::Mismatch& row);
static Json to_json(const execute::CauseCount& count);
static Json to_json(const execute::LeftRow& row);
static Json to_json(const execute::EventRow& event);
static Json to_json(const execute::HistoryEntry& entry);

template <typename T>
static Json list(const std::vector<T>& items) {
  Json out = Json::array();
  for (const T& item : items) out.push_back(to_json(item));
  return out;
}

static Json to_json(const execute::Change& change) {
  return {{"column", change.column}, {"before", change.before}, {"after", change.after}};
}
static Json to_json(const execute::SetAside& row) {
  return {{"key", row.key}, {"outcome", row.outcome}, {"error", row.error}, {"message", row.message}};
}
static Json to_json(const execute::Drift& drift) {
  return {{"stage", drift.stage}, {"chunk", drift.chunk}, {"expected", drift.expected}, {"met", drift.met}};
}
static Json to_json(const execute::Transition& one) {
  return {{"before", one.before}, {"after", one.after}, {"rows", one.rows}};
}
static Json to_json(const execute::ColumnDelta& delta) {
  return {{"column", delta.column},
          {"filled", delta.filled},
          {"replaced", delta.replaced},
          {"erased", delta.erased},
          {"unchanged", delta.unchanged},
          {"transitions", list(delta.top)},
          {"transitions_complete", delta.top_is_complete}};
}
static Json to_json(const execute::EffectCount& effect) {
  return {{"effect", effect.name}, {"candidates", effect.rows}};
}
static Json to_json(const execute::EffectWritten& effect) {
  return {{"effect", effect.name}, {"kind", effect.kind}, {"table", effect.table}, {"rows", effect.rows}};
}
static Json to_json(const execute::OutcomeCount& outcome) {
  return {{"outcome", outcome.name}, {"rows", outcome.rows}};
}
static Json to_json(const execute::SampleRow& row) {
  return {{"key", row.key}, {"changes", list(row.changes)}};
}
static Json to_json(const execute::LeftAlone::Row& row) {
  return {{"key", row.key}, {"inputs", row.inputs}, {"reason", row.reason}};
}
static Json to_json(const execute::LeftAlone& left) {
  return {
      {"class", left.name}, {"because", left.because}, {"rows", left.rows}, {"samples", list(left.samples)}};
}
static Json to_json(const execute::EngineReport& engine) {
  return {{"native_rows", engine.native_rows},     {"evaluator_rows", engine.evaluator_rows},
          {"compared_rows", engine.compared_rows}, {"compile_ms", engine.compile_ms},
          {"from_cache", engine.from_cache},       {"unavailable", engine.unavailable}};
}
static Json to_json(const execute::VerifyStepReport& step) {
  return {{"label", step.label},
          {"compared", step.compared},
          {"corrected", step.corrected},
          {"mismatches", step.mismatches},
          {"seconds", step.seconds}};
}
static Json to_json(const execute::Mismatch& row) {
  return {{"key", row.key},
          {"column", row.column},
          {"stored", row.stored},
          {"expected", row.expected},
          {"expected_class", row.expected_class},
          {"corrected", row.corrected},
          {"cause", name(row.cause)},
          {"what_to_do", what_to_do(row.cause)}};
}
static Json to_json(const execute::CauseCount& count) {
  return {{"cause", name(count.cause)}, {"values", count.values}, {"what_to_do", what_to_do(count.cause)}};
}
static Json to_json(const execute::LeftRow& row) {
  return {{"key", row.key}, {"gone", row.gone}, {"changes", list(row.changes)}};
}
static Json to_json(const execute::EventRow& event) {
  const Json detail = Json::parse(event.detail, nullptr, false);
  return {{"at", event.at},
          {"kind", event.kind},
          {"detail", detail.is_discarded() ? Json(event.detail) : detail}};
}
static Json to_json(const execute::HistoryEntry& entry) {
  Json out = {{"run", entry.run},
              {"name", entry.name},
              {"key", entry.key},
              {"stage", entry.stage},
              {"batch", entry.batch},
              {"at", entry.at},
              {"rolled_back", entry.rolled_back},
              {"changes", list(entry.changes)}};
  if (!entry.effect.empty())
    out.update({{"effect", entry.effect}, {"table", entry.table}, {"row_key", entry.row_key}});
  return out;
}

void print_json(const Json& document) {
  std::puts(dumped(document, 2).c_str());
}
void print_json_line(const Json& event) {
  std::puts(dumped(event, -1).c_str());
  std::fflush(stdout);
}

Json to_json(const execute::ClassCounts& classes) {
  Json out = Json::object();
  for (const execute::ClassCount& one : classes) out[one.name] = one.rows;
  return out;
}

Json to_json(const execute::Outcomes& outcomes) {
  return {{"candidates", outcomes.candidates}, {"changed", outcomes.changed},
          {"unchanged", outcomes.unchanged},   {"quarantined", outcomes.quarantined},
          {"conflicts", outcomes.conflicts},   {"uncertain", outcomes.uncertain},
          {"add_up", outcomes.add_up()}};
}

Json to_json(const execute::StageReport& stage) {
  return {{"stage", stage.stage},       {"name", stage.name},
          {"kind", stage.kind},         {"state", stage.state},
          {"expected", stage.expected}, {"outcomes", to_json(stage.outcomes)},
          {"gate", stage.gate},         {"approved_by", stage.approved_by}};
}

Json to_json(const execute::ProgressUpdate& update) {
  return {{"phase", name(update.phase)},
          {"run", update.run},
          {"stage", update.stage},
          {"chunk", update.chunk},
          {"chunks", update.chunks},
          {"done", update.done},
          {"total", update.total},
          {"quarantined", update.quarantined},
          {"conflicts", update.conflicts},
          {"rows_per_second", update.rows_per_second},
          {"eta_seconds", update.eta_seconds},
          {"batch_rows", update.batch_rows},
          {"throttle", update.throttle},
          {"throttled_seconds", update.throttled_seconds},
          {"engine", update.engine}};
}

Json to_json(const execute::DryRunReport& report) {
  return {{"name", report.name},
          {"rows", report.rows},
          {"classes", to_json(report.classes)},
          {"outcomes", to_json(report.outcomes)},
          {"columns", list(report.columns)},
          {"effects", list(report.effects)},
          {"by_outcome", list(report.by_outcome)},
          {"samples", list(report.samples)},
          {"unchanged_samples", list(report.unchanged)},
          {"left_alone", list(report.left_alone)},
          {"quarantined", list(report.quarantined)},
          {"seconds", report.seconds},
          {"engine", to_json(report.engine)}};
}

Json to_json(const execute::RunReport& report) {
  return {{"end", name(report.end)},
          {"exit", exit_code(report)},
          {"run", report.run},
          {"name", report.name},
          {"resumed", report.resumed},
          {"first_again", report.first_again},
          {"earlier_run", report.earlier_run},
          {"state", report.state},
          {"plan_hash", report.plan_hash},
          {"message", report.message},
          {"way_out", report.way_out},
          {"rows", report.rows},
          {"classes", to_json(report.classes)},
          {"outcomes", to_json(report.outcomes)},
          {"effects", list(report.effects)},
          {"for_review", report.for_review},
          {"uncertain", report.uncertain},
          {"without_stage", report.without_stage},
          {"stages", list(report.stages)},
          {"batches", report.batches},
          {"read_rows", report.read_rows},
          {"seconds", report.seconds},
          {"throttled_seconds", report.throttled_seconds},
          {"retries", report.retries},
          {"decided_anew", report.decided_anew},
          {"late", report.late},
          {"late_keys", report.late_keys},
          {"engine", to_json(report.engine)},
          {"rows_now", report.rows_now},
          {"notes", report.notes},
          {"drift", list(report.drift)},
          {"set_aside", list(report.set_aside)},
          {"verifications", list(report.verifications)}};
}

Json to_json(const execute::VerifyReport& report) {
  return {{"run", report.run},
          {"clean", report.clean()},
          {"by", report.by_sql ? "sql" : "evaluator"},
          {"reasons", report.reasons},
          {"only_corrected", report.only_corrected},
          {"compared", report.compared},
          {"mismatches", report.mismatches},
          {"nothing_to_compare", report.nothing_to_compare != 0},
          {"gone", report.gone},
          {"steps", list(report.steps)},
          {"causes", list(report.causes)},
          {"causes_are_complete", report.causes_are_complete},
          {"samples", list(report.samples)}};
}

Json to_json(const execute::RollbackReport& report) {
  return {{"run", report.run},
          {"exit", exit_code(report)},
          {"state", report.state},
          {"interrupted", report.interrupted},
          {"refused", report.refused},
          {"message", report.message},
          {"way_out", report.way_out},
          {"restored", report.restored},
          {"restored_before", report.restored_before},
          {"changed_since", report.changed_since},
          {"gone", report.gone},
          {"blocked", report.blocked},
          {"left", list(report.left)},
          {"seconds", report.seconds}};
}

Json to_json(const execute::RunSummary& run) {
  return {{"run", run.run},
          {"name", run.name},
          {"table", run.table},
          {"state", run.state},
          {"state_means", run.state_means},
          {"requested", run.requested},
          {"owner", run.owner},
          {"owner_alive", run.owner_alive},
          {"started_at", run.started_at},
          {"finished_at", run.finished_at},
          {"heartbeat", run.heartbeat},
          {"fingerprint", run.fingerprint},
          {"schema_fingerprint", run.schema_fingerprint},
          {"plan_hash", run.plan_hash},
          {"compiler_version", run.compiler_version},
          {"incident", run.incident},
          {"rows", run.rows},
          {"candidates", run.candidates},
          {"outcomes", to_json(run.outcomes)}};
}

Json to_json(const execute::Status& status) {
  Json out = to_json(status.summary);
  out.update({{"now", status.now},
              {"classes", to_json(status.classes)},
              {"effects", list(status.effects)},
              {"stages", list(status.stages)},
              {"stage", status.stage},
              {"chunks", status.chunks},
              {"chunks_done", status.chunks_done},
              {"rows_per_second", status.rows_per_second},
              {"eta_seconds", status.eta_seconds},
              {"set_aside", list(status.set_aside)},
              {"events", list(status.events)},
              {"message", status.message},
              {"way_out", status.way_out},
              {"spec", status.spec}});
  return out;
}

Json to_json(const execute::History& history) {
  return {{"entries", list(history.entries)}, {"more", history.more}};
}

Json to_json(const execute::ControlReport& report) {
  return {
      {"done", report.done}, {"run", report.run}, {"message", report.message}, {"way_out", report.way_out}};
}

}  // namespace backfill::cli
