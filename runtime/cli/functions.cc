// SPDX-License-Identifier: Apache-2.0
#include "stdlib/function.h"

#include <fmt/format.h>

#include <map>
#include <nlohmann/json.hpp>

#include "compiler/diagnostic/diagnostic.h"
#include "runtime/cli/json.h"
#include "runtime/cli/table.h"
#include "runtime/cli/terminal.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

using stdlib::Function;

std::string_view availability(const stdlib::SqlTemplate& sql) {
  switch (sql.availability) {
    case stdlib::Availability::Same:
      return "yes";
    case stdlib::Availability::Wrapped:
    case stdlib::Availability::Pinned:
      return "yes, wrapped";
    case stdlib::Availability::Assisted:
      return "with our function";
    case stdlib::Availability::Unavailable:
      return "no";
  }
  return "";
}

constexpr std::pair<stdlib::Dialect, const char*> kDialects[] = {{stdlib::Dialect::Sqlite, "sqlite"}};

Json to_json(const Function& function) {
  Json examples = Json::array();
  for (const stdlib::Example& one : function.examples)
    examples.push_back({{"expression", one.expression}, {"result", one.result}});
  Json errors = Json::array();
  for (const stdlib::RowError error : function.errors) errors.push_back(stdlib::text(error));
  Json sql = Json::object();
  for (const auto& [dialect, name] : kDialects) {
    const stdlib::SqlTemplate& form = function.in(dialect);
    sql[name] = {{"available", availability(form)}, {"reason", form.reason}};
  }
  return {{"name", function.name},
          {"group", function.group},
          {"operator", function.is_operator},
          {"signature", stdlib::signature(function)},
          {"doc", function.doc},
          {"row_errors", errors},
          {"sql", sql},
          {"examples", examples}};
}

void print_one(const Function& function) {
  fmt::print("  {}\n", stdlib::signature(function));
  if (!function.errors.empty()) {
    std::string errors;
    for (const stdlib::RowError error : function.errors)
      errors += (errors.empty() ? "" : ", ") + std::string(stdlib::text(error));
    fmt::print("      row errors: {}\n", errors);
  }
  for (const auto& [dialect, name] : kDialects) {
    const stdlib::SqlTemplate& form = function.in(dialect);
    fmt::print("      verified by SQL on {}: {}{}{}\n", name, availability(form),
               form.reason.empty() ? "" : ": ", form.reason);
  }
  for (const stdlib::Example& one : function.examples)
    fmt::print("      {}  is  {}\n", one.expression, one.result);
}

int print_named(const Command& command, const std::string& name) {
  const std::vector<const Function*> rows = stdlib::overloads(name);
  if (rows.empty()) {
    const std::string near = diagnostic::nearest(name, stdlib::names());
    return command.wrong(
        fmt::format("there is no function `{}`", name),
        near.empty() ? "`backfill functions` lists them" : fmt::format("did you mean `{}`?", near));
  }
  if (command.json()) {
    Json all = Json::array();
    for (const Function* row : rows) all.push_back(to_json(*row));
    print_json(Json{{"functions", all}});
    return kDone;
  }
  const Paint paint = paint_for(stdout);
  fmt::print("{}{}{}: {}\n\n", paint.bold, name, paint.off, rows.front()->doc);
  for (const Function* row : rows) print_one(*row);
  return kDone;
}

struct Line {
  std::size_t forms = 0;
  const Function* first = nullptr;
};

void print_all() {
  std::map<std::string_view, std::map<std::string_view, Line>> groups;
  for (const Function& row : stdlib::functions()) {
    Line& line = groups[row.group][row.name];
    if (line.forms++ == 0) line.first = &row;
  }
  const Paint paint = paint_for(stdout);
  for (const auto& [group, names] : groups) {
    fmt::print("{}{}{}\n", paint.bold, group, paint.off);
    Table table({{"", Align::Left}, {"", Align::Left}});
    for (const auto& [name, line] : names) {
      const std::string more = line.forms > 1 ? fmt::format(" (and {} more)", line.forms - 1) : "";
      table.row({line.first->is_operator ? std::string(name) : stdlib::signature(*line.first) + more,
                 std::string(line.first->doc)});
    }
    fmt::print("{}\n", table.text(2, 100));
  }
  fmt::print("`backfill functions NAME` shows one with its forms, row errors and examples\n");
}

}  // namespace

int functions(Command& command, Arguments arguments) {
  std::string name;
  command.teach(
      "The functions and operators of the language, from the table that the compiler itself reads.");
  command.positional("NAME", name, "one of them: all its forms, row errors and examples", false);
  command.example("backfill functions split_part", "how a text is taken apart");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (!name.empty()) return print_named(command, name);
  if (!command.json()) {
    print_all();
    return kDone;
  }
  Json all = Json::array();
  for (const Function& row : stdlib::functions()) all.push_back(to_json(row));
  print_json(Json{{"functions", all}});
  return kDone;
}

}  // namespace backfill::cli
