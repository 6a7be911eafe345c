// SPDX-License-Identifier: Apache-2.0
// Shows a long job's progress on stderr: one line that is written over on a terminal, plain lines elsewhere.
#pragma once

#include <chrono>
#include <string>

#include "runtime/execute/progress.h"

namespace backfill::cli {

enum class ProgressStyle { Silent, Terminal, Lines, JsonLines };

class ProgressLine : public execute::Progress {
 public:
  explicit ProgressLine(ProgressStyle style) : style_(style) {}
  ~ProgressLine() override { clear(); }

  void update(const execute::ProgressUpdate& update) override;
  void clear();  // takes the line off the terminal

 private:
  using Clock = std::chrono::steady_clock;
  [[nodiscard]] bool due(const execute::ProgressUpdate& update);

  ProgressStyle style_;
  Clock::time_point last_ = Clock::now();
  std::string phase_;
  int tenths_ = 0;
  bool shown_ = false;
};

// What fits: silent with --quiet and where stdout gets one JSON document, lines off a terminal.
[[nodiscard]] ProgressStyle progress_style(bool json, bool quiet);
// "run canary 45.1% 4,510 of 10,000 rows, 85,300 rows/s, 2.1 s to go (pause 20 ms)"
[[nodiscard]] std::string progress_text(const execute::ProgressUpdate& update, bool bar);

}  // namespace backfill::cli
