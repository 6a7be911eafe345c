// SPDX-License-Identifier: Apache-2.0
#include "compiler/evaluate/evaluate.h"

#include <fmt/format.h>

#include <unordered_map>

#include "compiler/evaluate/queries.h"
#include "stdlib/bug.h"
#include "stdlib/json.h"

namespace backfill::evaluate {
namespace {

using ir::Expr;
using ir::Op;
using stdlib::RowError;
using stdlib::Value;

// A walk stops at the first failure: `failure_` is then set and every value above it is meaningless.
class Walk {
 public:
  Walk(const Row& row, const Moment& moment, const Looking& looking)
      : row_(row), moment_(moment), looking_(looking) {}

  // A `let` that is used again and again is one node: past some number of steps what was computed is kept.
  Value value(const Expr& expr);
  [[nodiscard]] bool failed() const { return failure_.has_value(); }
  std::optional<RowFailure> take_failure() { return std::exchange(failure_, std::nullopt); }

 private:
  Value computed(const Expr& expr);
  Value input(const Expr& expr);
  Value call(const Expr& expr);
  Value logic(const Expr& expr, bool deciding);
  Value first_case(const Expr& expr);
  Value coalesce(const Expr& expr);
  Value in(const Expr& expr);
  Value each(const Expr& expr);
  Value element(const Expr& expr);
  void fail(const Expr& expr, RowError error, const std::vector<Value>& operands);

  const Row& row_;
  const Moment& moment_;
  const Looking& looking_;
  std::optional<RowFailure> failure_;
  std::size_t steps_ = 0;
  std::unordered_map<const Expr*, Value> known_;
  std::vector<std::pair<const Expr*, std::string>> elements_;  // of the walks over lists that we are in
};

std::string shorten(std::string text) {
  constexpr std::size_t kLongest = 80;  // an operand is shown, not dumped
  if (text.size() <= kLongest) return text;
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end) + "...";
}

// The check of a varchar(n) that the compiler puts in: nobody wrote its name.
std::string too_long(const Expr& expr, const std::vector<Value>& operands) {
  return fmt::format("text too long: {} is longer than varchar({})",
                     shorten(stdlib::literal(operands[0], expr.arguments[0]->type)), operands[1].integer());
}

void Walk::fail(const Expr& expr, RowError error, const std::vector<Value>& operands) {
  if (error == RowError::TextTooLong && expr.function->name == "fit_length") {
    failure_ = RowFailure{error, too_long(expr, operands), expr.span};
    return;
  }
  std::string list;
  for (std::size_t k = 0; k < operands.size(); ++k) {
    list += (k == 0 ? "" : ", ") + shorten(stdlib::literal(operands[k], expr.arguments[k]->type));
  }
  const std::string name = expr.function->name == "as" ? "as " + to_string(expr.type.required())
                                                       : std::string(expr.function->name);
  failure_ = RowFailure{error, fmt::format("{} in `{}` ({})", stdlib::text(error), name, list), expr.span};
}

Value Walk::input(const Expr& expr) {
  for (const Unreadable& unreadable : row_.unreadable) {
    if (unreadable.input != expr.input) continue;
    failure_ = RowFailure{unreadable.error, unreadable.message, expr.span, expr.input};
    return {};
  }
  return row_.inputs[static_cast<std::size_t>(expr.input)];
}

Value Walk::call(const Expr& expr) {
  std::vector<Value> operands;
  std::vector<stdlib::Type> types;
  bool any_missing = false;
  for (const Expr* argument : expr.arguments) {
    operands.push_back(value(*argument));
    if (failed()) return {};
    any_missing = any_missing || operands.back().missing();
    types.push_back(argument->type);
  }
  if (any_missing && stdlib::is_strict(expr.function->null_rule)) return {};
  stdlib::EvaluateContext context{moment_.now, RowError::None};
  Value result = expr.function->evaluate(*expr.function, operands, types, expr.type, context);
  if (context.error == RowError::None) return result;
  if (expr.op == Op::Call) fail(expr, context.error, operands);
  return {};
}

// `deciding` is the operand that settles the answer: false for `and`, true for `or`.
Value Walk::logic(const Expr& expr, bool deciding) {
  bool unknown = false;
  for (const Expr* argument : expr.arguments) {
    const Value operand = value(*argument);
    if (failed()) return {};
    if (operand.missing()) {
      unknown = true;
    } else if (operand.boolean() == deciding) {
      return deciding;
    }
  }
  return unknown ? Value() : Value(!deciding);
}

Value Walk::first_case(const Expr& expr) {
  for (std::size_t k = 0; k + 1 < expr.arguments.size(); k += 2) {
    const Value condition = value(*expr.arguments[k]);
    if (failed()) return {};
    if (!condition.missing() && condition.boolean()) return value(*expr.arguments[k + 1]);
  }
  return value(*expr.arguments.back());
}

Value Walk::coalesce(const Expr& expr) {
  for (const Expr* argument : expr.arguments) {
    Value operand = value(*argument);
    if (failed() || !operand.missing()) return operand;
  }
  return {};
}

Value Walk::in(const Expr& expr) {
  const Value left = value(*expr.arguments[0]);
  if (failed() || left.missing()) return {};
  bool unknown = false;
  for (std::size_t k = 1; k < expr.arguments.size(); ++k) {
    const Value right = value(*expr.arguments[k]);
    if (failed()) return {};
    if (right.missing()) {
      unknown = true;
    } else if (left == right) {
      return true;
    }
  }
  return unknown ? Value() : Value(false);
}

Value Walk::each(const Expr& expr) {
  const Value list = value(*expr.arguments[0]);
  if (failed() || list.missing()) return {};
  std::string made = "[";
  elements_.emplace_back(expr.arguments[1], std::string());
  stdlib::json::each_element(list.text(), [&](std::string_view one) {
    elements_.back().second = one;
    const Value stays = value(*expr.arguments[3]);
    if (failed() || stays.missing() || !stays.boolean()) return !failed();
    const Value kept = value(*expr.arguments[2]);
    if (made.size() > 1) made += ',';
    made += failed() || kept.missing() ? "null" : kept.text();
    return !failed();
  });
  elements_.pop_back();
  if (failed()) return {};
  return made + ']';
}

Value Walk::element(const Expr& expr) {
  for (const auto& [known, text] : elements_) {
    if (known == &expr) return text;
  }
  BACKFILL_BUG("an element outside of its list");
}

Value Walk::value(const Expr& expr) {
  constexpr std::size_t kFew = 200;
  // Inside of a list the same node has a value per element.
  const bool kept = ++steps_ > kFew && elements_.empty() && !expr.arguments.empty();
  if (!kept) return computed(expr);
  if (const auto known = known_.find(&expr); known != known_.end()) return known->second;
  Value value = computed(expr);
  if (!failed()) known_.emplace(&expr, value);
  return value;
}

Value Walk::computed(const Expr& expr) {
  switch (expr.op) {
    case Op::Literal:
      return expr.value;
    case Op::Input:
      return input(expr);
    case Op::Now:
      return moment_.now;
    case Op::Call:
    case Op::TryCall:
      return call(expr);
    case Op::And:
      return logic(expr, false);
    case Op::Or:
      return logic(expr, true);
    case Op::Not: {
      const Value operand = value(*expr.arguments[0]);
      return failed() || operand.missing() ? Value() : Value(!operand.boolean());
    }
    case Op::IsMissing: {
      const Value operand = value(*expr.arguments[0]);
      return failed() ? Value() : Value(operand.missing());
    }
    case Op::Case:
      return first_case(expr);
    case Op::Coalesce:
      return coalesce(expr);
    case Op::In:
      return in(expr);
    case Op::Each:
      return each(expr);
    case Op::Element:
      return element(expr);
    case Op::OtherColumn:
      BACKFILL_CHECK(static_cast<std::size_t>(expr.depth) < looking_.rows.size(),
                     "a column of another row outside of a query");
      return (*looking_.rows[static_cast<std::size_t>(expr.depth)])[static_cast<std::size_t>(expr.input)];
    case Op::Query:
      return answer(*expr.query, row_, moment_, looking_);
  }
  BACKFILL_BUG("an operation that the evaluator does not know");
}

bool is_true(const Outcome& outcome) {
  return !outcome.failure && !outcome.value.missing() && outcome.value.boolean();
}

// Sets the class where `where` and the guard already say that the row is no candidate.
bool settled_by_where(const ir::RowFunction& row_function, const Row& row, const Moment& moment,
                      Decision& decision) {
  for (const Expr* condition : {row_function.guard, row_function.where}) {
    if (condition == nullptr) continue;
    Outcome outcome = evaluate(*condition, row, moment);
    if (is_true(outcome)) continue;
    const bool unknown = outcome.failure || outcome.value.missing();
    decision.class_code = unknown ? ir::kUncertainWhere : ir::kOutOfScope;
    decision.failure = std::move(outcome.failure);
    return true;
  }
  return false;
}

enum class Answer : std::uint8_t { No, Yes, Unknown };

Answer answer(const ir::Rule& rule, const Outcome& outcome) {
  if (outcome.failure) return Answer::Unknown;
  if (!outcome.value.missing()) return outcome.value.boolean() ? Answer::Yes : Answer::No;
  if (rule.unknown == ir::UnknownAs::Uncertain) return Answer::Unknown;
  return rule.unknown == ir::UnknownAs::True ? Answer::Yes : Answer::No;
}

// Exclusions that hold come first, then reviews that hold, then answers that are missing; each in the spec's
// order.
void classify_by_rules(const ir::RowFunction& row_function, const Row& row, const Moment& moment,
                       Decision& decision) {
  constexpr std::int32_t kNone = -1;
  std::int32_t excluded = kNone, review = kNone, uncertain = kNone;
  std::optional<RowFailure> why_uncertain;
  for (std::size_t k = 0; k < row_function.rules.size(); ++k) {
    const ir::Rule& rule = row_function.rules[k];
    Outcome outcome = evaluate(*rule.condition, row, moment);
    const Answer said = answer(rule, outcome);
    const auto code = static_cast<std::int32_t>(ir::kFirstRule + 2 * k);
    std::int32_t& holds = rule.kind == ir::RuleKind::Exclude ? excluded : review;
    if (said == Answer::Yes && holds == kNone) holds = code;
    if (said == Answer::Unknown && uncertain == kNone) {
      uncertain = code + 1;
      why_uncertain = std::move(outcome.failure);
    }
  }
  decision.class_code = ir::kCandidate;
  if (excluded != kNone) {
    decision.class_code = excluded;
  } else if (review != kNone) {
    decision.class_code = review;
  } else if (uncertain != kNone) {
    decision.class_code = uncertain;
    decision.failure = std::move(why_uncertain);
  }
}

void derive(const ir::RowFunction& row_function, const Row& row, const Moment& moment, Decision& decision) {
  for (const ir::Output& output : row_function.outputs) {
    Outcome outcome = evaluate(*output.final, row, moment);
    if (outcome.failure) {
      decision.failure = std::move(outcome.failure);
      decision.outputs.clear();
      return;
    }
    decision.outputs.push_back(std::move(outcome.value));
  }
  for (const Expr* value : row_function.values) {
    Outcome outcome = evaluate(*value, row, moment);
    if (outcome.failure) {
      decision.failure = std::move(outcome.failure);
      decision.outputs.clear();
      decision.values.clear();
      return;
    }
    decision.values.push_back(std::move(outcome.value));
  }
  Outcome changed = evaluate(*row_function.changed, row, moment);
  decision.changed = is_true(changed);
  decision.failure = std::move(changed.failure);
}

}  // namespace

Outcome evaluate(const Expr& expr, const Row& row, const Moment& moment) {
  return evaluate(expr, row, moment, {});
}

Outcome evaluate(const Expr& expr, const Row& row, const Moment& moment, const Looking& looking) {
  Walk walk(row, moment, looking);
  Outcome outcome;
  outcome.value = walk.value(expr);
  outcome.failure = walk.take_failure();
  if (outcome.failure) outcome.value = {};
  return outcome;
}

bool applies(const ir::Effect& effect, const Decision& decision) {
  if (decision.class_code != ir::kCandidate || decision.failure) return false;
  const auto holds = [&](int value) { return decision.values[static_cast<std::size_t>(value)].boolean(); };
  return (effect.guard < 0 || holds(effect.guard)) && (effect.unless < 0 || !holds(effect.unless));
}

Decision decide(const ir::Backfill& backfill, const Row& row, const Moment& moment) {
  const ir::RowFunction& row_function = backfill.row;
  Decision decision;
  if (!settled_by_where(row_function, row, moment, decision))
    classify_by_rules(row_function, row, moment, decision);
  if (decision.class_code == ir::kCandidate) derive(row_function, row, moment, decision);
  for (const Expr* condition : row_function.stage_conditions) {
    decision.stages.push_back(is_true(evaluate(*condition, row, moment)));
  }
  return decision;
}

}  // namespace backfill::evaluate
