// SPDX-License-Identifier: Apache-2.0
// Would a second run change what the first one wrote (`disk = disk * 1000`)? Two proofs are known that it
// would not: the scope is left by every value that can be written, or the derivation is idempotent.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string_view>
#include <unordered_set>

#include "compiler/check/target.h"
#include "compiler/evaluate/evaluate.h"
#include "stdlib/json.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

bool reads_now(const Expr& expr, std::unordered_set<const Expr*>& seen) {
  if (expr.op == Op::Now) return true;
  if (!seen.insert(&expr).second) return false;
  return std::ranges::any_of(expr.arguments,
                             [&](const Expr* argument) { return reads_now(*argument, seen); });
}

bool reads_now(const Expr& expr) {
  std::unordered_set<const Expr*> seen;
  return reads_now(expr, seen);
}

std::set<int> inputs_of(const Expr& expr) {
  std::set<int> inputs;
  for (const Part& part : parts_read(expr)) inputs.insert(part.input);
  return inputs;
}

// Every value that the expression can take, if they are all literals.
bool collect_leaves(const Expr& expr, std::vector<stdlib::Value>& leaves) {
  if (expr.op == Op::Literal) {
    leaves.push_back(expr.value);
    return true;
  }
  if (expr.op != Op::Case) return false;
  for (std::size_t k = 1; k < expr.arguments.size(); k += 2) {
    if (!collect_leaves(*expr.arguments[k], leaves)) return false;
  }
  return collect_leaves(*expr.arguments.back(), leaves);
}

void collect_conjuncts(const Expr& condition, std::vector<const Expr*>& conjuncts) {
  if (condition.op != Op::And) return conjuncts.push_back(&condition);
  for (const Expr* argument : condition.arguments) collect_conjuncts(*argument, conjuncts);
}

bool holds_for(const Expr& condition, int input, const stdlib::Value& value, std::size_t inputs) {
  evaluate::Row row{.inputs = std::vector<stdlib::Value>(inputs)};
  row.inputs[static_cast<std::size_t>(input)] = value;
  const evaluate::Outcome outcome = evaluate::evaluate(condition, row, {});
  return outcome.failure || (!outcome.value.missing() && outcome.value.boolean());
}

bool scope_is_left(const ir::RowFunction& row, const Expr& value, int input) {
  std::vector<stdlib::Value> leaves;
  if (row.where == nullptr || !collect_leaves(value, leaves)) return false;
  std::vector<const Expr*> conjuncts;
  collect_conjuncts(*row.where, conjuncts);
  return std::ranges::any_of(conjuncts, [&](const Expr* conjunct) {
    const std::set<int> reads = inputs_of(*conjunct);
    // By the clock of a later run the same value may be in the scope.
    return reads == std::set<int>{input} && !reads_now(*conjunct) &&
           std::ranges::none_of(leaves, [&](const stdlib::Value& leaf) {
             return holds_for(*conjunct, input, leaf, row.inputs.size());
           });
  });
}

// f(f(x)) = f(x), alone and in any mixture within its group; a trim of blanks and a change of case commute.
constexpr std::array kTrims = {"trim", "ltrim", "rtrim", "fit_length"};
constexpr std::array kCases = {"lower", "lower_ascii", "upper", "upper_ascii"};

bool is_one_of(std::string_view name, const auto& names) {
  return std::ranges::find(names, name) != names.end();
}

bool is_mark(std::string_view text) {
  return text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80 && std::isalpha(text[0]) == 0;
}

// Below the trims: replace(x, a, b) for single characters a that are no letters (a change of case makes none)
// and that no b puts back. None is left for a second run.
const Expr* below_replacements(const Expr* expr) {
  std::vector<std::string> gone, put;
  while (expr->op == Op::Call && expr->function->name == "replace" && expr->arguments[1]->op == Op::Literal &&
         expr->arguments[2]->op == Op::Literal) {
    if (expr->arguments[1]->value.missing() || expr->arguments[2]->value.missing()) return expr;
    gone.push_back(expr->arguments[1]->value.text());
    put.push_back(expr->arguments[2]->value.text());
    expr = expr->arguments[0];
  }
  const auto put_back = [&](const std::string& mark) {
    return !is_mark(mark) || std::ranges::any_of(put, [&](const std::string& text) {
      return text.find(mark) != std::string::npos;
    });
  };
  return std::ranges::any_of(gone, put_back) ? nullptr : expr;
}

// btrim(x, 'abc') alone: what another trim takes off, or a change of case makes, may uncover its characters.
bool is_btrim(const Expr& value, int input) {
  const Expr* expr = &value;
  while (expr->op == Op::Call && expr->function->name == "fit_length") expr = expr->arguments[0];
  return expr->op == Op::Call && expr->function->name == "btrim" && expr->arguments[1]->op == Op::Literal &&
         expr->arguments[0]->op == Op::Input && expr->arguments[0]->input == input;
}

bool is_idempotent(const Expr& value, int input) {
  const Expr* expr = &value;
  if (expr->op == Op::Call && expr->function->name == "nullif" && expr->arguments[1]->op == Op::Literal) {
    expr = expr->arguments[0];
  }
  if (is_btrim(*expr, input)) return true;
  std::set<std::string_view> cases;
  while (expr->op == Op::Call && !expr->arguments.empty()) {
    const bool others_are_literals =
        std::all_of(expr->arguments.begin() + 1, expr->arguments.end(),
                    [](const Expr* argument) { return argument->op == Op::Literal; });
    const std::string_view name = expr->function->name;
    if (is_one_of(name, kCases)) cases.insert(name);
    if (!others_are_literals || (!is_one_of(name, kTrims) && !is_one_of(name, kCases))) break;
    expr = expr->arguments[0];
  }
  expr = below_replacements(expr);
  return expr != nullptr && expr->op == Op::Input && expr->input == input && cases.size() <= 1;
}

bool leaves_scope(const ir::RowFunction& row, const Written& one) {
  return one.target.path == "[]" && scope_is_left(row, *one.value, one.target.input);
}

struct Targets {
  const ir::Backfill& backfill;
  const std::vector<Part>& targets;
};

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
  for (const int input : inputs_of(value)) {
    const int column = backfill.row.inputs[static_cast<std::size_t>(input)].column;
    if (backfill.table->columns[static_cast<std::size_t>(column)].generated) return column;
  }
  return -1;
}

// A generated column may be computed from any target: the database does not say from which columns it is.
bool reads_a_target(const Targets& all, const Expr& value, const Part* except = nullptr) {
  if (reads_generated(all.backfill, value) >= 0) return true;
  const std::vector<Part> parts = parts_read(value);
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

// json_set(x, path, ...) again and again, json_remove likewise, one json_rename: with paths and values that
// are not written.
bool is_json_edit(const Targets& all, const Expr& value, int input) {
  const Expr* expr = &value;
  std::string_view name;
  int steps = 0;
  for (; expr->op == Op::Call && expr->function->group == "json"; expr = expr->arguments[0], ++steps) {
    const bool known =
        is_one_of(expr->function->name, kEdits) && (steps == 0 || name == expr->function->name);
    name = expr->function->name;
    if (!known || std::any_of(expr->arguments.begin() + 1, expr->arguments.end(),
                              [&](const Expr* other) { return reads_a_target(all, *other); }))
      return false;
    // Positions move when an element goes or comes.
    if (expr->arguments[1]->op != Op::Literal || !only_keys(*expr->arguments[1])) return false;
  }
  return steps > 0 && (name != "json_rename" || steps == 1) && expr->op == Op::Input && expr->input == input;
}

// `when` may read the derivation's own target: where it no longer holds, the value that it gave stays.
bool repeats_itself(const Targets& all, const Written& one) {
  if (one.when != nullptr && reads_a_target(all, *one.when, &one.target)) return false;
  if (!reads_a_target(all, *one.value) || only_fills(all, *one.value, one.target)) return true;
  if (one.target.path != "[]") return false;
  return is_idempotent(*one.value, one.target.input) || is_json_edit(all, *one.value, one.target.input);
}

}  // namespace

void check_repeatable(Context& context, const std::vector<Written>& written,
                      const std::vector<Part>& targets) {
  const ir::Backfill& backfill = context.out();
  const Targets all{backfill, targets};
  const ir::RowFunction& row = backfill.row;
  // A row that has left the scope is never derived again, whatever else was written.
  const auto always_leaves = [&](const Written& one) {
    return one.when == nullptr && leaves_scope(row, one);
  };
  if (std::ranges::any_of(written, always_leaves)) return;
  for (const Written& one : written) {
    const bool leaves = one.when != nullptr && !reads_a_target(all, *one.when) && leaves_scope(row, one);
    if (leaves || repeats_itself(all, one)) continue;
    Diagnostic diagnostic{.code = Code::NotRepeatable, .span = one.effect->value->span};
    diagnostic.message =
        fmt::format("`{}` is derived from what this backfill itself writes: a second run may change it again",
                    one.effect->target.text);
    diagnostic.help =
        "add a `where` that every written value leaves, or derive from columns that are not written";
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
