// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/possible.h"

#include <algorithm>

#include "compiler/check/subjects.h"

namespace backfill::check {

using ir::Expr;

namespace {

constexpr std::size_t kMostCombinations = 20'000;
constexpr std::size_t kMostSteps = 4'000'000;

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
