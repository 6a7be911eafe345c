// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/warnings.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/plan/words.h"

namespace backfill::plan {

namespace {

class Warnings {
 public:
  Warnings(const ir::Backfill& backfill, const schema::Catalog& catalog)
      : backfill_(backfill), table_(*backfill.table), catalog_(catalog) {}

  std::vector<std::string> all() {
    if (!backfill_.capture) add("Nothing is captured: what this writes cannot be undone.");
    if (backfill_.row.where == nullptr && backfill_.row.guard == nullptr) {
      add(fmt::format(
          "The scope has no `where`: every row of `{}` is a candidate unless a rule leaves it alone.",
          table_.name));
    }
    triggers();
    for (const ir::Output& output : backfill_.row.outputs) target(output.column);
    checks();
    if (ir::deletes_row(backfill_) != nullptr) deletes();
    if (backfill_.tests.empty()) add("The spec has no `test`: nobody has said what single rows become.");
    return std::move(out_);
  }

 private:
  void add(std::string text) { out_.push_back(std::move(text)); }

  void triggers() {
    if (table_.triggers.empty()) return;
    std::vector<std::string> names;
    for (const schema::Trigger& trigger : table_.triggers) names.push_back(trigger.name);
    std::ranges::sort(names);
    add(
        fmt::format("`{}` has triggers ({}): they may fire for rows that are written, and what they write is "
                    "neither captured nor rolled back.",
                    table_.name, quoted_list(names)));
  }

  void target(int column) {
    const std::string& name = table_.columns[static_cast<std::size_t>(column)].name;
    for (const schema::Index& index : table_.indexes) {
      if (std::ranges::count(index.columns, column) == 0) continue;
      add(fmt::format("`{}` is in the {}index `{}`: every write of it rewrites the index too{}.", name,
                      index.unique ? "unique " : "", index.name,
                      index.unique ? ", and a value that stands already sends the row to quarantine" : ""));
    }
    for (const schema::ForeignKey& foreign : table_.foreign_keys) {
      if (std::ranges::count(foreign.columns, column) == 0) continue;
      add(fmt::format(
          "`{}` references `{}`: where the database enforces it, a value with no row there sends the "
          "row to quarantine.",
          name, foreign.table));
    }
    referenced(name);
  }

  // Another table's foreign key to the column: changing it can cascade there, beyond the capture.
  void referenced(const std::string& name) {
    for (const schema::Table& other : catalog_.tables) {
      for (const schema::ForeignKey& foreign : other.foreign_keys) {
        if (catalog_.find(foreign.table) != &table_) continue;
        if (std::ranges::count(foreign.referenced, name) == 0) continue;
        add(fmt::format(
            "`{}` of `{}` references `{}`: a changed value can be refused there, or cascade beyond what "
            "is captured.",
            other.columns[static_cast<std::size_t>(foreign.columns.front())].name, other.name, name));
      }
    }
  }

  // What cascades is refused by the checks.
  void deletes() {
    for (const schema::Table& other : catalog_.tables) {
      for (const schema::ForeignKey& foreign : other.foreign_keys) {
        if (catalog_.find(foreign.table) != &table_) continue;
        add(fmt::format(
            "`{}` of `{}` references `{}`: a row that is still referred to is not deleted, it goes to "
            "quarantine.",
            other.columns[static_cast<std::size_t>(foreign.columns.front())].name, other.name, table_.name));
      }
    }
  }

  void checks() {
    if (table_.checks.empty()) return;
    add(fmt::format("`{}` has {} CHECK constraint{}: a value that breaks one sends its row to quarantine.",
                    table_.name, table_.checks.size(), table_.checks.size() == 1 ? "" : "s"));
  }

  const ir::Backfill& backfill_;
  const schema::Table& table_;
  const schema::Catalog& catalog_;
  std::vector<std::string> out_;
};

}  // namespace

std::vector<std::string> warnings(const ir::Backfill& backfill, const schema::Catalog& catalog) {
  return Warnings(backfill, catalog).all();
}

}  // namespace backfill::plan
