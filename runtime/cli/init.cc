// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "runtime/cli/first_spec.h"
#include "runtime/cli/json.h"
#include "runtime/cli/program.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

// In the canonical layout, so that `fmt --check` has nothing to say of it.
std::string laid_out(std::string text) {
  const source::File file("(first spec)", std::move(text));
  diagnostic::Sink sink(file);
  return syntax::format(*syntax::parse(file, sink), file);
}

}  // namespace

int init(Command& command, Arguments arguments) {
  std::string table;
  SchemaFlags schema;
  command.teach(
      "Writes a first spec for a table on stdout: its key, a derive for the first nullable column and "
      "commented ones for\n"
      "the others, exclusions to think about, stages, and a test. It parses; what it derives is yours to "
      "say.");
  command.positional("TABLE", table, "the table", true);
  schema.declare(command);
  command.example("backfill init accounts --db sqlite:shop.db > accounts.backfill",
                  "then edit it, and `backfill check`");
  if (const auto exit = command.parse(arguments)) return *exit;
  const Result<schema::Catalog> catalog = find_catalog(schema, {});
  if (!catalog) return schema_failed(command, schema, {}, catalog.failure());
  const schema::Table* found = catalog->find(table);
  if (found == nullptr) {
    std::vector<std::string> names;
    for (const schema::Table& one : catalog->tables) names.push_back(one.name);
    const std::string near = diagnostic::nearest(table, names);
    std::ranges::sort(names);
    return command.wrong(fmt::format("there is no table `{}`", table),
                         near.empty() ? fmt::format("there are {}", fmt::join(names, ", "))
                                      : fmt::format("did you mean `{}`?", near));
  }
  const std::string text = laid_out(first_spec(*found));
  if (command.json()) {
    print_json(Json{{"table", found->name}, {"spec", text}});
  } else {
    fmt::print("{}", text);
  }
  return kDone;
}

}  // namespace backfill::cli
