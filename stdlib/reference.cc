// SPDX-License-Identifier: Apache-2.0
#include "stdlib/reference.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace backfill::stdlib {

namespace {

constexpr std::string_view kHead = R"(# Functions and operators

Generated from the function table (`stdlib/functions_*.cc`); do not edit. To write it again:

    backfill functions --markdown > docs/functions.md

or `BACKFILL_UPDATE_GOLDEN=1` with the test that guards it (`test_stdlib_quick "docs/functions.md*"`). Every example is
computed by the tests. `x?` may be missing; a result is missing where an argument is, unless the text says otherwise.

How a database's own SQL gives the same answer, which is what verification rests on:

| word | meaning |
| --- | --- |
| same | the database's function of that meaning |
| wrapped | SQL that is written so that it means the same |
| pinned | the same under settings that the tool sets and checks when it connects |
| assisted | a function that the tool itself puts on the connection: verified, but not independently |
| no | the part is verified by the reference evaluator; the reason stands beside it |

)";

std::string in_cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

// Code in a cell: a `|` ends the cell even there.
std::string code(std::string_view text) {
  return fmt::format("`{}`", in_cell(text));
}

std::string_view short_word(Availability availability) {
  return availability == Availability::Unavailable ? "no" : text(availability);
}

std::string form(const Function& row) {
  if (!row.is_operator || row.parameters.empty() || row.parameters.size() > 2) return signature(row);
  const std::string last = to_string(row.parameters.back().type);
  if (row.parameters.size() == 1) return fmt::format("{} {}", row.name, last);
  return fmt::format("{} {} {}", to_string(row.parameters[0].type), row.name, last);
}

std::string error_list(const Function& row) {
  std::string out;
  for (const RowError error : row.errors) out += (out.empty() ? "" : ", ") + std::string(text(error));
  return out;
}

void add_coverage(std::string& page) {
  page += "Of the functions (operators and conversions apart), per form:\n\n";
  page += "| database | same | wrapped | pinned | assisted | no | by its own SQL |\n";
  page += "| --- | --- | --- | --- | --- | --- | --- |\n";
  for (const DialectName& dialect : kDialectNames) {
    const Coverage all = coverage(dialect.dialect);
    page += fmt::format("| {} |", dialect.title);
    for (const std::size_t forms : all.by_availability) page += fmt::format(" {} |", forms);
    page += fmt::format(" {} of {} ({}%) |\n", all.independent(), all.forms,
                        all.forms == 0 ? 0 : all.independent() * 100 / all.forms);
  }
  page += "\n";
}

using Rows = std::vector<const Function*>;

// The reasons of one name, each once, with the databases that it is given for.
void add_reasons(std::string& page, std::string_view name, const Rows& rows) {
  std::map<std::string, std::string> databases;
  for (const DialectName& dialect : kDialectNames) {
    std::map<std::string, bool> seen;
    for (const Function* row : rows) {
      const std::string reason(row->in(dialect.dialect).reason);
      if (reason.empty() || std::exchange(seen[reason], true)) continue;
      std::string& list = databases[reason];
      list += (list.empty() ? "" : ", ") + std::string(dialect.title);
    }
  }
  for (const auto& [reason, list] : databases) page += fmt::format("- `{}` on {}: {}\n", name, list, reason);
}

void add_examples(std::string& page, const Rows& rows) {
  for (const Function* row : rows) {
    for (const Example& one : row->examples)
      page += fmt::format("- `{}` is `{}`\n", one.expression, one.result);
  }
}

void add_group(std::string& page, std::string_view group, const std::map<std::string_view, Rows>& names) {
  page += fmt::format("## {}\n\n| form | what it gives | row errors |", group);
  for (const DialectName& dialect : kDialectNames) page += fmt::format(" {} |", dialect.title);
  page += "\n| --- | --- | --- | --- | --- | --- |\n";
  for (const auto& [name, rows] : names) {
    for (const Function* row : rows) {
      page += fmt::format("| {} | {} | {} |", code(form(*row)), in_cell(row->doc), error_list(*row));
      for (const DialectName& dialect : kDialectNames)
        page += fmt::format(" {} |", short_word(row->in(dialect.dialect).availability));
      page += "\n";
    }
  }
  page += "\nExamples:\n\n";
  for (const auto& [name, rows] : names) add_examples(page, rows);
  std::string reasons;
  for (const auto& [name, rows] : names) add_reasons(reasons, name, rows);
  if (!reasons.empty()) page += "\nWhere the SQL has no form of its own, and why:\n\n" + reasons;
  page += "\n";
}

}  // namespace

std::string_view text(Availability availability) {
  switch (availability) {
    case Availability::Same:
      return "same";
    case Availability::Wrapped:
      return "wrapped";
    case Availability::Pinned:
      return "pinned";
    case Availability::Assisted:
      return "assisted";
    case Availability::Unavailable:
      return "unavailable";
  }
  return "";
}

bool is_independent(Availability availability) {
  return availability != Availability::Assisted && availability != Availability::Unavailable;
}

std::size_t Coverage::independent() const {
  std::size_t count = 0;
  for (std::size_t k = 0; k < by_availability.size(); ++k) {
    if (is_independent(static_cast<Availability>(k))) count += by_availability[k];
  }
  return count;
}

Coverage coverage(Dialect dialect) {
  Coverage out;
  for (const Function& row : functions()) {
    if (row.is_operator || row.group == "conversion") continue;
    ++out.forms;
    ++out.by_availability[static_cast<std::size_t>(row.in(dialect).availability)];
  }
  return out;
}

std::string reference_page() {
  std::map<std::string_view, std::map<std::string_view, Rows>> groups;
  for (const Function& row : functions()) groups[row.group][row.name].push_back(&row);
  std::string page(kHead);
  add_coverage(page);
  for (const auto& [group, names] : groups) add_group(page, group, names);
  page.pop_back();
  return page;
}

}  // namespace backfill::stdlib
