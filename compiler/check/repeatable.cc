// SPDX-License-Identifier: Apache-2.0
// Would a second run change what the first one wrote (`disk = disk * 1000`)? Two proofs are known that it
// would not: the scope is left by every value that can be written, or the derivation is idempotent.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "compiler/check/idempotent.h"
#include "compiler/check/leaves.h"
#include "compiler/check/scope_left.h"
#include "compiler/check/target.h"
#include "stdlib/json.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

// Parts of this row that the expression reads, by way of what is looked up with them too.
std::vector<Part> parts_of_row(const ir::Backfill& backfill, const Expr& expr) {
  std::vector<Part> parts = parts_read(expr);
  const auto& inputs = backfill.row.inputs;
  const auto looked_up = [&](const Part& part) {
    return inputs[static_cast<std::size_t>(part.input)].query >= 0;
  };
  if (std::ranges::none_of(parts, looked_up)) return parts;
  std::erase_if(parts, looked_up);
  for (const int column : ir::columns_read(backfill, {&expr})) {
    const auto input = std::ranges::find(inputs, column, &ir::Input::column);
    if (input != inputs.end()) parts.push_back({static_cast<int>(input - inputs.begin()), "[]"});
  }
  return parts;
}

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::find(names, name) != names.end();
}

struct Targets {
  const ir::Backfill& backfill;
  const std::vector<Part>& targets;
};

bool leaves_scope(const Targets& all, const Written& one) {
  std::set<int> inputs;
  for (const Part& target : all.targets) inputs.insert(target.input);
  return one.target.path == "[]" && is_scope_left(all.backfill.row, *one.value, one.target.input, inputs);
}

constexpr std::array kEdits = {"json_set", "json_remove", "json_rename"};

bool only_keys(const Expr& path) {
  bool keys = !path.value.missing();
  if (keys) {
    stdlib::json::each_element(path.value.text(),
                               [&](std::string_view step) { return keys = step[0] == '"'; });
  }
  return keys;
}

// A column or a path of one, as it is.
bool is_part(const Expr& expr) {
  const Expr* at = &expr;
  while (at->op == Op::Call && at->function->name == "json_get") at = at->arguments[0];
  return at->op == Op::Input;
}

// The first generated column that is read; -1: none.
int reads_generated(const ir::Backfill& backfill, const Expr& value) {
  for (const int column : ir::columns_read(backfill, {&value})) {
    if (backfill.table->columns[static_cast<std::size_t>(column)].generated) return column;
  }
  return -1;
}

// `when not exists(...)` of what is inserted is how an insert is not done again: conditions may ask for that.
enum class Inserts : std::uint8_t { Count, Pass };

// By way of a query: what the backfill writes of other rows, be they of this table or of another one.
bool reads_written_rows(const Targets& all, const Expr& value, Inserts inserts) {
  const ir::Backfill& backfill = all.backfill;
  ir::Backfill probe;
  probe.table = backfill.table;
  probe.row.inputs = backfill.row.inputs;
  probe.row.queries = backfill.row.queries;
  probe.row.values = {&value};
  const std::vector<bool> read = ir::queries_read(probe);
  ir::Backfill asked;
  for (std::size_t k = 0; k < read.size(); ++k)
    if (read[k]) asked.row.queries.push_back(probe.row.queries[k]);
  const auto is_written = [&](const auto& table_read) {
    const auto& [table, columns] = table_read;
    const auto target = [&, of = table, &in = columns](const Part& part) {
      const int column = backfill.row.inputs[static_cast<std::size_t>(part.input)].column;
      return of == backfill.table && in.contains(column);
    };
    const auto effect = [&, of = table, &in = columns](const ir::Effect& one) {
      if (one.kind == ir::EffectKind::DeleteRow) return of == backfill.table;
      if (one.table != of || one.merges >= 0) return false;
      if (one.kind == ir::EffectKind::Insert) return inserts == Inserts::Count;
      const auto written = [&](const auto& column) { return in.contains(column.column); };
      return one.kind == ir::EffectKind::DeleteOthers ||
             (one.kind == ir::EffectKind::UpdateOthers &&
              (std::ranges::any_of(one.columns, written) || std::ranges::any_of(one.copied, written)));
    };
    return std::ranges::any_of(all.targets, target) || std::ranges::any_of(backfill.effects, effect);
  };
  return std::ranges::any_of(ir::tables_read(asked), is_written);
}

// A generated column may be computed from any target: the database does not say from which columns it is.
bool reads_a_target(const Targets& all, const Expr& value, const Part* except = nullptr,
                    Inserts inserts = Inserts::Count) {
  if (reads_generated(all.backfill, value) >= 0 || reads_written_rows(all, value, inserts)) return true;
  const std::vector<Part> parts = parts_of_row(all.backfill, value);
  return std::ranges::any_of(all.targets, [&](const Part& target) {
    if (except != nullptr && except->input == target.input && except->path == target.path) return false;
    return std::ranges::any_of(parts, [&](const Part& part) {
      return part.input == target.input && overlap(part.path, target.path);
    });
  });
}

// `x ?? y`: a row that has x keeps it, and y is not written.
bool only_fills(const Targets& all, const Expr& value, const Part& target) {
  if (value.op != Op::Coalesce) return false;
  const std::vector<Part> first = parts_read(*value.arguments[0]);
  return is_part(*value.arguments[0]) && first[0].input == target.input && first[0].path == target.path &&
         std::none_of(value.arguments.begin() + 1, value.arguments.end(),
                      [&](const Expr* other) { return reads_a_target(all, *other); });
}

// `greatest(x, y)`: the greatest of it and y again; y is not written.
bool only_grows(const Targets& all, const Expr& value, const Part& target) {
  if (!is_call(value, "greatest") && !is_call(value, "least")) return false;
  const auto is_target = [&](const Expr* one) { return is_input(*one, target.input); };
  return target.path == "[]" && std::ranges::count_if(value.arguments, is_target) == 1 &&
         std::ranges::none_of(value.arguments, [&](const Expr* other) {
           return !is_target(other) && reads_a_target(all, *other);
         });
}

// json_set(x, path, ...) again and again, json_remove likewise, one json_rename: with paths and values that
// are not written.
bool is_json_edit(const Targets& all, const Expr& value, int input) {
  const bool is_text = is_call(value, "json_text");  // json_text(edit(x as json)): a text column's document
  const Expr* expr = is_text ? value.arguments[0] : &value;
  std::string_view name;
  int steps = 0;
  for (; expr->op == Op::Call && expr->function->group == "json" && expr->function->name != "as";
       expr = expr->arguments[0], ++steps) {
    const bool known =
        is_one_of(expr->function->name, kEdits) && (steps == 0 || name == expr->function->name);
    name = expr->function->name;
    if (!known || std::any_of(expr->arguments.begin() + 1, expr->arguments.end(),
                              [&](const Expr* other) { return reads_a_target(all, *other); }))
      return false;
    // Positions move when an element goes or comes.
    if (expr->arguments[1]->op != Op::Literal || !only_keys(*expr->arguments[1])) return false;
  }
  if (is_text) expr = &below_parse(*expr);
  return steps > 0 && (name != "json_rename" || steps == 1) && is_input(*expr, input);
}

// `when` may read the derivation's own target: where it no longer holds, the value that it gave stays.
bool repeats_itself(const Targets& all, const Written& one) {
  if (one.when != nullptr && reads_a_target(all, *one.when, &one.target, Inserts::Pass)) return false;
  if (!reads_a_target(all, *one.value) || only_fills(all, *one.value, one.target)) return true;
  if (only_grows(all, without_fit(*one.value), one.target)) return true;
  if (one.target.path != "[]") return false;
  return is_idempotent(*one.value, one.target.input, all.backfill.row.inputs.size()) ||
         is_json_edit(all, *one.value, one.target.input);
}

void check_others_repeat(Context& context, const Targets& all) {
  const ir::Backfill& backfill = all.backfill;
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.kind != ir::EffectKind::UpdateOthers) continue;
    for (const ir::EffectColumn& one : effect.columns) {
      const Expr* value = backfill.row.values[static_cast<std::size_t>(one.value)];
      const bool guarded = effect.guard >= 0 && value->op == Op::Case &&
                           value->arguments[0] == backfill.row.values[static_cast<std::size_t>(effect.guard)];
      if (guarded) value = value->arguments[1];
      if (!reads_a_target(all, *value)) continue;
      context.report(
          Code::NotRepeatable, value->span,
          fmt::format("`{}` of `{}` is computed from what this backfill itself writes: a second run may "
                      "change it again",
                      effect.table->columns[static_cast<std::size_t>(one.column)].name, effect.table->name),
          "add a `where` that every written value leaves, or compute it from columns that are not written");
    }
  }
}

// Who is deleted in a second run must not hang on what the first one wrote.
void check_deletes_repeat(Context& context, const Targets& all) {
  const ir::Backfill& backfill = all.backfill;
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.kind != ir::EffectKind::DeleteRow || effect.guard < 0) continue;
    const Expr& guard = *backfill.row.values[static_cast<std::size_t>(effect.guard)];
    if (!reads_a_target(all, guard, nullptr, Inserts::Pass)) continue;
    context.report(
        Code::NotRepeatable, guard.span,
        "what is deleted is decided by what this backfill itself writes: a second run may delete more",
        "delete in a backfill of its own, `after` this one, or decide by what is not written");
  }
}

// Which rows of others are written, by what was looked up among them: each run would find the next one.
void check_conditions_repeat(Context& context, const Targets& all) {
  const ir::Backfill& backfill = all.backfill;
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.where == nullptr) continue;
    for (const auto& [input, value] : effect.reads) {
      if (!reads_written_rows(all, *backfill.row.values[static_cast<std::size_t>(value)], Inserts::Count))
        continue;
      context.report(
          Code::NotRepeatable, effect.where->span,
          fmt::format("which rows of `{}` are written is decided by what this backfill itself writes: a "
                      "second run may write other ones",
                      effect.table->name),
          "decide by what is not written");
      break;
    }
  }
}

// What a conflict puts in place of what an earlier run has inserted.
void check_conflicts_repeat(Context& context, const Targets& all) {
  const ir::Backfill& backfill = all.backfill;
  for (const ir::Effect& effect : backfill.effects)
    for (const ir::EffectColumn& one : effect.update) {
      const Expr& value = *backfill.row.values[static_cast<std::size_t>(one.value)];
      if (!reads_a_target(all, value)) continue;
      context.report(
          Code::NotRepeatable, value.span,
          fmt::format(
              "on a conflict `{}` of `{}` is computed from what this backfill itself writes: a second run "
              "may change it again",
              effect.table->columns[static_cast<std::size_t>(one.column)].name, effect.table->name),
          "compute it from what is not written, or say `on conflict do nothing`");
    }
}

// A row that is found again by what the table holds is not found by a second run.
void check_inserts_repeat(Context& context, const Targets& all) {
  const ir::Backfill& backfill = all.backfill;
  const auto value = [&](int index) { return backfill.row.values[static_cast<std::size_t>(index)]; };
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.kind != ir::EffectKind::Insert || effect.always) continue;
    // `when not exists(...)` of what is inserted.
    if (effect.guard >= 0 && reads_written_rows(all, *value(effect.guard), Inserts::Count)) continue;
    for (const ir::EffectColumn& one : effect.columns) {
      if (std::ranges::find(effect.key, one.column) == effect.key.end()) continue;
      if (!reads_a_target(all, *value(one.value))) continue;
      const schema::Column& column = effect.table->columns[static_cast<std::size_t>(one.column)];
      context.report(
          Code::NotRepeatable, value(one.value)->span,
          fmt::format("`{}`, by which a second run would find the row again, is computed from what "
                      "this backfill itself writes: it may insert another one",
                      column.name),
          "compute it from what is not written, or insert only `when not exists(...)`");
    }
  }
}

}  // namespace

void check_repeatable(Context& context, const std::vector<Written>& written,
                      const std::vector<Part>& targets) {
  const ir::Backfill& backfill = context.out();
  if (ir::is_once(backfill)) return;
  const Targets all{backfill, targets};
  check_deletes_repeat(context, all);
  // A row that has left the scope is never derived again, whatever else was written.
  const auto always_leaves = [&](const Written& one) {
    return one.when == nullptr && leaves_scope(all, one);
  };
  if (std::ranges::any_of(written, always_leaves)) return;
  check_others_repeat(context, all);
  check_inserts_repeat(context, all);
  check_conditions_repeat(context, all);
  check_conflicts_repeat(context, all);
  for (const Written& one : written) {
    const bool leaves = one.when != nullptr && !reads_a_target(all, *one.when, nullptr, Inserts::Pass) &&
                        leaves_scope(all, one);
    if (leaves || repeats_itself(all, one)) continue;
    Diagnostic diagnostic{.code = Code::NotRepeatable, .span = one.effect->value->span};
    diagnostic.message =
        fmt::format("`{}` is derived from what this backfill itself writes: a second run may change it again",
                    one.effect->target.text);
    diagnostic.help =
        "add a `where` that every written value leaves, derive from columns that are not written, or say "
        "`once` behind it: rows that an earlier run has changed are left alone then";
    if (const int generated = reads_generated(backfill, *one.value); generated >= 0) {
      diagnostic.notes.push_back(
          fmt::format("`{}` is a generated column: the database may compute it from what is written; read "
                      "the columns that it is generated from instead",
                      backfill.table->columns[static_cast<std::size_t>(generated)].name));
    }
    context.report(std::move(diagnostic));
  }
}

}  // namespace backfill::check
