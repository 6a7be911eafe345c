// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/scope_left.h"

#include <algorithm>
#include <limits>

#include "compiler/check/leaves.h"
#include "compiler/evaluate/evaluate.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

constexpr std::int64_t kAnyLength = std::numeric_limits<std::int32_t>::max();

bool holds_for(const Expr& condition, int input, const stdlib::Value& value, std::size_t inputs) {
  evaluate::Row row{.inputs = std::vector<stdlib::Value>(inputs)};
  row.inputs[static_cast<std::size_t>(input)] = value;
  const evaluate::Outcome outcome = evaluate::evaluate(condition, row, {});
  return outcome.failure || (!outcome.value.missing() && outcome.value.boolean());
}

bool is_number(const Expr& expr) {
  return expr.op == Op::Literal && !expr.value.missing() && stdlib::is_integer(expr.type.kind);
}

// At most so many code points.
std::int64_t most(const Expr& text) {
  if (text.op == Op::Literal)
    return text.value.missing() ? 0 : static_cast<std::int64_t>(text.value.text().size());
  if (text.op != Op::Call) return kAnyLength;
  if (is_call(text, "left") && is_number(*text.arguments[1])) return text.arguments[1]->value.integer();
  if (is_call(text, "fit_length")) return most(*text.arguments[0]);
  if (!is_call(text, "||")) return kAnyLength;
  return std::min(kAnyLength, most(*text.arguments[0]) + most(*text.arguments[1]));
}

// `length(x) > 10` of a text that cannot be as long.
bool is_too_short(const Expr& condition, const Expr& leaf, int input) {
  if (!is_call(condition, ">") || !is_call(*condition.arguments[0], "length")) return false;
  return is_input(*condition.arguments[0]->arguments[0], input) && is_number(*condition.arguments[1]) &&
         leaf.type.kind == stdlib::Kind::Text && most(leaf) <= condition.arguments[1]->value.integer();
}

// The path is this one key.
bool is_key(const Expr& path, const std::string& key) {
  return path.op == Op::Literal && !path.value.missing() && path.value.text() == "[\"" + key + "\"]";
}

// `has_key(document, 'k')` of a document from which `k` was removed.
bool lost_its_key(const Expr& condition, const Expr& leaf, int input) {
  if (!is_call(condition, "has_key") || !is_input(below_parse(*condition.arguments[0]), input)) return false;
  const Expr& key = *condition.arguments[1];
  if (key.op != Op::Literal || key.value.missing()) return false;
  const Expr* at = &without_fit(leaf);
  if (is_call(*at, "json_text")) at = at->arguments[0];
  bool removed = false;
  for (; is_call(*at, "json_remove"); at = at->arguments[0])
    removed = removed || is_key(*at->arguments[1], key.value.text());
  return removed;
}

class Left {
 public:
  Left(int input, std::size_t inputs) : input_(input), inputs_(inputs) {}

  // The condition is not true of a row that holds the leaf there, whatever else it holds.
  [[nodiscard]] bool never_true(const Expr& condition, const Expr& leaf) const {
    const auto never = [&](const Expr* part) { return never_true(*part, leaf); };
    if (condition.op == Op::And) return std::ranges::any_of(condition.arguments, never);
    if (condition.op == Op::Or) return std::ranges::all_of(condition.arguments, never);
    if (condition.op == Op::Coalesce) return std::ranges::all_of(condition.arguments, never);
    if (condition.op == Op::Literal) return condition.value.missing() || !condition.value.boolean();
    // By the clock of a later run the same value may be in the scope.
    if (leaf.op == Op::Literal && inputs_of(condition) == std::set<int>{input_} && !reads_now(condition))
      return !holds_for(condition, input_, leaf.value, inputs_);
    return is_too_short(condition, leaf, input_) || lost_its_key(condition, leaf, input_);
  }

 private:
  int input_;
  std::size_t inputs_;
};

}  // namespace

bool is_scope_left(const ir::RowFunction& row, const Expr& value, int input) {
  if (row.where == nullptr) return false;
  std::vector<const Expr*> leaves;
  collect_leaves(value, leaves);
  const Left left(input, row.inputs.size());
  return std::ranges::all_of(leaves, [&](const Expr* leaf) { return left.never_true(*row.where, *leaf); });
}

}  // namespace backfill::check
