// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/idempotent.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "compiler/check/leaves.h"
#include "compiler/evaluate/evaluate.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

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

// f(f(x)) = f(x) by its form, of the x that `is_base` knows.
template <typename IsBase>
bool cleans_up(const Expr& value, const IsBase& is_base) {
  const Expr* expr = &value;
  if (expr->op == Op::Call && expr->function->name == "nullif" && expr->arguments[1]->op == Op::Literal) {
    expr = expr->arguments[0];
  }
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
  return expr != nullptr && is_base(*expr) && cases.size() <= 1;
}

bool is_clean_up(const Expr& value, int input) {
  const bool or_missing = is_call(value, "nullif") && value.arguments[1]->op == Op::Literal;
  return is_btrim(or_missing ? *value.arguments[0] : value, input) ||
         cleans_up(value, [&](const Expr& expr) { return is_input(expr, input); });
}

// `[f(x) for x in list]`: every element stays, and is read again as it was written.
bool is_clean_up_of_each(const Expr& value, int input) {
  if (value.op != Op::Each || !is_input(*value.arguments[0], input)) return false;
  const Expr& condition = *value.arguments[3];
  if (condition.op != Op::Literal || condition.value.missing() || !condition.value.boolean()) return false;
  const auto reads_element = [&](const Expr& expr) {
    return is_call(expr, "as") && expr.arguments[0] == value.arguments[1] &&
           expr.type.kind == stdlib::Kind::Text;
  };
  const Expr& element = *value.arguments[2];
  return is_call(element, "to_json") && cleans_up(*element.arguments[0], reads_element);
}

// The first part that a pattern matches is matched by it as a whole, and first: anchors would ask for more.
bool is_first_match(const Expr& expr, int input) {
  return is_call(expr, "regexp_substr") && is_input(*expr.arguments[0], input) &&
         expr.arguments[1]->op == Op::Literal && !expr.arguments[1]->value.missing() &&
         expr.arguments[1]->value.text().find_first_of("^$") == std::string::npos;
}

// f(x, literal) that gives the same again: cut, masked.
bool is_cut(const Expr& expr, int input) {
  constexpr std::array kCuts = {"left", "bit_and", "bit_or"};
  return expr.op == Op::Call && is_one_of(expr.function->name, kCuts) &&
         is_input(below_width(*expr.arguments[0]), input) && expr.arguments[1]->op == Op::Literal;
}

// Reads its column alone, and gives it back or a literal; and for each of these literals gives it again.
bool settles(const Expr& value, int input, std::size_t inputs) {
  if (inputs_of(value) != std::set<int>{input} || reads_now(value)) return false;
  std::vector<const Expr*> leaves;
  collect_leaves(value, leaves);
  return std::ranges::all_of(leaves, [&](const Expr* leaf) {
    if (is_input(without_fit(*leaf), input)) return true;
    if (leaf->op != Op::Literal) return false;
    evaluate::Row row{.inputs = std::vector<stdlib::Value>(inputs)};
    row.inputs[static_cast<std::size_t>(input)] = leaf->value;
    const evaluate::Outcome again = evaluate::evaluate(value, row, {});
    return !again.failure && again.value == leaf->value;
  });
}

}  // namespace

bool is_idempotent(const Expr& value, int input, std::size_t inputs) {
  const Expr& inner = without_fit(value);
  return is_clean_up(value, input) || is_clean_up_of_each(value, input) || is_first_match(inner, input) ||
         is_cut(below_width(inner), input) || settles(value, input, inputs);
}

}  // namespace backfill::check
