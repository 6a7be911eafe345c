// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/lower/sql/statements.h"
#include "runtime/cli/json.h"
#include "runtime/cli/program.h"
#include "runtime/cli/verbs.h"
#include "runtime/database/dialects.h"

namespace backfill::cli {

namespace {

using lower_sql::Dialect;

std::string verify_text(const ir::Backfill& backfill, const Dialect& dialect) {
  const lower_sql::Coverage coverage = lower_sql::coverage(backfill, dialect);
  if (!coverage.complete()) {
    std::string out =
        "-- Verified by the reference evaluator, row by row, because the database cannot compute all of "
        "it:\n";
    const auto add = [&](const lower_sql::Part& part) {
      if (part.availability == stdlib::Availability::Unavailable)
        out += fmt::format("-- {}: {}\n", part.name, part.reason);
    };
    add(coverage.scope);
    for (const lower_sql::Part& part : coverage.outputs) add(part);
    return out;
  }
  const lower_sql::VerifySql sql = lower_sql::verify(backfill, dialect, 1, {ir::kTestNow}, {false, false});
  return "-- As run 1 would be verified, its now() being 2030-01-01. How many rows differ:\n" + sql.count +
         ";\n\n-- Which rows differ:\n" + sql.mismatches + ";\n";
}

std::string statement(const std::string& what, const ir::Backfill& backfill, const Dialect& dialect) {
  if (what == "candidates") return lower_sql::candidates(backfill, dialect, std::nullopt);
  if (what == "watch") return lower_sql::watch(backfill, dialect, std::nullopt);
  return verify_text(backfill, dialect);
}

}  // namespace

int sql(Command& command, Arguments arguments) {
  std::string spec;
  std::string what = "candidates";
  std::string dialect;
  SchemaFlags schema;
  command.teach(
      "Prints SQL that is generated from the spec, to read or to run by hand. WHAT is `candidates` (which "
      "rows the\n"
      "backfill would take), `verify` (which rows are not what the spec derives) or `watch` (for a "
      "dashboard).");
  command.positional("SPEC", spec, "the file", true);
  command.positional("WHAT", what, "candidates, verify or watch", false);
  schema.declare(command);
  command.option("--dialect", dialect, "NAME",
                 "whose SQL: postgres, sqlite or mariadb; else of the database that the schema is of");
  command.example("backfill sql account_status.backfill candidates --schema schema.sql", "the rows in scope");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (!dialect.empty() && database::dialect(dialect) == nullptr)
    return command.wrong(fmt::format("there is no SQL for `{}`", dialect),
                         "there are postgres, sqlite and mariadb");
  if (what == "read" || what == "rollback")
    return command.wrong(fmt::format("`sql {}` is not in this version", what),
                         "there are candidates, verify and watch");
  if (what != "candidates" && what != "verify" && what != "watch")
    return command.wrong(fmt::format("there is no statement `{}`", what),
                         "there are candidates, verify and watch");
  const Loaded loaded = load_spec(command, spec, schema);
  if (!loaded.program) return loaded.exit;
  if (dialect.empty()) dialect = loaded.program->catalog.dialect;
  const Dialect* const named = database::dialect(dialect);
  const Dialect& chosen = named == nullptr ? *database::dialect("sqlite") : *named;
  Json all = Json::array();
  for (const ir::Backfill& backfill : loaded.program->backfills) {
    const std::string text = statement(what, backfill, chosen);
    all.push_back({{"name", backfill.name}, {"statement", what}, {"sql", text}});
    if (!command.json()) fmt::print("{}{}", text, text.ends_with('\n') ? "" : "\n");
  }
  if (command.json()) print_json(Json{{"dialect", dialect}, {"statements", all}});
  return kDone;
}

}  // namespace backfill::cli
