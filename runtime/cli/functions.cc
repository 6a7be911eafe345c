// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/diagnostic/diagnostic.h"
#include "runtime/cli/json.h"
#include "runtime/cli/table.h"
#include "runtime/cli/terminal.h"
#include "runtime/cli/verbs.h"
#include "stdlib/function.h"
#include "stdlib/reference.h"

namespace backfill::cli {

namespace {

using stdlib::Function;

Json to_json(const Function& function) {
  Json examples = Json::array();
  for (const stdlib::Example& one : function.examples)
    examples.push_back({{"expression", one.expression}, {"result", one.result}});
  Json errors = Json::array();
  for (const stdlib::RowError error : function.errors) errors.push_back(stdlib::text(error));
  Json sql = Json::object();
  for (const stdlib::DialectName& dialect : stdlib::kDialectNames) {
    const stdlib::SqlTemplate& form = function.in(dialect.dialect);
    sql[dialect.name] = {
        {"availability", stdlib::text(form.availability)}, {"sql", form.text}, {"reason", form.reason}};
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
  for (const stdlib::DialectName& dialect : stdlib::kDialectNames) {
    const stdlib::SqlTemplate& form = function.in(dialect.dialect);
    fmt::print("      as SQL on {}: {}{}{}\n", dialect.title, stdlib::text(form.availability),
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

// What the list is narrowed to. Empty: all.
struct Filter {
  std::string group, dialect, availability;

  [[nodiscard]] bool takes(const Function& row) const {
    if (!group.empty() && row.group != group) return false;
    if (availability.empty()) return true;
    return std::ranges::any_of(stdlib::kDialectNames, [&](const stdlib::DialectName& one) {
      const bool asked = dialect.empty() || dialect == one.name;
      return asked && stdlib::text(row.in(one.dialect).availability) == availability;
    });
  }
  [[nodiscard]] bool shows(const stdlib::DialectName& one) const {
    return dialect.empty() || dialect == one.name;
  }
};

using Rows = std::vector<const Function*>;

Rows rows_of(const Filter& filter) {
  Rows rows;
  for (const Function& row : stdlib::functions())
    if (filter.takes(row)) rows.push_back(&row);
  return rows;
}

std::vector<std::string> groups() {
  std::set<std::string> all;
  for (const Function& row : stdlib::functions()) all.emplace(row.group);
  return {all.begin(), all.end()};
}

// "same", or "same, wrapped" where the forms of one name differ.
std::string availability_of(const Rows& forms, stdlib::Dialect dialect) {
  std::set<stdlib::Availability> seen;
  for (const Function* form : forms) seen.insert(form->in(dialect).availability);
  std::string out;
  for (const stdlib::Availability one : seen)
    out += (out.empty() ? "" : ", ") + std::string(stdlib::text(one));
  return out;
}

void print_all(const Filter& filter) {
  std::map<std::string_view, std::map<std::string_view, Rows>> groups;
  for (const Function* row : rows_of(filter)) groups[row->group][row->name].push_back(row);
  const Paint paint = paint_for(stdout);
  for (const auto& [group, names] : groups) {
    fmt::print("{}{}{}\n", paint.bold, group, paint.off);
    std::vector<std::pair<std::string, Align>> columns = {{"", Align::Left}};
    for (const stdlib::DialectName& one : stdlib::kDialectNames)
      if (filter.shows(one)) columns.emplace_back(std::string(one.name), Align::Left);
    columns.emplace_back("", Align::Left);
    Table table(columns);
    for (const auto& [name, forms] : names) {
      const std::string more = forms.size() > 1 ? fmt::format(" (and {} more)", forms.size() - 1) : "";
      std::vector<std::string> cells = {
          forms.front()->is_operator ? std::string(name) : stdlib::signature(*forms.front()) + more};
      for (const stdlib::DialectName& one : stdlib::kDialectNames)
        if (filter.shows(one)) cells.push_back(availability_of(forms, one.dialect));
      cells.emplace_back(forms.front()->doc);
      table.row(cells);
    }
    fmt::print("{}\n", table.text(2, 100));
  }
  for (const stdlib::DialectName& one : stdlib::kDialectNames) {
    if (!filter.shows(one)) continue;
    const stdlib::Coverage all = stdlib::coverage(one.dialect);
    fmt::print("{}: {} of {} forms of functions by its own SQL\n", one.title, all.independent(), all.forms);
  }
  fmt::print("`backfill functions NAME` shows one with its forms, row errors, reasons and examples\n");
}

}  // namespace

int functions(Command& command, Arguments arguments) {
  std::string name;
  Filter filter;
  bool markdown = false;
  command.teach(
      "The functions and operators of the language, from the table that the compiler itself reads, and how "
      "each\n"
      "database's own SQL computes them: same, wrapped (written so that it means the same), pinned (by a "
      "setting\n"
      "that is checked), assisted (by a function of ours: not independent) or unavailable.");
  command.positional("NAME", name, "one of them: all its forms, row errors, reasons and examples", false);
  command.option("--group", filter.group, "GROUP",
                 "only these: " + fmt::format("{}", fmt::join(groups(), ", ")));
  command.choice("--dialect", filter.dialect, {"sqlite", "postgres", "mariadb"},
                 "only this database's column");
  command.choice("--only", filter.availability, {"same", "wrapped", "pinned", "assisted", "unavailable"},
                 "only what is so on the dialect, or on any");
  command.flag("--markdown", markdown, "the whole reference, as docs/functions.md holds it");
  command.example("backfill functions split_part", "how a text is taken apart");
  command.example("backfill functions --dialect sqlite --only unavailable",
                  "what SQLite cannot verify itself");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (markdown) {
    fmt::print("{}", stdlib::reference_page());
    return kDone;
  }
  if (!name.empty()) return print_named(command, name);
  if (const auto all = groups(); !filter.group.empty() && std::ranges::find(all, filter.group) == all.end())
    return command.wrong(fmt::format("there is no group `{}`", filter.group),
                         fmt::format("the groups are {}", fmt::join(all, ", ")));
  if (!command.json()) {
    print_all(filter);
    return kDone;
  }
  Json all = Json::array();
  for (const Function* row : rows_of(filter)) all.push_back(to_json(*row));
  print_json(Json{{"functions", all}});
  return kDone;
}

}  // namespace backfill::cli
