// SPDX-License-Identifier: Apache-2.0
#include "compiler/ir/ir.h"

#include <algorithm>
#include <unordered_set>

#include "stdlib/bug.h"

namespace backfill::ir {

std::size_t class_count(const Backfill& backfill) {
  return kFirstRule + 2 * backfill.row.rules.size();
}

std::string class_name(const Backfill& backfill, std::int32_t code) {
  if (code == kOutOfScope) return "out of scope";
  if (code == kCandidate) return "candidate";
  if (code == kUncertainWhere) return "uncertain (where)";
  const auto index = static_cast<std::size_t>(code - kFirstRule);
  BACKFILL_CHECK(index / 2 < backfill.row.rules.size(), "class code beyond the rules");
  const Rule& rule = backfill.row.rules[index / 2];
  if (index % 2 == 1) return "uncertain (" + rule.name + ")";
  return (rule.kind == RuleKind::Exclude ? "excluded " : "review ") + rule.name;
}

namespace {

bool reads_row(const Expr& expr, std::unordered_set<const Expr*>& seen) {
  if (expr.op == Op::Input) return true;
  if (!seen.insert(&expr).second) return false;
  for (const Expr* argument : expr.arguments) {
    if (reads_row(*argument, seen)) return true;
  }
  return false;
}

void reach(const Expr* expr, std::unordered_set<const Expr*>& seen) {
  if (expr == nullptr || !seen.insert(expr).second) return;
  for (const Expr* argument : expr->arguments) reach(argument, seen);
}

// Every expression that the row function computes.
std::unordered_set<const Expr*> reachable(const RowFunction& row) {
  std::unordered_set<const Expr*> seen;
  for (const Expr* expr : {row.where, row.guard, row.changed}) reach(expr, seen);
  for (const Rule& rule : row.rules) reach(rule.condition, seen);
  for (const Expr* condition : row.stage_conditions) reach(condition, seen);
  for (const Output& output : row.outputs) reach(output.final, seen);
  for (const Expr* value : row.values) reach(value, seen);
  return seen;
}

}  // namespace

bool reads_row(const Expr& expr) {
  std::unordered_set<const Expr*> seen;
  return reads_row(expr, seen);
}

Backfill classification(const Backfill& backfill) {
  Backfill copy = backfill;
  copy.row.outputs.clear();
  copy.row.values.clear();
  copy.effects.clear();
  copy.outcomes.clear();
  copy.outcome = -1;
  Expr unchanged{.type = stdlib::make(stdlib::Kind::Bool), .value = false};
  copy.arena->push_back(std::move(unchanged));
  copy.row.changed = &copy.arena->back();
  return copy;
}

std::vector<bool> inputs_read(const Backfill& backfill) {
  std::vector<bool> read(backfill.row.inputs.size(), false);
  for (std::size_t k = 0; k < backfill.key.size(); ++k) read[k] = true;
  for (const Output& output : backfill.row.outputs) read[static_cast<std::size_t>(output.input)] = true;
  for (const Expr* expr : reachable(backfill.row)) {
    if (expr->op == Op::Input) read[static_cast<std::size_t>(expr->input)] = true;
  }
  return read;
}

bool can_fail(const Backfill& backfill) {
  return std::ranges::any_of(reachable(backfill.row), [](const Expr* expr) {
    return expr->op == Op::Call && !expr->function->errors.empty();
  });
}

std::size_t delete_index(const Backfill& backfill) {
  const auto found = std::ranges::find(backfill.effects, EffectKind::DeleteRow, &Effect::kind);
  return static_cast<std::size_t>(found - backfill.effects.begin());
}

const Effect* deletes_row(const Backfill& backfill) {
  const std::size_t index = delete_index(backfill);
  return index < backfill.effects.size() ? &backfill.effects[index] : nullptr;
}

std::string effect_name(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::DeleteRow:
      return "delete";
    case EffectKind::Insert:
      return "insert into " + effect.table->qualified_name();
  }
  return "";
}

bool reaches_other_rows(const Backfill& backfill) {
  const schema::Table& table = *backfill.table;
  const auto to_itself = [&](const schema::ForeignKey& key) { return key.table == table.qualified_name(); };
  const auto handed_on = [&](const Output& output) {
    return std::ranges::find(table.cascading, output.column) != table.cascading.end();
  };
  // Effects may write what this table's rows, or rows that they look up, are derived from.
  return !backfill.effects.empty() || !table.triggers.empty() ||
         std::ranges::any_of(table.foreign_keys, to_itself) ||
         std::ranges::any_of(backfill.row.outputs, handed_on);
}

}  // namespace backfill::ir
