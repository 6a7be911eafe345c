// SPDX-License-Identifier: Apache-2.0
// Which programs answer a spec's extern functions: --extern, or [extern.NAME] of backfill.toml; never the
// spec.
#pragma once

#include <atomic>
#include <string>
#include <vector>

#include "runtime/ask/programs.h"
#include "runtime/cli/program.h"

namespace backfill::cli {

struct ExternFlag {
  std::vector<std::string> given;  // NAME=COMMAND
  void declare(Command& command);
  // Gives each function that the backfills read its program. An exit code where something is wrong: one has
  // none, ...; nothing is started here.
  // `near`: the spec's path. Entries:
  //   [extern.infer]
  //   command = ["python3", "infer.py"]   started in the file's folder
  //   timeout = "5 s"                     so long it may be silent while it owes answers
  //   retries = 2
  //   rate = 100                          requests per second
  [[nodiscard]] std::optional<int> open(const Command& command, const std::vector<ir::Backfill>& backfills,
                                        const std::string& near, const std::atomic<bool>* interrupt,
                                        ask::Programs& out) const;
};

// "python3 'my file.py'" in its parts: blanks divide, quotes of both kinds hold together. Nothing: a quote is
// not closed.
std::optional<std::vector<std::string>> words_of(const std::string& command);

}  // namespace backfill::cli
