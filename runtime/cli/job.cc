// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/job.h"

#include "runtime/cli/connection.h"
#include "runtime/cli/interrupt.h"

namespace backfill::cli {

void EngineFlag::declare(Command& command) {
  command.choice("--engine", name, {"auto", "native", "evaluator", "both"},
                 "who computes; both compares every batch, and a difference ends with 5");
}

execute::EngineChoice EngineFlag::choice() const {
  if (name == "native") return execute::EngineChoice::Native;
  if (name == "evaluator") return execute::EngineChoice::Evaluator;
  if (name == "both") return execute::EngineChoice::Both;
  return execute::EngineChoice::Auto;
}

Target load_target(const Command& command, const std::string& spec, const std::string& db,
                   const FurtherChecks& further) {
  Target out;
  const Result<std::string> url = database_url(db, spec);
  if (!url) {
    out.exit = command.wrong(url.failure().message, url.failure().way_out);
    return out;
  }
  out.url = *url;
  Loaded loaded = load_spec(command, spec, {.schema = {}, .db = out.url}, further);
  out.program = std::move(loaded.program);
  out.exit = loaded.exit;
  return out;
}

execute::Subject subject_of(const std::string& url, const ir::Backfill* backfill, const EngineFlag& engine,
                            execute::Progress* progress) {
  return {.url = url,
          .backfill = backfill,
          .engine = engine.choice(),
          .jit_cache_directory = cache_directory(),
          .progress = progress,
          .interrupt = catch_interrupts()};
}

}  // namespace backfill::cli
