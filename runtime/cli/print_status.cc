// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/table.h"

namespace backfill::cli {

namespace {

using execute::RunSummary;
using execute::Status;

void print_times(const RunSummary& run) {
  Table table({{"", Align::Left}, {"", Align::Left}});
  const auto add = [&](std::string label, std::string text) {
    if (!text.empty()) table.row({std::move(label), std::move(text)});
  };
  add("table", run.table);
  add("state", run.state_means.empty() ? run.state : fmt::format("{}: {}", run.state, run.state_means));
  add("asked for", run.requested);
  add("started", run.started_at);
  add("finished", run.finished_at);
  add("worked on by", run.owner.empty() ? "" : run.owner + (run.owner_alive ? "" : " (gone)"));
  if (run.finished_at.empty()) add("heartbeat", run.heartbeat);
  add("incident", run.incident);
  add("plan", run.plan_hash);
  fmt::print("{}", table.text(2, 120));
}

void print_pace(const Status& status) {
  if (status.stage.empty()) return;
  fmt::print("\nstage {}: {} of {} chunks", status.stage, thousands(status.chunks_done),
             thousands(status.chunks));
  if (status.rows_per_second > 0) fmt::print(", {}", rate(status.rows_per_second));
  if (status.eta_seconds >= 0) fmt::print(", {} to go", duration(status.eta_seconds));
  fmt::print("\n");
}

// {"rows":10,"by":"ann"} as people read it: rows 10, by ann.
std::string words(const std::string& detail) {
  const Json parsed = Json::parse(detail, nullptr, false);
  if (!parsed.is_object()) return detail;
  std::string text;
  for (const auto& [key, value] : parsed.items()) {
    text += text.empty() ? "" : ", ";
    if (key != "message") text += key + " ";
    text += value.is_string() ? value.get<std::string>() : value.dump();
  }
  return text;
}

void print_events(const Status& status) {
  if (status.events.empty()) return;
  heading("events");
  Table table({{"", Align::Left}, {"", Align::Left}, {"", Align::Left}});
  for (const auto& event : status.events) table.row({event.at, event.kind, words(event.detail)});
  fmt::print("{}", table.text(2, 90));
}

}  // namespace

void print_status(const Status& status) {
  fmt::print("run {} of {}\n", status.summary.run, status.summary.name);
  print_times(status.summary);
  if (!status.message.empty()) fmt::print("\n{}\n", status.message);
  if (!status.way_out.empty()) fmt::print("  {}\n", status.way_out);
  print_pace(status);
  print_classes(status.classes, status.summary.rows);
  print_outcomes(status.summary.outcomes);
  print_by_outcome(status.by_outcome);
  print_written(status.effects);
  print_stages(status.stages);
  const execute::Outcomes& done = status.summary.outcomes;
  print_set_aside(status.set_aside, done.quarantined + done.conflicts + done.uncertain);
  print_events(status);
}

void print_runs(const std::vector<RunSummary>& runs) {
  if (runs.empty()) {
    fmt::print("nothing has run in this database\n");
    return;
  }
  Table table({{"run", Align::Right},
               {"backfill", Align::Left},
               {"table", Align::Left},
               {"state", Align::Left},
               {"candidates", Align::Right},
               {"changed", Align::Right},
               {"set aside", Align::Right},
               {"started", Align::Left},
               {"", Align::Left}});
  for (const RunSummary& run : runs) {
    table.row({fmt::format("{}", run.run), run.name, run.table, run.state, thousands(run.candidates),
               thousands(run.outcomes.changed), thousands(run.outcomes.quarantined + run.outcomes.conflicts),
               run.started_at, run.owner_alive ? run.owner : ""});
  }
  fmt::print("{}", table.text(0));
}

void print_rollback(const execute::RollbackReport& report, bool dry_run) {
  if (report.refused) {
    fmt::print("run {}: not rolled back: {}\n", report.run, report.message);
    if (!report.way_out.empty()) fmt::print("  {}\n", report.way_out);
    return;
  }
  fmt::print("run {}: {}{}\n", report.run,
             dry_run ? "a rollback would do this (nothing was written)" : report.state,
             report.interrupted ? ", interrupted: run it again to go on" : "");
  if (!report.message.empty()) fmt::print("  {}\n", report.message);
  if (!report.way_out.empty()) fmt::print("  {}\n", report.way_out);
  Table table({{"", Align::Left}, {"", Align::Right}, {"", Align::Left}});
  table.row({dry_run ? "to restore" : "restored", thousands(report.restored)});
  if (report.restored_before > 0) table.row({"restored before", thousands(report.restored_before)});
  table.row(
      {"changed since", thousands(report.changed_since), report.changed_since > 0 ? "left as they are" : ""});
  table.row({"deleted since", thousands(report.gone)});
  if (report.blocked > 0)
    table.row({"blocked", thousands(report.blocked), "a constraint or trigger refuses the prior value"});
  fmt::print("{}", table.text(2));
  if (report.left.empty()) return;
  heading("left alone: somebody wrote after the run");
  Table left({{"key", Align::Left},
              {"column", Align::Left},
              {"the run wrote", Align::Left},
              {"stored now", Align::Left}});
  for (const execute::LeftRow& row : report.left) {
    if (row.gone) left.row({row.key, "(deleted)"});
    std::string key = row.key;
    for (const execute::Change& change : row.changes)
      left.row({std::exchange(key, ""), change.column, change.before, change.after});
  }
  fmt::print("{}", left.text(2, 40));
}

// status, or of another row albums[2].artist_id, albums[2].
static std::string written(const execute::HistoryEntry& entry, const execute::Change& change) {
  if (entry.effect.empty()) return change.column;
  return fmt::format("{}{}{}{}", entry.table, entry.row_key.empty() ? "" : fmt::format("[{}]", entry.row_key),
                     change.column.empty() ? "" : ".", change.column);
}

void print_history(const execute::History& history) {
  if (history.entries.empty()) {
    fmt::print("nothing was changed\n");
    return;
  }
  Table table({{"run", Align::Right},
               {"key", Align::Left},
               {"column", Align::Left},
               {"before", Align::Left},
               {"", Align::Left},
               {"after", Align::Left},
               {"stage", Align::Left},
               {"when", Align::Left},
               {"", Align::Left}});
  for (const execute::HistoryEntry& entry : history.entries) {
    bool first = true;
    for (const execute::Change& change : entry.changes) {
      table.row({first ? fmt::format("{}", entry.run) : "", first ? entry.key : "", written(entry, change),
                 change.before, "->", change.after, first ? entry.stage : "", first ? entry.at : "",
                 first && entry.rolled_back ? "rolled back" : ""});
      first = false;
    }
  }
  fmt::print("{}", table.text(0, 40));
  if (history.more) fmt::print("and more: --limit N and --skip N show them\n");
}

}  // namespace backfill::cli
