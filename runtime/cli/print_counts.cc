// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "runtime/cli/number.h"
#include "runtime/cli/print.h"
#include "runtime/cli/table.h"
#include "runtime/cli/terminal.h"

namespace backfill::cli {

void heading(std::string_view text) {
  const Paint paint = paint_for(stdout);
  fmt::print("\n{}{}{}\n", paint.bold, text, paint.off);
}

void print_classes(const execute::ClassCounts& classes, std::int64_t rows) {
  heading("rows by class");
  Table table({{"", Align::Left}, {"", Align::Right}, {"", Align::Right}});
  const auto add = [&](const execute::ClassCount& one) {
    table.row(
        {one.name, thousands(one.rows), percent(static_cast<double>(one.rows), static_cast<double>(rows))});
  };
  for (const execute::ClassCount& one : classes) {
    if (one.code == ir::kCandidate) add(one);
  }
  for (const execute::ClassCount& one : classes) {
    if (one.code != ir::kCandidate && one.rows > 0) add(one);
  }
  table.rule(3);
  table.row({"rows of the table", thousands(execute::total(classes)), rows > 0 ? "100.0%" : "-"});
  fmt::print("{}", table.text(2));
  if (execute::total(classes) != rows)
    fmt::print("  THE CLASSES DO NOT ADD UP: the table has {}\n", counted(rows, "row"));
}

void print_outcomes(const execute::Outcomes& outcomes) {
  heading("what became of the candidates");
  Table table({{"", Align::Left}, {"", Align::Right}, {"", Align::Left}});
  table.row({"changed", thousands(outcomes.changed)});
  table.row({"unchanged", thousands(outcomes.unchanged),
             outcomes.unchanged > 0 ? "already what they should be" : ""});
  table.row({"quarantined", thousands(outcomes.quarantined),
             outcomes.quarantined > 0 ? "a row error: not written" : ""});
  table.row({"conflicts", thousands(outcomes.conflicts),
             outcomes.conflicts > 0 ? "changed by somebody else meanwhile: not written" : ""});
  table.rule(2);
  table.row({"candidates", thousands(outcomes.candidates)});
  fmt::print("{}", table.text(2));
  if (!outcomes.add_up()) fmt::print("  THE OUTCOMES DO NOT ADD UP\n");
  if (outcomes.uncertain > 0) {
    fmt::print("  and {} left alone because a condition of the scope failed with a row error\n",
               counted(outcomes.uncertain, "row"));
  }
}

void print_by_outcome(const std::vector<execute::OutcomeCount>& outcomes) {
  if (outcomes.empty()) return;
  heading("candidates by outcome");
  Table table({{"", Align::Left}, {"", Align::Right}});
  for (const execute::OutcomeCount& one : outcomes) table.row({one.name, thousands(one.rows)});
  fmt::print("{}", table.text(2));
}

void print_written(const std::vector<execute::EffectWritten>& effects) {
  if (effects.empty()) return;
  heading("what else was written");
  Table table({{"effect", Align::Left}, {"rows", Align::Right}, {"", Align::Left}});
  for (const execute::EffectWritten& one : effects) {
    const std::string_view done = one.kind == "insert"   ? "inserted into"
                                  : one.kind == "update" ? "updated in"
                                                         : "deleted from";
    table.row({one.name, thousands(one.rows), fmt::format("{} {}", done, one.table)});
  }
  fmt::print("{}", table.text(2));
}

void print_stages(const std::vector<execute::StageReport>& stages) {
  if (stages.empty()) return;
  heading("stages");
  Table table({{"", Align::Right},
               {"stage", Align::Left},
               {"state", Align::Left},
               {"candidates", Align::Right},
               {"changed", Align::Right},
               {"unchanged", Align::Right},
               {"set aside", Align::Right},
               {"gate", Align::Left}});
  for (const execute::StageReport& stage : stages) {
    const execute::Outcomes& done = stage.outcomes;
    std::string gate = stage.gate;
    if (!stage.approved_by.empty()) gate += fmt::format(" (given by {})", stage.approved_by);
    table.row({fmt::format("{}", stage.stage), stage.name, stage.state, thousands(stage.expected),
               thousands(done.changed), thousands(done.unchanged),
               thousands(done.quarantined + done.conflicts), gate});
  }
  fmt::print("{}", table.text(2));
}

void print_set_aside(const std::vector<execute::SetAside>& rows, std::int64_t all) {
  if (rows.empty()) return;
  heading("rows that were set aside");
  Table table({{"key", Align::Left}, {"outcome", Align::Left}, {"why", Align::Left}});
  for (const execute::SetAside& row : rows)
    table.row({row.key, row.outcome, row.message.empty() ? row.error : row.message});
  fmt::print("{}", table.text(2, 100));
  const auto shown = static_cast<std::int64_t>(rows.size());
  if (all > shown) fmt::print("  and {} more\n", thousands(all - shown));
}

std::string engine_text(const execute::EngineReport& engine) {
  std::string text;
  if (engine.native_rows > 0) {
    text += fmt::format("native code {}", counted(engine.native_rows, "row"));
    text += engine.from_cache ? " (compiled before)"
                              : fmt::format(" (compiled in {})", duration(engine.compile_ms / 1000));
  }
  if (engine.evaluator_rows > 0)
    text += fmt::format("{}evaluator {}", text.empty() ? "" : ", ", counted(engine.evaluator_rows, "row"));
  if (engine.compared_rows > 0)
    text += fmt::format(", both agree on {}", counted(engine.compared_rows, "row"));
  if (!engine.unavailable.empty()) text += fmt::format("; no native code: {}", engine.unavailable);
  return text;
}

}  // namespace backfill::cli
