// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/compile.h"
#include "compiler/source/parameters.h"
#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/program.h"
#include "runtime/cli/require_sql.h"
#include "runtime/cli/verbs.h"
#include "runtime/file/headers.h"

namespace backfill::cli {

namespace {

using diagnostic::Diagnostic;

struct Totals {
  std::int64_t files = 0, backfills = 0, errors = 0, warnings = 0;
};

void count(const diagnostic::Sink& sink, Totals& totals) {
  for (const Diagnostic& one : sink.sorted())
    ++(diagnostic::row(one.code).is_error ? totals.errors : totals.warnings);
}

// GitHub's workflow commands: a line per diagnostic, shown beside the changed line.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '%' || c == '\n' || c == '\r') {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

void print_github(const diagnostic::Sink& sink) {
  for (const Diagnostic& one : sink.sorted()) {
    const source::Position from = sink.file().position(one.span.begin);
    const source::Position to = sink.file().position(one.span.end);
    fmt::print("::{} file={},line={},col={},endLine={},endColumn={},title={}::{}\n",
               diagnostic::row(one.code).is_error ? "error" : "warning", escaped(sink.file().name()),
               from.line, from.column, to.line, to.column, diagnostic::text(one.code),
               escaped(one.help.empty() ? one.message : one.message + "\nhelp: " + one.help));
  }
}

class Checker {
 public:
  Checker(const std::string& format, const schema::Catalog& catalog) : format_(format), catalog_(catalog) {}
  RequireSql require_sql;
  std::vector<std::string> parameters;  // --param

  Result<void> file(const std::string& path) {
    BACKFILL_ASSIGN(const source::File read, source::read_file(path));
    const source::File source = source::with_parameters(read, parameters);
    diagnostic::Sink sink(source);
    const auto programs = compiler::compile(source, catalog_, sink);
    file::report_headers(programs, sink);
    require_sql.report(programs, sink);
    totals.files += 1;
    totals.backfills += static_cast<std::int64_t>(programs.size());
    count(sink, totals);
    if (format_ == "human") print_diagnostics(sink);
    if (format_ == "github") print_github(sink);
    if (format_ == "json") {
      for (Json& one : list_of(sink)) all_.push_back(std::move(one));
    }
    return {};
  }

  void summary() const {
    if (format_ == "json") {
      print_json(Json{{"files", totals.files},
                      {"backfills", totals.backfills},
                      {"errors", totals.errors},
                      {"warnings", totals.warnings},
                      {"diagnostics", all_}});
      return;
    }
    const std::string found = totals.errors == 0 ? "no errors" : counted(totals.errors, "error");
    const std::string also = totals.warnings == 0 ? "" : ", " + counted(totals.warnings, "warning");
    fmt::print(stderr, "{}, {}: {}{}\n", counted(totals.files, "file"), counted(totals.backfills, "backfill"),
               found, also);
  }

  Totals totals;

 private:
  static Json list_of(const diagnostic::Sink& sink) { return Json::parse(diagnostic::render_json(sink)); }

  const std::string& format_;
  const schema::Catalog& catalog_;
  Json all_ = Json::array();
};

}  // namespace

int check(Command& command, Arguments arguments) {
  std::vector<std::string> specs;
  RequireSql require_sql;
  std::string format = "human", deny;
  SchemaFlags schema;
  command.teach(
      "Parses each SPEC and checks its names, types, missing values, scope, stages and tests against the "
      "tables of a\n"
      "schema. Needs no database with --schema. Ends with 1 if there are errors; each has a code for "
      "`backfill explain`.");
  command.positionals("SPEC", specs, "files to check", true);
  schema.declare(command);
  command.choice("--format", format, {"human", "json", "github", "junit", "sarif", "gitlab"},
                 "how to print diagnostics");
  command.choice("--deny", deny, {"warnings"}, "end with 1 where there are only warnings, too");
  require_sql.declare(command);
  command.example("backfill check specs/*.backfill --schema schema.sql", "checks all specs, as CI does");
  command.example("backfill check account_status.backfill --db sqlite:shop.db",
                  "takes the tables from a database");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (command.json()) format = "json";
  if (format == "junit" || format == "sarif" || format == "gitlab")
    return command.wrong(fmt::format("--format {} is not in this version", format),
                         "there are human, json and github");
  if (const auto exit = require_sql.wrong(command)) return *exit;
  const Result<schema::Catalog> catalog = find_catalog(schema, specs.front());
  if (!catalog) return schema_failed(command, schema, specs.front(), catalog.failure());
  Checker checker(format, *catalog);
  checker.require_sql = require_sql;
  checker.parameters = schema.parameters;
  for (const std::string& spec : specs) {
    const Result<void> done = checker.file(spec);
    if (!done) return command.wrong(done.failure().message, done.failure().way_out);
  }
  checker.summary();
  const bool refused = checker.totals.errors > 0 || (deny == "warnings" && checker.totals.warnings > 0);
  return refused ? kWrong : kDone;
}

}  // namespace backfill::cli
