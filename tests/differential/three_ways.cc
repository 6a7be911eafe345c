// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/three_ways.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>

#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

namespace backfill::test {

namespace {

using execute_test::must;

// The table's row as SQLite quotes it: what a person needs to repeat it.
std::string row_of(execute_test::Database& database, const std::string& key) {
  const database::Rows columns = database.query("SELECT name FROM pragma_table_info('t')");
  std::string list;
  for (const auto& column : columns.rows) {
    const std::string name = database_sql::text(column.at(0));
    list += fmt::format("{}'{} = ' || quote(\"{}\")", list.empty() ? "" : " || ', ' || ", name, name);
  }
  return database.content(fmt::format("SELECT {} FROM t WHERE id = {}", list, key));
}

std::string explained(execute_test::Database& database, const execute::VerifyReport& report) {
  std::string all;
  for (const execute::Mismatch& each : report.samples) {
    all += fmt::format("\n  row {}\n  evaluator and native code: {}\n  SQL: {}{}\n",
                       row_of(database, each.key), each.stored, each.expected,
                       each.column.empty() ? " (class " + each.expected_class + ")" : "");
    if (all.size() > 2000) break;
  }
  return all;
}

// Returns the run's number.
std::int64_t run(const execute::Subject& subject, const std::string& spec, Compared& out) {
  execute::RunOptions options;
  options.spec = spec;
  const Result<execute::RunReport> report = execute::run(subject, options);
  if (!report) {
    out.difference = "the run fails: " + report.failure().message;
  } else if (report->end != execute::RunEnd::Finished) {
    out.difference = fmt::format("native code against the evaluator: {}", report->message);
  } else {
    out.failed = report->outcomes.quarantined;
  }
  return report ? report->run : 0;
}

void verify(const execute::Subject& subject, std::int64_t run, execute_test::Database& database,
            Compared& out) {
  execute::VerifyOptions options;
  options.run = run;
  options.extent = execute::VerifyExtent::Full;
  const Result<execute::VerifyReport> report = execute::verify(subject, options);
  if (!report) {
    out.difference = "verification fails: " + report.failure().message;
    return;
  }
  out.by_sql = report->by_sql;
  if (!report->reasons.empty()) out.reason = report->reasons.front();
  out.rows = report->compared;
  if (report->mismatches != 0) out.difference = explained(database, *report);
}

}  // namespace

std::string spec_of(const std::string& target, const std::string& expression) {
  return fmt::format("backfill differential {{\n  table t\n  intent recompute\n  derive {} = {}\n}}\n",
                     target, expression);
}

Compared three_ways(const std::string& ddl, const std::string& spec) {
  // A thousand databases that nobody needs after a crash: in memory, where the system has such a folder.
  if (std::filesystem::is_directory("/dev/shm")) setenv("TMPDIR", "/dev/shm", 0);
  Compared out;
  execute_test::Database database("DELETE");
  database.script(ddl);
  const schema::Catalog catalog = must(database.open()->catalog());
  const source::File file("differential.backfill", spec);
  diagnostic::Sink sink(file);
  const std::vector<ir::Backfill> programs = compiler::compile(file, catalog, sink);
  out.compiles = !sink.has_errors();
  if (!out.compiles) {
    out.refusal = diagnostic::render(sink, false);
    return out;
  }
  execute::Subject subject;
  subject.url = database.url();
  subject.backfill = &programs.at(0);
  subject.engine = execute::EngineChoice::Both;
  const std::int64_t number = run(subject, spec, out);
  if (out.difference.empty()) verify(subject, number, database, out);
  const std::size_t target = static_cast<std::size_t>(programs[0].row.outputs.at(0).column);
  out.written = database_sql::text(
      database
          .query(fmt::format("SELECT quote(\"{}\") FROM t LIMIT 1", programs[0].table->columns[target].name))
          .rows.at(0)
          .at(0));
  if (!out.difference.empty())
    out.difference = "\n" + ddl.substr(0, ddl.find(';')) + ";\n" + spec + out.difference;
  return out;
}

}  // namespace backfill::test
