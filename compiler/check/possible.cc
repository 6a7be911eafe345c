// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/possible.h"
#include "stdlib/bug.h"

#include <fmt/format.h>
#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <unordered_map>

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Value;

namespace {

enum class Truth : std::uint8_t { False, True, Missing };
constexpr std::size_t kMostCombinations = 20'000;
constexpr std::size_t kMostSteps = 4'000'000;
constexpr std::size_t kMostSubjects = 16;  // of two values each there are too many combinations by then
constexpr int kMostNodes = 20'000;         // of all conditions, and as many in comparisons of their values

Truth truth(bool holds) {
  return holds ? Truth::True : Truth::False;
}

bool less(const Value& left, const Value& right) {
  if (const auto* decimal = std::get_if<stdlib::Decimal>(&left.variant()))
    return stdlib::compare(*decimal, right.decimal()) < 0;
  return std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, stdlib::Decimal> || std::is_same_v<T, std::monostate>) {
          return false;
        } else {
          return value < std::get<T>(right.variant());
        }
      },
      left.variant());
}

// Kinds whose values are compared here as everywhere else.
bool has_points(Kind kind) {
  switch (kind) {
    case Kind::Bool:
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Decimal:
    case Kind::Text:
    case Kind::Date:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
    case Kind::Enum:
      return true;
    default:
      return false;
  }
}

// False too where `budget` runs out: a function that was put in may be large, and shares its parts.
bool is_same(const Expr& left, const Expr& right, int& budget) {
  if (&left == &right) return true;
  if (--budget < 0 || left.op != right.op || left.input != right.input || left.function != right.function)
    return false;
  return left.value == right.value && left.type.required() == right.type.required() &&
         (left.op != Op::Input || left.input >= 0) &&
         std::ranges::equal(left.arguments, right.arguments, [&](const Expr* one, const Expr* other) {
           return is_same(*one, *other, budget);
         });
}

// One value that conditions ask about, and what it can be: below, at, between and above its points in turn,
// then missing.
struct Subject {
  const Expr* expr = nullptr;
  bool may_be_missing = true;
  std::vector<Value> points;  // sorted, each once; of a bool or an enum: all that there are

  [[nodiscard]] bool is_closed() const {
    return expr->type.kind == Kind::Bool || (expr->type.kind == Kind::Enum && expr->type.labels != nullptr);
  }
  [[nodiscard]] std::size_t slots() const { return 2 * points.size() + 2; }
  [[nodiscard]] std::size_t missing_slot() const { return slots() - 1; }
  [[nodiscard]] bool can_be(std::size_t slot) const {
    if (slot == missing_slot()) return may_be_missing;
    if (slot % 2 == 1) return true;
    if (is_closed()) return false;
    const std::size_t above = slot / 2;  // the point above the gap
    if (above == 0 || above == points.size()) return true;
    const auto* low = std::get_if<std::int64_t>(&points[above - 1].variant());
    return low == nullptr || *low + 1 != points[above].integer();
  }
  [[nodiscard]] std::string words(std::size_t slot) const {
    if (slot == missing_slot()) return "missing";
    if (slot % 2 == 1) return fmt::format("`{}`", stdlib::literal(points[slot / 2], expr->type.required()));
    return "other values";
  }
};

// A condition whose leaves ask one subject each.
struct Node {
  enum class Kind : std::uint8_t { Constant, Leaf, And, Or, Not, IsMissing, Coalesce } kind = Kind::Constant;
  Truth constant = Truth::False;
  std::size_t subject = 0;
  std::vector<Truth> answers;  // Leaf: by slot
  std::vector<Node> children;
};

// `x = 'a'` and the like: what is asked, of which value.
struct Comparison {
  const Expr* value;
  const Expr* literal;
  std::string_view name;  // as if the value stood on the left
};

std::string_view mirrored(std::string_view name) {
  if (name == "<") return ">";
  if (name == "<=") return ">=";
  if (name == ">") return "<";
  if (name == ">=") return "<=";
  return name;
}

bool is_value(const Expr& expr) {
  return expr.op == Op::Literal && !expr.value.missing() && has_points(expr.type.kind);
}

std::optional<Comparison> comparison(const Expr& expr) {
  if (expr.op != Op::Call || !expr.function->is_operator || expr.arguments.size() != 2) return std::nullopt;
  const std::string_view name = expr.function->name;
  const bool equality =
      name == "=" || name == "!=" || name == "is distinct from" || name == "is not distinct from";
  const bool order = name == "<" || name == "<=" || name == ">" || name == ">=";
  if (!equality && !order) return std::nullopt;
  const Expr *left = expr.arguments[0], *right = expr.arguments[1];
  if (!has_points(left->type.kind) || (order && left->type.kind == Kind::Enum)) return std::nullopt;
  if (is_value(*right) && left->op != Op::Literal) return Comparison{left, right, name};
  if (is_value(*left) && right->op != Op::Literal) return Comparison{right, left, mirrored(name)};
  return std::nullopt;
}

bool is_member_test(const Expr& expr) {
  return expr.op == Op::In && expr.arguments[0]->op != Op::Literal &&
         std::all_of(expr.arguments.begin() + 1, expr.arguments.end(),
                     [](const Expr* member) { return is_value(*member); });
}

Truth compared(std::string_view name, std::size_t slot, std::size_t at, bool missing) {
  if (name == "is distinct from") return truth(slot != at);
  if (name == "is not distinct from") return truth(slot == at);
  if (missing) return Truth::Missing;
  if (name == "=") return truth(slot == at);
  if (name == "!=") return truth(slot != at);
  if (name == "<") return truth(slot < at);
  if (name == "<=") return truth(slot <= at);
  if (name == ">") return truth(slot > at);
  return truth(slot >= at);
}

class Subjects {
 public:
  // All that the condition asks; before any node is made, since points are positions.
  void collect(const Expr& expr) {
    if (--nodes_ < 0 || !is_whole()) return;
    if (const auto found = comparison(expr)) return add_point(*found->value, found->literal->value);
    if (is_member_test(expr)) {
      for (std::size_t k = 1; k < expr.arguments.size(); ++k)
        add_point(*expr.arguments[0], expr.arguments[k]->value);
      return;
    }
    if (!is_structure(expr)) {
      if (expr.op != Op::Literal) find_or_add(expr);
      return;
    }
    for (const Expr* argument : expr.arguments) collect(*argument);
  }
  void settle() {
    for (Subject& subject : all) {
      std::sort(subject.points.begin(), subject.points.end(), less);
      subject.points.erase(std::unique(subject.points.begin(), subject.points.end()), subject.points.end());
    }
  }
  [[nodiscard]] bool knows_all_of(const Expr& expr) const {
    if (--budget_ < 0) return false;
    if (const auto found = comparison(expr)) return find(*found->value) < all.size();
    if (is_member_test(expr)) return find(*expr.arguments[0]) < all.size();
    if (!is_structure(expr)) return expr.op == Op::Literal || find(expr) < all.size();
    return std::ranges::all_of(expr.arguments, [this](const Expr* one) { return knows_all_of(*one); });
  }
  [[nodiscard]] Node node(const Expr& expr) const {
    if (const auto found = comparison(expr))
      return leaf(*found->value, [&](const Subject& of, std::size_t slot) {
        return compared(found->name, slot, slot_of(of, found->literal->value), slot == of.missing_slot());
      });
    if (is_member_test(expr)) return member_test(expr);
    if (expr.op == Op::Literal) {
      const bool missing = expr.value.missing();
      return {.constant = missing ? Truth::Missing : truth(expr.value.boolean())};
    }
    if (is_structure(expr)) return structure(expr);
    return leaf(expr, [](const Subject& of, std::size_t slot) {
      return slot % 2 == 0 || slot == of.missing_slot() ? Truth::Missing
                                                        : truth(of.points[slot / 2].boolean());
    });
  }
  // False: not all was looked at.
  [[nodiscard]] bool is_whole() const { return nodes_ >= 0 && budget_ >= 0 && all.size() <= kMostSubjects; }
  std::vector<Subject> all;

 private:
  static bool is_presence_test(const Expr& expr) {
    return expr.op == Op::IsMissing && expr.arguments[0]->type.kind != Kind::Bool;
  }
  static bool is_structure(const Expr& expr) {
    if (is_presence_test(expr)) return true;
    switch (expr.op) {
      case Op::And:
      case Op::Or:
      case Op::Not:
      case Op::IsMissing:
        return true;
      case Op::Coalesce:
        return expr.type.kind == Kind::Bool;
      default:
        return false;
    }
  }
  // Every value that was collected is known by its node too, so that a node of it is always found.
  [[nodiscard]] std::size_t find(const Expr& expr) const {
    if (const auto at = by_node_.find(&expr); at != by_node_.end()) return at->second;
    const auto known =
        std::ranges::find_if(all, [&](const Subject& one) { return is_same(*one.expr, expr, budget_); });
    return static_cast<std::size_t>(known - all.begin());
  }
  Subject& find_or_add(const Expr& expr) {
    const std::size_t at = find(expr);
    by_node_[&expr] = at;
    if (at < all.size()) {
      // One that is known to be present here may be missing where another condition asks it.
      all[at].may_be_missing = all[at].may_be_missing || expr.type.optional;
      return all[at];
    }
    Subject subject{.expr = &expr, .may_be_missing = expr.type.optional};
    if (expr.type.kind == Kind::Bool) subject.points = {Value(false), Value(true)};
    if (expr.type.kind == Kind::Enum && expr.type.labels)
      for (const std::string& label : *expr.type.labels) subject.points.emplace_back(label);
    all.push_back(std::move(subject));
    return all.back();
  }
  void add_point(const Expr& expr, const Value& value) { find_or_add(expr).points.push_back(value); }
  static std::size_t slot_of(const Subject& of, const Value& value) {
    const auto at = std::lower_bound(of.points.begin(), of.points.end(), value, less);
    return 2 * static_cast<std::size_t>(at - of.points.begin()) + 1;
  }
  template <typename Answer>
  [[nodiscard]] Node leaf(const Expr& value, const Answer& answer) const {
    Node node{.kind = Node::Kind::Leaf, .subject = find(value)};
    BACKFILL_CHECK(node.subject < all.size(), "a condition asks a value that was not collected");
    const Subject& of = all[node.subject];
    for (std::size_t slot = 0; slot < of.slots(); ++slot) node.answers.push_back(answer(of, slot));
    return node;
  }
  [[nodiscard]] Node member_test(const Expr& expr) const {
    Node node{.kind = Node::Kind::Leaf, .subject = find(*expr.arguments[0])};
    const Subject& of = all[node.subject];
    node.answers.assign(of.slots(), Truth::False);
    node.answers.back() = Truth::Missing;
    for (std::size_t k = 1; k < expr.arguments.size(); ++k)
      node.answers[slot_of(of, expr.arguments[k]->value)] = Truth::True;
    return node;
  }
  [[nodiscard]] Node structure(const Expr& expr) const {
    if (is_presence_test(expr)) {
      const Expr& value = *expr.arguments[0];
      if (value.op == Op::Literal) return {.constant = truth(value.value.missing())};
      return leaf(value,
                  [](const Subject& of, std::size_t slot) { return truth(slot == of.missing_slot()); });
    }
    Node node{.kind = expr.op == Op::And         ? Node::Kind::And
                      : expr.op == Op::Or        ? Node::Kind::Or
                      : expr.op == Op::Not       ? Node::Kind::Not
                      : expr.op == Op::IsMissing ? Node::Kind::IsMissing
                                                 : Node::Kind::Coalesce};
    for (const Expr* argument : expr.arguments) node.children.push_back(this->node(*argument));
    return node;
  }
  std::unordered_map<const Expr*, std::size_t> by_node_;
  int nodes_ = kMostNodes;
  mutable int budget_ = kMostNodes;
};

using Combination = std::vector<std::size_t>;  // a slot per subject

Truth ask(const Node& node, const Combination& row) {
  switch (node.kind) {
    case Node::Kind::Constant:
      return node.constant;
    case Node::Kind::Leaf:
      return node.answers[row[node.subject]];
    case Node::Kind::Not: {
      const Truth of = ask(node.children[0], row);
      return of == Truth::Missing ? of : truth(of == Truth::False);
    }
    case Node::Kind::IsMissing:
      return truth(ask(node.children[0], row) == Truth::Missing);
    case Node::Kind::Coalesce: {
      for (const Node& child : node.children)
        if (const Truth one = ask(child, row); one != Truth::Missing) return one;
      return Truth::Missing;
    }
    case Node::Kind::And:
    case Node::Kind::Or: {
      const Truth settles = truth(node.kind == Node::Kind::Or);
      Truth all = node.kind == Node::Kind::Or ? Truth::False : Truth::True;
      for (const Node& child : node.children) {
        const Truth one = ask(child, row);
        if (one == settles) return one;
        if (one == Truth::Missing) all = one;
      }
      return all;
    }
  }
  return Truth::Missing;
}

bool agrees(Known known, Truth seen) {
  switch (known) {
    case Known::True:
      return seen == Truth::True;
    case Known::False:
      return seen == Truth::False;
    case Known::NotTrue:
      return seen != Truth::True;
    case Known::NotFalse:
      return seen != Truth::False;
  }
  return true;
}

// The combinations of what the subjects can be, one after the other.
class Combinations {
 public:
  explicit Combinations(const std::vector<Subject>& subjects) {
    for (const Subject& subject : subjects) {
      choices_.emplace_back();
      for (std::size_t slot = 0; slot < subject.slots(); ++slot)
        if (subject.can_be(slot)) choices_.back().push_back(slot);
      count_ = count_ > kMostCombinations ? count_ : count_ * choices_.back().size();
    }
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  template <typename Visit>
  void each(const Visit& visit) const {
    Combination row(choices_.size());
    for (std::size_t k = 0; k < count_; ++k) {
      std::size_t rest = k;
      for (std::size_t s = 0; s < choices_.size(); ++s) {
        row[s] = choices_[s][rest % choices_[s].size()];
        rest /= choices_[s].size();
      }
      visit(row);
    }
  }

 private:
  std::vector<std::vector<std::size_t>> choices_;
  std::size_t count_ = 1;
};

struct Question {
  Subjects subjects;
  std::vector<std::pair<Node, Known>> assumed;
  std::vector<Node> asked;
  bool asks_one_value = false;  // the conditions, that is: the first subject
};

// With those assumptions that ask about nothing else, or, where that stays small, with all of them.
Question question(const std::vector<Assumption>& assumptions, const std::vector<const Expr*>& conditions,
                  bool all) {
  Question out;
  for (const Expr* condition : conditions) out.subjects.collect(*condition);
  out.asks_one_value = out.subjects.all.size() == 1;
  if (!out.subjects.is_whole()) return out;
  std::vector<Assumption> used;
  for (const Assumption& one : assumptions)
    if (all || out.subjects.knows_all_of(*one.condition)) used.push_back(one);
  for (const Assumption& one : used) out.subjects.collect(*one.condition);
  out.subjects.settle();
  if (!out.subjects.is_whole()) return out;
  for (const Assumption& one : used) out.assumed.emplace_back(out.subjects.node(*one.condition), one.known);
  for (const Expr* condition : conditions) out.asked.push_back(out.subjects.node(*condition));
  return out;
}

// Too many assumptions of too many values say nothing here.
bool is_small(const Question& asked, std::size_t combinations) {
  const std::size_t steps = asked.asked.size() + asked.assumed.size() + 1;
  return combinations <= kMostCombinations && combinations * steps <= kMostSteps;
}

void look(const Question& asked, const Combination& row, Possible& out) {
  const bool holds = std::ranges::all_of(
      asked.assumed, [&](const auto& one) { return agrees(one.second, ask(one.first, row)); });
  if (!holds) return;
  int taker = -1;
  for (std::size_t k = 0; k < asked.asked.size(); ++k) {
    // Once all that can be learned of it is known, a later one need not be asked.
    if (taker >= 0 && out.ever_taken[k]) continue;
    if (taker >= 0 && asked.asked.size() > 200) break;
    if (ask(asked.asked[k], row) != Truth::True) continue;
    out.ever_true[k] = true;
    if (taker < 0) {
      taker = static_cast<int>(k);
      out.ever_taken[k] = true;
    } else if (std::ranges::find(out.by[k], taker) == out.by[k].end()) {
      out.by[k].push_back(taker);
    }
  }
  if (taker >= 0) return;
  out.falls_through = true;
  if (!asked.asks_one_value) return;
  const std::string words = asked.subjects.all[0].words(row[0]);
  if (std::ranges::find(out.left, words) == out.left.end()) out.left.push_back(words);
}

}  // namespace

Possible possible(const std::vector<Assumption>& assumptions, const std::vector<const Expr*>& conditions) {
  Possible out;
  out.ever_true.resize(conditions.size());
  out.ever_taken.resize(conditions.size());
  out.by.resize(conditions.size());
  for (const bool all : {true, false}) {
    const Question asked = question(assumptions, conditions, all);
    if (!asked.subjects.is_whole()) continue;
    const Combinations combinations(asked.subjects.all);
    if (!asked.subjects.is_whole() || !is_small(asked, combinations.count())) continue;
    out.decided = true;
    combinations.each([&](const Combination& row) { look(asked, row, out); });
    break;
  }
  return out;
}

bool is_possible(const std::vector<Assumption>& assumptions) {
  const Possible seen = possible(assumptions, {});
  return !seen.decided || seen.falls_through;
}

}  // namespace backfill::check
