// SPDX-License-Identifier: Apache-2.0
// Values that the database computes of the rows that are written: a second run must find the same.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/check/effects.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

using Columns = std::set<std::pair<const schema::Table*, int>>;

void add_all(const schema::Table& table, Columns& columns) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) columns.emplace(&table, static_cast<int>(i));
}

Columns written_by(const ir::Backfill& backfill) {
  Columns written;
  for (const ir::Output& output : backfill.row.outputs) written.emplace(backfill.table, output.column);
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.kind != ir::EffectKind::UpdateOthers) {
      add_all(effect.table == nullptr ? *backfill.table : *effect.table, written);
      continue;
    }
    for (const ir::EffectColumn& one : effect.columns) written.emplace(effect.table, one.column);
    for (const ir::ComputedColumn& one : effect.computed) written.emplace(effect.table, one.column);
  }
  return written;
}

// By way of queries too. What the database generates may be generated from anything.
Columns read_by(const ir::Backfill& backfill, const schema::Table& table, const Expr& value) {
  Columns read;
  for (const int column : ir::columns_read(backfill, {&value})) read.emplace(backfill.table, column);
  ir::Backfill probe;
  probe.row.inputs = backfill.row.inputs;
  probe.row.queries = backfill.row.queries;
  probe.row.values = {&value};
  const std::vector<bool> asked = ir::queries_read(probe);
  for (std::size_t k = 0; k < asked.size(); ++k) {
    if (!asked[k]) continue;
    ir::Backfill alone;
    alone.row.queries.push_back(probe.row.queries[k]);
    for (const auto& [of, columns] : ir::tables_read(alone))
      for (const int column : columns) read.emplace(of, column);
    for (const ir::QueryValue& one : probe.row.queries[k].values)
      if (one.column >= 0) read.emplace(probe.row.queries[k].table, one.column);
  }
  std::vector<const Expr*> open{&value};
  while (!open.empty()) {
    const Expr* expr = open.back();
    open.pop_back();
    open.insert(open.end(), expr->arguments.begin(), expr->arguments.end());
    if (expr->op != Op::OtherColumn) continue;
    read.emplace(&table, expr->input);
    if (table.columns[static_cast<std::size_t>(expr->input)].generated) add_all(table, read);
  }
  return read;
}

}  // namespace

void check_computed(Context& context) {
  const ir::Backfill& backfill = context.out();
  if (ir::is_once(backfill)) return;
  const Columns written = written_by(backfill);
  for (const ir::Effect& effect : backfill.effects)
    for (const ir::ComputedColumn& one : effect.computed) {
      const Columns read = read_by(backfill, *effect.table, *one.value);
      const auto both =
          std::ranges::find_if(read, [&](const auto& column) { return written.contains(column); });
      if (both == read.end()) continue;
      context.report(
          Code::NotRepeatable, one.value->span,
          fmt::format(
              "`{}` of `{}` is computed from `{}`, which this backfill writes: a second run may change "
              "it again",
              effect.table->columns[static_cast<std::size_t>(one.column)].name, effect.table->name,
              both->first->columns[static_cast<std::size_t>(both->second)].name),
          "compute it from columns that are not written");
    }
}

}  // namespace backfill::check
