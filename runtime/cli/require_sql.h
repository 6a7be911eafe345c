// SPDX-License-Identifier: Apache-2.0
// --require-sql of `check`, `plan` and `run`: what the named dialects' own SQL cannot compute exactly is an
// error.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/cli/program.h"

namespace backfill::cli {

struct RequireSql {
  std::vector<std::string> dialects;

  void declare(Command& command);
  // The exit code where a name is no dialect's.
  [[nodiscard]] std::optional<int> wrong(const Command& command) const;
  // BF0902 into the sink; nothing where there are errors already.
  void report(const std::vector<ir::Backfill>& programs, diagnostic::Sink& sink) const;
  // The same for load_spec; not to outlive this.
  [[nodiscard]] FurtherChecks on_compiled() const {
    return [this](const auto& programs, diagnostic::Sink& sink) { report(programs, sink); };
  }
};

}  // namespace backfill::cli
