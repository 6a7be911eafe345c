// SPDX-License-Identifier: Apache-2.0
// What every verb shares that works on a database's rows: which database, which engine, what interrupts it.
#pragma once

#include <memory>
#include <string>

#include "runtime/cli/program.h"
#include "runtime/execute/subject.h"

namespace backfill::cli {

struct EngineFlag {
  std::string name = "auto";
  void declare(Command& command);
  [[nodiscard]] execute::EngineChoice choice() const;
};

// A spec compiled against the database that it is to work on.
struct Target {
  std::string url;
  std::unique_ptr<Program> program;
  int exit = kDone;
};
// `parameters`: as --param has them; none, and the spec has an unfinished run: those of the run.
Target load_target(const Command& command, const std::string& spec, const std::string& db,
                   std::vector<std::string> parameters, const FurtherChecks& further = {});

// Catches Ctrl-C from here on.
execute::Subject subject_of(const std::string& url, const ir::Backfill* backfill, const EngineFlag& engine,
                            execute::Progress* progress);

}  // namespace backfill::cli
