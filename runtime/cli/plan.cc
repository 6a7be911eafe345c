// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/plan.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/modules/modules.h"
#include "runtime/cli/connection.h"
#include "runtime/cli/dialect.h"
#include "runtime/cli/interrupt.h"
#include "runtime/cli/json.h"
#include "runtime/cli/overview.h"
#include "runtime/cli/program.h"
#include "runtime/cli/progress_line.h"
#include "runtime/cli/require_sql.h"
#include "runtime/cli/verbs.h"
#include "runtime/execute/plan_identity.h"
#include "runtime/execute/sources.h"

namespace backfill::cli {

namespace {

void add_counts(plan::Plan& plan, const execute::Manifest& manifest) {
  plan.survey = plan::Survey{.rows = manifest.rows,
                             .chunks = static_cast<std::int64_t>(manifest.chunks.size()),
                             .chunk_rows = execute::kChunkRanks,
                             .scan_seconds = manifest.scan_seconds};
  for (const execute::ClassCount& one : manifest.classes) {
    if (one.code == ir::kCandidate) plan.survey->candidates = one.rows;
    bool listed = one.code == ir::kCandidate;
    for (plan::LeftAlone& left : plan.left_alone) {
      if (left.code != one.code) continue;
      left.rows = one.rows;
      listed = true;
    }
    // A condition that failed with a row error: possible for every rule, listed where there are such rows.
    if (!listed && one.rows > 0)
      plan.left_alone.push_back({one.code, one.name, "a condition fails with a row error", "", one.rows});
  }
  for (std::size_t k = 0; k < plan.stages.size() && k < manifest.stages.size(); ++k)
    plan.stages[k].candidates = manifest.stages[k].candidates;
}

Result<void> survey(plan::Plan& plan, const ir::Backfill& backfill, const std::string& url, bool json) {
  ProgressLine progress(progress_style(json, false));
  const execute::Subject subject{.url = url,
                                 .backfill = &backfill,
                                 .jit_cache_directory = cache_directory(),
                                 .progress = &progress,
                                 .interrupt = catch_interrupts()};
  BACKFILL_ASSIGN(database::Assessment found, execute::assess(subject, std::nullopt));
  if (found.missing.empty()) {
    BACKFILL_ASSIGN(const execute::Manifest manifest, execute::survey(subject));
    add_counts(plan, manifest);
    BACKFILL_ASSIGN(found, execute::assess(subject, manifest.classes[ir::kCandidate].rows));
  }
  for (const auto& fact : found.facts) plan.database.push_back({fact.name, fact.text, fact.warning});
  plan.missing = found.missing;
  return {};
}

}  // namespace

int plan(Command& command, Arguments arguments) {
  std::string spec;
  std::string format = "markdown", dialect;
  SchemaFlags schema;
  RequireSql require_sql;
  command.teach(
      "Puts a spec into words for the people who review it: what it is, which rows, which not, what they "
      "become, in\n"
      "which order, how fast, how we know, how we go back, who notices. With --db a scan adds counts by "
      "class, by stage\n"
      "and of chunks; it reads only.");
  command.positional("SPEC", spec, "the file", true);
  schema.declare(command);
  command.choice("--format", format, {"markdown", "json", "html"}, "what to print");
  command.choice("--dialect", dialect, {"sqlite", "postgres", "mariadb"},
                 "how each part is verified there; else by the database that the schema is of");
  require_sql.declare(command);
  command.example("backfill plan account_status.backfill --schema schema.sql > plan.md",
                  "a file to review beside the spec");
  command.example("backfill plan account_status.backfill --db sqlite:shop.db", "with counts");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (format == "html")
    return command.wrong("--format html is not in this version", "there are markdown and json");
  if (command.json()) format = "json";
  if (const auto exit = require_sql.wrong(command)) return *exit;
  const Loaded loaded = load_spec(command, spec, schema, require_sql.on_compiled());
  if (!loaded.program) return loaded.exit;
  const bool counts = schema.schema.empty();
  Json all = Json::array();
  for (const ir::Backfill& backfill : loaded.program->backfills) {
    plan::Plan made =
        plan::make_plan(loaded.program->source, backfill, loaded.program->catalog,
                        dialect_named(dialect.empty() ? loaded.program->catalog.dialect : dialect));
    const Result<std::string> sources = execute::digest_of_files(backfill);
    if (!sources) return command.failed(sources.failure());
    made.hash =
        execute::plan_hash(modules::kept_text(loaded.program->source), *backfill.table, kVersion, *sources);
    if (counts) {
      const Result<std::string> url = database_url(schema.db, spec);
      if (!url) return command.failed(url.failure());
      const Result<void> done = survey(made, backfill, *url, command.json());
      if (!done) return command.failed(done.failure());
    }
    if (format == "json") {
      all.push_back(Json::parse(plan::render_json(made)));
    } else {
      fmt::print("{}", plan::render_markdown(made));
    }
  }
  if (format == "json") print_json(Json{{"plans", all}});
  return kDone;
}

}  // namespace backfill::cli
