// SPDX-License-Identifier: Apache-2.0
// What updates copy within the rows that they write: a second run must find the same there.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/check/effects.h"

namespace backfill::check {

namespace {

std::set<int> all_of(const schema::Table& table) {
  std::set<int> columns;
  for (std::size_t i = 0; i < table.columns.size(); ++i) columns.insert(static_cast<int>(i));
  return columns;
}

std::set<int> written_in(const ir::Backfill& backfill, const schema::Table& table) {
  std::set<int> written;
  if (&table == backfill.table)
    for (const ir::Output& output : backfill.row.outputs) written.insert(output.column);
  for (const ir::Effect& effect : backfill.effects) {
    if ((effect.table == nullptr ? backfill.table : effect.table) != &table) continue;
    if (effect.kind != ir::EffectKind::UpdateOthers) return all_of(table);
    for (const ir::EffectColumn& one : effect.columns) written.insert(one.column);
    for (const ir::CopiedColumn& one : effect.copied) written.insert(one.column);
  }
  return written;
}

}  // namespace

// What the database generates may be generated from anything.
void check_copied(Context& context) {
  const ir::Backfill& backfill = context.out();
  if (ir::is_once(backfill)) return;
  for (const ir::Effect& effect : backfill.effects)
    for (const ir::CopiedColumn& one : effect.copied) {
      const auto& columns = effect.table->columns;
      const std::set<int> written = written_in(backfill, *effect.table);
      const bool generated = columns[static_cast<std::size_t>(one.from)].generated;
      const auto changes = generated ? written.begin() : written.find(one.from);
      if (changes == written.end()) continue;
      context.report(
          Code::NotRepeatable, one.span,
          fmt::format("`{}` of `{}` is copied from `{}`, and this backfill writes `{}`: a second run may "
                      "change it again",
                      columns[static_cast<std::size_t>(one.column)].name, effect.table->name,
                      columns[static_cast<std::size_t>(one.from)].name,
                      columns[static_cast<std::size_t>(*changes)].name),
          "copy a column that is not written");
    }
}

}  // namespace backfill::check
