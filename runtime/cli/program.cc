// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/program.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/compile.h"
#include "compiler/source/parameters.h"
#include "runtime/cli/connection.h"
#include "runtime/cli/json.h"
#include "runtime/cli/terminal.h"
#include "runtime/database/store.h"
#include "runtime/execute/plan_identity.h"
#include "runtime/file/headers.h"

namespace backfill::cli {

void SchemaFlags::declare(Command& command) {
  command.option("--schema", schema, "FILE", "the tables, from a file of DDL (`.schema`, `backfill schema`)");
  command.option("--db", db, "URL",
                 "the tables, from a database (or BACKFILL_DB, or an entry of backfill.toml)");
  declare_parameters(command);
}

void SchemaFlags::declare_parameters(Command& command) {
  command.options("--param", parameters, "NAME=VALUE", "a `param` of the spec; kept with the run");
}

namespace {

// What is wrong with one of them; empty: nothing.
std::string wrong_parameter(const std::vector<std::string>& parameters) {
  std::set<std::string> names;
  for (const std::string& one : parameters) {
    if (one.find('=') == std::string::npos || one.starts_with('=') || one.find('\n') != std::string::npos)
      return fmt::format("--param {}: a name, `=`, and a value on one line", one);
    if (!names.insert(one.substr(0, one.find('='))).second)
      return fmt::format("--param {}: its name has a value already", one);
  }
  return {};
}

}  // namespace

Result<schema::Catalog> read_catalog(const std::string& url) {
  BACKFILL_ASSIGN(const auto store, database::open(url, {.access = database::Access::ReadOnly}));
  return store->catalog();
}

Result<schema::Catalog> find_catalog(const SchemaFlags& flags, const std::string& spec) {
  if (!flags.schema.empty()) {
    std::error_code error;
    if (!std::filesystem::exists(flags.schema, error))
      return fatal(fmt::format("there is no schema file {}", flags.schema),
                   fmt::format("`backfill schema --db URL > {}` writes one", flags.schema));
    return database::catalog_from_ddl(flags.schema);
  }
  const Result<std::string> url = database_url(flags.db, spec);
  if (!url && flags.db.empty())
    return fatal("neither a schema nor a database is named", "add `--schema FILE` or `--db URL`");
  if (!url) return url.failure();
  return read_catalog(*url);
}

int schema_failed(const Command& command, const SchemaFlags& flags, const std::string& spec,
                  const Failure& failure) {
  std::error_code error;
  const bool named_wrong = !flags.schema.empty() ? !std::filesystem::exists(flags.schema, error)
                                                 : !database_url(flags.db, spec).ok();
  return named_wrong ? command.wrong(failure.message, failure.way_out) : command.failed(failure);
}

void print_diagnostics(const diagnostic::Sink& sink) {
  fmt::print(stderr, "{}", diagnostic::render(sink, colours(stderr)));
}

namespace {

int refuse(const Command& command, const Program& program) {
  if (command.json()) {
    print_json(Json{{"error", fmt::format("{} does not compile", program.source.name())},
                    {"diagnostics", Json::parse(diagnostic::render_json(program.sink))}});
  }
  print_diagnostics(program.sink);
  return kWrong;
}

Loaded compiled(const Command& command, source::File file, schema::Catalog catalog,
                const FurtherChecks& further) {
  Loaded out{std::make_unique<Program>(std::move(file), std::move(catalog)), kDone};
  Program& program = *out.program;
  program.backfills = compiler::compile(program.source, program.catalog, program.sink);
  file::report_headers(program.backfills, program.sink);
  if (further) further(program.backfills, program.sink);
  if (program.sink.has_errors()) return {nullptr, refuse(command, program)};
  print_diagnostics(program.sink);
  return out;
}

// What is not as the run found it: the table, or else what the compiler says.
std::string misfit(const execute::Status& status, const Program& program) {
  const std::string& name = status.summary.table;
  const schema::Table* table = program.catalog.find(name);
  if (table == nullptr) return fmt::format("the table `{}` is no longer there", name);
  const std::string changes = execute::schema_changes(status.schema_text, execute::schema_text(*table));
  if (!changes.empty()) return fmt::format("the table `{}` has changed since the run: {}", name, changes);
  for (const diagnostic::Diagnostic& one : program.sink.sorted())
    if (diagnostic::row(one.code).is_error) return one.message;
  return fmt::format("the spec means something else to this version, {} ran it",
                     status.summary.compiler_version);
}

// Compiles the spec that the run has kept against the tables as they are now.
void fit(const execute::Status& status, schema::Catalog catalog, LoadedRun& out) {
  const execute::RunSummary& summary = status.summary;
  source::File file(fmt::format("(the spec of run {})", summary.run), status.spec);
  out.program = std::make_unique<Program>(std::move(file), std::move(catalog));
  Program& program = *out.program;
  program.backfills = compiler::compile(program.source, program.catalog, program.sink);
  for (const ir::Backfill& backfill : program.backfills) {
    if (!program.sink.has_errors() && backfill.name == summary.name &&
        ir::fingerprint(backfill) == summary.fingerprint)
      out.backfill = &backfill;
  }
  if (out.backfill == nullptr) {
    out.misfit = misfit(status, program);
  } else {
    print_diagnostics(program.sink);
  }
}

}  // namespace

Loaded load_spec(const Command& command, const std::string& path, const SchemaFlags& flags,
                 const FurtherChecks& further) {
  Result<source::File> file = source::read_file(path);
  if (!file) return {nullptr, command.wrong(file.failure().message, file.failure().way_out)};
  Result<schema::Catalog> catalog = find_catalog(flags, path);
  if (!catalog) return {nullptr, schema_failed(command, flags, path, catalog.failure())};
  if (const std::string wrong = wrong_parameter(flags.parameters); !wrong.empty())
    return {nullptr, command.wrong(wrong, "such as `--param cutoff=2024-01-31`")};
  return compiled(command, source::with_parameters(*file, flags.parameters), *std::move(catalog), further);
}

LoadedRun load_run(const Command& command, const std::string& db, std::optional<std::int64_t> run) {
  LoadedRun out;
  const Result<std::string> url = database_url(db, {});
  if (!url) {
    out.exit = command.wrong(url.failure().message, url.failure().way_out);
    return out;
  }
  out.url = *url;
  Result<std::optional<execute::Status>> status = execute::status(out.url, run);
  if (!status) {
    out.exit = command.failed(status.failure());
    return out;
  }
  out.status = *std::move(status);
  if (!out.status) {
    out.exit = command.wrong(
        run ? fmt::format("the database has no run {}", *run) : "nothing has run in this database",
        "`backfill runs` lists what has");
    return out;
  }
  Result<schema::Catalog> catalog = read_catalog(out.url);
  if (!catalog) {
    out.exit = command.failed(catalog.failure());
    return out;
  }
  fit(*out.status, *std::move(catalog), out);
  return out;
}

}  // namespace backfill::cli
