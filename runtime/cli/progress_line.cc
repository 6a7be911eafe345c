// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/progress_line.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/terminal.h"

namespace backfill::cli {

using execute::ProgressUpdate;

ProgressStyle progress_style(bool json, bool quiet) {
  if (json || quiet) return ProgressStyle::Silent;
  return is_terminal(stderr) ? ProgressStyle::Terminal : ProgressStyle::Lines;
}

namespace {

std::string bar_of(const ProgressUpdate& update) {
  constexpr std::int64_t kWidth = 20;
  const std::int64_t full = update.total > 0 ? std::min(kWidth, kWidth * update.done / update.total) : 0;
  return fmt::format("[{:=<{}}{: <{}}] ", "", full, "", kWidth - full);
}

}  // namespace

std::string progress_text(const ProgressUpdate& update, bool bar) {
  std::string text =
      fmt::format("{}{}{} ", execute::name(update.phase), update.stage.empty() ? "" : " ", update.stage);
  if (bar) text += bar_of(update);
  if (update.total > 0) {
    text += fmt::format("{} {} of {} rows",
                        percent(static_cast<double>(update.done), static_cast<double>(update.total)),
                        thousands(update.done), thousands(update.total));
  } else {
    text += counted(update.done, "row");
  }
  if (update.rows_per_second > 0) text += ", " + rate(update.rows_per_second);
  if (update.eta_seconds >= 0 && update.done < update.total)
    text += fmt::format(", {} to go", duration(update.eta_seconds));
  if (update.quarantined > 0) text += fmt::format(", {} quarantined", thousands(update.quarantined));
  if (update.conflicts > 0) text += fmt::format(", {}", counted(update.conflicts, "conflict"));
  if (!update.throttle.empty()) text += fmt::format(" ({})", update.throttle);
  return text;
}

// Lines: every 5 s, or at steps of a tenth that are at least a second apart; the first of a long phase counts
// from its begin.
bool ProgressLine::due(const ProgressUpdate& update) {
  const auto now = Clock::now();
  const std::string phase = fmt::format("{} {}", execute::name(update.phase), update.stage);
  if (phase != phase_) {
    phase_ = phase;
    tenths_ = 0;
  }
  const int tenths = update.total > 0 ? static_cast<int>(10 * update.done / update.total) : 0;
  const auto waited = now - last_;
  const bool is_due =
      style_ == ProgressStyle::Lines
          ? waited >= std::chrono::seconds(5) || (tenths > tenths_ && waited >= std::chrono::seconds(1))
          : waited >= std::chrono::milliseconds(100) || tenths > tenths_;
  if (is_due) {
    last_ = now;
    tenths_ = tenths;
  }
  return is_due;
}

void ProgressLine::update(const ProgressUpdate& update) {
  if (style_ == ProgressStyle::Silent || !due(update)) return;
  if (style_ == ProgressStyle::JsonLines) {
    Json event{{"event", "progress"}};
    event.update(to_json(update));
    print_json_line(event);
  } else if (style_ == ProgressStyle::Terminal) {
    fmt::print(stderr, "\r{}\x1b[K", progress_text(update, true));
    std::fflush(stderr);
    shown_ = true;
  } else {
    fmt::print(stderr, "{}\n", progress_text(update, false));
  }
}

void ProgressLine::clear() {
  if (shown_) fmt::print(stderr, "\r\x1b[K");
  shown_ = false;
}

}  // namespace backfill::cli
