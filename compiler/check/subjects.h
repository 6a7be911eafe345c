// SPDX-License-Identifier: Apache-2.0
// Conditions taken apart into what they ask of single values (possible.h).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::check {

enum class Truth : std::uint8_t { False, True, Missing };
inline Truth truth(bool holds) {
  return holds ? Truth::True : Truth::False;
}

// One value that conditions ask about, and what it can be: below, at, between and above its points in turn,
// then missing.
struct Subject {
  const ir::Expr* expr = nullptr;
  bool may_be_missing = true;
  std::vector<stdlib::Value> points;  // sorted, each once; of a bool or an enum: all that there are

  [[nodiscard]] bool is_closed() const;
  [[nodiscard]] std::size_t slots() const { return 2 * points.size() + 2; }
  [[nodiscard]] std::size_t missing_slot() const { return slots() - 1; }
  [[nodiscard]] bool can_be(std::size_t slot) const;
  [[nodiscard]] std::string words(std::size_t slot) const;
};

// A condition whose leaves ask one subject each.
struct Node {
  enum class Kind : std::uint8_t { Constant, Leaf, And, Or, Not, IsMissing, Coalesce } kind = Kind::Constant;
  Truth constant = Truth::False;
  std::size_t subject = 0;
  std::vector<Truth> answers;  // Leaf: by slot
  std::vector<Node> children;
};

class Subjects {
 public:
  // All that the condition asks; before any node is made, since points are positions.
  void collect(const ir::Expr& expr);
  void settle();
  [[nodiscard]] bool knows_all_of(const ir::Expr& expr) const;
  [[nodiscard]] Node node(const ir::Expr& expr) const;
  // False: not all was looked at.
  [[nodiscard]] bool is_whole() const;
  std::vector<Subject> all;

 private:
  static constexpr std::size_t kMostSubjects =
      16;                                    // of two values each there are too many combinations by then
  static constexpr int kMostNodes = 20'000;  // of all conditions, and as many in comparisons of their values
  using Answer = std::function<Truth(const Subject& of, std::size_t slot)>;

  // Every value that was collected is known by its node too, so that a node of it is always found.
  [[nodiscard]] std::size_t find(const ir::Expr& expr) const;
  Subject& find_or_add(const ir::Expr& expr);
  void add_point(const ir::Expr& expr, const stdlib::Value& value);
  [[nodiscard]] Node leaf(const ir::Expr& value, const Answer& answer) const;
  [[nodiscard]] Node member_test(const ir::Expr& expr) const;
  [[nodiscard]] Node structure(const ir::Expr& expr) const;

  std::unordered_map<const ir::Expr*, std::size_t> by_node_;
  int nodes_ = kMostNodes;
  mutable int budget_ = kMostNodes;
};

}  // namespace backfill::check
