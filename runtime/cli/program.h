// SPDX-License-Identifier: Apache-2.0
// From what a command names (a spec, a schema file or database, a run) to a compiled program.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/schema/catalog.h"
#include "compiler/source/source.h"
#include "runtime/cli/command.h"
#include "runtime/execute/status.h"

namespace backfill::cli {

// The programs point into the catalog: kept together, never moved.
struct Program {
  Program(source::File file, schema::Catalog known)
      : source(std::move(file)), catalog(std::move(known)), sink(source) {}
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  source::File source;
  schema::Catalog catalog;
  diagnostic::Sink sink;
  std::vector<ir::Backfill> backfills;
};

// A program, or the exit code with which the verb ends (everything is said already).
struct Loaded {
  std::unique_ptr<Program> program;
  int exit = kDone;
};

// --schema and --db of a verb; one of them, or BACKFILL_DB.
struct SchemaFlags {
  std::string schema, db;
  std::vector<std::string> parameters = {};  // --param: "name=value"
  void declare(Command& command);
  void declare_parameters(Command& command);
};

Result<schema::Catalog> read_catalog(const std::string& url);
Result<schema::Catalog> find_catalog(const SchemaFlags& flags, const std::string& spec);
// Says why find_catalog failed, and gives the exit code: a name that means nothing (no such file, no such
// entry) is the user's mistake, what fails behind a good name is the environment's.
int schema_failed(const Command& command, const SchemaFlags& flags, const std::string& spec,
                  const Failure& failure);

// What a verb asks of the programs beyond that they compile.
using FurtherChecks = std::function<void(const std::vector<ir::Backfill>& programs, diagnostic::Sink& sink)>;
// Reads and compiles; diagnostics go to stderr (to stdout as JSON with --json).
Loaded load_spec(const Command& command, const std::string& path, const SchemaFlags& flags,
                 const FurtherChecks& further = {});

// A run of a database, and the spec that it has kept, compiled against the database as it is now.
struct LoadedRun {
  std::string url;
  std::optional<execute::Status> status;
  std::unique_ptr<Program> program;
  // Null with kDone: the spec does not fit the database any more (an input column was dropped, say).
  const ir::Backfill* backfill = nullptr;
  std::string misfit;  // why, in one line
  int exit = kDone;
};
LoadedRun load_run(const Command& command, const std::string& db, std::optional<std::int64_t> run);

void print_diagnostics(const diagnostic::Sink& sink);

}  // namespace backfill::cli
