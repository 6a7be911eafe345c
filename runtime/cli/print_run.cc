// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/shown_url.h"
#include "runtime/cli/table.h"
#include "runtime/cli/terminal.h"

namespace backfill::cli {

namespace {

using execute::RunEnd;
using execute::RunReport;

const char* colour(const RunReport& report, const Paint& paint) {
  switch (execute::exit_code(report)) {
    case 0:
      return paint.good;
    case 3:
    case 4:
      return paint.warn;
    default:
      return paint.bad;
  }
}

void print_end(const RunReport& report) {
  const Paint paint = paint_for(stdout);
  const std::string which =
      report.run > 0 ? fmt::format("run {} of {}", report.run, report.name) : report.name;
  fmt::print("{}{}: {}{}\n", colour(report, paint), which, execute::name(report.end), paint.off);
  if (report.resumed) fmt::print("  went on where it had stopped\n");
  if (report.first_again)
    fmt::print("  run {} of the same plan had {} already: this was a new one\n", report.earlier_run,
               report.earlier_rolled_back ? "been rolled back" : "finished");
  if (!report.message.empty()) fmt::print("  {}\n", report.message);
  // What to do about a gate stands under `next`, as a command line that can be copied.
  if (!report.way_out.empty() && report.end != RunEnd::AwaitApproval) fmt::print("  {}\n", report.way_out);
}

// Whose approval the run waits for, as its gate says it: approval by "who".
std::string approver(const RunReport& report) {
  constexpr std::string_view kBy = "approval by ";
  for (const execute::StageReport& stage : report.stages) {
    const std::size_t at = stage.gate.find(kBy);
    if (at == std::string::npos || !stage.approved_by.empty()) continue;
    const std::string who = stage.gate.substr(at + kBy.size());
    const std::size_t end = who.find("\", verified");
    return end == std::string::npos ? who : who.substr(0, end + 1);
  }
  return "NAME";
}

void print_drift(const RunReport& report) {
  if (report.rows_now != report.rows && report.run != 0)
    fmt::print("\nthe table had {} when the run was planned, it has {} now\n", counted(report.rows, "row"),
               thousands(report.rows_now));
  if (report.drift.empty()) return;
  heading("rows that came, left or changed class since the plan");
  Table table(
      {{"stage", Align::Left}, {"chunk", Align::Right}, {"expected", Align::Right}, {"met", Align::Right}});
  for (const execute::Drift& drift : report.drift)
    table.row({drift.stage, thousands(drift.chunk), thousands(drift.expected), thousands(drift.met)});
  fmt::print("{}", table.text(2));
}

void print_gates(const RunReport& report) {
  if (report.verifications.empty()) return;
  heading("verified on the way");
  for (const execute::VerifyReport& one : report.verifications) {
    fmt::print("  {} compared {}, {}\n", counted(one.compared, "row"),
               one.by_sql ? "by SQL" : "by the evaluator",
               one.mismatches == 0 ? "no mismatch" : counted(one.mismatches, "mismatch", "mismatches"));
  }
}

void next(const std::string& line, const std::string& does) {
  fmt::print("  {}\n      {}\n", line, does);
}

void print_next(const RunReport& report, const std::string& db) {
  if (report.run == 0 || report.end == RunEnd::Bug) return;
  heading("next");
  const std::string run =
      fmt::format("{}{}", report.run, db.empty() ? "" : " --db " + shell_word(without_password(db)));
  switch (report.end) {
    case RunEnd::Finished:
      if (report.outcomes.changed > 0) {
        next("backfill verify " + run, "compares what is stored with what the spec derives");
        next("backfill rollback " + run, "puts the prior values back");
      }
      if (report.late > 0)
        next("the same command with `--catch-up`",
             "begins a new run, and at its end takes who came meanwhile, too");
      if (report.for_review > 0 || report.outcomes.quarantined + report.outcomes.conflicts > 0)
        next("backfill status " + run, "shows what was left for a person to decide");
      break;
    case RunEnd::AwaitApproval:
      next("backfill status " + run, "shows what was done so far");
      next("backfill approve " + run + " --by " + approver(report),
           "gives the approval; then run the same command again");
      break;
    case RunEnd::GateFailed:
      next("backfill triage " + run, "gives each mismatch's cause and what to do");
      break;
    case RunEnd::Paused:
      next("backfill resume " + run, "then run the same command again");
      break;
    case RunEnd::Throttled:
    case RunEnd::Stopped:
      next("backfill history " + run, "shows what was changed");
      next("backfill rollback " + run, "puts the prior values back");
      break;
    default:
      next("backfill status " + run, "shows how far it is; the same command goes on from there");
  }
}

void print_late(const RunReport& report) {
  if (report.late == 0) return;
  fmt::print("\n{} came after the plan and {} not taken:\n", counted(report.late, "candidate"),
             report.late == 1 ? "was" : "were");
  for (const std::string& key : report.late_keys) fmt::print("  {}\n", key);
  if (report.late > static_cast<std::int64_t>(report.late_keys.size()))
    fmt::print("  ... and {} more\n",
               thousands(report.late - static_cast<std::int64_t>(report.late_keys.size())));
}

void print_speed(const RunReport& report) {
  fmt::print("\n{} in {}", counted(report.batches, "batch", "batches"), duration(report.seconds));
  if (report.seconds > 0 && report.read_rows > 0)
    fmt::print(", {}", rate(static_cast<double>(report.read_rows) / report.seconds));
  if (report.throttled_seconds > 0) fmt::print(", of that {} throttled", duration(report.throttled_seconds));
  const std::string engine = engine_text(report.engine);
  fmt::print("{}{}\n", engine.empty() ? "" : "; ", engine);
  if (report.retries > 0)
    fmt::print("{} tried again after a lock, a deadlock, a refused row or a lost connection\n",
               counted(report.retries, "transaction was", "transactions were"));
  if (report.decided_anew > 0)
    fmt::print("{} read again and decided anew: somebody had changed {} meanwhile\n",
               counted(report.decided_anew, "row was", "rows were"),
               report.decided_anew == 1 ? "it" : "them");
}

}  // namespace

void print_run(const RunReport& report, const std::string& db) {
  print_end(report);
  for (const std::string& note : report.notes) fmt::print("note: {}\n", note);
  // Nothing was done: there is nothing to count.
  if (report.run == 0 || report.end == execute::RunEnd::Refused || report.end == execute::RunEnd::Busy)
    return;
  print_classes(report.classes, report.rows);
  print_outcomes(report.outcomes);
  print_by_outcome(report.by_outcome);
  print_written(report.effects);
  print_stages(report.stages);
  print_gates(report);
  print_drift(report);
  print_set_aside(report.set_aside,
                  report.outcomes.quarantined + report.outcomes.conflicts + report.outcomes.uncertain);
  if (report.for_review > 0)
    fmt::print("\n{} for review {} left for a person to decide\n", counted(report.for_review, "row"),
               report.for_review == 1 ? "was" : "were");
  if (report.uncertain > 0)
    fmt::print("\n{} left alone: the answer of a condition is missing, so nobody can say (see the classes)\n",
               counted(report.uncertain, "row"));
  if (report.without_stage > 0)
    fmt::print("\n{} taken by no stage, and left alone\n", counted(report.without_stage, "candidate"));
  print_late(report);
  print_speed(report);
  print_next(report, db);
}

}  // namespace backfill::cli
