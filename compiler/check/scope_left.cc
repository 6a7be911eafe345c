// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/scope_left.h"

#include <algorithm>
#include <limits>
#include <vector>

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

// The same expression, but for the value where the other one reads the input; -1: the same.
bool is_same_with(const Expr& one, const Expr& other, int input, const Expr& value) {
  if (input >= 0 && is_input(one, input)) return &other == &value || is_same_with(value, other, -1, value);
  if (one.op != other.op || one.function != other.function || one.input != other.input ||
      one.value != other.value || one.arguments.size() != other.arguments.size())
    return false;
  for (std::size_t k = 0; k < one.arguments.size(); ++k)
    if (!is_same_with(*one.arguments[k], *other.arguments[k], input, value)) return false;
  return true;
}

// What holds where the condition is true.
void collect_parts(const Expr& condition, std::vector<const Expr*>& parts) {
  if (condition.op == Op::Coalesce && condition.arguments.size() == 2 &&
      condition.arguments[1]->op == Op::Literal && !condition.arguments[1]->value.missing() &&
      !condition.arguments[1]->value.boolean())
    return collect_parts(*condition.arguments[0], parts);
  if (condition.op != Op::And) return parts.push_back(&condition);
  for (const Expr* argument : condition.arguments) collect_parts(*argument, parts);
}

// `c(x) and not c(value)`, or the other way round: the scope itself asks whether the new value leaves it.
bool asks_of_the_new_value(const ir::RowFunction& row, const Expr& value, int input,
                           const std::set<int>& targets) {
  std::vector<const Expr*> parts;
  collect_parts(*row.where, parts);
  const auto answers = [&](const Expr* one, const Expr* other) {
    if (one->op == Op::Not && is_same_with(*one->arguments[0], *other, input, value)) return true;
    return other->op == Op::Not && is_same_with(*one, *other->arguments[0], input, value);
  };
  return std::ranges::any_of(parts, [&](const Expr* one) {
    const std::set<int> reads = inputs_of(*one);
    const bool of_it_alone =
        reads.contains(input) && !reads_now(*one) &&
        std::ranges::none_of(reads, [&](int read) { return read != input && targets.contains(read); });
    return of_it_alone && std::ranges::any_of(parts, [&](const Expr* other) { return answers(one, other); });
  });
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
    if (condition.op == Op::IsMissing && is_input(*condition.arguments[0], input_) && !leaf.type.optional)
      return true;
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

bool is_scope_left(const ir::RowFunction& row, const Expr& value, int input, const std::set<int>& targets) {
  if (row.where == nullptr) return false;
  if (asks_of_the_new_value(row, without_fit(value), input, targets)) return true;
  std::vector<const Expr*> leaves;
  collect_leaves(value, leaves);
  const Left left(input, row.inputs.size());
  return std::ranges::all_of(leaves, [&](const Expr* leaf) { return left.never_true(*row.where, *leaf); });
}

}  // namespace backfill::check
