// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/table.h"

namespace backfill::cli {

namespace {

using execute::DryRunReport;

void print_deltas(const DryRunReport& report) {
  if (report.columns.empty()) return;
  heading("what would change, by column");
  Table table({{"column", Align::Left},
               {"filled", Align::Right},
               {"replaced", Align::Right},
               {"erased", Align::Right},
               {"unchanged", Align::Right}});
  for (const execute::ColumnDelta& delta : report.columns)
    table.row({delta.column, thousands(delta.filled), thousands(delta.replaced), thousands(delta.erased),
               thousands(delta.unchanged)});
  fmt::print("{}", table.text(2));
}

void print_effects(const DryRunReport& report) {
  if (report.effects.empty()) return;
  heading("what else would be done");
  Table table({{"effect", Align::Left}, {"candidates", Align::Right}});
  for (const execute::EffectCount& effect : report.effects) table.row({effect.name, thousands(effect.rows)});
  fmt::print("{}", table.text(2));
}

void print_transitions(const DryRunReport& report) {
  for (const execute::ColumnDelta& delta : report.columns) {
    if (delta.top.empty()) continue;
    heading(fmt::format("{}: {}", delta.column,
                        delta.top_is_complete ? "every change" : "the most frequent changes"));
    Table table({{"rows", Align::Right}, {"before", Align::Left}, {"", Align::Left}, {"after", Align::Left}});
    for (const execute::Transition& one : delta.top)
      table.row({thousands(one.rows), one.before, "->", one.after});
    fmt::print("{}", table.text(2));
  }
}

void print_samples(std::string_view title, const std::vector<execute::SampleRow>& rows) {
  const auto has_changes = [](const execute::SampleRow& row) { return !row.changes.empty(); };
  if (std::ranges::none_of(rows, has_changes)) return;
  heading(title);
  Table table({{"key", Align::Left},
               {"column", Align::Left},
               {"before", Align::Left},
               {"", Align::Left},
               {"after", Align::Left}});
  for (const execute::SampleRow& row : rows) {
    std::string key = row.key;
    for (const execute::Change& change : row.changes) {
      const bool same = change.before == change.after;
      table.row({std::exchange(key, ""), change.column, change.before, same ? "=" : "->",
                 same ? "" : change.after});
    }
  }
  fmt::print("{}", table.text(2, 40));
}

// An uncertain row is not left alone for the rule's reason, but because nobody can say whether the rule
// holds.
std::string because_of(const execute::LeftAlone& left) {
  if (left.name.starts_with("uncertain")) return ", because nobody can say whether the condition holds";
  return left.because.empty() ? "" : ", because " + left.because;
}

void print_left_alone(const DryRunReport& report) {
  for (const execute::LeftAlone& left : report.left_alone) {
    heading(fmt::format("{}: {} left alone{}", left.name, counted(left.rows, "row"), because_of(left)));
    const bool reasons =
        std::ranges::any_of(left.samples, [](const auto& row) { return !row.reason.empty(); });
    Table table({{"key", Align::Left}, {"what it holds", Align::Left}, {reasons ? "why" : "", Align::Left}});
    for (const auto& row : left.samples) table.row({row.key, row.inputs, row.reason});
    fmt::print("{}", table.text(2, 130));
  }
}

}  // namespace

void print_dry_run(const DryRunReport& report) {
  fmt::print("dry run of {}: nothing was written\n", report.name);
  print_classes(report.classes, report.rows);
  print_outcomes(report.outcomes);
  print_by_outcome(report.by_outcome);
  print_deltas(report);
  print_effects(report);
  print_transitions(report);
  print_samples("before and after, rows spread over the table", report.samples);
  print_samples("candidates that are already what they should be", report.unchanged);
  print_left_alone(report);
  print_set_aside(report.quarantined, report.outcomes.quarantined);
  fmt::print("\n{} in {}: {}\n", counted(report.rows, "row"), duration(report.seconds),
             engine_text(report.engine));
}

}  // namespace backfill::cli
