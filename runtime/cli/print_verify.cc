// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/table.h"
#include "runtime/cli/terminal.h"

namespace backfill::cli {

namespace {

using execute::Mismatch;
using execute::VerifyReport;

void print_head(const VerifyReport& report) {
  const Paint paint = paint_for(stdout);
  if (report.nothing_to_compare != 0 && report.mismatches == 0) {
    fmt::print(
        "{}run {}: clean{}: it changed nothing and no candidate is left, so there was nothing to compare\n",
        paint.good, report.run, paint.off);
  } else if (report.clean()) {
    fmt::print("{}run {}: clean{}: {} compared, no mismatch\n", paint.good, report.run, paint.off,
               counted(report.compared, "row"));
  } else if (report.compared == 0 && report.mismatches == 0) {
    fmt::print("{}run {}: nothing was compared{}, and that proves nothing\n", paint.bad, report.run,
               paint.off);
  } else {
    fmt::print("{}run {}: {} of {} compared {} not what the spec derives{}\n", paint.bad, report.run,
               thousands(report.mismatches), counted(report.compared, "row"),
               report.mismatches == 1 ? "is" : "are", paint.off);
  }
  for (const std::string& reason : report.reasons) fmt::print("  by the reference evaluator: {}\n", reason);
  if (report.only_corrected)
    fmt::print("  the run is not finished: only rows that it has written were compared\n");
  if (report.gone > 0)
    fmt::print("  {} that the run wrote {} deleted since\n", counted(report.gone, "row"),
               report.gone == 1 ? "was" : "were");
}

}  // namespace

void print_verify(const VerifyReport& report) {
  print_head(report);
  if (!report.steps.empty()) {
    heading(report.by_sql ? "steps, computed by the database" : "steps, computed by the reference evaluator");
    Table table({{"step", Align::Left},
                 {"compared", Align::Right},
                 {"written by the run", Align::Right},
                 {"mismatches", Align::Right},
                 {"took", Align::Right}});
    for (const auto& step : report.steps)
      table.row({step.label, thousands(step.compared), thousands(step.corrected), thousands(step.mismatches),
                 duration(step.seconds)});
    fmt::print("{}", table.text(2));
  }
  if (report.samples.empty()) return;
  heading("mismatches");
  Table table({{"key", Align::Left},
               {"column", Align::Left},
               {"stored", Align::Left},
               {"expected", Align::Left},
               {"cause", Align::Left}});
  for (const Mismatch& row : report.samples)
    table.row({row.key, row.column.empty() ? "(class)" : row.column, row.stored,
               row.column.empty() ? row.expected_class : row.expected, std::string(name(row.cause))});
  fmt::print("{}\n`backfill triage {}` says what to do\n", table.text(2, 40), report.run);
}

void print_triage(const VerifyReport& report) {
  print_head(report);
  std::map<execute::Cause, std::vector<const Mismatch*>> by_cause;
  for (const Mismatch& row : report.samples) by_cause[row.cause].push_back(&row);
  for (const auto& [cause, values] : report.causes) {
    const std::vector<const Mismatch*>& rows = by_cause[cause];
    const auto shown = static_cast<std::int64_t>(rows.size());
    heading(fmt::format("{} ({}{}{})", name(cause), report.causes_are_complete ? "" : "at least ",
                        counted(values, "value"),
                        shown == values ? "" : fmt::format(", {} shown", thousands(shown))));
    fmt::print("  {}\n", what_to_do(cause));
    Table table({{"key", Align::Left},
                 {"column", Align::Left},
                 {"stored", Align::Left},
                 {"expected", Align::Left},
                 {"", Align::Left}});
    for (const Mismatch* row : rows)
      table.row({row->key, row->column.empty() ? "(class)" : row->column, row->stored,
                 row->column.empty() ? row->expected_class : row->expected,
                 row->corrected ? "written by the run" : "not written by the run"});
    fmt::print("{}", table.text(4, 40));
  }
}

}  // namespace backfill::cli
