// SPDX-License-Identifier: Apache-2.0
#include "compiler/ir/ir.h"

#include <algorithm>
#include <array>
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
  if (expr.op == Op::Input || expr.op == Op::OtherColumn || expr.op == Op::Query) return true;
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
  copy.passed.clear();
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
  // With what a program is asked is computed here: it has to be read, though the row function does not.
  for (std::size_t i = read.size(); i-- > 0;) {
    const int query = backfill.row.inputs[i].query;
    if (!read[i] || query < 0 || backfill.row.queries[static_cast<std::size_t>(query)].asked == nullptr)
      continue;
    std::unordered_set<const Expr*> asked;
    reach(backfill.row.queries[static_cast<std::size_t>(query)].asked, asked);
    for (const Expr* expr : asked)
      if (expr->op == Op::Input) read[static_cast<std::size_t>(expr->input)] = true;
  }
  return read;
}

namespace {

std::string group_value_name(const Backfill& backfill, const Query& query, const QueryValue& value) {
  constexpr std::array kWords = {"place", "size", "barred", "survivor", "first_present", "sum", "min", "max"};
  std::string name = query.name + "." + kWords.at(static_cast<std::size_t>(value.group));
  if (value.group <= GroupValue::Barred) return name;
  return name + "." + input_name(backfill, value.expr->input);
}

}  // namespace

std::string input_name(const Backfill& backfill, int input) {
  const Input& of = backfill.row.inputs[static_cast<std::size_t>(input)];
  if (of.query < 0) return backfill.table->columns[static_cast<std::size_t>(of.column)].name;
  const Query& query = backfill.row.queries[static_cast<std::size_t>(of.query)];
  const QueryValue& value = query.values[static_cast<std::size_t>(of.value)];
  if (query.kind == QueryKind::Group) return group_value_name(backfill, query, value);
  if (value.column < 0) return query.name;
  return query.name + "." + query.table->columns[static_cast<std::size_t>(value.column)].name;
}

bool is_stored(const Backfill& backfill, int input) {
  const Input& of = backfill.row.inputs[static_cast<std::size_t>(input)];
  if (of.query < 0) return true;
  const Query& query = backfill.row.queries[static_cast<std::size_t>(of.query)];
  return query.values[static_cast<std::size_t>(of.value)].column >= 0;
}

schema::Column input_column(const Backfill& backfill, int input) {
  const Input& of = backfill.row.inputs[static_cast<std::size_t>(input)];
  if (of.query < 0) return backfill.table->columns[static_cast<std::size_t>(of.column)];
  const Query& query = backfill.row.queries[static_cast<std::size_t>(of.query)];
  const int column = query.values[static_cast<std::size_t>(of.value)].column;
  schema::Column result;
  if (column >= 0) result = query.table->columns[static_cast<std::size_t>(column)];
  result.name = input_name(backfill, input);
  result.type = of.type;
  return result;
}

namespace {

// Every expression of a query.
std::vector<const Expr*> parts(const Query& query) {
  if (query.kind == QueryKind::Extern) return {query.asked};
  std::vector<const Expr*> result;
  for (const Expr* expr : {query.where, query.guard})
    if (expr != nullptr) result.push_back(expr);
  for (const Expr* partition : query.partition) result.push_back(partition);
  for (const QueryOrder& order : query.order) result.push_back(order.value);
  for (const QueryValue& value : query.values)
    if (value.expr != nullptr) result.push_back(value.expr);
  return result;
}

std::set<int> inputs_in(const std::vector<const Expr*>& exprs) {
  std::unordered_set<const Expr*> seen;
  for (const Expr* expr : exprs) reach(expr, seen);
  std::set<int> inputs;
  for (const Expr* expr : seen)
    if (expr->op == Op::Input) inputs.insert(expr->input);
  return inputs;
}

}  // namespace

std::string why_absent(const Backfill& backfill, int input) {
  const Query& query =
      backfill.row
          .queries[static_cast<std::size_t>(backfill.row.inputs[static_cast<std::size_t>(input)].query)];
  if (query.kind == QueryKind::Extern) return "no answer of `" + query.name + "` is kept for the row";
  if (query.kind == QueryKind::Only)
    return "more than one row of `" + query.table->name + "` fits `" + query.name +
           "`, which is to be the only one";
  if (query.frozen)
    return "the row came after the run began, when `" + query.name + "` was decided for all rows";
  if (query.certain)
    return "a foreign key says that `" + query.table->name + "` has the row that `" + query.name +
           "` looks up, and it is not there";
  return "`" + query.name + "` cannot be computed: it does not fit its type, or one of its values fails";
}

bool is_once(const Backfill& backfill) {
  return std::ranges::any_of(backfill.row.queries,
                             [](const Query& query) { return query.kind == QueryKind::Done; });
}

std::set<int> columns_read(const Backfill& backfill, const std::vector<const Expr*>& exprs) {
  std::set<int> columns;
  std::vector<bool> seen(backfill.row.queries.size(), false);
  std::vector<std::set<int>> open{inputs_in(exprs)};
  while (!open.empty()) {
    const std::set<int> inputs = std::move(open.back());
    open.pop_back();
    for (const int input : inputs) {
      const Input& of = backfill.row.inputs[static_cast<std::size_t>(input)];
      if (of.query < 0) {
        columns.insert(of.column);
      } else if (const auto query = static_cast<std::size_t>(of.query); !seen[query]) {
        seen[query] = true;
        open.push_back(inputs_in(parts(backfill.row.queries[query])));
      }
    }
  }
  return columns;
}

std::vector<bool> queries_read(const Backfill& backfill) {
  const RowFunction& row = backfill.row;
  std::vector<bool> read(row.queries.size(), false);
  const std::vector<bool> inputs = inputs_read(backfill);
  for (std::size_t i = 0; i < inputs.size(); ++i)
    if (inputs[i] && row.inputs[i].query >= 0) read[static_cast<std::size_t>(row.inputs[i].query)] = true;
  for (std::size_t i = read.size(); i-- > 0;) {
    if (!read[i]) continue;
    for (const int input : inputs_in(parts(row.queries[i]))) {
      const int other = row.inputs[static_cast<std::size_t>(input)].query;
      if (other >= 0) read[static_cast<std::size_t>(other)] = true;
    }
  }
  return read;
}

std::vector<std::size_t> externs_read(const Backfill& backfill) {
  std::vector<std::size_t> externs;
  const std::vector<bool> read = queries_read(backfill);
  for (std::size_t k = 0; k < read.size(); ++k)
    if (read[k] && backfill.row.queries[k].kind == QueryKind::Extern) externs.push_back(k);
  return externs;
}

int extern_read_by(const Backfill& backfill, const std::vector<const Expr*>& exprs) {
  std::vector<std::set<int>> open{inputs_in(exprs)};
  while (!open.empty()) {
    const std::set<int> inputs = std::move(open.back());
    open.pop_back();
    for (const int input : inputs) {
      const int query = input < 0 ? -1 : backfill.row.inputs[static_cast<std::size_t>(input)].query;
      if (query < 0) continue;
      const Query& of = backfill.row.queries[static_cast<std::size_t>(query)];
      if (of.kind == QueryKind::Extern) return input;
      open.push_back(inputs_in(parts(of)));  // of queries before it alone: it ends
    }
  }
  return -1;
}

namespace {

void collect_inner(const Expr& expr, std::unordered_set<const Expr*>& seen,
                   std::vector<const Query*>& queries) {
  if (!seen.insert(&expr).second) return;
  if (expr.op == Op::Query) queries.push_back(expr.query);
  for (const Expr* argument : expr.arguments) collect_inner(*argument, seen, queries);
}

}  // namespace

std::vector<const Query*> inner_queries(const Query& query) {
  std::vector<const Query*> queries;
  std::unordered_set<const Expr*> seen;
  for (const Expr* expr : parts(query)) collect_inner(*expr, seen, queries);
  return queries;
}

std::vector<std::pair<const schema::Table*, std::set<int>>> tables_read(const Backfill& backfill) {
  std::vector<std::pair<const schema::Table*, std::set<int>>> tables;
  const auto columns = [&](const schema::Table* table) -> std::set<int>& {
    auto found = std::ranges::find(tables, table, &std::pair<const schema::Table*, std::set<int>>::first);
    if (found == tables.end()) found = tables.insert(tables.end(), {table, {}});
    return found->second;
  };
  for (const Query& query : backfill.row.queries) {
    if (query.kind == QueryKind::Extern) continue;
    columns(query.table);
    for (const Query* inner : inner_queries(query)) columns(inner->table);
    std::unordered_set<const Expr*> seen;
    for (const Expr* expr : parts(query)) reach(expr, seen);
    for (const Expr* expr : seen)
      if (expr->op == Op::OtherColumn) columns(expr->table).insert(expr->input);
    for (const QueryValue& value : query.values)
      if (value.column >= 0) columns(query.table).insert(value.column);
  }
  return tables;
}

const SourceFile* source_of(const Backfill& backfill, const schema::Table& table) {
  for (const SourceFile& source : *backfill.sources)
    if (&source.table == &table) return &source;
  return nullptr;
}

std::vector<const SourceFile*> sources_read(const Backfill& backfill) {
  std::vector<const SourceFile*> sources;
  const auto tables = tables_read(backfill);
  for (const SourceFile& source : *backfill.sources)
    if (std::ranges::find(tables, &source.table, [](const auto& one) { return one.first; }) != tables.end())
      sources.push_back(&source);
  return sources;
}

bool can_fail(const Backfill& backfill) {
  return std::ranges::any_of(reachable(backfill.row), [](const Expr* expr) {
    return expr->op == Op::Call && !expr->function->errors.empty();
  });
}

const Passed* passed_to_output(const Backfill& backfill, std::size_t output) {
  const auto found = std::ranges::find(backfill.passed, static_cast<int>(output), &Passed::output);
  return found == backfill.passed.end() ? nullptr : &*found;
}

const Passed* passed_to_value(const Backfill& backfill, int value) {
  const auto found = std::ranges::find(backfill.passed, value, &Passed::value);
  return found == backfill.passed.end() ? nullptr : &*found;
}

bool is_asked(const Backfill& backfill, const schema::Table& table) {
  const auto asks = [&](const Query& query) {
    return query.table == &table ||
           std::ranges::any_of(inner_queries(query), [&](const Query* one) { return one->table == &table; });
  };
  return &table == backfill.table || std::ranges::any_of(backfill.row.queries, asks);
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
      return (effect.ensures ? "ensure " : "insert into ") + effect.table->qualified_name();
    case EffectKind::UpdateOthers:
      return (effect.merges < 0 ? "update " : "repoint ") + effect.table->qualified_name();
    case EffectKind::DeleteOthers:
      if (effect.merges < 0) return "delete " + effect.table->qualified_name();
      return effect.pointer < 0 ? "merge" : "drop " + effect.table->qualified_name();
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
