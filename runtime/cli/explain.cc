// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "compiler/diagnostic/diagnostic.h"
#include "runtime/cli/json.h"
#include "runtime/cli/pages.h"
#include "runtime/cli/table.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

// bf0201, BF201 and 201 are all BF0201.
std::string canonical(std::string_view given) {
  if (given.size() > 2 && (given[0] == 'b' || given[0] == 'B') && (given[1] == 'f' || given[1] == 'F'))
    given.remove_prefix(2);
  return fmt::format("BF{:0>4}", given);
}

const diagnostic::CodeRow* find(const std::string& code) {
  for (const diagnostic::CodeRow& row : diagnostic::codes()) {
    if (diagnostic::text(row.code) == code) return &row;
  }
  return nullptr;
}

std::string_view page_of(const std::string& code) {
  for (const Page& page : pages()) {
    if (page.code == code) return page.text;
  }
  return {};
}

void print_list() {
  Table table({{"", Align::Left}, {"", Align::Left}});
  for (const diagnostic::CodeRow& row : diagnostic::codes())
    table.row({std::string(diagnostic::text(row.code)), std::string(row.title)});
  fmt::print("{}", table.text(0, 100));
}

}  // namespace

int explain(Command& command, Arguments arguments) {
  std::string given;
  command.teach("What a diagnostic code means: why it is one, an example that has it, and the way out.");
  command.positional("CODE", given, "such as BF0401; without one all are listed", false);
  command.example("backfill explain BF0401", "the value may be missing where it must not be");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (given.empty() && !command.json()) {
    print_list();
    return kDone;
  }
  if (given.empty()) {
    Json all = Json::array();
    for (const diagnostic::CodeRow& row : diagnostic::codes())
      all.push_back({{"code", diagnostic::text(row.code)}, {"title", row.title}});
    print_json(Json{{"codes", all}});
    return kDone;
  }
  const std::string code = canonical(given);
  const diagnostic::CodeRow* row = find(code);
  if (row == nullptr)
    return command.wrong(fmt::format("there is no diagnostic `{}`", given), "`backfill explain` lists all");
  const std::string_view page = page_of(code);
  if (command.json()) {
    print_json(Json{{"code", code}, {"title", row->title}, {"page", page}});
  } else if (page.empty()) {
    fmt::print("{}: {}\n\nThis version has no page for it yet.\n", code, row->title);
  } else {
    fmt::print("{}{}", page, page.ends_with('\n') ? "" : "\n");
  }
  return kDone;
}

}  // namespace backfill::cli
