// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/words.h"

#include <fmt/format.h>

namespace backfill::plan {

std::string intent_name(ir::Intent intent) {
  switch (intent) {
    case ir::Intent::Fill:
      return "fill";
    case ir::Intent::Recompute:
      return "recompute";
    case ir::Intent::Amend:
      return "amend";
    case ir::Intent::Reinterpret:
      return "reinterpret";
  }
  return "";
}

std::string intent_means(ir::Intent intent) {
  switch (intent) {
    case ir::Intent::Fill:
      return "a column is written only where it is missing; a written value is never written again";
    case ir::Intent::Recompute:
      return "written values are overwritten: the same meaning, computed more accurately";
    case ir::Intent::Amend:
      return "written values are overwritten where they are wrong or obsolete";
    case ir::Intent::Reinterpret:
      return "written values are overwritten, and mean something else afterwards";
  }
  return "";
}

std::string duration(std::int64_t microseconds) {
  if (microseconds < 1000) return fmt::format("{} us", microseconds);
  if (microseconds < 1'000'000) return fmt::format("{} ms", static_cast<double>(microseconds) / 1000);
  if (microseconds < 60'000'000) return fmt::format("{} s", static_cast<double>(microseconds) / 1'000'000);
  return fmt::format("{} min", static_cast<double>(microseconds) / 60'000'000);
}

std::string share(double fraction) {
  return fmt::format("{:g}%", fraction * 100);
}

std::string number(std::int64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, 1, ',');
  }
  return digits;
}

std::string quoted_list(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "`" : ", `") + name + "`";
  return out;
}

std::string takes(const ir::Stage& stage, const std::vector<std::string>& conditions) {
  const std::string by_hash = fmt::format("chosen by a hash of the key (seed {})", stage.seed);
  switch (stage.kind) {
    case ir::StageKind::SampleRows:
      return fmt::format("{} candidate{}, {}", number(stage.rows), stage.rows == 1 ? "" : "s", by_hash);
    case ir::StageKind::SamplePercent:
      return fmt::format("{} of all candidates, {}", share(stage.fraction), by_hash);
    case ir::StageKind::Where: {
      const auto k = static_cast<std::size_t>(stage.condition);
      return fmt::format("candidates where `{}`", k < conditions.size() ? conditions[k] : "?");
    }
    case ir::StageKind::Keys:
      return fmt::format("{} key{} written in the spec", number(static_cast<std::int64_t>(stage.keys.size())),
                         stage.keys.size() == 1 ? "" : "s");
    case ir::StageKind::Rest:
      return "every candidate that is left";
  }
  return "";
}

std::vector<std::string> gates(const ir::Stage& stage) {
  std::vector<std::string> out;
  for (const ir::Gate& gate : stage.gates) {
    out.push_back(gate.kind == ir::GateKind::Verified
                      ? "verified: no mismatch, and more than zero rows compared"
                      : fmt::format("approval by {}", gate.who));
  }
  return out;
}

std::vector<std::string> pace(const ir::Pace& pace) {
  std::vector<std::string> out;
  const std::string rows = pace.batch_min == pace.batch_max
                               ? number(pace.batch_min)
                               : fmt::format("{} to {}", number(pace.batch_min), number(pace.batch_max));
  out.push_back(fmt::format("Batches of {} rows, one transaction each, sized so that one takes about {}.",
                            rows, duration(pace.aim_us)));
  if (pace.pause_us > 0) out.push_back(fmt::format("{} of rest between batches.", duration(pace.pause_us)));
  out.push_back(pace.rows_per_second > 0
                    ? fmt::format("At most {} rows per second.", number(pace.rows_per_second))
                    : "No limit on rows per second.");
  if (pace.stop_quarantined >= 0) {
    out.push_back(fmt::format("Stops by itself when more than {} of the rows done are quarantined.",
                              share(pace.stop_quarantined)));
  }
  return out;
}

std::vector<std::string> verify(const ir::Backfill& backfill) {
  std::string steps;
  for (const ir::VerifyStep& step : backfill.verify) {
    if (!steps.empty()) steps += ", then ";
    steps += step.all        ? "all rows"
             : step.rows > 0 ? fmt::format("a sample of {} rows", number(step.rows))
                             : fmt::format("{} of the rows", share(step.fraction));
  }
  return {fmt::format("Stored values are compared with derived ones: {}. Comparing zero rows is a failure.",
                      steps)};
}

std::vector<std::string> rollback(const ir::Backfill& backfill) {
  if (!backfill.capture) return {"Prior values are NOT captured: this cannot be undone."};
  const std::string kept = ir::is_once(backfill) ? "for good, since they tell which rows were done"
                                                 : fmt::format("for {} day{}", backfill.keep_days,
                                                               backfill.keep_days == 1 ? "" : "s");
  return {
      fmt::format("Prior and new value of every written row are kept {}, in the transaction that writes it.",
                  kept),
      "`backfill rollback` puts prior values back where the row is still as the run left it, and reports "
      "the others."};
}

}  // namespace backfill::plan
