// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/job.h"

#include "compiler/source/parameters.h"
#include "runtime/cli/connection.h"
#include "runtime/cli/interrupt.h"
#include "runtime/execute/status.h"

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

namespace {

// What the unfinished run of this very text was begun with.
Result<std::vector<std::string>> kept_parameters(const std::string& url, const std::string& spec) {
  std::vector<std::string> parameters;
  BACKFILL_ASSIGN(const source::File file, source::read_file(spec));
  BACKFILL_ASSIGN(const auto runs, execute::runs(url));
  for (const execute::RunSummary& run : runs) {
    if (!run.finished_at.empty()) continue;
    BACKFILL_ASSIGN(const auto status, execute::status(url, run.run));
    if (!status || !status->spec.starts_with(file.text())) continue;
    for (const auto& [name, value] : source::parameters_of(status->spec))
      parameters.push_back(name + "=" + value);
    break;
  }
  return parameters;
}

}  // namespace

Target load_target(const Command& command, const std::string& spec, const std::string& db,
                   std::vector<std::string> parameters, const FurtherChecks& further) {
  Target out;
  const Result<std::string> url = database_url(db, spec);
  if (!url) {
    out.exit = command.wrong(url.failure().message, url.failure().way_out);
    return out;
  }
  out.url = *url;
  if (parameters.empty()) {
    // A database that cannot be asked is told of below.
    if (auto kept = kept_parameters(out.url, spec)) parameters = *std::move(kept);
  }
  Loaded loaded =
      load_spec(command, spec, {.schema = {}, .db = out.url, .parameters = std::move(parameters)}, further);
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
